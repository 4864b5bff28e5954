"""Moves that no screen and no command makes: whoever writes past them is held to the same, by the store itself."""

from __future__ import annotations

import pytest

from assistant.case.events import Draft, EventKind, Look, RevealReason
from assistant.case.subjects import ACCESS, REQUEST, SIGN_ON, STAFF
from assistant.desk import Desk
from assistant.people.permissions import State
from assistant.people.refusals import NotAllowed, NotOnStaff, NotThisRequest, RecordUnfit, TermRunning
from assistant.people.requests import Standing
from assistant.people.roster import HASH
from assistant.people.terms import find_before
from assistant.settings import Retention
from assistant.stamps import make_id
from assistant.store import Store
from assistant.store.faults import OpenedForReading
from rules.names import Shelf
from tests.case.visits import NOON
from tests.people.branch import MANAGER, OF_ROLE, SUPERVISOR, TELLER, Branch
from tests.people.moves import approve, write_asked

SHOWING = [look for look in Look if look not in (Look.OPENED, Look.EXPORTED_MASKED, Look.REPLAYED)]


def forge(draft: Draft, *, actor: str, at: int) -> Draft:
    return Draft(draft.id, draft.case_id, at, actor, draft.kind, draft.body, draft.private)


@pytest.mark.parametrize("actor", OF_ROLE.values())
def test_nobody_sets_the_password_of_another(branch: Branch, actor: str) -> None:
    for number in OF_ROLE.values():
        if number != actor:
            with pytest.raises(NotOnStaff):
                branch.append(STAFF, EventKind.PASSWORD_SET, {"number": number}, actor, {HASH: "$argon2id$"})
    assert {member.password for member in branch.store.roster.members.values()} == {None}


@pytest.mark.parametrize("kind", [EventKind.SIGNED_ON, EventKind.SIGN_ON_FAILED])
def test_nobody_signs_on_or_fails_to_in_the_name_of_another(branch: Branch, kind: EventKind) -> None:
    with pytest.raises(NotOnStaff):
        branch.append(SIGN_ON + SUPERVISOR, kind, {"by": "password"}, TELLER)
    assert branch.store.read_log(SIGN_ON + SUPERVISOR) == ()


@pytest.mark.parametrize("how", SHOWING)
def test_every_look_that_shows_what_is_about_a_person_is_held_to_who_may_reveal_it(branch: Branch, how: Look) -> None:
    case_id = branch.case_in(State.CLOSED)
    branch.append(ACCESS + case_id, EventKind.ACCESSED, {"how": Look.OPENED.value}, TELLER)
    with pytest.raises(NotAllowed):
        branch.append(ACCESS + case_id, EventKind.ACCESSED, {"how": how.value}, TELLER)


def test_what_comes_of_an_approval_is_by_whom_and_when_it_was_approved(branch: Branch) -> None:
    asked = branch.office(MANAGER).ask(EventKind.MEMBER_SUSPENDED, {"number": TELLER}, about=STAFF)
    approval, effect = approve(branch, asked.subject, SUPERVISOR)
    for forged in (
        forge(effect, actor=MANAGER, at=effect.at),
        forge(effect, actor=SUPERVISOR, at=effect.at + 1),
    ):
        with pytest.raises(NotThisRequest):
            branch.store.append_all([approval, forged])
    assert branch.store.request(asked.subject).standing is Standing.PENDING
    branch.store.append_all([approval, effect])


def test_an_approval_is_not_used_up_by_something_else(branch: Branch) -> None:
    case_id = branch.open_case(SUPERVISOR)
    asked = branch.office(MANAGER).ask(EventKind.MEMBER_SUSPENDED, {"number": TELLER}, about=STAFF)
    approval, _ = approve(branch, asked.subject, SUPERVISOR)
    other = branch.draft(case_id, EventKind.NOTED, {}, SUPERVISOR, {"note": "虚构"})
    with pytest.raises(NotThisRequest):
        branch.store.append_all([approval, other])
    assert branch.store.request(asked.subject).standing is Standing.PENDING


@pytest.mark.parametrize("added", [{"request": "0" * 8}, {"private": {"name": "x"}}], ids=["request", "private"])
def test_a_request_asks_for_nothing_that_the_approval_adds(branch: Branch, added: dict[str, object]) -> None:
    asked = write_asked(EventKind.MEMBER_SUSPENDED, STAFF, {"number": TELLER, **added})
    with pytest.raises(RecordUnfit):
        branch.append(REQUEST + make_id(), EventKind.ASKED, asked, MANAGER)


def test_a_term_is_over_only_when_its_last_moment_is(branch: Branch) -> None:
    moment = find_before(Retention(), EventKind.ERASED, NOON)
    young, old = branch.closed_at(moment), branch.closed_at(moment - 1)
    for case_id in (young, old):
        branch.agree(EventKind.RESTRICTED, case_id)
    with pytest.raises(TermRunning):
        branch.agree(EventKind.ERASED, young)
    assert branch.agree(EventKind.ERASED, old).standing is Standing.APPROVED


def test_where_nothing_can_be_recorded_only_what_is_masked_is_looked_at(branch: Branch) -> None:
    case_id = branch.open_case()
    with Store.open(branch.store.path, read_only=True) as store:
        desk = Desk(store, Shelf(), TELLER, branch.clock)
        assert set(desk.read_masked(desk.look_at(case_id)).values()) == {"+861****1111"}
        with pytest.raises(OpenedForReading):
            desk.reveal(case_id, RevealReason.CALL_BACK)
