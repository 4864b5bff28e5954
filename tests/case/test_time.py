"""Time is a fact like any other: recorded when a case is taken up again, and it ages what grows old."""

from __future__ import annotations

from assistant.case.case import Case
from assistant.case.events import EventKind, Outcome
from assistant.desk import Desk
from rules.facts import RECENT_MS, Answer, Known, MoneyState, Portion
from tests.case.visits import HOUR, MINUTE, NOON, Clock, advice_is_recorded


def kinds(case: Case) -> list[EventKind]:
    """Return what happened, in order."""
    return [event.kind for event in case.history]


def test_a_case_taken_up_within_a_minute_records_nothing(desk: Desk, clock: Clock) -> None:
    case = desk.open("transfer").case
    clock.wait(MINUTE)
    assert desk.resume(case.id).case == case


def test_a_case_taken_up_later_records_the_time_and_is_advised_on_as_of_now(desk: Desk, clock: Clock) -> None:
    case = desk.open("transfer").case
    clock.wait(MINUTE + 1)
    sheet = desk.resume(case.id)
    assert kinds(sheet.case) == [*kinds(case), EventKind.TIME_NOTED]
    assert sheet.case.facts.now == clock.now
    assert advice_is_recorded(desk, sheet.case)


def test_a_credit_grows_old_after_48_hours_and_the_advice_with_it(desk: Desk, clock: Clock) -> None:
    paid_at = NOON - HOUR
    sheet = desk.open("help", Portion(MoneyState.CREDITED_RECENT, 5_000_000, paid_at))
    clock.now = paid_at + RECENT_MS
    still = desk.resume(sheet.case.id)
    assert still.advice == sheet.advice
    clock.wait(2 * MINUTE)
    old = desk.resume(sheet.case.id)
    assert [portion.at(old.case.facts.now) for portion in old.case.facts.money] == [MoneyState.CREDITED_OLDER]
    assert old.advice.rules != sheet.advice.rules
    assert kinds(old.case)[-2:] == [EventKind.TIME_NOTED, EventKind.ADVISED]
    assert advice_is_recorded(desk, old.case)


def test_a_replay_sees_the_clock_of_its_day(desk: Desk, clock: Clock) -> None:
    sheet = desk.open("help", Portion(MoneyState.CREDITED_RECENT, 5_000_000, NOON))
    clock.wait(1000 * HOUR)
    replayed = Case.of(desk.store.read_case(sheet.case.id))
    assert desk.adviser.advise(replayed.facts) == sheet.advice


def test_a_closed_case_is_shown_as_it_was_closed(desk: Desk, clock: Clock) -> None:
    case_id = desk.open("account_query").case.id
    case = desk.close(case_id, Outcome.CLEARED, 0, 0, 0).case
    clock.wait(100 * HOUR)
    assert desk.resume(case_id).case == case
    assert case.closing is not None
    assert case.closing.at == case.history[-1].at


def test_a_flag_taken_back_starts_no_clock(desk: Desk, clock: Clock) -> None:
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, "on_phone", Answer.NO, Known.SEEN)
    clock.wait(1000)
    assert desk.answer(case_id, "secrecy", Answer.YES).case.first_flag_at == clock.now
    assert desk.take_back(case_id).case.first_flag_at is None
    clock.wait(1000)
    assert desk.answer(case_id, "secrecy", Answer.YES).case.first_flag_at == clock.now
