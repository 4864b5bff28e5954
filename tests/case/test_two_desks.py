"""Two tellers at one case: each has a desk over the same file, and neither works on what is out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.case.events import Outcome
from assistant.case.refusals import CaseClosed, GatesOpen
from assistant.case.summary import CaseState
from assistant.desk import Desk
from assistant.store import Store
from rules.advice import Adviser
from rules.facts import Answer, Known
from tests.case.visits import Clock, advice_is_recorded, set_aside_gates


@pytest.fixture
def neighbour(desk: Desk, path: Path, adviser: Adviser, clock: Clock) -> Iterator[Desk]:
    """Another desk over the file of `desk`."""
    with Store.open(path) as store:
        yield Desk(store, adviser, "t2", clock)


def test_two_desks_see_each_others_answers_at_once(desk: Desk, neighbour: Desk) -> None:
    case_id = desk.open("transfer").case.id
    for n, sign in enumerate(list(desk.book.signs)[:12]):
        one, other = (desk, neighbour) if n % 2 else (neighbour, desk)
        sheet = one.answer(case_id, sign, Answer.YES)
        assert other.store.case(case_id) == sheet.case
        assert sheet.case.history[-1].actor == one.actor
        assert advice_is_recorded(other, other.store.case(case_id))
    assert len(sheet.case.answers) == 12


def test_either_desk_takes_back_the_last_answer_whoever_gave_it(desk: Desk, neighbour: Desk) -> None:
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, "on_phone", Answer.YES, Known.SEEN)
    neighbour.answer(case_id, "secrecy", Answer.YES, Known.SAID)
    assert set(desk.take_back(case_id).case.answers) == {"on_phone"}
    assert set(neighbour.take_back(case_id).case.answers) == set()


def test_a_gate_that_one_desk_opened_keeps_the_other_from_closing(desk: Desk, neighbour: Desk) -> None:
    case_id = desk.open("transfer").case.id
    assert desk.store.case(case_id).open_gates() == ()
    neighbour.answer(case_id, "official_caller", Answer.YES)
    with pytest.raises(GatesOpen):
        desk.close(case_id, Outcome.CLEARED, 0, 0, 0)


def test_a_case_that_one_desk_closed_takes_no_answer_at_the_other(desk: Desk, neighbour: Desk) -> None:
    case_id = desk.open("transfer").case.id
    neighbour.answer(case_id, "official_caller", Answer.YES)
    set_aside_gates(neighbour, case_id)
    desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0)
    with pytest.raises(CaseClosed):
        neighbour.answer(case_id, "on_phone", Answer.YES)
    assert neighbour.resume(case_id).case.state is CaseState.CLOSED
    assert neighbour.resume(case_id).case == desk.store.case(case_id)
