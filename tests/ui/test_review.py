"""The review of closed cases on the screen: three keys for one that is right, a reason for one that is sent back."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.attendance import NOBODY
from assistant.case.events import EventKind, Outcome, ReviewReason, Verdict
from assistant.case.review import COMMENT as SAID
from assistant.case.review import Standing
from assistant.desk import Desk
from rules.advice import Adviser
from tests.ui import machine
from tests.ui.agreement import held_case
from tests.ui.machine import Hour, sign_on
from tests.ui.oversight import COMMENT, FEN, lost_case, other_program, returned_case, reviewer_of
from tests.ui.pilot import Seat, seated
from tests.ui.staff import AUDITOR, COMPLIANCE, MANAGER, SUPERVISOR, TELLER, desk_of, staffed_desk

desk = desk_of(SUPERVISOR)


async def open_case(seat: Seat) -> None:
    """Read the first case through that waits."""
    await seat.press("f3")
    await seat.see("回车看经过")
    await seat.press("enter")


async def open_review(seat: Seat) -> None:
    """Claim the first case that waits."""
    await open_case(seat)
    await seat.press("f6")
    assert seat.screen_name == "ReviewScreen"


async def test_three_keys_judge_a_case_and_enter_signs_it(desk: Desk) -> None:
    case_id = lost_case(desk)
    async with seated(desk) as seat:
        await seat.see("1 件待复核")
        await open_review(seat)
        await seat.press("1", "1", "3")
        assert seat.cursor == "approve"
        await seat.press("enter")
        assert seat.screen_name == "QueueScreen"
        await seat.see("没有等您复核的案件")
    case = desk.store.case(case_id)
    assert [event.kind for event in case.history[-2:]] == [EventKind.REVIEW_CLAIMED, EventKind.REVIEW_APPROVED]
    assert case.review is not None
    judged = case.review.judged
    assert judged is not None
    assert (judged.typology, judged.level, judged.steps) == (Verdict.RIGHT, Verdict.RIGHT, Verdict.CANNOT_TELL)


async def test_what_is_wrong_leads_to_the_reasons_and_goes_back_with_one_and_a_comment(desk: Desk) -> None:
    case_id = lost_case(desk)
    async with seated(desk) as seat:
        await open_review(seat)
        await seat.press("1", "2", "1")
        assert seat.cursor == "reason:typology_other"
        await seat.press("down", "enter")
        await seat.go_to("return")
        await seat.press("enter", *"hk77", "enter")
        assert seat.screen_name == "QueueScreen"
    case = desk.store.case(case_id)
    assert case.review is not None
    assert case.review.standing is Standing.RETURNED
    assert case.review.judged is not None
    assert case.review.judged.reasons == (ReviewReason.LEVEL_TOO_LOW,)
    assert case.history[-1].private == {SAID: "hk77"}


@pytest.mark.parametrize(
    ("keys", "end", "told", "where"),
    [
        ((), "approve", "还有一项没有评定", "typology"),
        (("1", "1"), "approve", "还有一项没有评定", "steps"),
        (("1", "1", "1"), "return", "请先选一条理由", "reason:typology_other"),
    ],
)
async def test_what_is_missing_is_said_and_the_cursor_led_there(
    desk: Desk, hour: Hour, keys: tuple[str, ...], end: str, told: str, where: str
) -> None:
    case_id = lost_case(desk)
    async with machine.seated(desk, hour) as seat:
        await open_review(seat)
        await seat.press(*keys)
        await seat.go_to(end)
        await seat.press("enter")
        assert told in seat.grid()
        assert seat.cursor == where
    assert desk.store.case(case_id).history[-1].kind is EventKind.REVIEW_CLAIMED


async def test_what_was_judged_and_not_saved_is_asked_about_before_it_is_left(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk) as seat:
        await open_review(seat)
        await seat.press("1", "escape")
        assert "尚未保存" in seat.grid()
        await seat.press("2")
        assert seat.screen_name == "ReviewScreen"


async def test_the_quiet_screen_tells_nothing_of_what_is_judged(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk) as seat:
        await open_review(seat)
        await seat.press("f10")
        telling = ("报警", "公检法", "损失", "疑似", "骗", "红旗")
        assert [word for word in telling if word in seat.grid()] == []
        await seat.press("escape", "escape")
        assert [word for word in telling if word in seat.grid()] == []


async def test_a_claim_is_not_made_twice_by_coming_back(desk: Desk) -> None:
    case_id = lost_case(desk)
    async with seated(desk) as seat:
        await open_review(seat)
        await seat.press("escape", "f6")
        assert seat.screen_name == "ReviewScreen"
    kinds = [event.kind for event in desk.store.case(case_id).history]
    assert kinds.count(EventKind.REVIEW_CLAIMED) == 1


async def test_what_another_claims_meanwhile_is_told_and_leaves_the_list(desk: Desk) -> None:
    case_id = lost_case(desk)
    async with seated(desk) as seat:
        await open_case(seat)
        reviewer_of(desk, MANAGER).claim(case_id)
        await seat.press("f6")
        assert f"本案正由{MANAGER}复核" in "".join(seat.grid().split())
        await seat.press("escape", "escape")
        await seat.see("没有等您复核的案件")


async def test_the_answer_of_the_teller_brings_the_case_back_with_what_was_said(desk: Desk) -> None:
    case_id = returned_case(desk)
    async with seated(desk) as seat:
        await seat.press("f3")
        await seat.see("没有等您复核的案件")
        with other_program(desk) as other:
            reviewer_of(other, other.actor).answer(case_id, "qb88")
        await seat.see("已答复")
        await seat.press("enter")
        assert "qb88" in seat.grid()


async def test_who_sent_a_case_back_is_not_asked_to_answer_and_another_leader_is(desk: Desk) -> None:
    case_id = returned_case(desk)
    async with seated(desk) as seat:
        await seat.press("f3")
        await seat.see("等柜员答复 1")
        await seat.press("enter", "f2")
        assert seat.screen_name == "TellerScreen"
        assert "等待答复" in seat.grid()
        assert "Ctrl+S 答复" not in seat.grid()
        await seat.press("ctrl+s")
        assert seat.screen_name == "TellerScreen"
    desk.change_to(MANAGER)
    async with seated(desk) as seat:
        await seat.press("f3")
        await seat.see("等柜员答复 1")
        await seat.press("enter", "f2")
        assert "请答复" in seat.grid()
        await seat.press("ctrl+s", *"ok", "enter")
    case = desk.store.case(case_id)
    assert case.review is not None
    assert (case.review.standing, case.review.actor) == (Standing.ANSWERED, MANAGER)


async def test_what_was_sent_back_stands_among_the_reviews_with_by_whom_and_for_how_long(desk: Desk) -> None:
    returned, due = returned_case(desk, MANAGER), lost_case(desk)
    async with seated(desk) as seat:
        await seat.press("f3")
        await seat.see("等您复核 1")
        assert seat.cursor == due
        row = seat.line(desk.store.case(returned).number)
        assert TELLER in row
        assert f"{MANAGER} " in row
        assert "退回" in row
        assert "已等0m" in row
        with other_program(desk) as other:
            reviewer_of(other, other.actor).answer(returned, "qb88")
        await seat.miss("等柜员答复")
        assert desk.store.case(returned).number in seat.grid()


async def test_a_claim_before_the_answer_is_asked_about_and_tells_whose_verdict_stands(desk: Desk) -> None:
    case_id = returned_case(desk, MANAGER)
    async with seated(desk) as seat:
        await seat.press("f3")
        await seat.see("等柜员答复 1")
        await seat.press("enter", "f6")
        assert seat.screen_name == "ChoiceScreen"
        assert f"{MANAGER}在" in seat.grid()
        await seat.press("1")
        assert seat.screen_name == "AuditScreen"
        assert desk.store.case(case_id).history[-1].kind is EventKind.REVIEW_RETURNED
        await seat.press("f6", "2")
        assert seat.screen_name == "ReviewScreen"
        assert desk.store.case(case_id).history[-1].kind is EventKind.REVIEW_CLAIMED
        judged = seat.line("评定：")
        assert judged.split()[0] == MANAGER
        assert SUPERVISOR not in judged
        assert COMMENT in seat.grid()


async def test_who_only_looked_at_an_open_case_may_review_it_once_it_is_closed(desk: Desk) -> None:
    theirs = Desk(desk.store, desk.rulebooks, TELLER, desk.clock)
    case_id = held_case(theirs)
    before = desk.store.case(case_id).history[-1].at
    late = Desk(desk.store, desk.rulebooks, SUPERVISOR, lambda: before + 3_600_000)
    async with seated(late) as seat:
        await seat.press("enter")
        assert seat.screen_name == "TellerScreen"
    assert late.store.case(case_id).history[-1].actor == SUPERVISOR
    theirs.close(case_id, Outcome.NOT_INTERCEPTED, FEN, 0, FEN)
    assert SUPERVISOR not in late.store.case(case_id).hands
    assert reviewer_of(desk).claim(case_id).summary().reviewer == SUPERVISOR


async def test_nobody_is_offered_to_review_what_he_had_a_hand_in(desk: Desk) -> None:
    case_id = lost_case(desk)
    reviewer_of(desk, MANAGER).claim(case_id)
    own = desk.open("transfer").case.id
    assert own
    async with seated(desk) as seat:
        await seat.press("f7")
        await seat.see("最新的在前")
        await seat.press("enter")
        assert seat.screen_name == "AuditScreen"
        assert "F6" not in seat.grid().splitlines()[-1]
        await seat.press("f6")
        assert seat.screen_name == "AuditScreen"


@pytest.mark.parametrize("actor", [AUDITOR, COMPLIANCE])
async def test_compliance_reviews_and_an_auditor_only_reads(desk: Desk, actor: str) -> None:
    lost_case(desk)
    desk.change_to(actor)
    async with seated(desk) as seat:
        await seat.press("f7")
        await seat.see("最新的在前")
        await seat.press("enter")
        assert ("F6 复核" in seat.grid().splitlines()[-1]) is (actor == COMPLIANCE)


async def test_whoever_takes_over_does_not_judge_what_another_claimed(
    tmp_path: Path, adviser: Adviser, hour: Hour
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    lost_case(desk)
    async with machine.seated(desk, hour) as seat:
        await sign_on(seat, SUPERVISOR)
        await open_review(seat)
        await seat.press("ctrl+t")
        await sign_on(seat, MANAGER)
        assert seat.screen_name == "AuditScreen"
        assert MANAGER in seat.grid().splitlines()[0]
    desk.store.close()
