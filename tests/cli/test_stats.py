"""`assistant stats`: the figures as a page for people and as JSON for programs, for those who answer for the outlet."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from jsonschema import Draft202012Validator

from assistant.batch.schema import write_schema
from assistant.figures.schema import FILE, make_schema
from rules.language import Language
from tests.cli.conftest import ROOT, Give, Team

SCHEMA: Final = ROOT / "docs" / "schema" / FILE
SINCE: Final = ("--since", "2025-11-01", "--until", "2025-11-23")
"""The days of the invented visits."""


@pytest.mark.parametrize("language", Language)
def test_the_page_reads_as_it_is_meant_to(
    give: Give, page: Callable[[str, str], str], untouched_demo: Path, language: Language
) -> None:
    said = give("stats", "--db", str(untouched_demo), *SINCE, "--lang", language)
    assert (said.status, said.err) == (0, "")
    assert said.out == page(f"stats.{language}.txt", said.out)


def test_the_json_fits_the_published_schema(give: Give, demo_file: Path) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    said = give("stats", "--db", str(demo_file), *SINCE, "--json")
    told = json.loads(said.out)
    Draft202012Validator(schema).validate(told)
    assert told["cases"] == 12
    assert told["amounts"] == {"at_risk_fen": 138_280_000, "protected_fen": 125_300_000, "lost_fen": 12_000_000}


def test_the_published_schema_is_that_of_the_program() -> None:
    assert SCHEMA.read_text("utf-8") == write_schema(make_schema())


def test_one_teller_of_whom_there_is_nothing(give: Give, demo_file: Path) -> None:
    said = give("stats", "--db", str(demo_file), *SINCE, "--teller", "9004", "--lang", "en")
    assert said.out.splitlines()[-1] == "There are no cases in this period."


def test_without_a_day_the_last_thirty_are_counted(give: Give, demo_file: Path) -> None:
    told = json.loads(give("stats", "--db", str(demo_file), "--json").out)
    since, until = (date.fromisoformat(told[day]) for day in ("since", "until"))
    assert (until - since).days + 1 == 30
    # The invented visits are of years ago.
    assert told["cases"] == 0


def test_a_teller_whom_nobody_knows_is_refused_and_not_counted_as_none(give: Give, demo_file: Path) -> None:
    said = give("stats", "--db", str(demo_file), *SINCE, "--teller", "4711", "--lang", "en")
    assert (said.status, said.out) == (2, "")
    assert "4711" in said.err


def test_on_a_terminal_it_tells_how_far_it_has_come(
    give: Give, demo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("stats", "--db", str(demo_file), *SINCE, "--lang", "en")
    quiet = give(*command)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    said = give(*command)
    assert "of 12 cases" in said.err
    assert said.err.endswith("\r\x1b[K")
    assert (said.out, quiet.err) == (quiet.out, "")


@pytest.mark.parametrize("day", ["2025-13-01", "20251101", "yesterday", "2025-W47-1", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_refused(give: Give, demo_file: Path, day: str) -> None:
    said = give("stats", "--db", str(demo_file), "--since", day, "--lang", "en")
    assert (said.status, said.out) == (2, "")
    assert said.err == f"“{day}” is not a day; no case was read. Write it as 2026-11-01.\n"


def test_a_period_that_ends_before_it_begins_is_refused(give: Give, demo_file: Path) -> None:
    said = give("stats", "--db", str(demo_file), "--since", "2025-11-02", "--until", "2025-11-01", "--lang", "en")
    assert (said.status, said.out) == (2, "")


@pytest.mark.parametrize("number", [Team.MANAGER, Team.SUPERVISOR, Team.COMPLIANCE, Team.AUDITOR])
def test_whoever_answers_for_the_outlet_reads_them(give: Give, team: Team, number: str) -> None:
    team.turn(number)
    assert json.loads(give("stats", "--json").out)["cases"] == 0


def test_a_teller_does_not(give: Give, team: Team) -> None:
    team.turn(Team.TELLER)
    said = give("stats", "--json")
    assert (said.status, said.out) == (5, "")
