"""Whatever is tried in whatever order: what takes two is in the chain only where another person approved just that."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.case.events import Draft, EventKind
from assistant.case.refusals import Refused
from assistant.case.subjects import OUTLET, REQUEST, RETENTION, RULEBOOK, STAFF
from assistant.people.office import Office
from assistant.people.refusals import (
    NotPermitted,
)
from assistant.people.requests import KEEPING, MATTERS, REQUEST_KEY
from assistant.people.roles import Role
from assistant.stamps import make_id
from assistant.store import Store
from assistant.store.faults import StoreTrouble
from tests.case.visits import HOUR, NOON
from tests.people.branch import AUDITOR, COMPLIANCE, LONG_AGO, MANAGER, SUPERVISOR, TELLER, Branch
from tests.people.moves import RELEASE, RULES, SECOND_MANAGER, approve, use_emergency

PEOPLE: Final = (MANAGER, SECOND_MANAGER, SUPERVISOR, COMPLIANCE, TELLER, AUDITOR)
ASKERS: Final = (MANAGER, SECOND_MANAGER, COMPLIANCE, TELLER)
DECIDERS: Final = (MANAGER, SECOND_MANAGER, COMPLIANCE, SUPERVISOR)
DECIDING: Final = frozenset({EventKind.APPROVED, EventKind.EMERGENCY_USED})


@dataclass(frozen=True, slots=True)
class Row:
    """An event as it lies in the file."""

    seq: int
    subject: str
    at: int
    actor: str
    kind: EventKind
    body: dict[str, Any] = field(default_factory=dict)


def read_rows(path: Path) -> list[Row]:
    """Read the chain past the store."""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT seq, case_id, at, actor, kind, body FROM events ORDER BY seq").fetchall()
    return [
        Row(seq, subject, at, actor, EventKind(kind), json.loads(body)) for seq, subject, at, actor, kind, body in rows
    ]


def find_lonely(rows: list[Row], alone: int) -> list[Row]:
    """Return the events after the event `alone` that take two and for which two do not stand, read independently of
    the product; an emergency must be the asker's own."""
    asked = {row.subject: row for row in rows if row.kind is EventKind.ASKED}
    by_seq = {row.seq: row for row in rows}
    lonely = []
    for row in rows:
        if row.kind not in MATTERS or row.seq <= alone:
            continue
        subject = REQUEST + row.body.get(REQUEST_KEY, "")
        request, before = asked.get(subject), by_seq[row.seq - 1]
        if request is None:
            lonely.append(row)
            continue
        wanted = (request.body["kind"], request.body["about"], json.loads(request.body["body"]))
        body = {key: value for key, value in row.body.items() if key not in (REQUEST_KEY, "private")}
        if row.kind in KEEPING and wanted[0] == EventKind.RETENTION_ORDERED:
            settled = [each for each in rows if each.subject == subject and each.kind is EventKind.APPROVED]
            due = [each.at for each in rows if each.subject == row.subject and each.kind is EventKind.CLOSED][-1]
            good = due < wanted[2]["restrict_before" if row.kind is EventKind.RESTRICTED else "erase_before"]
            good &= len(settled) == 1 and settled[0].seq < row.seq and settled[0].actor != request.actor
        else:
            good = before.subject == subject and wanted == (row.kind, row.subject, body)
            good &= before.actor == row.actor and before.kind in DECIDING
            good &= (before.actor == request.actor) is (before.kind is EventKind.EMERGENCY_USED)
        if not good:
            lonely.append(row)
    return lonely


class Requests(RuleBasedStateMachine):
    """Some people, two programs on one file, and no good will."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "cases.db"
        self.branch = Branch.full(self.path)
        self.branch.name(SECOND_MANAGER, Role.OUTLET_MANAGER)
        self.branch.store.keep_rulebook(str(RULES["digest"]), b"")
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
        order = {"up_to": self.branch.count(), "restrict_before": LONG_AGO + 1, "erase_before": LONG_AGO + 1}
        bodies: dict[EventKind, tuple[str, dict[str, Any]]] = {
            EventKind.MEMBER_NAMED: (STAFF, {"number": make_id()[-8:], "role": "supervisor"}),
            EventKind.ROLE_CHANGED: (STAFF, {"number": number, "role": "supervisor"}),
            EventKind.LOGIN_BOUND: (STAFF, {"number": number, "login": make_id()[-8:]}),
            EventKind.AUTHORISED: (self.open_case, dict(RELEASE)),
            EventKind.RESTRICTED: (self.closed_case, {}),
            EventKind.ERASED: (self.closed_case, {}),
            EventKind.RETENTION_ORDERED: (RETENTION, order | {"restrict": 1, "erase": 1}),
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
            ["no effect", "other body", "other kind", "twice", "other order", "other actor", "alone in emergency"]
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
        drafts = {
            "no effect": [approval],
            "other body": [approval, forged],
            "other kind": [approval, changed],
            "twice": [approval, effect, again],
            "other order": [effect, approval],
            "other actor": [approval, stranger],
            "alone in emergency": use_emergency(self.branch, subject, actor),
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
        """Restrict or erase a case by what was, or was not, ordered for all that is due."""
        if not ordered:
            about, body = self.wanted(EventKind.RETENTION_ORDERED, "")
            with suppress(NotPermitted):
                self.subjects.append(
                    self.office(actor, second).ask(EventKind.RETENTION_ORDERED, body, about=about).subject
                )
        case_id = self.young_case if young else self.closed_case
        for request in self.branch.store.list_requests(waiting=False, about=RETENTION):
            body = {REQUEST_KEY: request.subject.removeprefix(REQUEST)}
            self.save([self.branch.draft(case_id, kind, body, actor)], second)

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


TestRequests = Requests.TestCase
TestRequests.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_check_of_the_chain_finds_what_one_did_alone() -> None:
    asked = Row(1, "request:a", NOON, "m1", EventKind.ASKED, {"kind": "restricted", "about": "c", "body": "{}"})
    own = Row(2, "request:a", NOON, "m1", EventKind.APPROVED)
    effect = Row(3, "c", NOON, "m1", EventKind.RESTRICTED, {"request": "a"})
    assert find_lonely([asked, own, effect], 0) == [effect]
    assert find_lonely([asked, own, Row(3, "c", NOON, "m1", EventKind.RESTRICTED)], 0) != []
