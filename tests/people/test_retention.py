"""Restrict first, erase when the term is over, both by two, for one case or for all that are due."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.case.events import EventKind
from assistant.case.refusals import NotClosed, RestrictFirst
from assistant.case.subjects import REQUEST, RETENTION, STAFF
from assistant.case.summary import Keeping
from assistant.desk import Desk
from assistant.people import retention
from assistant.people.refusals import NotAllowed, NotThisRequest, RecordUnfit, TakesTwo, TermRunning
from assistant.people.requests import Request, Standing
from assistant.people.roster import HASH
from assistant.people.signing import SignOn
from assistant.people.terms import KEEPING, go_back
from assistant.settings import Retention, SignOnSettings
from assistant.stamps import make_id
from assistant.store import Store
from rules.names import Shelf
from tests.case.visits import NOON
from tests.people.branch import COMPLIANCE, DAY, LONG_AGO, MANAGER, SUPERVISOR, TELLER, YEAR, Branch

TERMS = Retention()


def desk_of(branch: Branch, actor: str = MANAGER) -> Desk:
    return Desk(branch.store, Shelf(), actor, branch.clock)


def order(branch: Branch) -> Request:
    """Have all that is due ordered by two."""
    desk = desk_of(branch)
    asked = retention.ask(desk, retention.plan(desk, TERMS), "到期")
    return branch.office(COMPLIANCE).approve(asked.subject)


def keeping(branch: Branch, case_id: str) -> Keeping | None:
    return branch.store.case(case_id).keeping


def test_what_is_due_is_found_by_the_closing_and_nothing_is_changed(branch: Branch) -> None:
    old, ripe = branch.closed_at(LONG_AGO), branch.closed_at(NOON - 4 * YEAR)
    branch.agree(EventKind.RESTRICTED, old)
    branch.closed_at(NOON - DAY)
    branch.open_case()
    before = branch.count()
    plan = retention.plan(desk_of(branch), TERMS)
    assert [due.subject for due in plan.due[EventKind.RESTRICTED]] == [ripe]
    assert [due.subject for due in plan.due[EventKind.ERASED]] == [old]
    assert branch.count() == before


def test_one_order_approved_by_another_covers_all_that_is_due(branch: Branch) -> None:
    cases = [branch.closed_at(NOON - 4 * YEAR + number * DAY) for number in range(3)]
    approved = order(branch)
    assert list(retention.carry_out(desk_of(branch), approved)) == [3]
    for case_id in cases:
        last = branch.store.read_case(case_id)[-1]
        assert (last.kind, last.body["request"]) == (EventKind.RESTRICTED, approved.subject.removeprefix(REQUEST))


def test_an_order_that_was_cut_off_goes_on_where_it_stopped(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    cases = [branch.closed_at(NOON - 4 * YEAR + number * DAY) for number in range(5)]
    approved = order(branch)
    assert next(retention.carry_out(desk_of(branch), approved)) == 2
    unfinished = retention.find_unfinished(desk_of(branch))
    assert unfinished is not None
    rest = retention.plan_rest(desk_of(branch), unfinished)
    assert [due.subject for due in rest.due[EventKind.RESTRICTED]] == cases[2:]
    assert list(retention.carry_out(desk_of(branch, COMPLIANCE), unfinished)) == [2, 3]
    assert {keeping(branch, case_id) for case_id in cases} == {Keeping.RESTRICTED}
    assert retention.find_unfinished(desk_of(branch)) is None


def test_a_case_past_both_terms_is_erased_by_a_second_order_only(branch: Branch) -> None:
    case_id = branch.closed_at(LONG_AGO)
    first = order(branch)
    assert list(retention.carry_out(desk_of(branch), first)) == [1]
    assert list(retention.carry_out(desk_of(branch), first)) == []
    assert keeping(branch, case_id) is Keeping.RESTRICTED
    assert list(retention.carry_out(desk_of(branch), order(branch))) == [1]
    assert keeping(branch, case_id) is Keeping.ERASED


def test_a_case_that_something_happened_on_since_is_not_covered(branch: Branch) -> None:
    case_id = branch.closed_at(NOON - 4 * YEAR)
    desk = desk_of(branch)
    asked = retention.ask(desk, retention.plan(desk, TERMS), "")
    branch.append(case_id, EventKind.NOTED, {}, TELLER, {"note": "客户来电"})
    approved = branch.office(COMPLIANCE).approve(asked.subject)
    assert list(retention.carry_out(desk, approved)) == []
    forged = {"request": approved.subject.removeprefix(REQUEST)}
    with pytest.raises(NotThisRequest):
        branch.append(case_id, EventKind.RESTRICTED, forged, MANAGER)


def test_an_order_covers_no_younger_case_and_no_other_end(branch: Branch) -> None:
    old, young = branch.closed_at(NOON - 4 * YEAR), branch.closed_at(NOON - DAY)
    named = {"request": order(branch).subject.removeprefix(REQUEST)}
    before = branch.count()
    with pytest.raises(NotThisRequest):
        branch.append(young, EventKind.RESTRICTED, named, MANAGER)
    with pytest.raises(TermRunning):
        branch.append(old, EventKind.ERASED, named, MANAGER)
    with pytest.raises(NotAllowed):
        branch.append(old, EventKind.RESTRICTED, named, TELLER)
    assert branch.count() == before


def test_what_ended_at_the_very_moment_of_an_order_is_not_covered(branch: Branch) -> None:
    case_id = branch.closed_at(go_back(NOON, TERMS.restrict_years))
    approved = order(branch)
    assert list(retention.carry_out(desk_of(branch), approved)) == []
    with pytest.raises(NotThisRequest):
        branch.append(case_id, EventKind.RESTRICTED, {"request": approved.subject.removeprefix(REQUEST)}, MANAGER)


@pytest.mark.parametrize("standing", [Standing.PENDING, Standing.DECLINED, Standing.WITHDRAWN])
def test_an_order_that_nobody_approved_covers_nothing(branch: Branch, standing: Standing) -> None:
    case_id = branch.closed_at(NOON - 4 * YEAR)
    desk = desk_of(branch)
    asked = retention.ask(desk, retention.plan(desk, TERMS), "")
    if standing is Standing.DECLINED:
        branch.office(COMPLIANCE).decline(asked.subject)
    elif standing is Standing.WITHDRAWN:
        branch.office(MANAGER).withdraw(asked.subject)
    with pytest.raises(NotThisRequest):
        branch.append(case_id, EventKind.RESTRICTED, {"request": asked.subject.removeprefix(REQUEST)}, COMPLIANCE)


@pytest.mark.parametrize("name", [f"{word}_before" for word in KEEPING.values()])
def test_an_order_cannot_name_a_shorter_term_than_the_settings(branch: Branch, name: str) -> None:
    desk = desk_of(branch)
    body = retention.plan(desk, TERMS).write()
    with pytest.raises(TermRunning):
        desk.office.ask(EventKind.RETENTION_ORDERED, {**body, name: body[name] + 1}, about=RETENTION)


def test_an_order_cannot_cover_what_has_not_happened_yet(branch: Branch) -> None:
    desk = desk_of(branch)
    body = retention.plan(desk, TERMS).write() | {"up_to": branch.count() + 1}
    with pytest.raises(RecordUnfit):
        desk.office.ask(EventKind.RETENTION_ORDERED, body, about=RETENTION)


def test_the_terms_are_those_of_the_settings(branch: Branch, path: Path) -> None:
    case_id = branch.closed_at(NOON - 4 * YEAR)
    branch.agree(EventKind.RESTRICTED, case_id)
    with pytest.raises(TermRunning):
        branch.office(MANAGER).ask(EventKind.ERASED, {}, about=case_id)
    path.with_name("settings.yaml").write_text("retention: {erase_years: 3}\n", "utf-8")
    branch.agree(EventKind.ERASED, case_id)
    assert keeping(branch, case_id) is Keeping.ERASED


def test_no_case_is_restricted_or_erased_by_one_alone(branch: Branch) -> None:
    case_id = branch.closed_at(LONG_AGO)
    for kind in (EventKind.RESTRICTED, EventKind.ERASED):
        with pytest.raises(TakesTwo):
            branch.append(case_id, kind, {}, MANAGER)
    assert keeping(branch, case_id) is None


def test_one_case_is_restricted_at_once_and_erased_after_its_term_only(branch: Branch) -> None:
    case_id = branch.closed_at(NOON - DAY)
    with pytest.raises(TermRunning):
        branch.office(MANAGER).ask(EventKind.ERASED, {}, about=case_id)
    branch.agree(EventKind.RESTRICTED, case_id)
    branch.clock.wait(11 * YEAR)
    branch.agree(EventKind.ERASED, case_id)
    assert keeping(branch, case_id) is Keeping.ERASED


def test_a_case_is_not_erased_before_it_is_restricted(branch: Branch) -> None:
    case_id = branch.closed_at(LONG_AGO)
    with pytest.raises(RestrictFirst):
        branch.agree(EventKind.ERASED, case_id)


def test_a_case_that_was_opened_again_meanwhile_is_not_restricted(branch: Branch) -> None:
    case_id = branch.closed_at(LONG_AGO)
    asked = branch.office(MANAGER).ask(EventKind.RESTRICTED, {}, about=case_id)
    branch.append(case_id, EventKind.REOPENED, {"reason": "new_information"}, SUPERVISOR)
    with pytest.raises((NotAllowed, NotClosed)):
        branch.office(COMPLIANCE).approve(asked.subject)


def test_after_erasing_figures_and_chain_stay_and_nothing_of_a_person(branch: Branch, path: Path) -> None:
    case_id = branch.closed_at(LONG_AGO)
    row = branch.store.list(limit=1)[0]
    branch.agree(EventKind.RESTRICTED, case_id)
    branch.agree(EventKind.ERASED, case_id, why="保存期满")
    assert all(not event.private for event in branch.store.case(case_id).history)
    kept = branch.store.list(limit=1)[0]
    assert (kept.number, kept.at_risk_fen, kept.outcome) == (row.number, row.at_risk_fen, row.outcome)
    assert [link.seq for link in branch.store.walk_chain()][-1] == branch.count()
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT 1 FROM subject_keys WHERE subject = ?", (case_id,)).fetchone() is None
        assert raw.execute("SELECT 1 FROM lookups WHERE case_id = ?", (case_id,)).fetchone() is None


def test_what_was_written_when_asking_about_a_case_goes_with_it(branch: Branch) -> None:
    now, branch.clock.now = branch.clock.now, LONG_AGO
    case_id = branch.open_case()
    asked = branch.office(TELLER).ask(EventKind.AUTHORISED, {"matter": "release"}, about=case_id, why="客户是张三")
    branch.office(SUPERVISOR).approve(asked.subject)
    branch.close(case_id)
    branch.clock.now = now
    branch.agree(EventKind.RESTRICTED, case_id)
    request = branch.agree(EventKind.ERASED, case_id, why="保存期满")
    assert not branch.store.request(asked.subject).history[0].private
    assert branch.store.request(request.subject).history[0].private["why"] == "保存期满"


def test_the_hash_of_a_password_goes_when_another_takes_its_place(branch: Branch, path: Path) -> None:
    sign_on = SignOn(branch.store, SignOnSettings(), branch.clock, make_id)
    sign_on.set_password(TELLER, "first-of-mine-42")
    first = branch.store.roster.members[TELLER].password
    sign_on.set_password(TELLER, "second-of-mine-42")
    with Store.open(path) as again:
        saved = {event.seq: event for event in again.read_log(STAFF)}
        second = again.roster.members[TELLER].password
    assert first is not None
    assert second is not None
    assert not saved[first.seq].private
    assert HASH in second.private
    assert branch.store.roster.members[TELLER].password == second


@pytest.mark.parametrize(
    ("now", "years", "expected"),
    [(1_709_208_000_000, 4, 1_582_977_600_000), (1_709_208_000_000, 1, 1_677_585_600_000), (0, 5, 0)],
)
def test_terms_are_calendar_years(now: int, years: int, expected: int) -> None:
    assert go_back(now, years) == expected
