"""A step that is done by two names the second one: somebody else, who is there and may agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import Draft, EventKind
from assistant.case.refusals import RecordMissing
from assistant.desk import Desk
from assistant.people.first import draft_manager
from assistant.people.refusals import ColleagueUnfit
from assistant.people.roles import Role
from assistant.sheet import Sheet, read_written
from assistant.stamps import make_id
from assistant.store import Store
from rules.advice import Adviser
from rules.facts import Answer, StepOutcome
from rules.language import Language
from tests.case.visits import NOON, Clock, new_desk
from tests.outlet import OUTLET, lay
from tests.people.branch import AUDITOR, COMPLIANCE, MANAGER, STRANGER, SUPERVISOR, SUSPENDED, TELLER, Branch, make_full

STEP: Final = "supervisor_interview"
FIELD: Final = "supervisor"
SECOND_TELLER: Final = "t2"


@pytest.fixture
def desk(path: Path, adviser: Adviser) -> Iterator[Desk]:
    lay(path, make_full)
    with Store.open(path) as store:
        yield Desk(store, adviser, TELLER, Clock())


def hold(desk: Desk) -> str:
    """Open a case in which a supervisor has to ask, too, and return its id."""
    sheet = desk.answer(desk.open("transfer").case.id, "official_caller", Answer.YES)
    assert STEP in {step.id for step in sheet.advice.steps}
    return sheet.case.id


def record(desk: Desk, case_id: str, number: str, outcome: StepOutcome = StepOutcome.DONE) -> Sheet:
    return desk.record_step(case_id, STEP, outcome, written={FIELD: number})


@pytest.mark.parametrize("number", [TELLER, COMPLIANCE, AUDITOR, SUSPENDED, STRANGER, "王主管", "s1;"])
def test_nobody_else_will_do(desk: Desk, number: str) -> None:
    case_id = hold(desk)
    events = desk.store.head().seq
    with pytest.raises(ColleagueUnfit) as refused:
        record(desk, case_id, number)
    assert desk.store.head().seq == events
    for language in Language:
        assert number in refused.value.sentence(language)


def test_the_supervisor_himself_did_it_with_somebody_else(desk: Desk) -> None:
    case_id = hold(desk)
    desk.change_to(SUPERVISOR)
    with pytest.raises(ColleagueUnfit):
        record(desk, case_id, SUPERVISOR)
    assert record(desk, case_id, MANAGER).case.steps[STEP].colleague == MANAGER


def test_another_teller_will_not_do_either(path: Path, adviser: Adviser) -> None:
    branch = Branch.full(path)
    branch.name(SECOND_TELLER, Role.TELLER)
    with branch.store as store:
        desk = Desk(store, adviser, TELLER, Clock())
        case_id = hold(desk)
        with pytest.raises(ColleagueUnfit):
            record(desk, case_id, SECOND_TELLER)


@pytest.mark.parametrize("typed", [SUPERVISOR, f"  {SUPERVISOR} ", "ｓ１"])
def test_the_number_stands_in_the_record_for_all_to_read(desk: Desk, typed: str) -> None:
    saved = record(desk, hold(desk), typed).case
    assert saved.steps[STEP].colleague == SUPERVISOR
    event = next(event for event in saved.history if event.kind is EventKind.STEP_RECORDED)
    assert event.body["colleague"] == SUPERVISOR
    assert FIELD not in event.private
    assert read_written(saved.steps[STEP], desk.book.steps[STEP]) == {FIELD: SUPERVISOR}


def test_it_is_checked_past_the_desk_as_well(desk: Desk) -> None:
    case_id = hold(desk)
    body = {"step": STEP, "outcome": "done", "colleague": TELLER}
    with pytest.raises(ColleagueUnfit):
        desk.store.append(Draft(make_id(), case_id, desk.clock(), TELLER, EventKind.STEP_RECORDED, body))


@pytest.mark.parametrize("written", [{}, {FIELD: " "}])
def test_without_a_number_it_is_not_done(desk: Desk, written: dict[str, str]) -> None:
    with pytest.raises(RecordMissing):
        desk.record_step(hold(desk), STEP, StepOutcome.DONE, written=written)


def test_what_is_put_off_names_nobody_wrong_either(desk: Desk) -> None:
    with pytest.raises(ColleagueUnfit):
        record(desk, hold(desk), TELLER, StepOutcome.LATER)


def test_who_is_alone_on_the_staff_names_whom_he_likes_but_not_himself(tmp_path: Path, adviser: Adviser) -> None:
    path = tmp_path / "alone.db"
    first = draft_manager(MANAGER, "boss", make_id(), NOON)
    with Store.create(path, OUTLET, begin=[first]) as store:
        desk = Desk(store, adviser, MANAGER, Clock())
        case_id = hold(desk)
        with pytest.raises(ColleagueUnfit):
            record(desk, case_id, MANAGER)
        assert record(desk, case_id, "8801").case.steps[STEP].colleague == "8801"


def test_where_nobody_is_named_any_number_will_do(tmp_path: Path, adviser: Adviser) -> None:
    desk = new_desk(tmp_path / "unnamed.db", adviser, Clock())
    assert record(desk, hold(desk), "8801").case.steps[STEP].colleague == "8801"
    desk.store.close()
