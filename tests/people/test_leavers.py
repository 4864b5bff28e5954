"""Names of those who left and texts of settled requests have terms of their own, and go by the same order."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.case.events import EventKind
from assistant.case.subjects import OUTLET, REQUEST, STAFF
from assistant.desk import Desk
from assistant.people import retention
from assistant.people.refusals import NotAllowed, NotThisRequest, RecordUnfit, SignOnRefused, TakesTwo, TermRunning
from assistant.people.requests import Request, Standing
from assistant.people.signing import SignOn
from assistant.settings import Retention, SignOnSettings
from assistant.stamps import make_id
from assistant.store import Store
from rules.names import Shelf
from tests.case.visits import NOON
from tests.leaks import find_marks, read_files
from tests.people.branch import COMPLIANCE, DAY, LONG_AGO, MANAGER, SUPERVISOR, TELLER, YEAR, Branch

LEAVER = "l1"
NAME = "离任者甲"
WHY = "因为某位客户投诉"


def order(branch: Branch, terms: Retention | None = None) -> Request:
    """Have all that is due ordered by two."""
    desk = Desk(branch.store, Shelf(), MANAGER, branch.clock)
    asked = retention.ask(desk, retention.plan(desk, terms or Retention()), "到期")
    return branch.office(COMPLIANCE).approve(asked.subject)


def carry_out(branch: Branch, ordered: Request) -> int:
    """Return how much was done."""
    desk = Desk(branch.store, Shelf(), MANAGER, branch.clock)
    return max(retention.carry_out(desk, ordered), default=0)


def rename_at(branch: Branch, at: int) -> str:
    """Have the outlet renamed at that moment, with a reason; return the request."""
    now, branch.clock.now = branch.clock.now, at
    asked = branch.office(MANAGER).ask(EventKind.OUTLET_RENAMED, {"name": "新网点"}, about=OUTLET, why=WHY)
    branch.office(SUPERVISOR).approve(asked.subject, why=WHY)
    branch.clock.now = now
    return asked.subject


def read_texts(branch: Branch, subject: str) -> dict[str, str]:
    """Return all that is sealed in a request."""
    return {name: text for event in branch.store.request(subject).history for name, text in event.private.items()}


def read_sealed(path: Path) -> dict[str, bytes]:
    """Return every ciphertext of the file, and every key of a request."""
    with closing(sqlite3.connect(path)) as raw:
        texts = raw.execute("SELECT seq || field, sealed FROM private_texts").fetchall()
        keys = raw.execute("SELECT subject, wrapped FROM subject_keys WHERE subject <> 'staff'").fetchall()
    return dict(texts) | dict(keys)


def test_the_name_of_one_who_left_long_ago_goes_with_the_request_it_came_by(branch: Branch, path: Path) -> None:
    asked = branch.leave_at(LEAVER, LONG_AGO, NAME)
    assert branch.store.roster.members[LEAVER].name == NAME
    assert read_texts(branch, asked)["name"] == NAME
    sealed = read_sealed(path)
    assert carry_out(branch, order(branch)) == 2
    member = branch.store.roster.members[LEAVER]
    assert (member.name, member.password, member.active) == ("", None, False)
    assert read_texts(branch, asked) == {}
    with Store.open(path) as again:
        assert again.roster.members[LEAVER] == member
    left = {mark for _, mark, _ in find_marks(read_files(path.parent), sealed)}
    assert left == set()
    assert carry_out(branch, order(branch)) == 0
    assert [link.seq for link in branch.store.walk_chain()][-1] == branch.count()


def test_those_who_work_here_or_left_lately_keep_their_names(branch: Branch) -> None:
    branch.leave_at(LEAVER, NOON - 9 * YEAR, NAME)
    old = branch.leave_at("l2", LONG_AGO, "离任者乙")
    branch.change(EventKind.MEMBER_RESTORED, {"number": "l2"})
    assert carry_out(branch, order(branch)) == 1
    assert read_texts(branch, old) == {}
    assert branch.store.roster.members[LEAVER].name == NAME
    assert branch.store.roster.members["l2"].name == "离任者乙"


def test_one_whose_name_was_erased_may_come_back_by_a_new_password_only(branch: Branch) -> None:
    branch.leave_at(LEAVER, LONG_AGO, NAME)
    carry_out(branch, order(branch))
    branch.change(EventKind.MEMBER_RESTORED, {"number": LEAVER})
    door = SignOn(branch.store, SignOnSettings(), branch.clock, make_id)
    with pytest.raises(SignOnRefused):
        door.sign_on(LEAVER, "any-password-of-mine")
    assert branch.store.roster.members[LEAVER].active


def test_what_was_written_in_a_settled_request_goes_after_its_term(branch: Branch, path: Path) -> None:
    old, young = rename_at(branch, LONG_AGO), rename_at(branch, NOON - DAY)
    sealed = read_sealed(path)
    before = branch.store.request(old)
    assert carry_out(branch, order(branch)) == 1
    assert read_texts(branch, old) == {}
    assert read_texts(branch, young) == {"why": WHY}
    after = branch.store.request(old)
    assert (after.standing, after.settled_by, after.settled_at) == (Standing.APPROVED, SUPERVISOR, before.settled_at)
    gone = {name: text for name, text in sealed.items() if name == old}
    assert gone
    assert find_marks(read_files(path.parent), gone) == set()


def test_nothing_is_done_twice_and_a_request_that_waits_is_left(branch: Branch) -> None:
    now, branch.clock.now = branch.clock.now, LONG_AGO
    waiting = branch.office(MANAGER).ask(EventKind.OUTLET_RENAMED, {"name": "新网点"}, about=OUTLET, why=WHY)
    branch.clock.now = now
    rename_at(branch, LONG_AGO)
    assert carry_out(branch, order(branch)) == 1
    assert carry_out(branch, order(branch)) == 0
    assert read_texts(branch, waiting.subject) == {"why": WHY}


def test_what_was_asked_about_a_case_stays_as_long_as_the_case_and_why_it_was_erased_for_a_term(branch: Branch) -> None:
    now, branch.clock.now = branch.clock.now, LONG_AGO
    case_id = branch.open_case()
    about = branch.office(TELLER).ask(EventKind.AUTHORISED, {"matter": "release"}, about=case_id, why=WHY)
    branch.office(SUPERVISOR).decline(about.subject)
    branch.close(case_id)
    branch.clock.now = now
    carry_out(branch, order(branch))
    assert read_texts(branch, about.subject) == {"why": WHY}
    erased = branch.agree(EventKind.ERASED, case_id, why="保存期满")
    assert read_texts(branch, about.subject) == {}
    assert read_texts(branch, erased.subject) == {"why": "保存期满"}
    branch.clock.wait(11 * YEAR)
    carry_out(branch, order(branch))
    assert read_texts(branch, erased.subject) == {}


def test_each_kind_of_record_has_a_term_of_its_own(branch: Branch, path: Path) -> None:
    terms = Retention(staff_years=20, requests_years=1)
    path.with_name("settings.yaml").write_text("retention: {staff_years: 20, requests_years: 1}\n", "utf-8")
    asked = branch.leave_at(LEAVER, LONG_AGO, NAME)
    carry_out(branch, order(branch, terms))
    assert read_texts(branch, asked) == {}
    assert branch.store.roster.members[LEAVER].name == NAME


def test_a_name_goes_from_the_request_even_where_requests_are_kept_longer(branch: Branch) -> None:
    asked = branch.leave_at(LEAVER, LONG_AGO, NAME)
    assert carry_out(branch, order(branch, Retention(requests_years=20))) == 1
    assert read_texts(branch, asked) == {}


@pytest.mark.parametrize("kind", [EventKind.MEMBER_ERASED, EventKind.REQUEST_ERASED])
def test_no_order_covers_what_is_younger_and_nobody_erases_alone(branch: Branch, kind: EventKind) -> None:
    young = branch.leave_at(LEAVER, NOON - DAY)
    branch.leave_at("l2", LONG_AGO)
    ordered = order(branch).subject.removeprefix(REQUEST)
    subject, body = (STAFF, {"number": LEAVER}) if kind is EventKind.MEMBER_ERASED else (young, {})
    before = branch.count()
    attempts: list[tuple[dict[str, Any], str, type[Exception]]] = [
        ({"request": ordered}, MANAGER, TermRunning),
        ({"request": young.removeprefix(REQUEST)}, MANAGER, TermRunning),
        ({}, MANAGER, TakesTwo if kind is EventKind.MEMBER_ERASED else RecordUnfit),
    ]
    for named, actor, refusal in attempts:
        with pytest.raises(refusal):
            branch.append(subject, kind, body | named, actor)
    assert branch.count() == before


def erase_request(branch: Branch, subject: str, ordered: Request) -> None:
    """Erase a request by an order, past what looks for those that are due."""
    named = {"request": ordered.subject.removeprefix(REQUEST)}
    branch.append(subject, EventKind.REQUEST_ERASED, named, MANAGER)


def test_an_emergency_that_nobody_looked_at_keeps_its_reason(branch: Branch) -> None:
    now, branch.clock.now = branch.clock.now, LONG_AGO
    office = branch.office(MANAGER)
    asked = office.ask(EventKind.MEMBER_SUSPENDED, {"number": TELLER}, about=STAFF, why=WHY)
    office.use_emergency(asked.subject, "nobody_in_reach", 24)
    branch.clock.now = now
    ordered = order(branch)
    assert carry_out(branch, ordered) == 0
    with pytest.raises(NotThisRequest):
        erase_request(branch, asked.subject, ordered)
    assert read_texts(branch, asked.subject) == {"why": WHY}


def test_no_order_takes_from_a_case_what_was_asked_about_it(branch: Branch) -> None:
    now, branch.clock.now = branch.clock.now, LONG_AGO
    asked = branch.office(TELLER).ask(EventKind.AUTHORISED, {"matter": "release"}, about=branch.open_case(), why=WHY)
    branch.office(SUPERVISOR).decline(asked.subject)
    branch.clock.now = now
    ordered = order(branch)
    assert carry_out(branch, ordered) == 0
    with pytest.raises(NotThisRequest):
        erase_request(branch, asked.subject, ordered)
    assert read_texts(branch, asked.subject) == {"why": WHY}


def test_what_ended_after_the_order_is_left_even_where_a_clock_was_set_back(branch: Branch) -> None:
    ordered = order(branch)
    branch.leave_at(LEAVER, LONG_AGO, NAME)
    rename_at(branch, LONG_AGO)
    assert carry_out(branch, ordered) == 0
    assert branch.store.roster.members[LEAVER].name == NAME


def test_an_order_erases_nothing_once_the_settings_keep_it_longer(branch: Branch, path: Path) -> None:
    branch.leave_at(LEAVER, LONG_AGO, NAME)
    ordered = order(branch)
    path.with_name("settings.yaml").write_text("retention: {staff_years: 20}\n", "utf-8")
    with pytest.raises(TermRunning):
        carry_out(branch, ordered)
    assert branch.store.roster.members[LEAVER].name == NAME


@pytest.mark.parametrize("number", [LEAVER, TELLER, "nobody"])
def test_an_order_reaches_neither_who_works_here_nor_what_changed_since(branch: Branch, number: str) -> None:
    branch.leave_at(LEAVER, LONG_AGO)
    ordered = order(branch)
    branch.change(EventKind.MEMBER_RESTORED, {"number": LEAVER})
    named = {"number": number, "request": ordered.subject.removeprefix(REQUEST)}
    with pytest.raises(NotThisRequest):
        branch.append(STAFF, EventKind.MEMBER_ERASED, named, MANAGER)


def test_only_who_may_erase_carries_an_order_out(branch: Branch) -> None:
    branch.leave_at(LEAVER, LONG_AGO)
    ordered = order(branch)
    with pytest.raises(NotAllowed):
        list(retention.carry_out(Desk(branch.store, Shelf(), TELLER, branch.clock), ordered))


def test_the_derived_tables_are_the_same_when_made_anew(branch: Branch, path: Path) -> None:
    branch.leave_at(LEAVER, LONG_AGO)
    rename_at(branch, LONG_AGO)
    case_id = branch.closed_at(LONG_AGO)
    branch.office(MANAGER).ask(EventKind.RESTRICTED, {}, about=case_id)
    desk = Desk(branch.store, Shelf(), MANAGER, branch.clock)
    desk.look_at(case_id)
    carry_out(branch, order(branch))
    before = read_derived(path)
    assert all(before.values())
    assert branch.store.remake_cases() == 1
    assert read_derived(path) == before


def read_derived(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables that are made from the events."""
    with closing(sqlite3.connect(path)) as raw:
        return {
            table: raw.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 (own names)
            for table in ("cases", "requests", "ledgers", "tally")
        }
