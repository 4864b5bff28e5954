"""No red flag and no step loses the end of its name: what does not fit on a line goes on below it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from assistant.desk import Desk
from rules.advice import Adviser
from rules.facts import Answer, Known, MoneyState, Portion
from rules.language import Language
from tests.ui.pilot import Seat, seated
from ui.screens.teller import TellerScreen
from ui.widgets.rows import Cell, Row, Rows, lay_out

NOON = 1_763_870_400_000
"""2025-11-23 12:00 in Shanghai."""
WIDE, NARROW, LEAST = (120, 36), (80, 24), (60, 20)

texts = st.text(alphabet="钱款户说人 abcdefgh，（）…/", min_size=1, max_size=90).map(str.strip)
fixed = st.lists(st.tuples(st.text("ab款", max_size=4), st.integers(8, 10)), max_size=2)


def bare(text: str) -> str:
    """Return the characters without blanks, so that a name broken over lines is found again."""
    return "".join(text.split())


async def read_pages(seat: Seat, rows: Rows) -> str:
    """Return all that a list shows from its first page to its last, in one string without blanks."""
    await seat.press("home")
    pages, last = [], None
    while rows.key != last:
        last = rows.key
        strips = seat.app.screen._compositor.render_strips()[rows.region.y : rows.region.bottom]
        pages += [strip.crop(rows.region.x, rows.region.right - 1).text for strip in strips]
        await seat.press("pagedown")
    return bare("".join(pages))


@pytest.fixture
def still(desk: Desk, adviser: Adviser) -> Desk:
    """The same desk at a clock that stands still: the screen counts the seconds of a case."""
    return Desk(desk.store, adviser, "t1", lambda: NOON)


IN_THE_SUITE = {
    (WIDE, None, Language.ZH),
    (NARROW, None, Language.EN),
    (LEAST, None, Language.EN),
    (NARROW, Known.VERIFIED, Language.ZH),
}


@pytest.mark.parametrize(
    ("size", "known", "language"),
    [
        pytest.param(
            *shown,
            id=f"{shown[0][0]}x{shown[0][1]}-{shown[1] or 'open'}-{shown[2]}",
            marks=() if shown in IN_THE_SUITE else pytest.mark.long,
        )
        for shown in product((WIDE, NARROW, LEAST), (None, Known.VERIFIED), Language)
    ],
)
async def test_every_flag_and_every_advised_step_shows_its_whole_name(
    desk: Desk, size: tuple[int, int], language: Language, known: Known | None
) -> None:
    sheet = desk.open("help", Portion(MoneyState.MOVED_OWN_NAME))
    for sign in desk.book.signs if known else ():
        sheet = desk.answer(sheet.case.id, sign, Answer.YES, known)
    async with seated(desk, language, size) as seat:
        seat.app.push_screen(TellerScreen(sheet))
        await seat.pilot.pause()
        flags = await read_pages(seat, seat.app.screen.query_one("#flags", Rows))
        await seat.press("f5")
        steps = await read_pages(seat, seat.app.screen.query_one("#steps", Rows))
    flag_names = [sign.name.read(language) for sign in desk.book.signs.values()]
    step_names = [desk.book.steps[step.id].name.read(language) for step in sheet.advice.steps]
    assert step_names
    assert [name for name in flag_names if bare(name) not in flags] == []
    assert [name for name in step_names if bare(name) not in steps] == []
    assert "…" not in flags + steps


async def test_nothing_moves_while_the_cursor_crosses_a_name_of_two_lines(still: Desk) -> None:
    sheet = still.open("help", Portion(MoneyState.MOVED_OWN_NAME))
    async with seated(still, Language.EN, WIDE) as seat:
        seat.app.push_screen(TellerScreen(sheet))
        await seat.pilot.pause()
        rows = seat.app.screen.query_one("#flags", Rows)
        before = bare(seat.grid()).replace("›", "")
        keys = []
        for _ in range(6):
            await seat.press("down")
            keys.append(rows.key)
        assert "screen_sharing" in keys
        assert len(set(keys)) == 6
        assert bare(seat.grid()).replace("›", "") == before


async def test_a_click_on_the_second_line_of_a_name_goes_to_its_flag(desk: Desk) -> None:
    sheet = desk.open("help", Portion(MoneyState.MOVED_OWN_NAME))
    async with seated(desk, Language.EN, WIDE) as seat:
        seat.app.push_screen(TellerScreen(sheet))
        await seat.pilot.pause()
        rows = seat.app.screen.query_one("#flags", Rows)
        line = next(y for y, text in enumerate(seat.grid().splitlines()) if text.strip().startswith("itself"))
        await seat.pilot.click(rows, offset=(10, line - rows.region.y))
        assert rows.key == "screen_sharing"


async def test_a_click_in_a_list_that_has_moved_goes_to_the_line_that_is_drawn_there(desk: Desk) -> None:
    sheet = desk.open("help", Portion(MoneyState.MOVED_OWN_NAME))
    async with seated(desk) as seat:
        seat.app.push_screen(TellerScreen(sheet))
        await seat.pilot.pause()
        rows = seat.app.screen.query_one("#flags", Rows)
        await seat.press("end")
        drawn = seat.grid().splitlines()[rows.region.y + 3]
        await seat.pilot.click(rows, offset=(10, 3))
        await seat.pilot.pause()
        assert rows.scroll_offset.y > 0
        assert seat.grid().splitlines()[rows.region.y + 3] == f"›{drawn[1:]}"


@given(fixed, texts, fixed, st.integers(2, 130))
def test_a_row_of_any_width_keeps_within_it_and_loses_no_character_of_its_text(
    before: list[tuple[str, int]], text: str, after: list[tuple[str, int]], width: int
) -> None:
    lead, tail = (tuple(Cell(*cell) for cell in cells) for cells in (before, after))
    lines = lay_out(Row("row", (*lead, Cell(text), *tail)), width)
    taken = [sum(cell.width for cell in line) + len(line) - 1 for line in lines]
    room = width - sum(cell.width + 1 for cell in (*lead, *tail))
    if room >= 8:
        assert all(sum_ <= width for sum_ in taken)
        shown = "".join(line[len(lead) if n == 0 else bool(lead)].text for n, line in enumerate(lines))
        assert bare(shown) == bare(text)
        assert all(cell_len(cell.text) <= cell.width for line in lines for cell in line)
    else:
        assert len(lines) == 1
