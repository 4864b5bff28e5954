"""Where somebody did otherwise than advised is found from the events, and what counts as a decision against it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from assistant.audit.departures import Departure, DepartureCode, find_departures, is_override
from assistant.case.case import Case
from assistant.case.events import EventKind, Matter, Outcome, Reason, ReopenReason
from assistant.case.traits import Trait, find_traits
from assistant.desk import Desk
from rules.advice import Adviser
from rules.facts import Answer, Known, Level, StepOutcome
from tests.audit.story import TELLING, agree, begin, close, do_alone, hold, settle_gates
from tests.case.visits import MINUTE, SECOND, Clock, new_desk
from tests.people.branch import SUPERVISOR, TELLER

Move = Callable[[Desk, str], object]


def find(desk: Desk, case_id: str, code: DepartureCode) -> tuple[Departure, ...]:
    return tuple(one for one in find_departures(desk.store.case(case_id)) if one.code is code)


def last_of(case: Case, kind: EventKind) -> tuple[int, int, str]:
    event = next(event for event in reversed(case.history) if event.kind is kind)
    return event.seq, event.at, event.actor


def test_a_step_that_does_not_fit_was_set_aside_by_whoever_said_so(desk: Desk) -> None:
    case_id = hold(desk)
    step = desk.store.case(case_id).open_gates()[0]
    case = desk.record_step(case_id, step, StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT).case
    (found,) = find_departures(case)
    assert (found.code, found.step, found.reason) == (DepartureCode.DOES_NOT_FIT, step, Reason.DOES_NOT_FIT)
    assert (found.seq, found.at, found.actor) == last_of(case, EventKind.STEP_RECORDED)
    assert is_override(found)


@pytest.mark.parametrize(("how", "agreed_by", "alone"), [(agree, SUPERVISOR, False), (do_alone, None, True)])
def test_what_the_supervisor_decided_says_who_agreed_or_that_nobody_was_in_reach(
    desk: Desk, how: Callable[[Desk, str, Matter, str], None], agreed_by: str | None, *, alone: bool
) -> None:
    case_id = hold(desk)
    step = desk.store.case(case_id).open_gates()[0]
    how(desk, case_id, Matter.SET_ASIDE, step)
    desk.record_step(case_id, step, StepOutcome.NOT_APPLICABLE, Reason.SUPERVISOR_DECIDED)
    (found,) = find(desk, case_id, DepartureCode.SUPERVISOR_DECIDED)
    assert (found.step, found.actor, found.agreed_by, found.alone) == (step, TELLER, agreed_by, alone)
    assert is_override(found)


def test_who_agreed_is_who_did_so_before_and_not_after_it(desk: Desk) -> None:
    case_id = hold(desk)
    step = desk.store.case(case_id).open_gates()[0]
    agree(desk, case_id, Matter.SET_ASIDE, step)
    desk.record_step(case_id, step, StepOutcome.NOT_APPLICABLE, Reason.SUPERVISOR_DECIDED)
    do_alone(desk, case_id, Matter.SET_ASIDE, step)
    (found,) = find_departures(desk.store.case(case_id))
    assert (found.agreed_by, found.alone) == (SUPERVISOR, False)


@pytest.mark.parametrize("reason", sorted({*Reason} - {Reason.DOES_NOT_FIT, Reason.SUPERVISOR_DECIDED}))
def test_what_stood_in_the_way_of_a_step_is_no_departure(desk: Desk, reason: Reason) -> None:
    case_id = hold(desk)
    step = desk.store.case(case_id).open_gates()[0]
    case = desk.record_step(case_id, step, StepOutcome.REFUSED, reason).case
    assert find_departures(case) == ()


UNDOINGS: Final[dict[str, Move]] = {
    "taken back": lambda desk, case_id: desk.take_back(case_id),
    "done after all": lambda desk, case_id: desk.record_step(case_id, "pause_transaction", StepOutcome.DONE),
}


@pytest.mark.parametrize("undo", UNDOINGS.values(), ids=UNDOINGS)
def test_a_step_that_was_not_set_aside_in_the_end_is_none_either(desk: Desk, undo: Move) -> None:
    case_id = hold(desk)
    desk.record_step(case_id, "pause_transaction", StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT)
    assert find_departures(desk.store.case(case_id)) != ()
    undo(desk, case_id)
    assert find_departures(desk.store.case(case_id)) == ()


@pytest.mark.parametrize(("how", "agreed_by", "alone"), [(agree, SUPERVISOR, False), (do_alone, None, True)])
def test_a_release_of_what_was_held_says_the_same(
    desk: Desk, how: Callable[[Desk, str, Matter], None], agreed_by: str | None, *, alone: bool
) -> None:
    case_id = hold(desk)
    settle_gates(desk, case_id)
    how(desk, case_id, Matter.RELEASE)
    case = close(desk, case_id, Outcome.CLEARED)
    (found,) = find(desk, case_id, DepartureCode.RELEASED)
    assert (found.seq, found.at, found.actor) == last_of(case, EventKind.CLOSED)
    assert (found.agreed_by, found.alone) == (agreed_by, alone)
    assert tuple(filter(is_override, find_departures(case))) == (found,)


def test_where_nobody_is_named_a_release_is_agreed_to_by_nobody(tmp_path: Path, adviser: Adviser, clock: Clock) -> None:
    desk = new_desk(tmp_path / "unnamed.db", adviser, clock)
    case_id = hold(desk)
    settle_gates(desk, case_id)
    close(desk, case_id, Outcome.CLEARED)
    (found,) = find(desk, case_id, DepartureCode.RELEASED)
    assert (found.agreed_by, found.alone) == (None, False)
    desk.store.close()


def test_an_agreement_before_a_reopening_is_not_the_one_of_a_later_release(desk: Desk) -> None:
    case_id = hold(desk)
    settle_gates(desk, case_id)
    agree(desk, case_id, Matter.RELEASE)
    close(desk, case_id, Outcome.CLEARED)
    desk.reopen(case_id, ReopenReason.WRONG_OUTCOME)
    assert find(desk, case_id, DepartureCode.RELEASED) == ()
    settle_gates(desk, case_id)
    do_alone(desk, case_id, Matter.RELEASE)
    close(desk, case_id, Outcome.CLEARED)
    (found,) = find(desk, case_id, DepartureCode.RELEASED)
    assert (found.agreed_by, found.alone) == (None, True)


def test_what_was_never_to_be_held_is_cleared_as_advised(desk: Desk) -> None:
    case = close(desk, begin(desk), Outcome.CLEARED)
    assert find_departures(case) == ()


LIFTINGS: Final[dict[str, Move]] = {
    "taken back": lambda desk, case_id: desk.take_back(case_id),
    "lifted": lambda desk, case_id: desk.answer(case_id, TELLING, None),
    "denied": lambda desk, case_id: desk.answer(case_id, TELLING, Answer.NO, Known.SAID),
    "denied in a question": lambda desk, case_id: desk.ask(case_id, "payee", {TELLING: (Answer.NO, Known.SAID)}),
}


@pytest.mark.parametrize("lift", LIFTINGS.values(), ids=LIFTINGS)
def test_an_answer_that_is_changed_later_and_lowers_the_level_is_a_departure(
    desk: Desk, clock: Clock, lift: Move
) -> None:
    case_id = hold(desk)
    before = desk.store.case(case_id).advice
    clock.wait(30 * SECOND + 1)
    lift(desk, case_id)
    (found,) = find_departures(desk.store.case(case_id))
    assert before is not None
    assert found.code is DepartureCode.LEVEL_LOWERED
    assert found.levels == (before.level, Level.PROCEED)
    assert not is_override(found)


@pytest.mark.parametrize("lift", LIFTINGS.values(), ids=LIFTINGS)
def test_within_half_a_minute_it_was_a_slip_of_the_finger(desk: Desk, clock: Clock, lift: Move) -> None:
    case_id = hold(desk)
    clock.wait(30 * SECOND)
    lift(desk, case_id)
    assert find_departures(desk.store.case(case_id)) == ()


def test_what_was_verified_meanwhile_lowers_the_level_by_right(desk: Desk, clock: Clock) -> None:
    case_id = hold(desk)
    clock.wait(MINUTE)
    assert desk.answer(case_id, TELLING, Answer.NO, Known.VERIFIED).advice.level is Level.PROCEED
    assert find_departures(desk.store.case(case_id)) == ()


def test_a_step_done_before_one_that_gates_the_case_was_out_of_order(desk: Desk) -> None:
    case_id = hold(desk)
    steps = desk.store.case(case_id).advised_steps
    gate, later = steps[0], next(step for step in steps if not step.required and step is not steps[0])
    assert gate.gates
    desk.record_step(case_id, later.id, StepOutcome.DONE)
    (found,) = find_departures(desk.store.case(case_id))
    assert (found.code, found.step, found.before) == (DepartureCode.OUT_OF_ORDER, later.id, gate.id)
    assert not is_override(found)


@pytest.mark.parametrize("outcome", [StepOutcome.DONE, StepOutcome.LATER, StepOutcome.REFUSED])
def test_once_the_gate_has_a_record_the_next_one_is_in_order(desk: Desk, outcome: StepOutcome) -> None:
    case_id = hold(desk)
    first, *others = desk.store.case(case_id).advised_steps
    reason = Reason.CUSTOMER_REFUSES if outcome is StepOutcome.REFUSED else None
    desk.record_step(case_id, first.id, outcome, reason)
    step = others[0]
    desk.record_step(case_id, step.id, StepOutcome.DONE, written=dict.fromkeys(step.required, SUPERVISOR))
    assert find_departures(desk.store.case(case_id)) == ()


def test_a_step_that_was_only_put_off_is_out_of_order_once_it_is_done_and_not_again_when_corrected(desk: Desk) -> None:
    case_id = hold(desk)
    step = next(step.id for step in desk.store.case(case_id).advised_steps[1:] if not step.required)
    desk.record_step(case_id, step, StepOutcome.LATER)
    assert find_departures(desk.store.case(case_id)) == ()
    done = desk.record_step(case_id, step, StepOutcome.DONE).case.history[-1]
    desk.record_step(case_id, step, StepOutcome.DONE, written={"said": "虚构"})
    assert [one.seq for one in find_departures(desk.store.case(case_id))] == [done.seq]


def test_steps_that_do_not_gate_the_case_are_done_in_any_order(desk: Desk) -> None:
    case_id = hold(desk)
    settle_gates(desk, case_id)
    first, second, *_ = (step for step in desk.store.case(case_id).advised_steps if not step.gates)
    desk.record_step(case_id, second.id, StepOutcome.DONE, written=dict.fromkeys(second.required, "虚构"))
    assert first.id not in desk.store.case(case_id).steps
    assert find_departures(desk.store.case(case_id)) == ()


def test_advised_steps_without_a_record_are_left_at_the_closing(desk: Desk) -> None:
    case_id = hold(desk)
    settle_gates(desk, case_id)
    desk.record_step(case_id, "call_110", StepOutcome.DONE, written={"unit": "演示派出所（虚构）"})
    settle_gates(desk, case_id)
    before = desk.store.case(case_id)
    left = {step.id for step in before.advised_steps if step.id not in before.steps}
    later = {step.id for step in before.advised_steps if step.after_visit}
    case = close(desk, case_id)
    found = find_departures(case)
    assert {one.code for one in found} == {DepartureCode.NOT_RECORDED}
    assert {one.step for one in found} == left - later
    assert {(one.seq, one.at, one.actor) for one in found} == {last_of(case, EventKind.CLOSED)}
    assert later
    assert not any(map(is_override, found))


def test_a_record_made_after_the_closing_comes_too_late(desk: Desk) -> None:
    case_id = hold(desk)
    settle_gates(desk, case_id)
    before = find_departures(close(desk, case_id))
    step = before[0].step
    assert step is not None
    desk.record_step(case_id, step, StepOutcome.LATER)
    assert find_departures(desk.store.case(case_id)) == before


def test_an_open_case_has_left_nothing_yet(desk: Desk) -> None:
    assert find_departures(desk.store.case(hold(desk))) == ()


@pytest.mark.parametrize("reason", [Reason.CUSTOMER_REFUSES, Reason.DOES_NOT_FIT])
@pytest.mark.parametrize("outcome", [Outcome.LEFT, Outcome.CLEARED])
def test_the_list_of_cases_calls_the_same_cases_overrides(desk: Desk, reason: Reason, outcome: Outcome) -> None:
    case_id = hold(desk)
    settle_gates(desk, case_id, reason)
    if outcome is Outcome.CLEARED:
        agree(desk, case_id, Matter.RELEASE)
    case = close(desk, case_id, outcome)
    expected = reason is Reason.DOES_NOT_FIT or outcome is Outcome.CLEARED
    assert (Trait.OVERRIDE in find_traits(case, ())) is any(map(is_override, find_departures(case))) is expected
