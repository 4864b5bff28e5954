"""A closed case that turns out wrong is opened again: with all its answers, for a coded reason, and never in secret."""

from __future__ import annotations

import pytest

from assistant.audit.sentences import Sentences
from assistant.audit.timeline import tell_case
from assistant.case.events import EventKind, Outcome, ReopenReason
from assistant.case.refusals import NotClosed
from assistant.case.summary import CaseState
from assistant.desk import Desk
from assistant.plain.case import CaseWriter
from rules.facts import Answer, Known, MoneyState, Portion, StepOutcome
from rules.language import Language
from tests.case.visits import HOUR, Clock, advice_is_recorded, draft, set_aside_gates, timeless


def close_wrongly(desk: Desk) -> str:
    """Return the id of a case with an answer and settled gates that was closed with the wrong outcome."""
    case_id = desk.open("help", Portion(MoneyState.MOVED_OWN_NAME, 100)).case.id
    desk.answer(case_id, "on_phone", Answer.YES, Known.SEEN)
    set_aside_gates(desk, case_id)
    desk.close(case_id, Outcome.INTERCEPTED, 100, 100, 0, "全部追回")
    return case_id


def test_a_reopened_case_is_open_with_all_that_was_answered_and_recorded(desk: Desk) -> None:
    case_id = close_wrongly(desk)
    before = desk.store.case(case_id)
    after = desk.reopen(case_id, ReopenReason.WRONG_OUTCOME).case
    assert after.state is CaseState.OPEN
    assert after.closing is None
    assert timeless(after.facts) == timeless(before.facts)
    assert after.steps == before.steps
    assert after.questions == before.questions
    assert after.history[: len(before.history)] == before.history
    assert after.reopening is not None
    assert (after.reopening.reason, after.reopening.actor) == (ReopenReason.WRONG_OUTCOME, "t1")


def test_a_reopened_case_takes_answers_again_and_can_be_taken_back(desk: Desk) -> None:
    case_id = close_wrongly(desk)
    given = desk.store.case(case_id).given()
    desk.reopen(case_id, ReopenReason.NEW_INFORMATION)
    desk.answer(case_id, "secrecy", Answer.YES)
    case = desk.take_back(case_id).case
    assert "secrecy" not in case.answers
    assert case.given() == given
    assert case.state is CaseState.OPEN
    assert desk.take_back(case_id).case.given() == given[:-1]


def test_closing_again_takes_the_place_of_the_closing_before(desk: Desk) -> None:
    case_id = close_wrongly(desk)
    desk.reopen(case_id, ReopenReason.WRONG_OUTCOME)
    case = desk.close(case_id, Outcome.NOT_INTERCEPTED, 100, 0, 100).case
    assert case.closing is not None
    assert (case.closing.outcome, case.closing.lost) == (Outcome.NOT_INTERCEPTED, 100)
    row = desk.store.list()[0]
    assert (row.state, row.outcome, row.lost_fen) == (CaseState.CLOSED, Outcome.NOT_INTERCEPTED, 100)
    assert [event.kind for event in case.history].count(EventKind.CLOSED) == 2


def test_the_list_follows_and_so_does_a_list_made_anew(desk: Desk) -> None:
    case_id = close_wrongly(desk)
    assert desk.store.list(CaseState.OPEN) == ()
    desk.reopen(case_id, ReopenReason.CUSTOMER_CAME_BACK)
    rows = desk.store.list(CaseState.OPEN)
    assert [(row.case_id, row.outcome, row.at_risk_fen) for row in rows] == [(case_id, None, None)]
    assert desk.store.list(CaseState.CLOSED) == ()
    desk.store.remake_cases()
    assert desk.store.list(CaseState.OPEN) == rows


def test_gates_are_asked_again_when_new_information_opens_them(desk: Desk) -> None:
    case_id = desk.open("account_query").case.id
    assert desk.close(case_id, Outcome.CLEARED, 0, 0, 0).case.closing
    desk.reopen(case_id, ReopenReason.NEW_INFORMATION)
    assert desk.answer(case_id, "official_caller", Answer.YES).case.open_gates()


def test_a_case_reopened_days_later_is_advised_on_as_of_now(desk: Desk, clock: Clock) -> None:
    case_id = desk.open("help", Portion(MoneyState.CREDITED_RECENT, 100, clock.now)).case.id
    set_aside_gates(desk, case_id)
    desk.close(case_id, Outcome.UNRESOLVED, 100, 0, 100)
    clock.wait(49 * HOUR)
    case = desk.reopen(case_id, ReopenReason.CUSTOMER_CAME_BACK).case
    assert case.facts.now == clock.now
    assert advice_is_recorded(desk, case)


def test_a_step_recorded_after_the_closing_stays_on_record(desk: Desk) -> None:
    case_id = close_wrongly(desk)
    case = desk.store.case(case_id)
    left = next(step.id for step in case.advised_steps if step.id not in case.steps)
    desk.record_step(case_id, left, StepOutcome.LATER)
    assert desk.reopen(case_id, ReopenReason.CLOSED_TOO_EARLY).case.steps[left].outcome is StepOutcome.LATER


def test_only_a_closed_case_is_reopened(desk: Desk) -> None:
    case_id = desk.open("transfer").case.id
    before = desk.store.head()
    with pytest.raises(NotClosed):
        desk.reopen(case_id, ReopenReason.WRONG_OUTCOME)
    with pytest.raises(NotClosed):
        desk.store.append(draft(case_id, EventKind.REOPENED, {"reason": "wrong_outcome"}, desk.clock()))
    assert desk.store.head() == before


@pytest.mark.parametrize("reason", ReopenReason)
def test_both_languages_tell_why_a_case_was_reopened(desk: Desk, reason: ReopenReason) -> None:
    case_id = close_wrongly(desk)
    case = desk.reopen(case_id, reason).case
    heads = {
        Language.ZH: ("重开：", "重开案件：", "结案：全部拦截"),
        Language.EN: ("Reopened: ", "reopened: ", "closed: "),
    }
    for language, (head, line, closed) in heads.items():
        writer = CaseWriter(desk.book, desk.store.outlet, language)
        told = [*writer.head(case), *(told_line.text for told_line in tell_case(case, Sentences(writer)))]
        assert sum(text.startswith(head) for text in told) == 1
        assert sum(line in text for text in told) == 1
        assert any(closed in text for text in told)
        assert reason not in "\n".join(told)


def test_what_was_written_before_it_was_opened_again_is_given_back_to_nobody(desk: Desk, clock: Clock) -> None:
    case_id = close_wrongly(desk)
    record = next(iter(desk.store.case(case_id).steps.values()))
    assert desk.wrote(desk.store.case(case_id), record)
    clock.wait(HOUR)
    assert not desk.wrote(desk.reopen(case_id, ReopenReason.WRONG_OUTCOME).case, record)
