"""A bank that writes a report of its own finds in the manual every field that there is, and every command."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from assistant.cli import main
from assistant.export.documents.fields import list_fields
from assistant.export.report.facts import MonthlyReport
from assistant.export.report.fields import write_page

PAGE: Final = Path(__file__).parents[3] / "docs" / "exports.md"


def test_the_manual_lists_the_fields_that_there_are() -> None:
    page = PAGE.read_text("utf-8")
    assert page == write_page(page)


def test_each_field_says_what_it_is() -> None:
    waiting: list[type] = [MonthlyReport]
    seen = set[type]()
    while waiting:
        facts = waiting.pop()
        seen.add(facts)
        for field in list_fields(facts):
            assert field.says, f"{facts.__name__}.{field.name}"
            waiting += [field.rows] if field.rows and field.rows not in seen else []


def test_the_manual_shows_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("export", "--help", "--lang", "en")) == 0
    commands = re.findall(r"^    (\w+) +\S", capsys.readouterr().out, re.MULTILINE)
    assert {"case", "documents", "report"} <= set(commands)
    page = PAGE.read_text("utf-8")
    assert [command for command in commands if f"| `assistant export {command}" not in page] == []
