"""By when a step is due: so many minutes after it was first advised, or a term that a text counts from another step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.case.case import Case
from assistant.case.events import Reason
from assistant.desk import Desk
from rules.advice import Adviser
from rules.facts import Answer, MoneyState, PaidFrom, PayeeAt, Portion, StepOutcome
from rules.loading import load_book
from tests.case.visits import HOUR, MINUTE, NOON, Clock, new_desk

TERMS = {
    "first_minute": MINUTE,
    "five_minutes": 5 * MINUTE,
    "fifteen_minutes": 15 * MINUTE,
    "this_visit": None,
    "next_day": 24 * HOUR,
    "follow_up": 72 * HOUR,
}
PAID = Portion(MoneyState.CREDITED_RECENT, 5_000_000, NOON, PaidFrom.HERE, PayeeAt.THIS_BANK)

MOVED = Portion(MoneyState.MOVED_OWN_NAME)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    adviser = Adviser(load_book())
    made = new_desk(tmp_path / "cases.db", adviser, clock)
    yield made
    made.store.close()
    adviser.close()


def stopped(desk: Desk, clock: Clock) -> Case:
    """Return a case in which the payee's account at this bank was stopped, ten minutes after the opening."""
    case_id = desk.open("help", PAID).case.id
    desk.answer_account(case_id, "payee_at_this_bank", Answer.YES)
    clock.wait(10 * MINUTE)
    written = {field.id: "1" for field in desk.book.steps["same_bank_emergency_stop"].record}
    return desk.record_step(case_id, "same_bank_emergency_stop", StepOutcome.DONE, None, written).case


def test_a_step_is_due_its_urgency_after_it_was_first_advised(desk: Desk, clock: Clock) -> None:
    seen = set()
    for request, portion in (("help", PAID), ("transfer", None), ("help", MOVED)):
        opened_at, case = clock.now, desk.open(request, portion).case
        first = {step.id for step in case.advised_steps}
        clock.wait(3 * MINUTE)
        for sign in ("official_caller", "credentials_given", "money_missing"):
            case = desk.answer(case.id, sign, Answer.YES).case
        for step in case.advised_steps:
            entry = desk.book.steps[step.id]
            since, term = opened_at if step.id in first else clock.now, TERMS[entry.urgency]
            if entry.deadline_minutes is None:
                assert case.due(step.id) == (None if term is None else since + term), step.id
                seen.add(entry.urgency)
    assert {"first_minute", "five_minutes", "fifteen_minutes", "this_visit"} <= seen


def test_advice_that_lapsed_and_came_back_counts_from_its_return(desk: Desk, clock: Clock) -> None:
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    clock.wait(MINUTE)
    lapsed = desk.answer(case_id, "official_caller", None).case
    assert lapsed.due("pause_transaction") is None
    clock.wait(MINUTE)
    again = desk.answer(case_id, "official_caller", Answer.YES).case
    assert again.clocks.since.get("pause_transaction") == clock.now
    clock.wait(MINUTE)
    more = desk.answer(case_id, "secrecy", Answer.YES).case
    assert more.clocks.since.get("pause_transaction") == clock.now - MINUTE


def test_a_stop_runs_out_48_hours_after_the_stop_itself(desk: Desk, clock: Clock) -> None:
    case = stopped(desk, clock)
    assert case.clocks.since.get("track_stop_expiry") is not None
    assert case.due("track_stop_expiry") == NOON + 10 * MINUTE + 48 * HOUR


def test_a_stop_that_was_refused_sets_no_term(desk: Desk, clock: Clock) -> None:
    case_id = stopped(desk, clock).id
    clock.wait(HOUR)
    case = desk.record_step(
        case_id, "same_bank_emergency_stop", StepOutcome.NOT_APPLICABLE, Reason.NOT_POSSIBLE_HERE
    ).case
    since = case.clocks.since.get("track_stop_expiry")
    expected = None if since is None else since + 48 * HOUR
    assert case.due("track_stop_expiry") == expected


def test_what_is_settled_or_not_advised_or_unknown_is_not_due(desk: Desk) -> None:
    case = desk.open("help", PAID).case
    gate = next(step.id for step in case.advised_steps if case.due(step.id) is not None)
    put_off = desk.record_step(case.id, gate, StepOutcome.LATER).case
    assert put_off.due(gate) == case.due(gate)
    settled = desk.record_step(case.id, gate, StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT).case
    assert settled.due(gate) is None
    assert case.due("no_such_step") is None
    absent = next(name for name in desk.book.steps if name not in {step.id for step in case.advised_steps})
    assert case.due(absent) is None


def test_the_case_is_due_with_the_first_of_its_steps(desk: Desk) -> None:
    case = desk.open("help", PAID).case
    while (due := case.summary().due_at) is not None:
        dues = {step.id: case.due(step.id) for step in case.advised_steps}
        assert due == min(at for at in dues.values() if at is not None)
        first = next(name for name, at in dues.items() if at == due)
        case = desk.record_step(case.id, first, StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT).case
    assert all(case.due(step.id) is None for step in case.advised_steps)
