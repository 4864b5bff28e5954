"""What was once to be held is released by two, whatever the advice has become; a slip of the finger is none of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import Matter, Outcome, ReopenReason
from assistant.case.summary import CaseState
from assistant.desk import Desk
from assistant.people.refusals import NeedsAuthority
from assistant.store import Store
from rules.advice import Adviser
from rules.facts import Answer, Level, StepOutcome
from tests.case.visits import MINUTE, SECOND, Clock, new_desk
from tests.outlet import lay
from tests.people.branch import SUPERVISOR, TELLER, make_full

TELLING: Final = "official_caller"
HARMLESS: Final = "hurried"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(path: Path, adviser: Adviser, clock: Clock) -> Iterator[Desk]:
    lay(path, make_full)
    with Store.open(path) as store:
        yield Desk(store, adviser, TELLER, clock)


def mark(desk: Desk) -> str:
    """Open a case with a flag on which the advice is to hold, or more, and return its id."""
    case_id = desk.open("transfer").case.id
    assert desk.answer(case_id, TELLING, Answer.YES).advice.level.rank >= Level.HOLD.rank
    return case_id


def put_gates_off(desk: Desk, case_id: str) -> None:
    for step in desk.store.case(case_id).open_gates():
        desk.record_step(case_id, step, StepOutcome.LATER)


def clear(desk: Desk, case_id: str) -> None:
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)


def test_a_flag_that_is_lifted_again_does_not_release_what_was_held(desk: Desk, clock: Clock) -> None:
    case_id = mark(desk)
    put_gates_off(desk, case_id)
    clock.wait(SECOND)
    assert desk.answer(case_id, TELLING, None).advice.level.rank < Level.HOLD.rank
    with pytest.raises(NeedsAuthority):
        clear(desk, case_id)
    assert desk.store.case(case_id).state is CaseState.OPEN


def test_nor_does_closing_it_otherwise_and_opening_it_again(desk: Desk, clock: Clock) -> None:
    case_id = mark(desk)
    clock.wait(MINUTE)
    desk.answer(case_id, TELLING, None)
    desk.close(case_id, Outcome.LEFT, 0, 0, 0)
    desk.reopen(case_id, ReopenReason.CLOSED_TOO_EARLY)
    with pytest.raises(NeedsAuthority):
        clear(desk, case_id)


def test_another_agrees_to_it_and_it_is_released(desk: Desk, clock: Clock) -> None:
    case_id = mark(desk)
    clock.wait(MINUTE)
    desk.take_back(case_id)
    asked = desk.ask_authority(case_id, Matter.RELEASE)
    desk.office_of(SUPERVISOR).approve(asked.subject)
    clear(desk, case_id)
    assert desk.store.case(case_id).state is CaseState.CLOSED


Undo = Callable[[Desk, str], object]
UNDOINGS: Final[dict[str, Undo]] = {
    "taken back": lambda desk, case_id: desk.take_back(case_id),
    "lifted": lambda desk, case_id: desk.answer(case_id, TELLING, None),
    "denied": lambda desk, case_id: desk.answer(case_id, TELLING, Answer.NO),
}


@pytest.mark.parametrize("undo", UNDOINGS.values(), ids=UNDOINGS)
def test_a_slip_of_the_finger_costs_no_second_person(desk: Desk, clock: Clock, undo: Undo) -> None:
    case_id = mark(desk)
    clock.wait(30 * SECOND)
    undo(desk, case_id)
    clear(desk, case_id)
    assert desk.store.case(case_id).state is CaseState.CLOSED


@pytest.mark.parametrize("undo", UNDOINGS.values(), ids=UNDOINGS)
def test_what_stood_for_longer_was_no_slip(desk: Desk, clock: Clock, undo: Undo) -> None:
    case_id = mark(desk)
    clock.wait(30 * SECOND + 1)
    undo(desk, case_id)
    with pytest.raises(NeedsAuthority):
        clear(desk, case_id)


def test_two_slips_undone_one_after_the_other_are_none_either(desk: Desk, clock: Clock) -> None:
    case_id = mark(desk)
    desk.answer(case_id, HARMLESS, Answer.YES)
    clock.wait(20 * SECOND)
    desk.take_back(case_id)
    desk.take_back(case_id)
    clear(desk, case_id)
    assert desk.store.case(case_id).state is CaseState.CLOSED


def test_a_slip_covers_nothing_that_was_answered_after_it(desk: Desk, clock: Clock) -> None:
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, HARMLESS, Answer.YES)
    desk.answer(case_id, TELLING, Answer.YES)
    put_gates_off(desk, case_id)
    desk.answer(case_id, TELLING, None)
    desk.answer(case_id, HARMLESS, None)
    with pytest.raises(NeedsAuthority):
        clear(desk, case_id)


def test_a_slip_that_is_brought_back_was_none(desk: Desk, clock: Clock) -> None:
    case_id = mark(desk)
    desk.answer(case_id, TELLING, None)
    desk.take_back(case_id)
    clock.wait(5 * MINUTE)
    desk.answer(case_id, TELLING, None)
    with pytest.raises(NeedsAuthority):
        clear(desk, case_id)


def test_a_clock_set_back_makes_no_slip(desk: Desk, clock: Clock) -> None:
    case_id = mark(desk)
    clock.wait(-MINUTE)
    desk.take_back(case_id)
    with pytest.raises(NeedsAuthority):
        clear(desk, case_id)


def test_what_was_held_before_a_slip_stays_held(desk: Desk, clock: Clock) -> None:
    case_id = mark(desk)
    clock.wait(MINUTE)
    desk.answer(case_id, HARMLESS, Answer.YES)
    desk.take_back(case_id)
    desk.answer(case_id, TELLING, None)
    with pytest.raises(NeedsAuthority):
        clear(desk, case_id)


def test_where_nobody_is_named_it_is_as_before(tmp_path: Path, adviser: Adviser, clock: Clock) -> None:
    desk = new_desk(tmp_path / "unnamed.db", adviser, clock)
    case_id = mark(desk)
    clock.wait(MINUTE)
    desk.answer(case_id, TELLING, None)
    clear(desk, case_id)
    assert desk.store.case(case_id).state is CaseState.CLOSED
    desk.store.close()
