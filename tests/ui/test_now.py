"""What waits for the supervisor and for the teller: each sees within a second what the other's program saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.attendance import NOBODY
from assistant.case.events import CallAnswer, CallFor, EventKind, Matter
from assistant.case.review import COMMENT as SAID
from assistant.case.review import Standing
from assistant.desk import Desk
from rules.advice import Adviser
from rules.language import Language
from tests.outlet import lay
from tests.ui import machine
from tests.ui.agreement import held_case
from tests.ui.machine import Hour, sign_on
from tests.ui.oversight import COMMENT, lost_case, other_program, returned_case, reviewer_of
from tests.ui.pilot import new_desk, seated
from tests.ui.staff import (
    AUDITOR,
    COLLEAGUE,
    COMPLIANCE,
    MANAGER,
    PASSWORDS,
    SUPERVISOR,
    TELLER,
    desk_of,
    make_staffed,
    staffed_desk,
)
from tests.ui.teller import Teller

SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])


desk = desk_of(SUPERVISOR)


def call(desk: Desk, actor: str = TELLER, wanted: CallFor = CallFor.SECOND_INTERVIEW) -> str:
    """Have somebody call the supervisor from a new case; return its id."""
    case_id = Desk(desk.store, desk.rulebooks, actor, desk.clock).open("transfer").case.id
    reviewer_of(desk, actor).call(case_id, wanted)
    return case_id


@SIZES
async def test_a_call_from_another_program_stands_first_with_what_for_and_since_when(
    desk: Desk, size: tuple[int, int]
) -> None:
    async with seated(desk, size=size) as seat:
        with other_program(desk) as other:
            number = other.store.case(call(other)).number
        await seat.see("柜员呼叫 1")
        row = seat.line("请主管到柜台再次询问")
        assert number in row
        assert TELLER in row
        assert "等主管" in row
        assert "已等0m0" in row
        assert seat.grid().splitlines().index(row) == 2


async def test_enter_and_a_digit_answer_it_and_the_line_goes(desk: Desk) -> None:
    case_id = call(desk)
    async with seated(desk) as seat:
        await seat.see("柜员呼叫 1")
        await seat.go_to(f"call:{case_id}")
        await seat.press("enter")
        assert "请主管到柜台再次询问" in seat.grid()
        await seat.press("2")
        await seat.miss("柜员呼叫")
    answered = desk.store.case(case_id).call
    assert answered is not None
    assert (answered.answer, answered.answered_by) == (CallAnswer.BY_PHONE, SUPERVISOR)


async def test_a_call_can_be_looked_at_before_it_is_answered(desk: Desk) -> None:
    case_id = call(desk)
    async with seated(desk) as seat:
        await seat.see("柜员呼叫 1")
        await seat.go_to(f"call:{case_id}")
        await seat.press("enter", "4")
        assert seat.screen_name == "TellerScreen"
        assert f"{TELLER} 已呼叫主管：请主管到柜台再次询问" in seat.grid()


async def test_a_call_is_told_over_any_other_page_and_not_behind_the_lock(
    tmp_path: Path, adviser: Adviser, hour: Hour
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    async with machine.seated(desk, hour) as seat:
        await sign_on(seat, SUPERVISOR)
        await seat.press("f4")
        with other_program(desk) as other:
            call(other)
        await seat.see(f"柜员 {TELLER} 呼叫：请主管到柜台再次询问")
        await seat.press("ctrl+k")
        with other_program(desk) as other:
            call(other, COLLEAGUE)
        await seat.pilot.pause(1.2)
        assert " 呼叫：" not in seat.grid()
        await sign_on(seat, SUPERVISOR)
        await seat.see(f"柜员 {COLLEAGUE} 呼叫：请主管到柜台再次询问")
    desk.store.close()


@pytest.mark.parametrize("actor", [TELLER, COLLEAGUE, COMPLIANCE, AUDITOR])
async def test_who_answers_no_calls_is_shown_none(desk: Desk, actor: str) -> None:
    call(desk)
    desk.change_to(actor)
    async with seated(desk) as seat:
        await seat.see("未结案件 1")
        await seat.pilot.pause(0.7)
        assert "等主管 0312" not in seat.grid()


async def test_a_supervisor_who_calls_has_another_leader_to_answer(desk: Desk) -> None:
    call(desk, SUPERVISOR)
    async with seated(desk) as seat:
        await seat.see("未结案件 1")
        await seat.pilot.pause(0.7)
        assert "柜员呼叫" not in seat.grid()
    desk.change_to(MANAGER)
    async with seated(desk) as seat:
        await seat.see("柜员呼叫 1")


@pytest.mark.parametrize(("actor", "begins"), [(SUPERVISOR, True), (TELLER, False)])
async def test_whoever_answers_for_all_begins_on_the_most_urgent_case_and_a_teller_on_a_new_one(
    desk: Desk, actor: str, begins: bool
) -> None:
    theirs = Desk(desk.store, desk.rulebooks, TELLER, desk.clock)
    theirs.open("transfer")
    urgent = held_case(theirs)
    async with seated(Desk(desk.store, desk.rulebooks, actor, desk.clock)) as seat:
        assert seat.cursor == (urgent if begins else "new:transfer")


async def test_whoever_takes_over_on_the_first_page_begins_in_a_place_of_his_own(desk: Desk, hour: Hour) -> None:
    urgent = held_case(Desk(desk.store, desk.rulebooks, TELLER, desk.clock))
    async with machine.seated(Desk(desk.store, desk.rulebooks, NOBODY, hour), hour) as seat:
        await sign_on(seat, TELLER)
        assert seat.cursor == "new:transfer"
        await seat.press("ctrl+t")
        await sign_on(seat, SUPERVISOR)
        assert seat.cursor == urgent


@pytest.mark.parametrize("language", Language)
async def test_the_teller_finds_the_key_among_the_hints_of_a_small_screen(desk: Desk, language: Language) -> None:
    desk.change_to(TELLER)
    async with seated(desk, language, (80, 24)) as seat:
        await seat.press("1")
        assert "Ctrl+S" in seat.grid().splitlines()[-1]
        await seat.press("f5")
        assert "Ctrl+S" in seat.grid().splitlines()[-1]
        await seat.press("f10")
        assert "Ctrl+S" in seat.grid().splitlines()[-1]


async def test_a_call_is_one_key_and_one_digit_and_the_answer_is_there_at_once(desk: Desk, hour: Hour) -> None:
    desk.change_to(TELLER)
    async with machine.seated(desk, hour) as seat:
        await seat.press("1", "ctrl+s", "2")
        assert seat.count(EventKind.SUPERVISOR_CALLED) == 1
        assert f"{TELLER} 已呼叫主管：客户坚持办理" in seat.grid()
        await seat.press("ctrl+s")
        assert seat.screen_name == "TellerScreen"
        assert "等待答复" in seat.grid()
        with other_program(desk, SUPERVISOR) as other:
            reviewer_of(other).answer_call(seat.case.id, CallAnswer.COMING)
        await seat.see(f"营运主管 {SUPERVISOR}：马上到")


async def test_whoever_called_and_went_home_is_told_the_answer(desk: Desk, hour: Hour) -> None:
    desk.change_to(TELLER)
    async with machine.seated(desk, hour) as seat:
        await seat.press("1", "ctrl+s", "1")
        case_id = seat.case.id
        await seat.press("escape", "f4")
        await seat.pilot.pause(0.7)
        with other_program(desk, SUPERVISOR) as other:
            reviewer_of(other).answer_call(case_id, CallAnswer.NOT_FREE)
        await seat.see("脱不开身，请找另一位")


async def test_where_nobody_is_named_nobody_is_called(tmp_path: Path, adviser: Adviser) -> None:
    alone = new_desk(tmp_path / "alone.db", adviser)
    async with seated(alone) as seat:
        await seat.press("1")
        assert "Ctrl+S" not in seat.grid()
        await seat.press("ctrl+s")
        assert seat.screen_name == "TellerScreen"
    alone.store.close()


async def test_a_request_from_another_program_is_there_at_once(desk: Desk) -> None:
    async with seated(desk) as seat:
        with other_program(desk) as other:
            other.ask_authority(other.open("transfer").case.id, Matter.RELEASE)
        await seat.see("1 项待批")


async def test_a_case_sent_back_stands_on_the_first_page_and_is_answered_from_there(desk: Desk) -> None:
    case_id = returned_case(desk)
    number = desk.store.case(case_id).number
    desk.change_to(TELLER)
    async with seated(desk) as seat:
        await seat.see(f"复核退回：{number} {SUPERVISOR} ")
        await seat.go_to(f"returned:{case_id}")
        await seat.press("enter", "1", *"ok", "enter")
        await seat.miss("复核退回：")
    case = desk.store.case(case_id)
    assert case.review is not None
    assert case.review.standing is Standing.ANSWERED
    assert case.history[-1].private == {SAID: "ok"}


async def test_its_own_page_says_so_too_and_takes_the_answer(desk: Desk) -> None:
    case_id = returned_case(desk)
    desk.change_to(TELLER)
    async with seated(desk) as seat:
        await seat.see("复核退回：")
        await seat.go_to(f"returned:{case_id}")
        await seat.press("enter", "2")
        assert f"退回了本案（记录太简单、{COMMENT}），请答复" in seat.grid()
        assert "Ctrl+S 答复" in seat.grid().splitlines()[-1]
        await seat.press("ctrl+s", *"ok", "enter")
        assert "退回了本案" not in seat.grid()
        assert seat.count(EventKind.REVIEW_ANSWERED) == 1


async def test_what_was_sent_back_is_not_told_to_a_colleague_nor_on_the_quiet_screen(desk: Desk) -> None:
    returned_case(desk)
    desk.change_to(COLLEAGUE)
    async with seated(desk) as seat:
        await seat.pilot.pause(0.7)
        assert "复核退回" not in seat.grid()
    desk.change_to(TELLER)
    async with seated(desk) as seat:
        await seat.see("复核退回")
        await seat.press("f10")
        assert COMMENT not in seat.grid()


async def test_a_teller_has_neither_list_nor_reviews_and_is_told_so(desk: Desk) -> None:
    lost_case(desk)
    desk.change_to(TELLER)
    async with seated(desk) as seat:
        await seat.pilot.pause(0.3)
        assert "待复核" not in seat.grid()
        hints = seat.grid().splitlines()[-1]
        assert [key for key in ("F7", "F3", "F5") if key in hints] == []
        for key in ("f7", "f3", "f5"):
            await seat.press(key)
            assert seat.screen_name == "TroubleScreen"
            await seat.press("escape")


@pytest.mark.long
def test_two_screens_of_one_outlet_a_call_and_its_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    path = tmp_path / "cases.db"
    lay(path, make_staffed)

    def enter(screen: Teller, number: str) -> None:
        screen.see("登录")
        screen.type(number)
        screen.press("enter")
        screen.type(PASSWORDS[number])
        screen.press("enter")
        screen.see("新案件")

    with Teller(path) as teller, Teller(path) as supervisor:
        enter(teller, TELLER)
        enter(supervisor, SUPERVISOR)
        teller.press("1")
        teller.see("先看这些")
        teller.press("ctrl+s")
        teller.see("请主管到柜台，为什么？")
        teller.rest(0.4)
        teller.press("1")
        supervisor.see("柜员呼叫 1", "请主管到柜台再次询问")
        supervisor.press("home")
        supervisor.press("enter")
        supervisor.see("马上到")
        supervisor.press("1")
        teller.see(f"营运主管 {SUPERVISOR}：马上到")
        supervisor.see_no("柜员呼叫")
