"""Leaving: nothing given is lost, whether one goes back or ends the program, and whatever lies over the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import EventKind, Reason
from assistant.case.summary import CaseState
from assistant.desk import Desk
from rules.facts import Answer, StepOutcome
from tests.ui.pilot import Seat, seated
from tests.ui.stage import CASE

STEP: Final = "pause_transaction"
FIELD: Final = "transaction"
ASKED: Final = "本页有内容尚未保存"
WAYS: Final = ("escape", "ctrl+q")


async def mark(seat: Seat) -> str:
    """Mark a red flag on the page of a question; return what shows it."""
    await seat.press("1", "f3", "1")
    return "(是)"


async def write_down(seat: Seat) -> str:
    """Fill in a field of a step; return what shows it."""
    await seat.press("1", "2", "f6")
    await seat.go_to(f"field:{FIELD}")
    await seat.press("enter", *"hk77", "enter")
    return "hk77"


async def note(seat: Seat) -> str:
    """Write a note on the page that closes an ordinary case; return what shows it."""
    await seat.press("1", "f8")
    await seat.go_to("note")
    await seat.press("enter", *"hk77", "enter")
    return "hk77"


PAGES: Final = {"QuestionScreen": mark, "RecordScreen": write_down, "ClosingScreen": note}
either_way = pytest.mark.parametrize("way", WAYS)


def each_page(first: int) -> pytest.MarkDecorator:
    """Return every page with one of the ways, the `first` and the other in turn; with each of them in the long run."""
    return pytest.mark.parametrize(
        ("page", "fill", "way"),
        [
            pytest.param(page, fill, way, id=f"{page}-{way}", marks=() if number % 2 == place else pytest.mark.long)
            for number, (page, fill) in enumerate(PAGES.items(), first)
            for place, way in enumerate(WAYS)
        ],
    )


def is_gone(seat: Seat, page: str, way: str) -> bool:
    """Tell whether the page, or with it the program, was left."""
    if way == "ctrl+q":
        return seat.app.return_code == 0
    return seat.app.return_code is None and seat.screen_name not in (page, "ChoiceScreen")


@each_page(0)
async def test_whoever_stays_finds_all_that_was_given(
    desk: Desk, page: str, fill: Callable[[Seat], Awaitable[str]], way: str
) -> None:
    async with seated(desk) as seat:
        given = await fill(seat)
        before = seat.case.history
        assert "尚未保存" in seat.grid().splitlines()[0]
        for stay in ("3", "escape"):
            await seat.press(way)
            assert ASKED in seat.grid()
            await seat.press(stay)
            assert seat.screen_name == page
            assert given in seat.grid()
        assert seat.app.return_code is None
        assert seat.case.history == before


@each_page(1)
async def test_what_was_given_is_dropped_only_when_that_is_chosen(
    desk: Desk, page: str, fill: Callable[[Seat], Awaitable[str]], way: str
) -> None:
    async with seated(desk) as seat:
        await fill(seat)
        before = seat.case
        await seat.press(way, "2")
        assert is_gone(seat, page, way)
    assert desk.store.case(before.id) == before


@each_page(0)
async def test_what_was_given_is_saved_by_one_key_and_then_the_page_is_left(
    desk: Desk, page: str, fill: Callable[[Seat], Awaitable[str]], way: str
) -> None:
    async with seated(desk) as seat:
        await fill(seat)
        await seat.press(way, "1")
        assert is_gone(seat, page, way)
    case = desk.store.case(desk.store.list()[0].case_id)
    match page:
        case "QuestionScreen":
            assert [reply.value for reply in case.answers.values()] == [Answer.YES]
            assert len(case.questions) == 1
        case "RecordScreen":
            assert case.steps[STEP].outcome is StepOutcome.LATER
            assert list(case.steps[STEP].private.values()) == ["hk77"]
        case _:
            assert case.state is CaseState.CLOSED
            assert case.history[-1].private == {"note": "hk77"}


@pytest.mark.parametrize(
    ("keys", "way"),
    [
        (("f3",), "escape"),
        (("2", "f6"), "ctrl+q"),
        (("f8",), "escape"),
        (("f2",), "ctrl+q"),
        pytest.param(("f3",), "ctrl+q", marks=pytest.mark.long),
        pytest.param(("2", "f6"), "escape", marks=pytest.mark.long),
        pytest.param(("f8",), "ctrl+q", marks=pytest.mark.long),
        pytest.param(("f2",), "escape", marks=pytest.mark.long),
    ],
)
async def test_a_page_on_which_nothing_was_given_is_left_at_once(desk: Desk, keys: tuple[str, ...], way: str) -> None:
    async with seated(desk) as seat:
        await seat.press("1", *keys)
        page, before = seat.screen_name, seat.case
        assert "尚未保存" not in seat.grid()
        await seat.press(way)
        assert is_gone(seat, page, way)
    assert desk.store.case(before.id) == before


async def test_a_text_put_back_to_what_is_saved_is_not_asked_about(desk: Desk) -> None:
    async with seated(desk) as seat:
        await write_down(seat)
        await seat.go_to(f"field:{FIELD}")
        await seat.press("enter", *["backspace"] * 4, "enter", "escape")
        assert seat.screen_name == "TellerScreen"


async def test_a_line_half_typed_keeps_the_program_open_and_is_taken_afterwards(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1", "f2")
        await seat.go_to("amount:1")
        await seat.press("enter", "5", "ctrl+q")
        assert seat.app.return_code is None
        assert seat.screen_name == "AskScreen"
        assert "没有退出" in seat.grid()
        await seat.press("0", "enter")
        assert seat.case.money[1].amount == 5_000
        await seat.press("enter", "ctrl+q")
        assert seat.app.return_code == 0


async def test_each_page_is_asked_about_from_the_top_down_through_whatever_lies_over_it(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*CASE, "f8")
        await seat.go_to("note")
        await seat.press("enter", *"hk77", "enter")
        gate = seat.case.open_gates()[0]
        await seat.go_to(f"gate:{gate}")
        await seat.press("enter")
        await seat.go_to(f"field:{desk.book.steps[gate].record[0].id}")
        await seat.press("enter", *"A1", "enter", "f9", "f9", "ctrl+q")
        assert ASKED in seat.grid()
        await seat.press("1")
        assert list(seat.case.steps[gate].private.values()) == ["A1"]
        assert ASKED in seat.grid()
        await seat.press("escape")
        assert seat.screen_name == "ClosingScreen"
        assert "hk77" in seat.grid()
        assert seat.app.return_code is None


async def test_a_case_that_cannot_be_closed_yet_is_not_offered_to_be(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*CASE, "f8")
        await seat.go_to("outcome")
        await seat.press("enter", "7", "escape")
        assert "不保存，离开" in seat.line("[1]")
        assert "按所填结案" not in seat.grid()
        await seat.press("2")
        assert seat.screen_name == "ClosingScreen"
        assert seat.count(EventKind.CLOSED) == 0


async def test_enter_alone_closes_no_case_that_was_to_be_left(desk: Desk) -> None:
    async with seated(desk) as seat:
        await note(seat)
        await seat.press("escape", "enter")
        assert seat.screen_name == "ClosingScreen"
        assert seat.count(EventKind.CLOSED) == 0


@either_way
async def test_what_cannot_be_saved_is_told_and_stays_on_the_page(desk: Desk, tmp_path: Path, way: str) -> None:
    file, elsewhere = tmp_path / "cases.db", tmp_path / "elsewhere.db"
    async with seated(desk) as seat:
        await write_down(seat)
        file.rename(elsewhere)
        await seat.press(way, "1")
        assert seat.screen_name == "TroubleScreen"
        await seat.press("escape")
        assert seat.screen_name == "RecordScreen"
        assert "hk77" in seat.grid()
        await seat.press(way, "1")
        elsewhere.rename(file)
        await seat.press("enter")
        assert is_gone(seat, "RecordScreen", way)
    case = desk.store.case(desk.store.list()[0].case_id)
    assert list(case.steps[STEP].private.values()) == ["hk77"]


@pytest.mark.parametrize(
    ("outcome", "reason"), [(StepOutcome.DONE, None), (StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)]
)
async def test_a_text_added_to_a_recorded_step_leaves_its_outcome_as_it_is(
    desk: Desk, outcome: StepOutcome, reason: Reason | None
) -> None:
    fields = [field.id for field in desk.book.steps[STEP].record]
    sheet = desk.open("transfer")
    desk.answer(sheet.case.id, "official_caller", Answer.YES)
    desk.record_step(sheet.case.id, STEP, outcome, reason, dict.fromkeys(fields, "5"))
    async with seated(desk) as seat:
        await seat.go_to(sheet.case.id)
        await seat.press("enter", "f5")
        await seat.go_to(STEP)
        await seat.press("enter")
        await seat.go_to(f"field:{fields[0]}")
        await seat.press("enter", "6", "enter", "escape")
        assert "稍后" not in seat.line("[1]")
        await seat.press("1")
        record = seat.case.steps[STEP]
    assert (record.outcome, record.reason) == (outcome, reason)
    assert record.private == {**dict.fromkeys(fields, "5"), fields[0]: "6"}
