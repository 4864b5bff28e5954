"""An Enter in haste: doubled by a finger or a key, or pressed by habit, it does nothing on a screen nobody has read."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.case.events import EventKind
from assistant.desk import Desk
from assistant.store import Store
from rules.facts import Answer, Known
from tests.outlet import lay
from tests.ui.pilot import look_first, seated
from tests.ui.stage import CASE
from tests.ui.teller import READING_SECONDS, Teller


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass until somebody looks first: a key pressed at once comes at once, however busy the machine is."""
    monkeypatch.setattr("ui.screens.haste.monotonic", lambda: 1.0)


@pytest.mark.parametrize(
    ("opened", "haste"),
    [
        (("1",), "enter"),
        (("enter",), "space"),
        (CASE, "enter"),
        pytest.param(("1",), "space", marks=pytest.mark.long),
        pytest.param(("enter",), "enter", marks=pytest.mark.long),
        pytest.param(CASE, "space", marks=pytest.mark.long),
    ],
)
async def test_enter_right_after_a_case_was_opened_marks_nothing(
    desk: Desk, opened: tuple[str, ...], haste: str
) -> None:
    async with seated(desk) as seat:
        await seat.press(*opened)
        await seat.pilot.press(haste, haste)
        assert seat.case.answers == {}
        await seat.press("enter")
        assert len(seat.case.answers) == 1


@pytest.mark.parametrize("haste", ["enter", "space"])
async def test_a_key_pressed_twice_on_an_open_case_takes_no_answer_away(desk: Desk, haste: str) -> None:
    case_id = desk.open("transfer").case.id
    first = desk.book.requests["transfer"].first[0]
    given = desk.answer(case_id, first, Answer.YES, Known.SEEN).case.answers
    async with seated(desk) as seat:
        await seat.press("home", "enter")
        await seat.pilot.press(haste, haste)
        assert seat.case.answers == given
        await seat.press("space")
        assert seat.case.answers == {}


async def test_letters_and_digits_are_taken_at_once(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.pilot.press("1", "o", "2")
        assert list(seat.case.answers) == ["official_caller"]


async def test_enter_doubled_at_the_end_of_a_record_does_not_reach_the_flags(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1", "2", "f6")
        await seat.go_to("done")
        await seat.pilot.press("enter", "enter")
        assert seat.count(EventKind.STEP_RECORDED) == 1
        assert seat.count(EventKind.ANSWERED) == 1
        assert seat.screen_name == "TellerScreen"


async def test_enter_doubled_on_a_line_takes_neither_the_first_choice_nor_an_empty_text(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1", "f2")
        for line, panel in (("age", "ChoiceScreen"), ("amount:1", "AskScreen")):
            await seat.go_to(line)
            await seat.pilot.press("enter", "enter")
            assert seat.screen_name == panel
            await seat.press("escape")
        assert seat.case.age is None


async def test_what_was_typed_is_taken_by_an_enter_as_quick_as_one_likes(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1", "f2")
        await seat.go_to("amount:1")
        await seat.pilot.press("enter", "5", "0", "enter")
        assert seat.case.money[1].amount == 5_000


async def test_enter_doubled_on_a_move_that_is_refused_leaves_the_reason_on_the_screen(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*CASE, "f8", "end", "enter", "7", "end")
        await seat.pilot.press("enter", "enter")
        assert seat.screen_name == "TroubleScreen"
        await seat.press("enter")
        assert seat.screen_name == "ClosingScreen"


async def test_a_command_that_was_typed_is_given_at_once_and_none_before_one_was_seen(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1")
        await seat.pilot.press("ctrl+p", "enter")
        assert seat.screen_name == "PaletteScreen"
        await seat.pilot.press("z", "j", "enter")
        await seat.pilot.pause()
        assert seat.screen_name == "FactsScreen"


async def test_the_end_of_a_case_does_not_open_the_next(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.pilot.press("1", "f8", "enter", "enter")
        assert seat.screen_name == "HomeScreen"
        assert len(desk.store.list()) == 1
        look_first(seat.app)
        await seat.press("enter")
        assert len(desk.store.list()) == 2


@pytest.mark.parametrize(
    ("burst", "cases"),
    [("1\r\r", 1), pytest.param("\r\r", 1, marks=pytest.mark.long), pytest.param("92\r", 1, marks=pytest.mark.long)],
)
def test_keys_that_come_all_at_once_open_one_case_and_mark_nothing(tmp_path: Path, burst: str, cases: int) -> None:
    path = tmp_path / "cases.db"
    lay(path)
    with Teller(path) as teller:
        teller.see("新案件")
        teller.rest(READING_SECONDS)
        teller.send(burst)
        teller.see("Esc 首页", "已保存")
        teller.rest(0.5)
        teller.press("ctrl+q")
        teller.end()
    with Store.open(path) as store:
        found = [store.case(summary.case_id) for summary in store.list()]
    assert len(found) == cases
    assert all(case.answers == {} for case in found)
