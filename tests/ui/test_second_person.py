"""What takes a second person at the counter: three ways to the agreement, and nothing that was filled in is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.case.events import EventKind, JsonValue, Matter, Reason
from assistant.case.subjects import STAFF
from assistant.case.summary import CaseState
from assistant.desk import Desk
from assistant.people.requests import HOUR_MS, Standing
from assistant.people.signing import SignOn
from assistant.settings import Settings
from rules.advice import Adviser
from rules.facts import Answer, StepOutcome
from rules.language import Language
from tests.ui.agreement import ASKED, NOTE, ask_to_close, assert_closed, countersign, held_case
from tests.ui.pilot import seated
from tests.ui.staff import (
    AUDITOR,
    COLLEAGUE,
    COMPLIANCE,
    MANAGER,
    SUPERVISOR,
    TELLER,
    desk_of,
    staffed_desk,
)

desk = desk_of()


async def test_a_supervisor_signs_here_and_the_case_is_closed_as_filled_in(desk: Desk) -> None:
    case_id = held_case(desk)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        await seat.press("1")
        await countersign(seat, SUPERVISOR)
        assert desk.actor == TELLER
    assert_closed(desk, case_id)
    agreed = [event for event in desk.store.case(case_id).history if event.kind is EventKind.AUTHORISED]
    assert [event.actor for event in agreed] == [SUPERVISOR]


MAY_NOT_AGREE = {
    TELLER: "不能是同一人",
    COLLEAGUE: "柜员不能",
    COMPLIANCE: "工号或密码不对",
    AUDITOR: "审计人员不能",
}


async def test_who_may_not_agree_is_told_so_and_nothing_is_asked_or_closed(desk: Desk) -> None:
    case_id = held_case(desk)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        await seat.press("1")
        for number, told in MAY_NOT_AGREE.items():
            await countersign(seat, number)
            assert seat.screen_name == "CountersignScreen"
            assert told in "".join(seat.grid().split())
        await seat.press("escape")
        assert NOTE in seat.grid()
        assert "500.00" in seat.grid()
    assert desk.store.list_requests(waiting=False, about=case_id) == ()
    assert desk.store.case(case_id).state is CaseState.OPEN


async def test_how_long_the_second_person_has_to_wait_counts_down(tmp_path: Path, adviser: Adviser) -> None:
    now = [1_763_870_400_000]
    desk = staffed_desk(tmp_path / "cases.db", adviser, clock=lambda: now[0])
    case_id = held_case(desk)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        await seat.press("1")
        for _ in range(3):
            await countersign(seat, SUPERVISOR, "wrong")
        assert "请等 2 秒" in seat.grid()
        now[0] += 1000
        await seat.see("请等 1 秒")
        now[0] += 1000
        await seat.miss("请等")
    desk.store.close()


async def test_what_was_filled_in_waits_with_the_request_and_is_there_once_it_is_approved(desk: Desk) -> None:
    case_id = held_case(desk)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        await seat.press("2")
        assert seat.screen_name == "ClosingScreen"
        await seat.press("escape", "2", "escape")
        assert "我的申请 1 项等待第二人" in seat.grid()
    request = desk.store.list_requests(about=case_id)[0]
    desk.office_of(SUPERVISOR).approve(request.subject)
    async with seated(desk) as seat:
        assert "等待第二人" not in seat.grid()
        await seat.go_to(case_id)
        await seat.press("enter", "f8")
        assert NOTE in seat.grid()
        await seat.press("enter")
    assert_closed(desk, case_id)


async def test_nothing_is_asked_twice(desk: Desk) -> None:
    case_id = held_case(desk)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        await seat.press("2")
        await seat.go_to("confirm")
        await seat.press("enter")
        assert "继续等待" in seat.grid()
        await seat.press("1")
        await countersign(seat, MANAGER)
    assert [request.standing for request in desk.store.list_requests(waiting=False, about=case_id)] == [
        Standing.APPROVED
    ]
    assert_closed(desk, case_id)


async def test_with_nobody_in_reach_it_is_done_alone_with_a_reason_and_a_review_is_due(desk: Desk) -> None:
    case_id = held_case(desk)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        assert "24小时内" in seat.grid()
        await seat.press("3")
        assert "为什么一人办理" in seat.grid()
        await seat.press("2", "enter")
        assert desk.store.case(case_id).state is CaseState.OPEN
        await seat.go_to("confirm")
        await seat.press("enter", "3", "2")
        assert "等不及批准" in "".join(seat.grid().split())
        await seat.press("2")
    assert_closed(desk, case_id)
    (request,) = desk.store.list_requests(about=case_id)
    assert request.standing is Standing.EMERGENCY
    assert request.settled_at is not None
    assert request.review_by is not None
    # The clock runs between the two.
    assert 0 <= request.settled_at + 24 * HOUR_MS - request.review_by < 1000


async def test_settings_that_cannot_be_read_are_told_and_nothing_is_lost(desk: Desk, tmp_path: Path) -> None:
    case_id = held_case(desk)
    (tmp_path / "settings.yaml").write_text("review_hours: 0\n", "utf-8")
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "f8")
        await seat.go_to("outcome")
        await seat.press("enter", "4", "enter")
        assert seat.screen_name == "TroubleScreen"
        assert "settings.yaml" in "".join(seat.grid().split())
        await seat.press("escape")
        assert seat.screen_name == "ClosingScreen"


async def test_called_off_at_any_place_leaves_the_page_as_it_was(desk: Desk) -> None:
    case_id = held_case(desk)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        events = seat.count()
        for keys in (("escape",), ("enter", "1", "escape"), ("enter", "3", "escape")):
            await seat.press(*keys)
            assert seat.screen_name == "ClosingScreen"
            assert NOTE in seat.grid()
        assert seat.count() == events
        assert desk.store.list_requests(about=case_id) == ()


async def test_a_step_is_set_aside_by_the_supervisors_word_only_when_he_signs(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1", "1", "f6")
        step = str(seat.app.screen._step_id)  # type: ignore[attr-defined]
        await seat.go_to(f"reason:{Reason.SUPERVISOR_DECIDED}")
        await seat.press("enter")
        assert ASKED in seat.grid()
        await seat.press("1")
        await countersign(seat, SUPERVISOR)
        assert seat.screen_name == "TellerScreen"
        assert seat.case.steps[step].reason is Reason.SUPERVISOR_DECIDED
        assert seat.case.authorised == {(Matter.SET_ASIDE, step)}
        assert "已批准" not in seat.grid()


async def test_the_quiet_face_names_neither_the_outcome_nor_the_step(desk: Desk) -> None:
    case_id = held_case(desk)
    async with seated(desk) as seat:
        await ask_to_close(seat, case_id)
        await seat.press("f10")
        panel = seat.grid()
        assert "报警" not in panel
        assert "核清放行" not in panel
        assert "第二人" in panel


async def test_who_may_decide_sees_what_waits_and_approves_it(desk: Desk) -> None:
    case_id = held_case(desk)
    desk.ask_authority(case_id, Matter.RELEASE)
    desk.change_to(SUPERVISOR)
    async with seated(desk) as seat:
        assert "1 项待批" in seat.grid()
        await seat.go_to("requests")
        await seat.press("enter")
        assert seat.screen_name == "RequestsScreen"
        await seat.press("enter")
        assert TELLER in seat.grid()
        await seat.press("2")
        assert "没有等待第二人的事项" in seat.grid()
    assert desk.store.case(case_id).authorised == {(Matter.RELEASE, None)}


async def test_declining_says_why_and_nothing_comes_of_it(desk: Desk) -> None:
    case_id = held_case(desk)
    request = desk.ask_authority(case_id, Matter.RELEASE)
    desk.change_to(MANAGER)
    async with seated(desk) as seat:
        await seat.press("f6", "enter", "3", *"no", "enter")
    settled = desk.store.request(request.subject)
    assert settled.standing is Standing.DECLINED
    assert settled.history[-1].private == {"why": "no"}
    assert desk.store.case(case_id).authorised == frozenset()


async def test_an_overdue_review_stands_first_and_is_said_on_the_first_page(tmp_path: Path, adviser: Adviser) -> None:
    now = [1_763_870_400_000]
    desk = staffed_desk(tmp_path / "cases.db", adviser, clock=lambda: now[0])
    emergency = desk.ask_authority(held_case(desk), Matter.RELEASE)
    desk.office.use_emergency(emergency.subject, "nobody_in_reach", 24)
    now[0] += 25 * HOUR_MS
    desk.ask_authority(held_case(desk), Matter.RELEASE)
    desk.change_to(SUPERVISOR)
    async with seated(desk) as seat:
        assert "1 项应急办理复核逾期、1 项待批" in seat.grid()
        await seat.press("f6")
        assert seat.cursor == emergency.subject
        await seat.press("enter", "2", "enter")
        assert "逾期" not in seat.grid()
    assert desk.store.request(emergency.subject).standing is Standing.UPHELD
    desk.store.close()


async def test_a_teller_sees_only_what_he_asked_for_and_may_take_it_back(desk: Desk) -> None:
    other = Desk(desk.store, desk.rulebooks, COLLEAGUE)
    other.ask_authority(held_case(other), Matter.RELEASE)
    own = desk.ask_authority(held_case(desk), Matter.RELEASE)
    async with seated(desk) as seat:
        assert "待批" not in seat.line("项")
        await seat.press("f6")
        assert seat.cursor == own.subject
        assert COLLEAGUE not in seat.grid()
        await seat.press("enter", "2")
        assert "没有等待第二人的事项" in seat.grid()
    assert desk.store.request(own.subject).standing is Standing.WITHDRAWN


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (EventKind.PASSWORD_RESET, {"number": TELLER}),
        (EventKind.MEMBER_NAMED, {"number": "4711", "role": "teller"}),
    ],
)
async def test_whoever_approves_what_gives_a_password_hands_it_over_and_it_is_shown_once(
    desk: Desk, kind: EventKind, body: dict[str, JsonValue]
) -> None:
    desk.office_of(MANAGER).ask(kind, body, about=STAFF)
    desk.change_to(SUPERVISOR)
    async with seated(desk) as seat:
        await seat.press("f6", "enter", "2")
        said = seat.line("一次性密码")
        password = said.rsplit("：", 1)[1].strip()
        await seat.press("escape")
        assert password not in seat.grid()
    sign_on = SignOn(desk.store, Settings().sign_on, desk.clock, lambda: "0" * 36)
    assert sign_on.sign_on(str(body["number"]), password).must_replace


@pytest.mark.parametrize("number", [AUDITOR, COMPLIANCE])
async def test_a_role_that_only_reads_opens_no_case_and_changes_nothing(desk: Desk, number: str) -> None:
    case_id = held_case(desk)
    desk.change_to(number)
    async with seated(desk) as seat:
        assert "新案件" not in seat.grid()
        await seat.press("1")
        assert seat.screen_name == "HomeScreen"
        await seat.go_to(case_id)
        await seat.press("enter")
        events = seat.count()
        assert "只读" in seat.grid().splitlines()[0]
        await seat.press("1", "0", "y", "space", "backspace", "f3", "f6", "f7", "f8", "f5", "enter")
        assert seat.screen_name == "TellerScreen"
        assert {note.message for note in seat.app._notifications} == {"您的岗位只能查看本案，不能登记。"}
        assert seat.count() == events
        await seat.press("f4", "escape", "f9", "escape", "f2")
        assert seat.screen_name == "FactsScreen"


@pytest.mark.parametrize("language", Language)
async def test_what_a_report_of_suspicion_concerns_is_nowhere_for_who_need_not_know(
    desk: Desk, language: Language
) -> None:
    name = desk.book.steps["str_referral"].name.read(language)
    quiet = desk.book.steps["str_referral"].quiet.read(language)
    boss = Desk(desk.store, desk.rulebooks, SUPERVISOR)
    case_id = boss.open("account_opening").case.id
    boss.answer(case_id, "official_caller", Answer.YES)
    sheet = boss.answer(case_id, "id_mismatch", Answer.YES)
    assert "str_referral" in {step.id for step in sheet.advice.steps}
    for gate in sheet.case.open_gates():
        if gate != "str_referral":
            sheet = boss.record_step(case_id, gate, StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
    counts = {}
    for number in (TELLER, AUDITOR, SUPERVISOR):
        desk.change_to(number)
        seen = []
        async with seated(desk, language, (120, 60)) as seat:
            seen.append(seat.grid())
            await seat.go_to(case_id)
            await seat.press("enter", "f5")
            seen.append(seat.grid())
            counts[number] = seat.line("/")
            await seat.press("f4")
            seen.append(seat.grid())
            await seat.press("end")
            seen.append(seat.grid())
            await seat.press("escape", "f8")
            seen.append(seat.grid())
        hidden = [text for text in seen if name in text or quiet in text]
        assert bool(hidden) is (number == SUPERVISOR), hidden
    assert counts[TELLER] != counts[SUPERVISOR]


async def test_who_need_not_know_of_a_step_closes_the_case_without_it(desk: Desk) -> None:
    case_id = desk.open("account_opening").case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    sheet = desk.answer(case_id, "id_mismatch", Answer.YES)
    while gates := sheet.case.open_gates():
        sheet = desk.record_step(case_id, gates[0], StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "f8", "enter", "6", "enter")
    case = desk.store.case(case_id)
    assert case.state is CaseState.CLOSED
    assert "str_referral" in {step.id for step in case.advised_steps}
    assert "str_referral" not in {step.id for step in desk.resume(case_id).case.advised_steps}
