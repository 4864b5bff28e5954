"""What a case does not allow, and that the teller is told so in names and not in ids."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.case.events import EventKind, JsonValue, Outcome, Reason
from assistant.case.refusals import (
    AmountsDiffer,
    CaseClosed,
    CheckFirst,
    GatesOpen,
    NeverAdvised,
    NotAdvised,
    NothingToTakeBack,
    ReasonMissing,
    RecordMissing,
    Refused,
    StepWithheld,
    VerifierMissing,
)
from assistant.case.summary import CaseState
from assistant.desk import Desk, WordUnknown
from assistant.sheet import Sheet
from rules.facts import AgeBand, Answer, Known, Level, MoneyState, Portion, StepOutcome
from rules.language import Language
from tests.case.visits import Clock, draft, names_only, set_aside_gates, timeless

MOVED = Portion(MoneyState.MOVED_OWN_NAME)
CHECKS = ("class_1_exposed", "class_1_stopped", "class_2_bound", "class_2_over_cap")


def move_is_next(desk: Desk) -> Sheet:
    """Open the case of money that was moved into a bound Class II account, to be moved on to Class I."""
    case_id = desk.open("help", MOVED).case.id
    for sign in ("money_missing", "unauthorised_transactions"):
        desk.answer(case_id, sign, Answer.YES)
    for fact in ("class_2_involved", "class_1_available", "class_2_bound"):
        sheet = desk.answer_account(case_id, fact, Answer.YES)
    assert sheet.step("move_to_class_1") is not None
    return sheet


def closed(desk: Desk) -> str:
    """Return the id of a closed case that had gating steps, and has some step left that does not gate."""
    case_id = desk.open("help", MOVED).case.id
    set_aside_gates(desk, case_id)
    desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0)
    return case_id


def test_a_withheld_step_is_never_done_but_may_be_set_aside(desk: Desk) -> None:
    sheet = desk.answer(move_is_next(desk).case.id, "gather_in_own_account", Answer.YES)
    assert "move_to_class_1" in {held.id for held in sheet.advice.withheld}
    for fact in CHECKS:
        desk.answer_account(sheet.case.id, fact, Answer.YES if fact == "class_2_bound" else Answer.NO)
    before = desk.store.case(sheet.case.id)
    with pytest.raises(StepWithheld) as refused:
        desk.record_step(sheet.case.id, "move_to_class_1", StepOutcome.DONE, None, {"amount": "500"})
    assert desk.book.steps["move_to_class_1"].name.zh in refused.value.sentence(Language.ZH)
    assert desk.book.steps["move_to_class_1"].name.en in refused.value.sentence(Language.EN)
    assert desk.store.case(sheet.case.id) == before


def test_done_needs_the_facts_that_the_step_asks_for_first(desk: Desk) -> None:
    case_id = move_is_next(desk).case.id
    with pytest.raises(CheckFirst) as refused:
        desk.record_step(case_id, "move_to_class_1", StepOutcome.DONE, None, {"amount": "500"})
    # The bound one was answered when the case was made, and the cap of an unbound one with it.
    missing = [fact for fact in CHECKS if fact not in ("class_2_bound", "class_2_over_cap")]
    assert refused.value.details["facts"] == tuple(desk.book.accounts[fact].name for fact in missing)
    for language in Language:
        assert all(desk.book.accounts[fact].name.read(language) in refused.value.sentence(language) for fact in missing)
    assert names_only(refused.value)
    for fact in missing:
        desk.answer_account(case_id, fact, Answer.NO)
    record = desk.record_step(case_id, "move_to_class_1", StepOutcome.DONE, None, {"amount": "500"}).case.steps
    assert record["move_to_class_1"].outcome is StepOutcome.DONE


@pytest.mark.parametrize("written", [{}, {"amount": ""}, {"amount": "  "}, {"other": "500"}])
def test_done_needs_what_the_step_asks_to_write_down(desk: Desk, written: dict[str, str]) -> None:
    case_id = move_is_next(desk).case.id
    for fact in CHECKS:
        desk.answer_account(case_id, fact, Answer.YES if fact == "class_2_bound" else Answer.NO)
    with pytest.raises(RecordMissing) as refused:
        desk.record_step(case_id, "move_to_class_1", StepOutcome.DONE, None, written)
    assert refused.value.sentence(Language.ZH).count("转入金额") == 1
    assert refused.value.sentence(Language.EN).count("Amount moved") == 1


def test_every_missing_entry_is_named_as_its_own_step_asks_for_it(desk: Desk) -> None:
    """Several steps have a field of the same id and another question."""
    asked = {}
    for name, step in desk.book.steps.items():
        needed = tuple(field.ask for field in step.record if field.required)
        if not needed:
            continue
        case_id = desk.open("help", MOVED).case.id
        required: list[JsonValue] = [field.id for field in step.record if field.required]
        advice: dict[str, JsonValue] = {
            "rulebook": "1",
            "level": "ask",
            "steps": [{"id": name, "required": required}],
        }
        desk.store.append(draft(case_id, EventKind.ADVISED, advice, desk.clock()))
        with pytest.raises(RecordMissing) as refused:
            desk.record_step(case_id, name, StepOutcome.DONE)
        asked[name] = (refused.value.details["fields"], needed)
    assert len(asked) > 20
    assert [name for name, (told, needed) in asked.items() if told != needed] == []


@pytest.mark.parametrize("outcome", [StepOutcome.REFUSED, StepOutcome.NOT_APPLICABLE])
def test_a_step_is_set_aside_only_with_a_coded_reason(desk: Desk, outcome: StepOutcome) -> None:
    case = desk.open("help", MOVED).case
    gate = case.open_gates()[0]
    with pytest.raises(ReasonMissing) as refused:
        desk.record_step(case.id, gate, outcome)
    assert names_only(refused.value)
    assert gate not in desk.record_step(case.id, gate, outcome, Reason.SYSTEM_DOWN).case.open_gates()


def test_a_gating_step_put_off_without_a_reason_stays_open(desk: Desk) -> None:
    case = desk.open("help", MOVED).case
    gate = case.open_gates()[0]
    assert gate in desk.record_step(case.id, gate, StepOutcome.LATER).case.open_gates()
    assert gate not in desk.record_step(case.id, gate, StepOutcome.LATER, Reason.HANDED_OVER).case.open_gates()


def test_a_step_that_nobody_advised_is_not_recorded(desk: Desk) -> None:
    case = desk.open("account_query").case
    name = next(step for step in desk.book.steps if step not in {advised.id for advised in case.advised_steps})
    with pytest.raises(NotAdvised) as refused:
        desk.record_step(case.id, name, StepOutcome.LATER)
    assert names_only(refused.value)


def test_a_case_does_not_close_over_an_open_gate(desk: Desk) -> None:
    case = desk.open("help", MOVED).case
    with pytest.raises(GatesOpen) as refused:
        desk.close(case.id, Outcome.CLEARED, 0, 0, 0)
    for language in Language:
        names = [desk.book.steps[gate].name.read(language) for gate in case.open_gates()]
        assert [name for name in names if name not in refused.value.sentence(language)] == []
    assert desk.store.case(case.id).state is CaseState.OPEN


def test_a_gate_opened_again_by_a_taken_back_record_keeps_the_case_open(desk: Desk) -> None:
    case_id = desk.open("help", MOVED).case.id
    set_aside_gates(desk, case_id)
    desk.take_back(case_id)
    with pytest.raises(GatesOpen):
        desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0)


def test_a_case_that_was_never_advised_on_does_not_close(desk: Desk) -> None:
    opening = draft("00000000-0000-7000-8000-000000000001", EventKind.OPENED, {"request": "transfer"}, desk.clock())
    desk.store.append(opening)
    with pytest.raises(NeverAdvised):
        desk.close(opening.case_id, Outcome.CLEARED, 0, 0, 0)


def test_no_more_can_be_protected_and_lost_than_was_at_risk(desk: Desk) -> None:
    case_id = desk.open("account_query").case.id
    with pytest.raises(AmountsDiffer):
        desk.close(case_id, Outcome.PARTLY_INTERCEPTED, 1000, 600, 401)
    assert desk.close(case_id, Outcome.PARTLY_INTERCEPTED, 1000, 600, 400).case.state is CaseState.CLOSED


def test_a_closed_case_takes_nothing_but_notes_and_remaining_steps(desk: Desk) -> None:
    case_id = closed(desk)
    before, settled = desk.store.case(case_id).history, list(desk.store.case(case_id).steps)
    assert settled
    moves: list[Callable[[], Sheet]] = [
        lambda: desk.answer(case_id, "on_phone", Answer.YES),
        lambda: desk.ask(case_id, "purpose", {"on_phone": (Answer.YES, Known.SEEN)}),
        lambda: desk.answer_account(case_id, "class_2_bound", Answer.YES),
        lambda: desk.note_age(case_id, AgeBand.ELDER),
        lambda: desk.record_money(case_id, MOVED),
        lambda: desk.remove_money(case_id, 1),
        lambda: desk.clear(case_id, "police_cleared", "王主管", "回拨"),
        lambda: desk.withdraw_clearing(case_id, "police_cleared"),
        lambda: desk.request(case_id, ("transfer",)),
        lambda: desk.take_back(case_id),
        lambda: desk.close(case_id, Outcome.CLEARED, 0, 0, 0),
        *(lambda step=step: desk.record_step(case_id, step, StepOutcome.LATER) for step in settled),
    ]
    for move in moves:
        with pytest.raises(CaseClosed):
            move()
    assert desk.store.case(case_id).history == before
    left = next(
        step.id for step in desk.store.case(case_id).advised_steps if step.id not in desk.store.case(case_id).steps
    )
    assert desk.record_step(case_id, left, StepOutcome.LATER).case.steps[left].outcome is StepOutcome.LATER
    assert desk.note(case_id, "已回访").case.history[-1].private == {"note": "已回访"}
    assert desk.store.case(case_id).state is CaseState.CLOSED


@pytest.mark.parametrize(("by", "how"), [("", "回拨"), ("王主管", ""), ("  ", "回拨"), ("王主管", "\t")])
def test_a_clearing_needs_who_verified_it_and_how(desk: Desk, by: str, how: str) -> None:
    case_id = desk.open("transfer").case.id
    before = desk.store.case(case_id)
    with pytest.raises(VerifierMissing):
        desk.clear(case_id, "police_cleared", by, how)
    assert desk.store.case(case_id) == before


def test_in_a_new_case_there_is_nothing_to_take_back(desk: Desk) -> None:
    """The money with which it opens is part of the opening: without it the advice would rest on no money."""
    sheet = desk.open("help", MOVED)
    with pytest.raises(NothingToTakeBack):
        desk.take_back(sheet.case.id)
    opening = sheet.case.history[1]
    taking = draft(sheet.case.id, EventKind.TAKEN_BACK, {"event": opening.id}, desk.clock())
    with pytest.raises(NothingToTakeBack):
        desk.store.append(taking)
    assert desk.store.case(sheet.case.id).money == {1: MOVED}


def test_a_correction_of_the_first_money_is_taken_back_to_what_it_was(desk: Desk, clock: Clock) -> None:
    sheet = desk.open("help", MOVED)
    clock.wait(1)
    desk.record_money(sheet.case.id, Portion(MoneyState.HANDED_OVER), 1)
    assert timeless(desk.take_back(sheet.case.id).case.facts) == timeless(sheet.case.facts)


def test_the_same_event_is_not_taken_back_twice(desk: Desk) -> None:
    case_id = desk.open("transfer").case.id
    event = desk.answer(case_id, "on_phone", Answer.YES).case.given()[-1]
    desk.take_back(case_id)
    with pytest.raises(NothingToTakeBack):
        desk.store.append(draft(case_id, EventKind.TAKEN_BACK, {"event": event.id}, desk.clock()))


def test_an_event_of_another_case_is_not_taken_back(desk: Desk) -> None:
    other = desk.answer(desk.open("transfer").case.id, "on_phone", Answer.YES).case
    case_id = desk.open("transfer").case.id
    with pytest.raises(NothingToTakeBack):
        desk.store.append(draft(case_id, EventKind.TAKEN_BACK, {"event": other.given()[-1].id}, desk.clock()))


def test_a_word_that_the_rulebook_does_not_know_is_refused_with_the_nearest_one(desk: Desk) -> None:
    case_id = desk.open("transfer").case.id
    before = desk.store.head()
    with pytest.raises(WordUnknown) as refused:
        desk.answer(case_id, "on_phon", Answer.YES)
    assert "on_phone" in refused.value.sentence(Language.ZH)
    with pytest.raises(WordUnknown):
        desk.ask(case_id, "purpose", {"on_phon": (Answer.YES, Known.SEEN)})
    assert desk.store.head() == before


def test_a_refused_part_of_a_question_saves_none_of_it(desk: Desk) -> None:
    case_id = closed(desk)
    before = desk.store.head()
    with pytest.raises(Refused):
        desk.ask(case_id, "purpose", {"on_phone": (Answer.YES, Known.SEEN), "hurried": (Answer.NO, Known.SAID)})
    assert desk.store.head() == before
    assert desk.store.case(case_id).questions == frozenset()


def test_the_level_comes_down_only_by_a_verified_clearing_and_comes_back_when_it_is_withdrawn(desk: Desk) -> None:
    case_id = desk.open("transfer").case.id
    assert desk.answer(case_id, "official_caller", Answer.YES).advice.level is Level.POLICE
    assert desk.clear(case_id, "police_cleared", "王主管", "回拨公开号码").advice.level.rank < Level.POLICE.rank
    assert desk.withdraw_clearing(case_id, "police_cleared").advice.level is Level.POLICE
    assert desk.take_back(case_id).advice.level.rank < Level.POLICE.rank
