"""A teller calls the supervisor from an open case, and is told whether he comes."""

from __future__ import annotations

import pytest

from assistant.case.events import CallAnswer, CallFor, EventKind
from assistant.case.refusals import CalledAlready, CaseClosed, NotCalled, OwnCall
from assistant.people.refusals import NotAllowed
from assistant.store import Store
from tests.case.visits import SECOND
from tests.people.branch import AUDITOR, COMPLIANCE, MANAGER, SUPERVISOR, TELLER, Branch
from tests.review.closings import close, reopen_and_close, reviewer


def call(branch: Branch, actor: str = TELLER, wanted: CallFor = CallFor.SECOND_INTERVIEW) -> str:
    """Return the id of a new case from which the supervisor was called."""
    case_id = branch.open_case(actor)
    branch.clock.wait(SECOND)
    reviewer(branch, actor).call(case_id, wanted)
    return case_id


def list_calls(branch: Branch, number: str = SUPERVISOR) -> list[str]:
    return [row.case_id for row in reviewer(branch, number).list_calls()]


def test_calls_wait_for_every_leader_the_oldest_first_until_one_answers(branch: Branch) -> None:
    later_case = branch.open_case()
    first = call(branch)
    branch.clock.wait(SECOND)
    reviewer(branch, TELLER).call(later_case, CallFor.CUSTOMER_INSISTS)
    assert list_calls(branch) == list_calls(branch, MANAGER) == [first, later_case]
    answered = reviewer(branch, MANAGER).answer_call(first, CallAnswer.COMING)
    assert answered.call is not None
    assert (answered.call.answer, answered.call.answered_by) == (CallAnswer.COMING, MANAGER)
    assert answered.call.answered_at == branch.clock.now
    assert list_calls(branch) == [later_case]


def test_a_call_and_its_answer_are_there_for_another_program_at_once(branch: Branch) -> None:
    with Store.open(branch.store.path) as other:
        before = other.head().seq
        case_id = call(branch)
        assert other.head().seq > before
        assert other.case(case_id).summary().called_at == branch.clock.now
        seen = other.head().seq
        reviewer(branch, SUPERVISOR).answer_call(case_id, CallAnswer.BY_PHONE)
        assert other.head().seq == seen + 1
        told = other.case(case_id).call
        assert told is not None
        assert told.answer is CallAnswer.BY_PHONE


def test_one_call_waits_at_a_time_and_a_call_that_was_answered_can_be_made_again(branch: Branch) -> None:
    case_id = call(branch)
    called_at = branch.clock.now
    branch.clock.wait(SECOND)
    with pytest.raises(CalledAlready):
        reviewer(branch, TELLER).call(case_id, CallFor.CUSTOMER_INSISTS)
    assert branch.store.case(case_id).summary().called_at == called_at
    reviewer(branch, SUPERVISOR).answer_call(case_id, CallAnswer.NOT_FREE)
    with pytest.raises(NotCalled):
        reviewer(branch, MANAGER).answer_call(case_id, CallAnswer.COMING)
    reviewer(branch, TELLER).call(case_id, CallFor.SECOND_INTERVIEW)
    assert list_calls(branch) == [case_id]


@pytest.mark.parametrize("number", [TELLER, COMPLIANCE, AUDITOR])
def test_only_those_who_lead_at_the_counter_answer(branch: Branch, number: str) -> None:
    case_id = call(branch, MANAGER)
    with pytest.raises(NotAllowed):
        reviewer(branch, number).answer_call(case_id, CallAnswer.COMING)
    with pytest.raises(NotAllowed):
        reviewer(branch, number).list_calls()
    assert list_calls(branch) == [case_id]


def test_nobody_answers_his_own_call(branch: Branch) -> None:
    case_id = call(branch, SUPERVISOR)
    with pytest.raises(OwnCall) as refused:
        reviewer(branch, SUPERVISOR).answer_call(case_id, CallAnswer.COMING)
    assert refused.value.exit_status == 5
    reviewer(branch, MANAGER).answer_call(case_id, CallAnswer.COMING)


def test_a_call_ends_with_the_visit_and_does_not_come_back_with_it(branch: Branch) -> None:
    case_id = close(branch, call(branch))
    assert list_calls(branch) == []
    with pytest.raises(NotAllowed):
        reviewer(branch, SUPERVISOR).answer_call(case_id, CallAnswer.COMING)
    with pytest.raises(CaseClosed):
        reviewer(branch, TELLER).call(case_id, CallFor.SECOND_INTERVIEW)
    branch.append(case_id, EventKind.REOPENED, {"reason": "customer_came_back"}, TELLER)
    assert list_calls(branch) == []
    reviewer(branch, TELLER).call(case_id, CallFor.SECOND_INTERVIEW)
    assert list_calls(branch) == [case_id]
    close(branch, case_id)
    assert reopen_and_close(branch, case_id) not in list_calls(branch)
