"""What counts in the figures, and what does not: seen in single visits that a teller makes at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, TypeAlias

import pytest

from assistant.case.events import Matter, Outcome, Reason, ReopenReason
from assistant.desk import Desk
from assistant.figures.counting import count_cases
from assistant.figures.gathering import Query, gather_facts
from assistant.figures.period import Period, Span
from assistant.figures.report import Figures, RuleFigures, make_share
from assistant.people.refusals import NotAllowed
from rules.advice import Adviser
from rules.facts import Answer, StepOutcome
from tests.case.visits import HOUR, MINUTE, NOON, SECOND, set_aside_gates
from tests.people.branch import AUDITOR, DAY, MANAGER, SUPERVISOR, TELLER, Branch

ALWAYS: Final = Query(Period())
TELLING: Final = "official_caller"
DECISIVE: Final = "level.official-claims"
"""The rule that holds whenever that is so."""
CALL: Final = "call_110"

Count: TypeAlias = Callable[..., Figures]


@pytest.fixture
def desk(branch: Branch, adviser: Adviser) -> Desk:
    return Desk(branch.store, adviser, TELLER, branch.clock)


@pytest.fixture
def count(branch: Branch, adviser: Adviser) -> Count:
    def call(query: Query = ALWAYS, actor: str = MANAGER) -> Figures:
        desk = Desk(branch.store, adviser, actor, branch.clock)
        return count_cases(desk, adviser.book, query, lambda done, total: None)

    return call


def rule(figures: Figures, name: str) -> RuleFigures | None:
    """Return what is counted of a rule, or None."""
    return next((found for found in figures.rules if found.rule == name), None)


def release(desk: Desk, branch: Branch, case_id: str) -> None:
    """Close a case as cleared that was to be held, with a second person's agreement."""
    set_gates_aside(desk, branch, case_id)
    asked = desk.ask_authority(case_id, Matter.RELEASE)
    desk.office_of(SUPERVISOR).approve(asked.subject)
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)


def set_gates_aside(desk: Desk, branch: Branch, case_id: str) -> None:
    branch.clock.wait(SECOND)
    set_aside_gates(desk, case_id)


def test_a_customer_who_was_stopped_for_nothing_counts_with_every_minute(
    desk: Desk, branch: Branch, count: Count
) -> None:
    case_id = desk.open("transfer").case.id
    branch.clock.wait(MINUTE)
    desk.answer(case_id, TELLING, Answer.YES)
    branch.clock.wait(9 * MINUTE - SECOND)
    release(desk, branch, case_id)
    stops = count().stops
    assert (stops.cases, stops.confirmed, stops.false, stops.unknown) == (1, 0, 1, 0)
    assert (stops.false_time.cases, stops.false_time.total_seconds) == (1, 600)
    assert stops.ordinary_time.cases == 0


def test_an_ordinary_visit_is_no_stop(desk: Desk, branch: Branch, count: Count) -> None:
    case_id = desk.open("transfer").case.id
    branch.clock.wait(2 * MINUTE)
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)
    stops = count().stops
    assert (stops.cases, stops.ordinary_time.total_seconds) == (0, 120)


def test_a_slip_of_the_finger_is_held_against_no_rule_and_is_no_stop(desk: Desk, branch: Branch, count: Count) -> None:
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, TELLING, Answer.YES)
    branch.clock.wait(3 * SECOND)
    desk.take_back(case_id)
    branch.clock.wait(MINUTE)
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)
    figures = count()
    assert rule(figures, DECISIVE) is None
    assert (figures.stops.cases, figures.to_first_step.cases) == (0, 0)


def test_what_was_thought_over_for_longer_is(desk: Desk, branch: Branch, count: Count) -> None:
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, TELLING, Answer.YES)
    branch.clock.wait(MINUTE)
    desk.take_back(case_id)
    release(desk, branch, case_id)
    fired = rule(count(), DECISIVE)
    assert fired is not None
    assert (fired.fired, fired.confirmed, fired.refuted) == (1, 0, 1)


def test_a_visit_that_goes_on_the_next_day_counts_only_while_it_goes_on(
    desk: Desk, branch: Branch, count: Count
) -> None:
    case_id = desk.open("transfer").case.id
    branch.clock.wait(2 * MINUTE)
    desk.close(case_id, Outcome.LEFT, 0, 0, 0)
    branch.clock.wait(DAY)
    desk.reopen(case_id, ReopenReason.CUSTOMER_CAME_BACK)
    assert count().open == 1
    branch.clock.wait(3 * MINUTE)
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)
    figures = count()
    assert figures.stops.ordinary_time.total_seconds == 300
    assert [group.key for group in figures.by_outcome if group.cases] == ["cleared"]


