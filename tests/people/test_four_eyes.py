"""Whatever is tried in whatever order: what takes two is in the chain only where another person approved just that."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.case.events import Draft, EventKind
from assistant.case.refusals import Refused
from assistant.case.subjects import OUTLET, REQUEST, RETENTION, RULEBOOK, STAFF
from assistant.people.office import Office
from assistant.people.refusals import NotPermitted
from assistant.people.requests import MATTERS, REQUEST_KEY
from assistant.people.roles import Role
from assistant.people.terms import KEEPING
from assistant.stamps import make_id
from assistant.store import Store
from assistant.store.faults import StoreTrouble
from tests.case.visits import HOUR, MINUTE, NOON
from tests.people.branch import AUDITOR, COMPLIANCE, LONG_AGO, MANAGER, SUPERVISOR, TELLER, Branch
from tests.people.chain import DECIDING, Row, find_lonely, find_released, read_rows
from tests.people.moves import (
    RELEASE,
    RULES,
    SECOND_MANAGER,
    approve,
    retention_order,
    use_emergency,
    write_moments,
)

PEOPLE: Final = (MANAGER, SECOND_MANAGER, SUPERVISOR, COMPLIANCE, TELLER, AUDITOR)
ASKERS: Final = (MANAGER, SECOND_MANAGER, COMPLIANCE, TELLER)
DECIDERS: Final = (MANAGER, SECOND_MANAGER, COMPLIANCE, SUPERVISOR)
OLD_LEAVER, YOUNG_LEAVER = "l1", "l2"


class Requests(RuleBasedStateMachine):
    """Some people, two programs on one file, and no good will."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "cases.db"
        self.branch = Branch.full(self.path)
        self.branch.name(SECOND_MANAGER, Role.OUTLET_MANAGER)
        self.branch.store.keep_rulebook(str(RULES["digest"]), b"")
        self.old_request = self.branch.leave_at(OLD_LEAVER, LONG_AGO)
        self.young_request = self.branch.leave_at(YOUNG_LEAVER, NOON - HOUR)
        self.alone = self.branch.count()
        self.open_case = self.branch.open_case()
        self.closed_case = self.branch.closed_at(LONG_AGO)
        self.young_case = self.branch.closed_at(NOON - HOUR)
        self.other = Store.open(self.path)
        self.subjects: list[str] = [REQUEST + make_id()]
        self.settled: list[list[Draft]] = []

    def teardown(self) -> None:
        self.other.close()
        self.branch.store.close()
        self.folder.cleanup()

    def wanted(self, kind: EventKind, number: str) -> tuple[str, dict[str, Any]]:
        """Return subject and body of an event of that kind."""
        order = retention_order(self.branch) | write_moments(LONG_AGO + 1)
        bodies: dict[EventKind, tuple[str, dict[str, Any]]] = {
            EventKind.MEMBER_NAMED: (STAFF, {"number": make_id()[-8:], "role": "supervisor"}),
            EventKind.ROLE_CHANGED: (STAFF, {"number": number, "role": "supervisor"}),
            EventKind.LOGIN_BOUND: (STAFF, {"number": number, "login": make_id()[-8:]}),
            EventKind.AUTHORISED: (self.open_case, dict(RELEASE)),
            EventKind.RESTRICTED: (self.closed_case, {}),
            EventKind.ERASED: (self.closed_case, {}),
            EventKind.RETENTION_ORDERED: (RETENTION, order),
            EventKind.RULEBOOK_PUBLISHED: (RULEBOOK, dict(RULES)),
            EventKind.OUTLET_RENAMED: (OUTLET, {"name": "新网点"}),
        }
        return bodies.get(kind, (STAFF, {"number": number}))

    def save(self, drafts: list[Draft], second: bool) -> None:
        """Try to save through one of the two programs; what is refused is refused in words."""
        store = self.other if second else self.branch.store
        with suppress(NotPermitted, Refused, StoreTrouble):
            store.append_all(drafts)
            self.settled.append(drafts)

    def pick(self, which: int) -> str:
        """Return one of the requests, of those that wait if there are any."""
        waiting = {request.subject for request in self.branch.store.list_requests()}
        subjects = [subject for subject in self.subjects if subject in waiting] or self.subjects
        return subjects[-1 - which % len(subjects)]

    def office(self, actor: str, second: bool) -> Office:
        return Office(self.other if second else self.branch.store, actor, self.branch.clock, make_id)

    @rule(
        actor=st.sampled_from(ASKERS),
        number=st.sampled_from(PEOPLE),
        kind=st.sampled_from(list(MATTERS)),
        second=st.booleans(),
    )
    def ask(self, actor: str, number: str, kind: EventKind, second: bool) -> None:
        about, body = self.wanted(kind, number)
        with suppress(NotPermitted):
            self.subjects.append(self.office(actor, second).ask(kind, body, about=about).subject)

    @rule(
        actor=st.sampled_from(PEOPLE),
        which=st.integers(0, 9),
        how=st.sampled_from(["approve", "decline", "withdraw", "emergency", "uphold"]),
        second=st.booleans(),
    )
    def settle(self, actor: str, which: int, how: str, second: bool) -> None:
        subject = self.pick(which)
        office = self.office(actor, second)
        with suppress(NotPermitted, Refused, StoreTrouble):
            if how == "approve":
                office.approve(subject)
            elif how == "decline":
                office.decline(subject)
            elif how == "withdraw":
                office.withdraw(subject)
            elif how == "emergency":
                office.use_emergency(subject, "system_down", 24)
            else:
                office.review(subject, upheld=True)

    @rule(
        actor=st.sampled_from(PEOPLE),
        number=st.sampled_from(PEOPLE),
        kind=st.sampled_from(list(MATTERS)),
        which=st.integers(0, 9),
        named=st.booleans(),
        second=st.booleans(),
    )
    def append_past_the_office(
        self, actor: str, number: str, kind: EventKind, which: int, named: bool, second: bool
    ) -> None:
        about, body = self.wanted(kind, number)
        if named:
            body[REQUEST_KEY] = self.subjects[-1 - which % len(self.subjects)].removeprefix(REQUEST)
        self.save([self.branch.draft(about, kind, body, actor)], second)

    @rule(
        actor=st.sampled_from(DECIDERS),
        which=st.integers(0, 9),
        twist=st.sampled_from(
            [
                "no effect",
                "other body",
                "other kind",
                "twice",
                "other order",
                "other actor",
                "alone in emergency",
                "alone kept quiet",
                "not alone",
            ]
        ),
        second=st.booleans(),
    )
    def approve_with_a_twist(self, actor: str, which: int, twist: str, second: bool) -> None:
        subject = self.pick(which)
        if not self.branch.store.request(subject).history:
            return
        approval, effect = approve(self.branch, subject, actor)
        forged = self.branch.draft(effect.case_id, effect.kind, {**effect.body, "number": TELLER}, actor)
        again = self.branch.draft(effect.case_id, effect.kind, effect.body, actor)
        changed = self.branch.draft(
            STAFF, EventKind.MEMBER_NAMED, {**effect.body, "number": "z9", "role": "teller"}, actor
        )
        stranger = self.branch.draft(effect.case_id, effect.kind, effect.body, COMPLIANCE)
        lonely = replace(effect, body={**effect.body, "alone": True})
        emergency = use_emergency(self.branch, subject, actor)
        drafts = {
            "no effect": [approval],
            "other body": [approval, forged],
            "other kind": [approval, changed],
            "twice": [approval, effect, again],
            "other order": [effect, approval],
            "other actor": [approval, stranger],
            "alone in emergency": emergency,
            "alone kept quiet": [emergency[0], effect],
            "not alone": [approval, lonely],
        }
        self.save(drafts[twist], second)

    @rule(
        actor=st.sampled_from(DECIDERS),
        kind=st.sampled_from(sorted(KEEPING)),
        young=st.booleans(),
        ordered=st.booleans(),
        second=st.booleans(),
    )
    def keep_by_an_order(self, actor: str, kind: EventKind, young: bool, ordered: bool, second: bool) -> None:
        """Restrict or erase something by what was, or was not, ordered for all that is due."""
        if not ordered:
            about, body = self.wanted(EventKind.RETENTION_ORDERED, "")
            with suppress(NotPermitted):
                self.subjects.append(
                    self.office(actor, second).ask(EventKind.RETENTION_ORDERED, body, about=about).subject
                )
        subject = self.young_case if young else self.closed_case
        if kind is EventKind.REQUEST_ERASED:
            subject = self.young_request if young else self.old_request
        named = {"number": YOUNG_LEAVER if young else OLD_LEAVER} if kind is EventKind.MEMBER_ERASED else {}
        for request in self.branch.store.list_requests(waiting=False, about=RETENTION):
            body = {REQUEST_KEY: request.subject.removeprefix(REQUEST), **named}
            self.save([self.branch.draft(STAFF if named else subject, kind, body, actor)], second)

    @rule(which=st.integers(0, 9), fresh=st.booleans(), second=st.booleans())
    def replay(self, which: int, fresh: bool, second: bool) -> None:
        """Save again what was saved once, as it was or under other ids."""
        if self.settled:
            drafts = self.settled[-1 - which % len(self.settled)]
            if fresh:
                drafts = [Draft(make_id(), d.case_id, d.at, d.actor, d.kind, d.body, d.private) for d in drafts]
            self.save(drafts, second)

    @rule(which=st.integers(0, 9), second=st.booleans())
    def replay_an_effect(self, which: int, second: bool) -> None:
        """Save an event that took two once more, at the very moment of its approval."""
        rows = [row for row in read_rows(self.path) if row.kind in MATTERS]
        row = rows[-1 - which % len(rows)]
        self.save([Draft(make_id(), row.subject, row.at, row.actor, row.kind, row.body)], second)

    @rule(hours=st.integers(1, 48))
    def wait(self, hours: int) -> None:
        self.branch.clock.wait(hours * HOUR)

    @invariant()
    def two_stand_behind_everything_that_takes_two(self) -> None:
        assert find_lonely(read_rows(self.path), self.alone) == []

    @invariant()
    def what_was_approved_was_done_in_the_same_move(self) -> None:
        rows = read_rows(self.path)
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            if row.kind in DECIDING:
                assert after is not None
                assert after.body.get(REQUEST_KEY) == row.subject.removeprefix(REQUEST)

    @invariant()
    def every_emergency_is_reviewed_by_another_or_waits_for_it(self) -> None:
        rows = read_rows(self.path)
        reviewed = {row.subject: row for row in rows if row.kind is EventKind.EMERGENCY_REVIEWED}
        waiting = {request.subject for request in self.other.list_requests(limit=1000)}
        for row in rows:
            if row.kind is EventKind.EMERGENCY_USED:
                review = reviewed.get(row.subject)
                assert (row.subject in waiting) is (review is None)
                assert review is None or review.actor != row.actor

    @invariant()
    def two_remain_who_can_approve(self) -> None:
        roster = self.branch.store.roster
        able = [m for m in roster.active if m.role in (Role.SUPERVISOR, Role.OUTLET_MANAGER, Role.COMPLIANCE_OFFICER)]
        assert len(able) > 1
        assert any(member.role is Role.OUTLET_MANAGER for member in able)


