"""What was done by mistake is undone: an answer is taken back and named, and a closed case is opened again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from assistant.case.events import EventKind, Outcome, ReopenReason
from assistant.case.summary import CaseState
from assistant.desk import Desk
from assistant.store import receipt
from rules.facts import Answer, Known
from rules.language import Language
from tests.ui.pilot import Seat
from ui.app import CounterApp


@asynccontextmanager
async def seated(desk: Desk, language: Language = Language.ZH) -> AsyncIterator[Seat]:
    """Run the program over `desk`, with what it tells in passing."""
    app = CounterApp(desk, language)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.pause()
        yield Seat(app, pilot)


@pytest.mark.parametrize(
    ("keys", "language", "said"),
    [
        (("2",), Language.ZH, "已撤回：对方自称公检法、政府或监管（是）"),
        (("2",), Language.EN, "Taken back: "),
        (("0", "space"), Language.ZH, "已撤回：对方自称公检法、政府或监管（未问）"),
        (("2", "f6", "end", "enter"), Language.ZH, "已撤回：暂停办理当前交易（不适用）"),
        (("f3", "end", "enter"), Language.ZH, "已撤回：提问"),
    ],
)
async def test_backspace_says_what_it_took_back(
    desk: Desk, keys: tuple[str, ...], language: Language, said: str
) -> None:
    async with seated(desk, language) as seat:
        await seat.press("1")
        await seat.press(*keys)
        assert said not in seat.grid()
        await seat.press("backspace")
        assert seat.count(EventKind.TAKEN_BACK) == 1
        assert said in seat.grid()


async def test_what_was_taken_back_is_told_in_neutral_words_while_quiet(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1")
        await seat.press("2", "f10", "backspace")
        assert "已撤回：" in seat.grid()
        assert "公检法" not in seat.grid()


async def test_going_quiet_takes_away_what_was_told_aloud(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1")
        await seat.press("2", "backspace")
        assert "已撤回：对方自称公检法" in seat.grid()
        await seat.press("f10")
        assert "已撤回" not in seat.grid()


def close_ordinary(desk: Desk) -> str:
    """Return the id of a closed case, which stands last on the first screen."""
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, "hurried", Answer.NO)
    return desk.close(case_id, Outcome.LEFT, 0, 0, 0).case.id


async def test_a_closed_case_is_only_looked_at(desk: Desk) -> None:
    close_ordinary(desk)
    async with seated(desk) as seat:
        await seat.press("end", "enter")
        before = seat.case.history
        assert "已结案·只看" in seat.grid()
        assert "F8 重开" in seat.grid().splitlines()[-1]
        for key in ("1", "0", "y", "enter", "backspace", "f3", "f7"):
            await seat.press(key)
            assert seat.screen_name == "TellerScreen"
            assert "本案已结案，只能查看；按F8可重开。" in seat.grid()
        assert seat.case.history == before


async def test_one_key_and_a_reason_open_a_closed_case_again(desk: Desk) -> None:
    case_id = close_ordinary(desk)
    async with seated(desk) as seat:
        await seat.press("end", "enter", "f8")
        assert "为什么重开本案？" in seat.grid()
        await seat.press("escape")
        assert seat.count(EventKind.REOPENED) == 0
        await seat.press("f8", "1")
        assert seat.case.state is CaseState.OPEN
        assert seat.case.reopening is not None
        assert seat.case.reopening.reason is ReopenReason.WRONG_OUTCOME
        assert "重开：结果登记有误" in seat.grid().splitlines()[5]
        assert "F8 结案" in seat.grid().splitlines()[-1]
        assert seat.cursor == "hurried"
        await seat.press("1")
        assert seat.case.answers["hurried"].known is Known.SEEN
        await seat.press("escape")
        assert "没有未结案件" not in seat.grid()
    assert [row.case_id for row in desk.store.list(CaseState.OPEN)] == [case_id]


async def test_the_reasons_to_reopen_a_case_follow_the_language_over_the_page(desk: Desk) -> None:
    close_ordinary(desk)
    async with seated(desk) as seat:
        await seat.press("end", "enter", "f8", "f12")
        assert "Why is this case opened again?" in seat.grid()
        assert "the outcome was wrong" in seat.grid()
        await seat.press("1")
        assert seat.case.state is CaseState.OPEN


async def test_a_case_that_is_reopened_and_closed_shows_the_outcome_of_its_last_closing(desk: Desk) -> None:
    case_id = close_ordinary(desk)
    desk.reopen(case_id, ReopenReason.WRONG_OUTCOME)
    desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0)
    async with seated(desk) as seat:
        assert "未查清" in seat.grid()
        await seat.press("end", "enter")
        assert "已结案：未查清" in seat.grid()
        assert "客户离开" not in seat.grid()


async def test_only_the_receipt_of_the_closing_that_holds_is_shown(desk: Desk) -> None:
    case_id = close_ordinary(desk)
    first = receipt(desk.store.case(case_id).history[-1])
    reopened = desk.reopen(case_id, ReopenReason.WRONG_OUTCOME).case
    async with seated(desk) as seat:
        await seat.go_to(reopened.id)
        await seat.press("enter")
        assert "回执" not in seat.grid()
    last = receipt(desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0).case.history[-1])
    async with seated(desk) as seat:
        await seat.press("end", "enter")
        assert f"回执 {last}" in seat.grid()
        assert first not in seat.grid()
