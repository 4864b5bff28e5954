"""A month of few cases is a report of few pages: what says nothing is left out, and that it is left out is said."""

from __future__ import annotations

import json
import re
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
INTERVAL = re.compile(r"[0-9]%–[0-9]")
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


def look_at_few(few: Giver, language: str) -> tuple[str, list[list[str]]]:
    """Return the report of the month, and the cases to look at."""
    page = few.give("export", "report", *MONTH, "--preview", "--lang", language).out
    return page, next(rows for heading, rows in read_tables(page).items() if heading.startswith(("二、", "2.")))


@pytest.mark.parametrize(("language", "told"), [("zh", "金额居前"), ("en", "top amount")])
def test_of_few_cases_the_largest_alone_is_named_for_its_amount(few: Giver, language: str, told: str) -> None:
    _, rows = look_at_few(few, language)
    amounts = {row[0]: float(row[4].replace(",", "")) for row in rows}
    assert len(rows) > 1
    assert [row[0] for row in rows if told in row[6]] == [max(amounts, key=lambda number: amounts[number])]


@pytest.mark.parametrize(("language", "brackets"), [("zh", "括号内是"), ("en", "In brackets")])
def test_an_interval_is_explained_where_there_is_one(few: Giver, months: Giver, language: str, brackets: str) -> None:
    page, _ = look_at_few(few, language)
    assert brackets not in page
    assert not INTERVAL.search(page)
    told = months.give("export", "report", *MONTH, "--preview", "--lang", language).out
    assert INTERVAL.search(told)
    assert brackets in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_case_number_is_torn_and_no_bar_looks_like_something_blacked_out(
    few: Giver, tmp_path: Path, language: str
) -> None:
    path = tmp_path / "few.pdf"
    assert few.give("export", "report", *MONTH, "-o", str(path), "--lang", language).status == 0
    _, rows = look_at_few(few, language)
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
        assert all(any(row[0] in page for page in pages) for row in rows)
        number = next(place for place, page in enumerate(pages) if "█" in page)
        bar = document[number].get_textpage().get_charbox(pages[number].index("█"))
        drawn = document[number].render(scale=4, grayscale=True).to_pil()
        middle = round((bar[0] + bar[2]) * 2), round((document[number].get_height() - (bar[1] + bar[3]) / 2) * 4)
        assert 100 < int(drawn.getpixel(middle)) < 200


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
