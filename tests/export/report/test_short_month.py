"""A month of few cases is a report of few pages: what says nothing is left out, and that it is left out is said."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

from assistant.case.events import EventKind
from assistant.demo.player import make_demo
from assistant.demo.script import read_script
from assistant.figures.counting import find_hidden
from assistant.stamps import make_id
from rules.loading import load_book
from tests.case.visits import MINUTE, NOON
from tests.export.giving import Giver
from tests.export.report.reading import read_tables
from tests.export.report.staging import AFTERWARDS
from tests.outlet import lay
from tests.people.branch import MANAGER, TELLER, Branch

MONTH = ("--month", "2025-11")
DAYS = ("--since", "2025-11-01", "--until", "2025-11-30")


def make_few(path: Path) -> None:
    """Make the file of the invented cases, a few of which are of the month."""
    make_demo(path, read_script(), AFTERWARDS)


@pytest.fixture
def few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Giver:
    """The month of the invented cases, at the desk of their manager."""
    path = tmp_path / "few.db"
    lay(path, make_few)
    return Giver(path, capsys)


@pytest.mark.parametrize(("language", "left_out"), [("zh", "没有列出"), ("en", "Left out: ")])
def test_of_many_steps_and_rules_those_of_more_than_one_case_stand_there_and_the_others_are_counted(
    few: Giver, tmp_path: Path, language: str, left_out: str
) -> None:
    path = tmp_path / "few.md"
    said = few.give("export", "report", *MONTH, "--format", "md", "-o", str(path), "--lang", language)
    assert said.status == 0, said.err
    page, told = path.read_text("utf-8"), json.loads(few.give("stats", *DAYS, "--json").out)
    hidden = find_hidden(load_book())
    told_steps = [each for each in told["steps"] if each["step"] not in hidden.steps]
    told_rules = [each for each in told["rules"] if each["rule"] not in hidden.rules]
    tables = read_tables(page)
    steps = next(rows for heading, rows in tables.items() if heading.startswith(("七、", "7.")))
    rules = next(rows for heading, rows in tables.items() if heading.startswith(("附：", "Appendix")))
    many = [each for each in told_steps if each["advised"] > 1 or each["overridden"]]
    often = [each for each in told_rules if each["fired"] > 1 or each["overridden"]]
    assert [row[1:3] for row in steps] == [[str(each["advised"]), str(each["done"])] for each in many]
    assert [row[1] for row in rules] == [str(each["fired"]) for each in often]
    assert [row[0].rpartition("<br>")[2] for row in rules] == [each["rule"] for each in often]
    sentences = [line for line in page.splitlines() if left_out in line]
    for count in (len(told_steps) - len(many), len(told_rules) - len(often)):
        assert count > 12
        assert any(f" {count} " in line for line in sentences), count


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_four_pages_at_most(few: Giver, tmp_path: Path, language: str) -> None:
    path = tmp_path / "few.pdf"
    said = few.give("export", "report", *MONTH, "-o", str(path), "--lang", language)
    assert said.status == 0, said.err
    with pypdfium2.PdfDocument(path) as document:
        assert len(document) <= 4


def make_nights(path: Path) -> None:
    """Make a file with a case of nine in the morning, one of eleven, and one of eight in the evening."""
    made = Branch.full(path)
    for hours in (-3, -1, 8):
        made.clock.now = NOON + hours * 60 * MINUTE
        made.store.append(made.draft(make_id(), EventKind.OPENED, {"request": "transfer"}, TELLER))
    made.store.close()


@pytest.mark.parametrize(("language", "said_so"), [("zh", "另有 8 个时段"), ("en", "Left out: 8 hours")])
def test_long_runs_of_hours_without_a_case_are_left_out_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, said_so: str
) -> None:
    path = tmp_path / "nights.db"
    lay(path, make_nights)
    nights = Giver(path, capsys)
    nights.turn(MANAGER)
    said = nights.give("export", "report", *MONTH, "--preview", "--lang", language)
    rows = next(rows for heading, rows in read_tables(said.out).items() if heading in {"按时段", "By hour"})
    assert [(row[0][:2], row[1]) for row in rows] == [("09", "1"), ("10", "0"), ("11", "1"), ("20", "1")]
    assert said_so in said.out
