"""Free text is where numbers about a person end up unasked: it is held up once, and masked wherever it stands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from assistant.case.events import EventKind
from assistant.desk import Desk
from rules.language import Language
from tests.ui.pilot import Seat, seated

TYPED = "民警让打13910018866找张某"
MASKED = "民警让打139****8866找张某"
CALL = ("9", "2", "o", "2")
"""A case in which the police are to be called."""
UNIT, REFERENCE = "field:unit", "field:reference"


@pytest.fixture
async def seat(desk: Desk) -> AsyncIterator[Seat]:
    async with seated(desk) as taken:
        await taken.press(*CALL)
        await open_record(taken)
        yield taken


async def type_into(seat: Seat, key: str, text: str) -> None:
    """Open the line of that key and type, without an Enter."""
    await seat.go_to(key)
    await seat.press("enter", *text)


def written(seat: Seat, field: str) -> str:
    """Return what the record of the call holds."""
    return seat.case.steps["call_110"].private[field]


async def record(seat: Seat) -> None:
    """Record the call as made."""
    await seat.go_to("done")
    await seat.press("enter")


async def test_a_text_that_seems_to_hold_a_number_is_held_up_with_what_it_seems_to_be(seat: Seat) -> None:
    await type_into(seat, UNIT, TYPED)
    await seat.press("enter")
    assert seat.screen_name == "AskScreen"
    assert "这里像是有电话" in seat.grid()


async def test_one_key_puts_the_mask_in(seat: Seat) -> None:
    await type_into(seat, UNIT, TYPED)
    await seat.press("enter", "f6")
    assert MASKED in seat.grid()
    assert "这里像是有" not in seat.grid()
    await seat.press("enter")
    await record(seat)
    assert written(seat, "unit") == MASKED


async def test_another_enter_keeps_it_as_typed_and_the_page_shows_it_masked(seat: Seat) -> None:
    await type_into(seat, UNIT, TYPED)
    await seat.press("enter", "enter")
    assert seat.screen_name == "RecordScreen"
    assert MASKED in seat.grid()
    assert TYPED not in seat.grid()
    await record(seat)
    assert written(seat, "unit") == TYPED


async def test_an_enter_right_behind_the_warning_is_no_answer_to_it(seat: Seat) -> None:
    await type_into(seat, UNIT, TYPED)
    await seat.pilot.press("enter", "enter")
    assert seat.screen_name == "AskScreen"


async def test_what_is_changed_is_looked_through_anew(seat: Seat) -> None:
    await type_into(seat, UNIT, TYPED)
    await seat.press("enter", *"，或13910018867")
    assert "这里像是有" not in seat.grid()
    await seat.press("enter")
    assert "这里像是有" in seat.grid()


async def test_a_field_that_is_meant_for_a_number_is_not_held_up(seat: Seat) -> None:
    await type_into(seat, REFERENCE, "13910018866")
    await seat.press("enter")
    assert seat.screen_name == "RecordScreen"
    assert "13910018866" in seat.grid()


async def test_a_text_without_such_a_number_is_not_held_up(seat: Seat) -> None:
    await type_into(seat, UNIT, "城关派出所，110，尾号4417，80000元")
    await seat.press("enter")
    assert seat.screen_name == "RecordScreen"


async def test_whoever_wrote_it_in_this_visit_may_edit_it_in_full(seat: Seat) -> None:
    await type_into(seat, UNIT, TYPED)
    await seat.press("enter", "enter")
    await record(seat)
    await open_record(seat)
    await seat.go_to(UNIT)
    assert TYPED not in seat.grid()
    await seat.press("enter")
    assert TYPED in seat.grid()
    await seat.press("enter")
    assert seat.screen_name == "RecordScreen"


async def test_whoever_did_not_write_it_sees_it_masked_and_loses_nothing_of_it(seat: Seat) -> None:
    await type_into(seat, UNIT, TYPED)
    await seat.press("enter", "enter")
    await record(seat)
    seat.app.desk.actor = "t2"
    await open_record(seat)
    await seat.go_to(UNIT)
    await seat.press("enter")
    assert MASKED in seat.grid()
    assert TYPED not in seat.grid()
    await seat.press("enter")
    await record(seat)
    assert written(seat, "unit") == TYPED
    assert seat.count(EventKind.STEP_RECORDED) == 2


async def open_record(seat: Seat) -> None:
    """Open the record of the call again from the list of steps."""
    if seat.cursor in seat.app.desk.book.signs:
        await seat.press("f5")
    await seat.go_to("call_110")
    await seat.press("enter")


@pytest.mark.parametrize("language", Language)
async def test_the_note_of_a_closing_is_held_up_too_and_shown_masked(desk: Desk, language: Language) -> None:
    async with seated(desk, language) as seat:
        await seat.press(*CALL, "f8")
        await type_into(seat, "note", TYPED)
        await seat.press("enter")
        assert seat.screen_name == "AskScreen"
        await seat.press("enter")
        assert MASKED in seat.grid()
        assert TYPED not in seat.grid()


async def test_who_cleared_a_suspicion_and_how_is_held_up_too(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*CALL, "f2")
        await seat.press("end", "up", "enter", *TYPED, "enter")
        assert "这里像是有电话" in seat.grid()
