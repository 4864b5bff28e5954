"""The times that matter are those of the events, without what was taken back."""

from __future__ import annotations

from assistant.audit.moments import Moments, find_moments
from assistant.case.events import Outcome, Reason, ReopenReason
from assistant.desk import Desk
from rules.facts import Answer, StepOutcome
from tests.audit.story import TELLING, begin, close, settle_gates
from tests.case.visits import MINUTE, NOON, Clock

UNIT = {"unit": "演示派出所（虚构）"}


def find(desk: Desk, case_id: str) -> Moments:
    return find_moments(desk.store.case(case_id))


def test_each_time_is_that_of_the_first_such_event(desk: Desk, clock: Clock) -> None:
    case_id = begin(desk)
    assert dict(find(desk, case_id)) == {"opened": NOON}
    clock.wait(MINUTE)
    desk.answer(case_id, TELLING, Answer.YES)
    told = {"opened": NOON, "first_flag": NOON + MINUTE, "first_advice": NOON + MINUTE, "first_hold": NOON + MINUTE}
    assert dict(find(desk, case_id)) == told
    clock.wait(MINUTE)
    desk.answer(case_id, "hurried", Answer.YES)
    desk.record_step(case_id, "pause_transaction", StepOutcome.DONE)
    assert dict(find(desk, case_id)) == told | {"first_step": NOON + 2 * MINUTE}
    clock.wait(MINUTE)
    desk.record_step(case_id, "call_110", StepOutcome.DONE, written=UNIT)
    clock.wait(MINUTE)
    settle_gates(desk, case_id)
    close(desk, case_id)
    ended = {"first_step": NOON + 2 * MINUTE, "police_called": NOON + 3 * MINUTE, "closed": NOON + 4 * MINUTE}
    assert dict(find(desk, case_id)) == told | ended


def test_a_step_that_was_only_tried_is_not_done(desk: Desk, clock: Clock) -> None:
    case_id = begin(desk)
    desk.answer(case_id, TELLING, Answer.YES)
    desk.record_step(case_id, "pause_transaction", StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
    desk.record_step(case_id, "call_110", StepOutcome.LATER)
    assert (find(desk, case_id).first_step, find(desk, case_id).police_called) == (None, None)


def test_what_was_taken_back_did_not_happen(desk: Desk) -> None:
    case_id = begin(desk)
    desk.answer(case_id, TELLING, Answer.YES)
    desk.record_step(case_id, "call_110", StepOutcome.DONE, written=UNIT)
    assert find(desk, case_id).police_called == NOON
    desk.take_back(case_id)
    assert (find(desk, case_id).first_step, find(desk, case_id).police_called) == (None, None)
    desk.take_back(case_id)
    assert find(desk, case_id).first_flag is None


def test_the_police_are_there_once_a_step_is_left_to_them(desk: Desk, clock: Clock) -> None:
    case_id = begin(desk)
    desk.answer(case_id, TELLING, Answer.YES)
    clock.wait(MINUTE)
    desk.record_step(case_id, "pause_transaction", StepOutcome.NOT_APPLICABLE, Reason.POLICE_TOOK_OVER)
    clock.wait(MINUTE)
    settle_gates(desk, case_id, Reason.POLICE_TOOK_OVER)
    close(desk, case_id, Outcome.PASSED_TO_POLICE)
    assert find(desk, case_id).police_there == NOON + MINUTE


def test_or_once_the_case_is_passed_to_them_as_long_as_that_closing_holds(desk: Desk, clock: Clock) -> None:
    case_id = begin(desk)
    desk.answer(case_id, TELLING, Answer.YES)
    settle_gates(desk, case_id)
    clock.wait(MINUTE)
    close(desk, case_id, Outcome.PASSED_TO_POLICE)
    assert find(desk, case_id).police_there == find(desk, case_id).closed == NOON + MINUTE
    desk.reopen(case_id, ReopenReason.WRONG_OUTCOME)
    assert (find(desk, case_id).police_there, find(desk, case_id).closed) == (None, None)
