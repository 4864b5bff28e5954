"""What a teller's moves do to a case: saved once, taken back one by one, and what is merely denied clears nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from assistant.case.case import Case
from assistant.case.events import Draft, EventKind, Outcome, Reason
from assistant.desk import Desk
from assistant.sheet import Sheet, write_advice
from rules.facts import AgeBand, Answer, Known, MoneyState, Portion, StepOutcome
from tests.case.visits import MINUTE, Clock, set_aside_gates, timeless


@pytest.fixture
def told(desk: Desk, clock: Clock) -> str:
    """The id of a case in which a good deal was said and done."""
    case_id = desk.open("transfer", Portion(MoneyState.PENDING, 5_000_000)).case.id
    moves: tuple[Callable[[], Sheet], ...] = (
        lambda: desk.answer(case_id, "service_caller", Answer.YES, Known.SAID),
        lambda: desk.ask(
            case_id, "contact", {"new_contact": (Answer.YES, Known.SAID), "flagged_call": (Answer.NO, Known.SEEN)}
        ),
        lambda: desk.note_age(case_id, AgeBand.SENIOR),
        lambda: desk.answer(case_id, "official_caller", Answer.YES),
        lambda: desk.clear(case_id, "police_cleared", "王主管", "回拨公开号码"),
        lambda: desk.withdraw_clearing(case_id, "police_cleared"),
        lambda: desk.take_back(case_id),
        lambda: desk.record_money(case_id, Portion(MoneyState.CREDITED_RECENT, 100, clock.now)),
    )
    for move in moves:
        clock.wait(MINUTE)
        move()
    set_aside_gates(desk, case_id)
    return case_id


def test_every_recorded_advice_is_that_of_the_facts_at_its_place(desk: Desk, told: str) -> None:
    desk.close(told, Outcome.INTERCEPTED, 100, 100, 0)
    history = desk.store.read_case(told)
    places = [n for n, event in enumerate(history) if event.kind is EventKind.ADVISED]
    assert len(places) > 5
    for place in places:
        before = Case.of(history[:place])
        assert Case.of(history[: place + 1]).advice == write_advice(desk.adviser.advise(before.facts))


def test_the_advice_is_recorded_only_when_it_changed(desk: Desk, told: str) -> None:
    advices = [event.body for event in desk.store.read_case(told) if event.kind is EventKind.ADVISED]
    assert all(one != next_one for one, next_one in pairwise(advices))


def test_the_advice_names_its_rulebook(desk: Desk, told: str) -> None:
    advice = desk.store.case(told).advice
    assert advice is not None
    assert advice.rulebook == desk.book.meta.version


def test_moves_are_taken_back_one_by_one_down_to_the_opening(desk: Desk, told: str) -> None:
    story = desk.store.case(told)
    opened = Case.of(story.history[:2]).facts
    while given := desk.store.case(told).given():
        case = desk.take_back(told).case
        assert case.given() == given[:-1]
    assert timeless(desk.store.case(told).facts) == timeless(opened)
    assert len(desk.store.case(told).history) > len(story.history)


def test_the_same_drafts_saved_twice_change_nothing(desk: Desk, told: str) -> None:
    case = desk.store.case(told)
    head = desk.store.head()
    for event in case.history:
        body = {key: value for key, value in event.body.items() if key not in ("private", "number")}
        again = Draft(event.id, told, event.at, event.actor, event.kind, body, event.private)
        assert desk.store.append(again) == event
    assert desk.store.head() == head
    assert desk.store.case(told) == case


def test_a_no_that_is_merely_said_changes_nothing_in_the_advice(desk: Desk) -> None:
    for request in ("transfer", "help"):
        case_id = desk.open(request).case.id
        before = desk.answer(case_id, "service_caller", Answer.YES)
        for sign in desk.book.signs:
            if sign != "service_caller":
                after = desk.answer(case_id, sign, Answer.NO, Known.SAID)
                assert after.advice == before.advice, sign
        assert after.case.advice == before.case.advice
        assert len(after.case.answers) == len(desk.book.signs)


def test_an_answer_set_back_is_not_asked_and_not_a_no(desk: Desk) -> None:
    case_id = desk.open("transfer").case.id
    before = desk.store.case(case_id).facts
    desk.answer(case_id, "on_phone", Answer.NO, Known.VERIFIED)
    desk.answer_account(case_id, "class_2_bound", Answer.YES)
    desk.note_age(case_id, AgeBand.ELDER)
    desk.answer(case_id, "on_phone", None)
    desk.answer_account(case_id, "class_2_bound", None)
    desk.note_age(case_id, None)
    assert timeless(desk.store.case(case_id).facts) == timeless(before)


def test_an_account_answer_and_what_it_denies_are_one_save(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = desk.open("help").case.id
    saves: list[list[str]] = []
    save = desk.store.append_all

    def listen(drafts: Iterable[Draft]) -> object:
        saves.append([str(draft.body["fact"]) for draft in drafts if draft.kind is EventKind.ACCOUNT_ANSWERED])
        return save(drafts)

    monkeypatch.setattr(desk.store, "append_all", listen)
    desk.answer_account(case_id, "class_2_over_cap", Answer.YES)
    desk.answer_account(case_id, "class_2_bound", Answer.YES)
    assert saves == [["class_2_over_cap", "class_2_bound"], ["class_2_over_cap", "class_2_bound"]]
    answers = {fact: reply.value for fact, reply in desk.store.case(case_id).accounts.items()}
    assert answers == {"class_2_bound": Answer.YES, "class_2_over_cap": Answer.NO}


def test_what_was_put_off_is_next_when_all_else_is_settled_and_what_is_for_later_when_the_case_is_closed(
    desk: Desk,
) -> None:
    case_id = desk.open("help", Portion(MoneyState.CREDITED_OLDER, 100)).case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    written = {field.id: "1" for field in desk.book.steps["call_110"].record}
    case = desk.record_step(case_id, "call_110", StepOutcome.DONE, None, written).case
    for_later = {step.id for step in case.advised_steps if step.after_visit}
    first, second = [step.id for step in case.advised_steps if not step.after_visit and step.id not in case.steps][:2]
    assert for_later
    assert case.next_step == first
    case = desk.record_step(case_id, first, StepOutcome.LATER).case
    assert case.next_step == second
    met = []
    while case.next_step not in (first, None):
        met.append(case.next_step)
        case = desk.record_step(case_id, met[-1], StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT).case
    assert case.next_step == first
    assert not for_later & set(met)
    case = desk.record_step(case_id, first, StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT).case
    assert case.next_step is None
    assert desk.close(case_id, Outcome.UNRESOLVED, 100, 0, 100).case.next_step in for_later


def test_a_case_of_which_nobody_knows_where_the_money_is_has_no_money_on_record(desk: Desk) -> None:
    case = desk.open("help", money_known=False).case
    assert case.money == {}
    assert [event.kind for event in case.history] == [EventKind.OPENED, EventKind.ADVISED]


def test_a_flag_is_known_as_it_usually_is_unless_said_otherwise(desk: Desk) -> None:
    case_id = desk.open("transfer").case.id
    for name, sign in desk.book.signs.items():
        assert desk.answer(case_id, name, Answer.YES).case.answers[name].known is sign.known


def test_money_is_added_under_the_next_number_and_corrected_under_its_own(desk: Desk) -> None:
    case_id = desk.open("help", Portion(MoneyState.PENDING, 100)).case.id
    desk.record_money(case_id, Portion(MoneyState.HANDED_OVER, 200))
    case = desk.record_money(case_id, Portion(MoneyState.NOT_MOVED, 300), 1).case
    assert case.money == {1: Portion(MoneyState.NOT_MOVED, 300), 2: Portion(MoneyState.HANDED_OVER, 200)}
    assert case.facts.amount == 500
    assert desk.remove_money(case_id, 1).case.money == {2: Portion(MoneyState.HANDED_OVER, 200)}
