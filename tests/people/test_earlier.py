"""Earlier cases of the same persons are told to whoever may read them, and to nobody else."""

from __future__ import annotations

import pytest

from assistant.case.events import EventKind
from assistant.desk import Desk
from assistant.earlier import Earlier, list_earlier
from assistant.particulars.fields import Field, Party
from rules.names import Shelf
from tests.people.branch import AUDITOR, COMPLIANCE, SUPERVISOR, TELLER, Branch

PHONE = ((Party.CUSTOMER, Field.PHONE),)


def find(branch: Branch, case_id: str, actor: str) -> tuple[Earlier, ...]:
    return list_earlier(Desk(branch.store, Shelf(), actor, branch.clock), branch.store.case(case_id))


def number(branch: Branch, case_id: str) -> str:
    return branch.store.case(case_id).number


@pytest.mark.parametrize(("actor", "told"), [(TELLER, False), (SUPERVISOR, True), (COMPLIANCE, True), (AUDITOR, True)])
def test_a_closed_case_of_a_colleague_is_told_to_whom_may_read_it(branch: Branch, actor: str, told: bool) -> None:
    closed = branch.close(branch.open_case(SUPERVISOR), SUPERVISOR)
    own = branch.close(branch.open_case(TELLER))
    now = branch.open_case(TELLER)
    expected = [own, closed] if told else [own]
    assert find(branch, now, actor) == tuple(Earlier(number(branch, case_id), PHONE) for case_id in expected)


def test_neither_the_case_itself_nor_a_later_one_is_earlier(branch: Branch) -> None:
    first, second = branch.open_case(), branch.open_case()
    assert find(branch, first, TELLER) == ()
    assert [one.number for one in find(branch, second, TELLER)] == [number(branch, first)]


def test_what_is_the_same_is_said_and_a_name_alone_proves_nothing(branch: Branch) -> None:
    name = {"party": "payee", "field": "name"}
    first, second = branch.open_case(), branch.open_case()
    branch.append(first, EventKind.PARTICULARS_NOTED, name, TELLER, {"value": "王某"})
    branch.append(second, EventKind.PARTICULARS_NOTED, name, TELLER, {"value": "王某"})
    (both,) = find(branch, second, TELLER)
    assert set(both.places) == {*PHONE, (Party.PAYEE, Field.NAME)}
    assert both.is_certain
    branch.append(second, EventKind.PARTICULARS_REMOVED, {"party": "customer", "field": "phone"}, TELLER)
    (only,) = find(branch, second, TELLER)
    assert only.places == ((Party.PAYEE, Field.NAME),)
    assert not only.is_certain


def test_a_public_number_which_many_dial_makes_nobody_the_same(branch: Branch) -> None:
    first, second = branch.open_case(), branch.open_case()
    contact = {"party": "contact", "field": "phone"}
    for case_id in (first, second):
        branch.append(case_id, EventKind.PARTICULARS_NOTED, contact, TELLER, {"value": "96110"})
    (one,) = find(branch, second, TELLER)
    assert one.places == PHONE
