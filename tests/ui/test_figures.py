"""The page of figures: sections by digits, periods by a key, and nothing that only a picture or a colour tells."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.desk import Desk
from rules.advice import Adviser
from rules.language import Language
from tests.case.visits import NOON
from tests.ui.counted import counted, serve
from tests.ui.pilot import CHINESE, Seat, seated
from tests.ui.staff import COLLEAGUE, MANAGER, TELLER, staffed_desk
from ui.looks import Look
from ui.widgets.charts import draw_bar, draw_columns, draw_interval, write_plain

DOTS: Final = range(0x2801, 0x2900)
"""The characters of which pictures are made."""
LOST: Final = "120,000.00"


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    made = staffed_desk(tmp_path / "cases.db", adviser, MANAGER, lambda: NOON)
    serve(made)
    yield made
    made.store.close()


@asynccontextmanager
async def at_figures(desk: Desk, language: Language = Language.EN) -> AsyncIterator[Seat]:
    async with seated(desk, language, (80, 24)) as seat:
        await seat.press("f5")
        await counted(seat.app, seat.pilot)
        yield seat


async def test_it_says_what_was_at_risk_and_what_was_lost(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        assert seat.line("counted up to").strip().startswith("all tellers  2 cases, 1 of them open")
        assert LOST in seat.line("lost ")
        assert LOST in seat.line("not intercepted")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (Language.ZH, ("最高级别", "冒充公检法", "2025-11-14", "0/1，案件太少", "level.official-claims", "与本案情况")),
        (
            Language.EN,
            ("highest level", "Impersonation", "2025-11-14", "0/1, too", "level.official-claims", "not fit"),
        ),
    ],
)
async def test_a_digit_leads_to_each_section(desk: Desk, language: Language, told: tuple[str, ...]) -> None:
    async with at_figures(desk, language) as seat:
        for digit, text in enumerate(told, 1):
            await seat.press(str(digit))
            for _ in range(9):
                if text in seat.grid():
                    break
                await seat.press("pagedown")
            assert text in seat.grid()
            assert language is Language.ZH or not CHINESE.search(seat.grid())


async def test_the_arrows_lead_round_all_sections(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        await seat.press("left")
        assert "Steps and overrides" in seat.grid()
        await seat.press("right")
        assert LOST in seat.line("lost ")


async def test_a_key_changes_the_period(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        seen = []
        for _ in range(5):
            seen.append(seat.line("counted up to").split(",")[0].split("  ")[-1])
            await seat.press("f6")
            await counted(seat.app, seat.pilot)
        # Of 30 days, a year, all time, today, and 7 days.
        assert seen == ["2 cases", "2 cases", "2 cases", "1 cases", "1 cases"]
        assert "the last 30 days" in seat.grid()


async def test_the_cases_of_one_teller_are_counted_alone(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        await seat.press("f7", *COLLEAGUE, "enter")
        await counted(seat.app, seat.pilot)
        assert f"teller {COLLEAGUE}" in seat.grid()
        assert "There are no cases in this period." in seat.grid()


async def test_whatever_a_picture_shows_stands_beside_it_in_numbers(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        for section in "123456":
            await seat.press(section)
            drawn = [line for line in seat.grid().splitlines() if any(ord(letter) in DOTS for letter in line)]
            upright = section == "3"
            assert all(any(letter.isdigit() for letter in line) for line in drawn) or upright


async def test_a_plain_terminal_gets_plain_pictures_and_the_same_numbers(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        grids = []
        for plain in (False, True):
            seat.app.wear(Look(plain=plain))
            await seat.press()
            grids.append(seat.grid())
        rich, plain_grid = grids
        assert any(ord(letter) in DOTS for letter in rich)
        assert not any(ord(letter) in DOTS for letter in plain_grid)
        assert "####" in seat.line("lost ")
        assert LOST in seat.line("lost ")


async def test_a_teller_is_told_that_he_may_not(desk: Desk) -> None:
    desk.change_to(TELLER)
    async with seated(desk, Language.EN, (80, 24)) as seat:
        await seat.press("f5")
        assert seat.screen_name == "TroubleScreen"
        assert "read the figures" in seat.grid()


async def test_a_teller_who_takes_over_sees_nothing_of_them(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        assert LOST in seat.grid()
        desk.change_to(TELLER)
        await counted(seat.app, seat.pilot)
        await counted(seat.app, seat.pilot)
        assert LOST not in seat.grid()


async def test_the_quiet_screen_shows_none(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        await seat.press("f10")
        assert LOST not in seat.grid()
        await seat.press("f10")
        assert LOST in seat.grid()


async def test_a_file_that_is_gone_is_told_of(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        desk.store.path.rename(desk.store.path.with_name("elsewhere.db"))
        await seat.press("f6")
        await counted(seat.app, seat.pilot)
        assert "cases.db" in "".join(seat.grid().split())
        assert LOST not in seat.grid()


async def test_escape_leads_back(desk: Desk) -> None:
    async with at_figures(desk) as seat:
        await seat.press("escape")
        assert seat.screen_name == "HomeScreen"


def test_no_start_of_the_program_waits_for_what_draws() -> None:
    said = "import sys, ui.app, ui.screens.home; sys.exit('plotille' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False, cwd=Path(__file__).parents[2]).returncode == 0


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 60))
def test_a_bar_keeps_its_width_and_is_longer_for_more(value: int, most: int, width: int) -> None:
    value, most = min(value, most), max(value, most)
    bar, whole = draw_bar(value, most, width), draw_bar(most, most, width)
    assert len(bar) == len(whole) == width
    assert len(bar.rstrip()) <= len(whole.rstrip()) == width
    assert bool(bar.strip()) is (value > 0)
    assert write_plain(bar).isascii()


def test_columns_stand_beside_each_other_as_high_as_their_numbers() -> None:
    lines = [write_plain(line) for line in draw_columns([0, 2, 1, 0], 3, 2)]
    assert lines == ["   ###      ", "   ######   "]


def test_an_interval_lies_where_it_is() -> None:
    assert write_plain(draw_interval(0.25, 0.5, 1, 8)) == "  ..#..."
