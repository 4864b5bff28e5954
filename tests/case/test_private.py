"""What is about a person stands apart: not in the events' bodies, not in the table of cases, not in the anchors."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from assistant.case.events import Outcome
from assistant.case.refusals import BodyUnfit
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from rules.facts import Answer, MoneyState, Portion, StepOutcome
from tests.case.visits import set_aside_gates

MARK = "私密标记"
"""Stands in every private text of the visit, so that one search finds any of them."""


@pytest.fixture
def visit(desk: Desk) -> str:
    """The id of a closed case with a private text in each move that can hold one."""
    case_id = desk.open("help", Portion(MoneyState.HANDED_OVER)).case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    step = desk.book.steps["call_110"]
    desk.record_step(
        case_id, "call_110", StepOutcome.DONE, None, {field.id: f"{MARK}{field.id}" for field in step.record}
    )
    desk.note(case_id, f"{MARK}note")
    desk.clear(case_id, "family_confirmed", f"{MARK}by", f"{MARK}how")
    set_aside_gates(desk, case_id)
    desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0, f"{MARK}end")
    return case_id


def test_private_texts_are_kept_with_their_events(desk: Desk, visit: str) -> None:
    texts = {text for event in desk.store.read_case(visit) for text in event.private.values()}
    fields = {field.id for field in desk.book.steps["call_110"].record}
    assert texts == {f"{MARK}{name}" for name in (*fields, "note", "by", "how", "end")}


def test_no_private_text_stands_in_the_body_of_an_event(desk: Desk, visit: str) -> None:
    bodies = [json.dumps(dict(event.body), ensure_ascii=False) for event in desk.store.read_case(visit)]
    assert len(bodies) > 8
    assert [body for body in bodies if MARK in body] == []


def test_no_private_text_stands_in_the_row_of_the_case(desk: Desk, visit: str) -> None:
    (row,) = desk.store.list()
    assert row.case_id == visit
    assert MARK not in repr(dataclasses.asdict(row))


def test_no_private_text_stands_in_any_file_beside_the_cases(desk: Desk, visit: str, path: Path) -> None:
    beside = [file for file in path.parent.rglob("*") if file.is_file() and file != path]
    assert beside, "the closing leaves an anchor"
    assert [file.name for file in (path, *beside) if MARK.encode() in file.read_bytes()] == []


@pytest.mark.parametrize(
    ("party", "field", "text"),
    [
        (Party.CONTACT, Field.ACCOUNT, "6222020200112233"),
        (Party.CONTACT, Field.ID_NUMBER, "11010519491231002X"),
        (Party.PAYEE, Field.ID_NUMBER, "11010519491231002X"),
    ],
)
def test_no_more_is_taken_about_a_person_than_is_asked_for(desk: Desk, party: Party, field: Field, text: str) -> None:
    case_id = desk.open("transfer").case.id
    with pytest.raises(BodyUnfit):
        desk.note_particulars(case_id, party, field, text)
    assert desk.store.case(case_id).particulars == {}
