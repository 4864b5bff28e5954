"""Whoever asked a second person learns of the answer where the work goes on; whoever decides sees what about."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from assistant.case.events import EventKind, Matter, Outcome, ReopenReason
from assistant.case.subjects import STAFF
from assistant.desk import Desk
from assistant.people.office import hand_out
from tests.ui.agreement import ask_to_close, assert_closed, countersign, held_case
from tests.ui.pilot import seated
from tests.ui.staff import COMPLIANCE, MANAGER, SUPERVISOR, TELLER, desk_of

desk = desk_of()


@pytest.mark.parametrize(
    ("agrees", "home", "page", "closing"),
    [(True, "已批准，请接着办", "按F8接着办", "确认即可"), (False, "未批准", "F8可看理由", "没有批准（证件 不全）")],
)
async def test_who_asked_is_told_of_the_answer_on_the_first_page_and_at_once_in_the_open_case(
    desk: Desk, agrees: bool, home: str, page: str, closing: str
) -> None:
    case_id = held_case(desk)
    request = desk.ask_authority(case_id, Matter.RELEASE)
    office = desk.office_of(SUPERVISOR)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter")
        assert f"{TELLER} 已申请核清结案" in seat.grid()
        office.approve(request.subject) if agrees else office.decline(request.subject, "证件\n不全")
        seat.app.screen._tick()  # type: ignore[attr-defined]
        await seat.pilot.pause()
        assert page in seat.line(f"{SUPERVISOR} ")
        await seat.press("f8")
        assert closing in seat.line(f"{SUPERVISOR} ")
        await seat.press("escape", "escape")
        assert home in seat.line("[F6]")
        await seat.press("f6", "enter", "1")
        assert seat.screen_name == "TellerScreen"
        await seat.press("escape", "escape")
        desk.close(case_id, Outcome.NOT_INTERCEPTED, 0, 0, 0)
        seat.app.screen._tick()  # type: ignore[attr-defined]
        await seat.pilot.pause()
        assert seat.line("[F6]") == ""
        desk.reopen(case_id, ReopenReason.NEW_INFORMATION)
        seat.app.screen._tick()  # type: ignore[attr-defined]
        await seat.pilot.pause()
        assert seat.line("[F6]") == ""


async def test_a_colleague_is_not_told_of_answers_to_another_and_of_no_step_that_is_kept_from_him(desk: Desk) -> None:
    case_id = held_case(desk)
    boss = Desk(desk.store, desk.rulebooks, SUPERVISOR)
    desk.ask_authority(case_id, Matter.RELEASE)
    request = boss.ask_authority(case_id, Matter.SET_ASIDE, "str_referral")
    desk.office_of(MANAGER).approve(request.subject)
    async with seated(desk) as seat:
        assert seat.line("[F6]").endswith("我的申请 1 项等待第二人")
        assert "已批准" not in seat.line("[F6]")
        await seat.go_to(case_id)
        await seat.press("enter")
        assert f"{MANAGER} " not in seat.grid()
    desk.change_to(MANAGER)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter")
        assert f"{MANAGER} 已批准不办" in seat.grid()


async def test_a_supervisor_with_a_password_for_one_use_replaces_it_and_has_agreed(desk: Desk) -> None:
    case_id = held_case(desk)
    password, private = hand_out(EventKind.PASSWORD_RESET, {"number": SUPERVISOR})
    boss = desk.office_of(MANAGER)
    reset = boss.ask(EventKind.PASSWORD_RESET, {"number": SUPERVISOR}, about=STAFF)
    desk.office_of(COMPLIANCE).approve(reset.subject, private)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        await seat.press("1")
        await countersign(seat, SUPERVISOR, password)
        assert seat.screen_name == "NewPasswordScreen"
        await seat.press("escape")
        assert desk.store.list_requests(about=case_id) == ()
        await countersign(seat, SUPERVISOR, password)
        for line in seat.app.screen.query(Input):
            line.value = "a new word of mine"
        await seat.press("enter", "enter")
        await seat.pilot.pause()
        assert desk.actor == TELLER
    assert_closed(desk, case_id)
    assert not desk.store.roster.members[SUPERVISOR].must_replace


async def test_whoever_decides_can_look_at_the_case_first_and_comes_back_to_decide(desk: Desk) -> None:
    case_id = held_case(desk)
    desk.ask_authority(case_id, Matter.RELEASE)
    desk.change_to(SUPERVISOR)
    async with seated(desk) as seat:
        await seat.press("f6", "enter", "4")
        assert seat.screen_name == "TellerScreen"
        await seat.press("escape", "enter", "2")
        assert "没有等待第二人的事项" in seat.grid()