def test_the_police_are_timed_from_the_first_red_flag(desk: Desk, branch: Branch, count: Count) -> None:
    case_id = desk.open("transfer").case.id
    branch.clock.wait(HOUR)
    desk.answer(case_id, TELLING, Answer.YES)
    branch.clock.wait(90 * SECOND)
    desk.record_step(case_id, "pause_transaction", StepOutcome.DONE)
    branch.clock.wait(30 * SECOND)
    desk.record_step(case_id, CALL, StepOutcome.DONE, written={"unit": "虚构派出所"})
    figures = count()
    assert (figures.to_first_step.median_seconds, figures.to_police.median_seconds) == (90, 120)


def test_a_step_that_somebody_decides_against_counts_for_the_rule_that_asked_for_it(
    desk: Desk, branch: Branch, count: Count
) -> None:
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, TELLING, Answer.YES)
    branch.clock.wait(MINUTE)
    desk.record_step(case_id, CALL, StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT)
    desk.record_step(case_id, "pause_transaction", StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
    figures = count()
    asked = rule(figures, "step.s-police")
    assert asked is not None
    assert asked.overridden == {Reason.DOES_NOT_FIT: 1}
    assert figures.overridden_cases == 1
    steps = {step.step: step for step in figures.steps}
    assert (steps[CALL].set_aside, steps[CALL].overridden) == ({Reason.DOES_NOT_FIT: 1}, {Reason.DOES_NOT_FIT: 1})
    # A customer who refuses decides nothing about the advice.
    assert steps["pause_transaction"].overridden == {}


def test_nothing_that_is_saved_while_it_counts_is_counted(desk: Desk, branch: Branch) -> None:
    for _ in range(3):
        desk.open("transfer")
    source, cases = gather_facts(branch.store.path, ALWAYS, lambda done, total: None)
    first = desk.store.list()[-1].case_id
    desk.close(first, Outcome.CLEARED, 0, 0, 0)
    desk.open("transfer")
    found = list(cases)
    assert [facts.outcome for facts in found] == [None, None, None]
    assert source.head < branch.store.head().seq


def test_a_count_ends_when_nobody_waits_for_it_any_more(desk: Desk, branch: Branch) -> None:
    desk.open("transfer")

    class LeftError(Exception):
        pass

    def leave(done: int, total: int) -> None:
        assert (done, total) == (1, 1)
        raise LeftError

    _, cases = gather_facts(branch.store.path, ALWAYS, leave)
    with pytest.raises(LeftError):
        list(cases)


def test_a_day_is_a_day_of_the_outlet(desk: Desk, branch: Branch, count: Count) -> None:
    midnight = NOON + 12 * HOUR
    for moment in (midnight - 1, midnight):
        branch.clock.now = moment
        desk.open("transfer")
    before = count(Query(Period(until=date(2025, 11, 23))))
    after = count(Query(Period(since=date(2025, 11, 24))))
    assert [(group.key, group.cases) for group in (*before.by_day, *after.by_day)] == [
        ("2025-11-23", 1),
        ("2025-11-24", 1),
    ]
    assert [group.key for group in before.by_hour if group.cases] == ["23"]


def test_the_days_of_a_period_end_with_today(branch: Branch) -> None:
    zone = branch.store.outlet.zone
    week = Period.lasting(Span.WEEK, NOON + 12 * HOUR, zone)
    assert (week.since, week.until) == (date(2025, 11, 18), date(2025, 11, 24))
    assert [span.following for span in Span] == [*list(Span)[1:], Span.TODAY]


def test_a_teller_reads_no_figures(count: Count) -> None:
    with pytest.raises(NotAllowed):
        count(actor=TELLER)


def test_whoever_need_not_know_of_a_referral_finds_nothing_of_it(desk: Desk, branch: Branch, count: Count) -> None:
    case_id = desk.open("cash_withdrawal").case.id
    for sign in ("in_then_out", "many_senders", "unexplained_source"):
        desk.answer(case_id, sign, Answer.YES)
    branch.clock.wait(MINUTE)
    desk.record_step(case_id, "pause_transaction", StepOutcome.DONE)
    whole, part = count(), count(actor=AUDITOR)
    assert "str_referral" in {step.step for step in whole.steps}
    assert "str" not in part.model_dump_json()
    assert {found.rule for found in part.rules} < {found.rule for found in whole.rules}
    assert part.stops == whole.stops


def test_less_than_twenty_judged_cases_say_nothing() -> None:
    assert (make_share(19, 19).too_few, make_share(19, 19).low) == (True, None)
    # Wilson's interval for ten of twenty, and for none and all, as published tables have it.
    told = [make_share(part, 20) for part in (0, 10, 20)]
    assert [(share.low, share.high) for share in told] == [(0.0, 0.1611), (0.2993, 0.7007), (0.8389, 1.0)]