class Releases(RuleBasedStateMachine):
    """One case on which a flag comes and goes, and whoever would like to be done with it alone."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "cases.db"
        self.branch = Branch.full(self.path)
        self.alone = self.branch.count()
        self.case = self.branch.open_case()

    def teardown(self) -> None:
        self.branch.store.close()
        self.folder.cleanup()

    def save(self, *moves: tuple[EventKind, dict[str, Any]]) -> None:
        """Try to save what the teller does at once, a minute after the last; what is refused is refused in words."""
        self.branch.clock.wait(MINUTE)
        drafts = [self.branch.draft(self.case, kind, body, TELLER) for kind, body in moves]
        with suppress(NotPermitted, Refused):
            self.branch.store.append_all(drafts)

    @rule(level=st.sampled_from(["proceed", "police"]))
    def answer(self, level: str) -> None:
        """Answer a red flag one way or the other: the advice is that level now."""
        value = "yes" if level == "police" else "no"
        answer = {"sign": "on_phone", "value": value, "known": "seen"}
        self.save((EventKind.ANSWERED, answer), (EventKind.ADVISED, {"rulebook": "1", "level": level}))

    @rule()
    def take_the_last_answer_back(self) -> None:
        if given := self.branch.store.case(self.case).given():
            advice = {"rulebook": "1", "level": "proceed"}
            self.save((EventKind.TAKEN_BACK, {"event": given[-1].id}), (EventKind.ADVISED, advice))

    @rule()
    def close_as_cleared(self) -> None:
        self.save((EventKind.CLOSED, {"outcome": "cleared", "at_risk": 0, "protected": 0, "lost": 0}))

    @rule()
    def close_otherwise_and_open_again(self) -> None:
        closed = {"outcome": "left", "at_risk": 0, "protected": 0, "lost": 0}
        self.save((EventKind.CLOSED, closed), (EventKind.REOPENED, {"reason": "closed_too_early"}))

    @rule()
    def open_again(self) -> None:
        self.save((EventKind.REOPENED, {"reason": "new_information"}))

    @rule(how=st.sampled_from(["left waiting", "agreed", "alone", "alone and silent", "agreed as if alone"]))
    def ask_for_agreement(self, how: str) -> None:
        with suppress(NotPermitted, Refused):
            subject = self.branch.office(TELLER).ask(EventKind.AUTHORISED, RELEASE, about=self.case).subject
            agreed = approve(self.branch, subject, SUPERVISOR)
            used, alone = use_emergency(self.branch, subject, TELLER)
            silent = approve(self.branch, subject, TELLER)[1]
            drafts = {
                "agreed": agreed,
                "alone": [used, alone],
                "alone and silent": [used, silent],
                "agreed as if alone": [agreed[0], replace(alone, actor=SUPERVISOR)],
            }
            self.branch.store.append_all(drafts.get(how, []))

    @invariant()
    def what_was_done_alone_says_so(self) -> None:
        assert find_lonely(read_rows(self.path), self.alone) == []

    @invariant()
    def two_stand_behind_every_release_of_what_was_once_to_be_held(self) -> None:
        assert find_released(read_rows(self.path)) == []


TestRequests = Requests.TestCase
TestReleases = Releases.TestCase
TestRequests.settings = TestReleases.settings = settings(
    max_examples=settings().max_examples // 4,
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
)


def test_the_check_of_the_chain_finds_what_one_did_alone() -> None:
    asked = Row(1, "request:a", NOON, "m1", EventKind.ASKED, {"kind": "restricted", "about": "c", "body": "{}"})
    own = Row(2, "request:a", NOON, "m1", EventKind.APPROVED)
    effect = Row(3, "c", NOON, "m1", EventKind.RESTRICTED, {"request": "a"})
    assert find_lonely([asked, own, effect], 0) == [effect]
    assert find_lonely([asked, own, Row(3, "c", NOON, "m1", EventKind.RESTRICTED)], 0) != []
