"""What one asks for and another approves: done once, at once, and only while both may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import OUTLET, REQUEST, STAFF
from assistant.people.office import Office
from assistant.people.permissions import State
from assistant.people.refusals import (
    AskerGone,
    NoEmergency,
    NotAllowed,
    NotThisRequest,
    RecordUnfit,
    RequestSettled,
    RequestUnknown,
    SamePerson,
    StaffUnfit,
    Suspended,
)
from assistant.people.requests import Standing
from assistant.people.roles import Role
from assistant.stamps import make_id
from assistant.store import Store
from tests.case.visits import HOUR
from tests.people.branch import COMPLIANCE, MANAGER, SUPERVISOR, TELLER, Branch
from tests.people.moves import RELEASE, SECOND_MANAGER, approve, ask, use_emergency, write_asked


def test_nobody_approves_what_he_asked_for(branch: Branch) -> None:
    case_id = branch.case_in(State.CLOSED)
    asked = branch.office(MANAGER).ask(EventKind.RESTRICTED, {}, about=case_id)
    with pytest.raises(SamePerson):
        branch.office(MANAGER).approve(asked.subject)


def test_a_request_is_carried_out_once(branch: Branch) -> None:
    asked = branch.office(MANAGER).ask(EventKind.MEMBER_SUSPENDED, {"number": TELLER}, about=STAFF)
    drafts = approve(branch, asked.subject, SUPERVISOR)
    branch.store.append_all(drafts)
    again = [Draft(make_id(), d.case_id, d.at, d.actor, d.kind, d.body) for d in drafts]
    with pytest.raises(RequestSettled):
        branch.store.append_all(again)
    with pytest.raises(NotThisRequest):
        branch.store.append(again[1])
    assert branch.store.append_all(drafts)[1].seq == branch.count()


def test_an_approval_without_what_comes_of_it_is_not_saved(branch: Branch) -> None:
    asked = branch.office(MANAGER).ask(EventKind.MEMBER_SUSPENDED, {"number": TELLER}, about=STAFF)
    with pytest.raises(NotThisRequest):
        branch.store.append(approve(branch, asked.subject, SUPERVISOR)[0])
    assert branch.store.request(asked.subject).standing is Standing.PENDING


def test_what_somebody_asked_for_who_was_suspended_since_is_declined_and_not_approved(branch: Branch) -> None:
    branch.name(SECOND_MANAGER, Role.OUTLET_MANAGER)
    asked = branch.office(SECOND_MANAGER).ask(
        EventKind.ROLE_CHANGED, {"number": TELLER, "role": "auditor"}, about=STAFF
    )
    branch.suspend(SECOND_MANAGER)
    with pytest.raises(AskerGone):
        branch.office(SUPERVISOR).approve(asked.subject)
    with pytest.raises(Suspended):
        branch.office(SECOND_MANAGER).withdraw(asked.subject)
    assert branch.office(SUPERVISOR).decline(asked.subject).standing is Standing.DECLINED


def test_what_somebody_asked_for_who_may_no_longer_ask_is_not_approved(branch: Branch) -> None:
    branch.name(SECOND_MANAGER, Role.OUTLET_MANAGER)
    asked = branch.office(SECOND_MANAGER).ask(EventKind.MEMBER_NAMED, {"number": "t5", "role": "teller"}, about=STAFF)
    branch.change(EventKind.ROLE_CHANGED, {"number": SECOND_MANAGER, "role": "teller"})
    with pytest.raises(AskerGone):
        branch.office(SUPERVISOR).approve(asked.subject)


def test_whoever_lost_the_role_of_deciding_decides_nothing_more(branch: Branch) -> None:
    asked = branch.office(MANAGER).ask(EventKind.MEMBER_NAMED, {"number": "t5", "role": "teller"}, about=STAFF)
    branch.change(EventKind.ROLE_CHANGED, {"number": SUPERVISOR, "role": "teller"}, second=COMPLIANCE)
    with pytest.raises(NotAllowed):
        branch.office(SUPERVISOR).approve(asked.subject)
    assert branch.office(COMPLIANCE).approve(asked.subject).standing is Standing.APPROVED


def test_an_emergency_cannot_put_its_review_off(branch: Branch) -> None:
    subject = ask(branch, EventKind.MEMBER_SUSPENDED, STAFF, {"number": TELLER}, MANAGER)
    used, effect = use_emergency(branch, subject, MANAGER)
    for later in (0, -HOUR, 24 * HOUR + 1):
        body = {**used.body, "review_by": branch.clock() + later}
        with pytest.raises(NoEmergency):
            branch.store.append_all([branch.draft(subject, EventKind.EMERGENCY_USED, body, MANAGER), effect])
    branch.store.append_all([used, effect])
    with pytest.raises(SamePerson):
        branch.office(MANAGER).review(subject, upheld=True)
    assert branch.office(SUPERVISOR).review(subject, upheld=False, why="不该").standing is Standing.FAULTED


def test_what_was_done_alone_says_so_in_the_case(branch: Branch) -> None:
    case_id = branch.open_case()
    subject = ask(branch, EventKind.AUTHORISED, case_id, RELEASE, TELLER)
    branch.office(TELLER).use_emergency(subject, "system_down", 24)
    assert branch.store.case(case_id).history[-1].body["alone"] is True


def test_what_another_agreed_to_does_not(branch: Branch) -> None:
    case_id = branch.open_case()
    branch.office(SUPERVISOR).approve(ask(branch, EventKind.AUTHORISED, case_id, RELEASE, TELLER))
    assert "alone" not in branch.store.case(case_id).history[-1].body


def test_an_emergency_cannot_pass_for_an_agreement_nor_an_agreement_for_an_emergency(branch: Branch) -> None:
    case_id = branch.open_case()
    subject = ask(branch, EventKind.AUTHORISED, case_id, RELEASE, TELLER)
    used, alone = use_emergency(branch, subject, TELLER)
    _, agreed = approve(branch, subject, TELLER)
    approval, _ = approve(branch, subject, SUPERVISOR)
    for drafts in ([used, agreed], [approval, replace(alone, actor=SUPERVISOR)]):
        with pytest.raises(NotThisRequest):
            branch.store.append_all(drafts)


def test_nobody_asks_for_something_done_alone(branch: Branch) -> None:
    with pytest.raises(RecordUnfit):
        ask(branch, EventKind.AUTHORISED, branch.open_case(), {**RELEASE, "alone": False}, TELLER)


def test_a_request_is_found_by_its_last_digits_however_many_wait(branch: Branch) -> None:
    first = branch.office(MANAGER).ask(EventKind.MEMBER_SUSPENDED, {"number": TELLER}, about=STAFF)
    later = [REQUEST + make_id() for _ in range(101)]
    asked = write_asked(EventKind.OUTLET_RENAMED, OUTLET, {"name": "新网点"})
    branch.store.append_all([branch.draft(subject, EventKind.ASKED, asked, MANAGER) for subject in later])
    office = branch.office(SUPERVISOR)
    assert office.find(first.subject[-12:]).subject == first.subject
    for digits in ("", "-", "nothing", first.subject[-12:-2]):
        with pytest.raises(RequestUnknown):
            office.find(digits)


def test_two_programs_settle_a_request_once(branch: Branch, path: Path) -> None:
    asked = branch.office(MANAGER).ask(EventKind.MEMBER_SUSPENDED, {"number": TELLER}, about=STAFF)
    with Store.open(path) as other:
        assert other.request(asked.subject).standing is Standing.PENDING
        branch.office(SUPERVISOR).decline(asked.subject)
        with pytest.raises(RequestSettled):
            Office(other, COMPLIANCE, branch.clock, make_id).approve(asked.subject)
        assert other.roster.members[TELLER].active


def test_two_must_remain_who_can_approve(branch: Branch) -> None:
    branch.suspend(COMPLIANCE)
    for kind, body in (
        (EventKind.MEMBER_SUSPENDED, {"number": SUPERVISOR}),
        (EventKind.ROLE_CHANGED, {"number": SUPERVISOR, "role": "teller"}),
    ):
        with pytest.raises(StaffUnfit, match="At least two"):
            branch.office(MANAGER).change(kind, body)


def test_an_emergency_is_late_once_its_last_moment_has_passed(branch: Branch) -> None:
    subject = ask(branch, EventKind.MEMBER_SUSPENDED, STAFF, {"number": TELLER}, MANAGER)
    branch.store.append_all(use_emergency(branch, subject, MANAGER))
    used = branch.store.request(subject)
    assert used.review_by is not None
    assert [used.is_late(used.review_by + more) for more in (-1, 0, 1)] == [False, False, True]
    assert not branch.office(SUPERVISOR).review(subject, upheld=True).is_late(used.review_by + 1)
