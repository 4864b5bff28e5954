"""An invented outlet with people in every role, and cases in every state, made through the front door of the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import uuid6

from assistant.case.events import Draft, Event, EventKind
from assistant.case.subjects import STAFF
from assistant.people.office import Office
from assistant.people.permissions import State
from assistant.people.requests import Request
from assistant.people.roles import Role
from assistant.stamps import make_id
from assistant.store import Store
from tests.case.visits import NOON, Clock
from tests.outlet import OUTLET, lay, name_staff

MANAGER: Final = "m1"
SUPERVISOR: Final = "s1"
COMPLIANCE: Final = "c1"
TELLER: Final = "t1"
AUDITOR: Final = "a1"
SUSPENDED: Final = "t9"
STRANGER: Final = "x1"
OF_ROLE: Final = {
    Role.TELLER: TELLER,
    Role.SUPERVISOR: SUPERVISOR,
    Role.OUTLET_MANAGER: MANAGER,
    Role.COMPLIANCE_OFFICER: COMPLIANCE,
    Role.AUDITOR: AUDITOR,
}
PAIR: Final = {MANAGER: Role.OUTLET_MANAGER, SUPERVISOR: Role.SUPERVISOR}
DAY: Final = 24 * 3_600_000
YEAR: Final = 366 * DAY
LONG_AGO: Final = NOON - 12 * YEAR
"""Longer than any term of the defaults."""


def make_pair(path: Path) -> None:
    """Make a file of cases with a manager and a supervisor."""
    with Store.create(path, OUTLET) as store:
        name_staff(store, PAIR, Clock())


def make_full(path: Path) -> None:
    """Make a file of cases with one person in every role, and one who is suspended."""
    made = Branch(path)
    for role, number in OF_ROLE.items():
        if number not in PAIR:
            made.name(number, role)
    made.name(SUSPENDED, Role.TELLER)
    made.suspend(SUSPENDED)
    made.store.close()


class Branch:
    """A file of cases with its staff. Everybody's moves go to the same store."""

    def __init__(self, path: Path, make: Callable[[Path], None] = make_pair) -> None:
        lay(path, make)
        self.clock = Clock()
        self.store = Store.open(path)

    @classmethod
    def full(cls, path: Path) -> Branch:
        """Return a branch with one person in every role, and one who is suspended."""
        return cls(path, make_full)

    def draft(
        self,
        subject: str,
        kind: EventKind,
        body: Mapping[str, Any],
        actor: str,
        private: Mapping[str, str] | None = None,
    ) -> Draft:
        """Return a move of somebody, now."""
        return Draft(make_id(), subject, self.clock(), actor, kind, body, private or {})

    def append(
        self,
        subject: str,
        kind: EventKind,
        body: Mapping[str, Any],
        actor: str,
        private: Mapping[str, str] | None = None,
    ) -> Event:
        """Save a move of somebody past office and desk."""
        return self.store.append(self.draft(subject, kind, body, actor, private))

    def office(self, actor: str) -> Office:
        """Return what takes two, as somebody sees it."""
        return Office(self.store, actor, self.clock, make_id)

    def change(self, kind: EventKind, body: Mapping[str, Any], *, by: str = MANAGER, second: str = SUPERVISOR) -> None:
        """Have a change of staff asked for by one and approved by another."""
        asked = self.office(by).change(kind, body)
        assert asked is not None
        self.office(second).approve(asked.subject)

    def name(self, number: str, role: Role) -> None:
        """Add somebody."""
        self.change(EventKind.MEMBER_NAMED, {"number": number, "role": role.value})

    def leave_at(self, number: str, at: int, name: str = "离开者") -> str:
        """Add a teller with a password, named and suspended at that moment; return the request with the name in it."""
        now, self.clock.now = self.clock.now, at
        try:
            body = {"number": number, "role": Role.TELLER.value}
            asked = self.office(MANAGER).change(EventKind.MEMBER_NAMED, body, {"name": name})
            assert asked is not None
            self.office(SUPERVISOR).approve(asked.subject)
            self.append(STAFF, EventKind.PASSWORD_SET, {"number": number}, number, {"hash": "$argon2id$"})
            self.suspend(number)
        finally:
            self.clock.now = now
        return asked.subject

    def suspend(self, number: str) -> None:
        """Suspend somebody."""
        self.change(EventKind.MEMBER_SUSPENDED, {"number": number})

    def bind(self, number: str, login: str | None) -> None:
        """Bind an OS login to somebody."""
        self.change(EventKind.LOGIN_BOUND, {"number": number, "login": login})

    def agree(self, kind: EventKind, case_id: str, body: Mapping[str, Any] | None = None, why: str = "") -> Request:
        """Have the manager ask for something about a case and the compliance officer approve it."""
        asked = self.office(MANAGER).ask(kind, body or {}, about=case_id, why=why)
        return self.office(COMPLIANCE).approve(asked.subject)

    def open_case(self, actor: str = TELLER) -> str:
        """Return the id of a case with advice on it, a note and the name of its customer."""
        case_id = str(uuid6.uuid7())
        advice = {"rulebook": "1", "level": "ask", "steps": [{"id": "probe_questions", "gates": False}]}
        particulars = {"party": "customer", "field": "phone"}
        self.append(case_id, EventKind.OPENED, {"request": "transfer"}, actor)
        self.append(case_id, EventKind.ADVISED, advice, actor)
        self.append(case_id, EventKind.NOTED, {}, actor, {"note": "虚构的备注"})
        self.append(case_id, EventKind.PARTICULARS_NOTED, particulars, actor, {"value": "+8613900001111"})
        return case_id

    def close(self, case_id: str, actor: str = TELLER) -> str:
        """Close a case and return its id."""
        body = {"outcome": "intercepted", "at_risk": 500, "protected": 500, "lost": 0}
        self.append(case_id, EventKind.CLOSED, body, actor)
        return case_id

    def closed_at(self, at: int, actor: str = TELLER) -> str:
        """Return the id of a case that was opened and closed at that moment."""
        now, self.clock.now = self.clock.now, at
        try:
            return self.close(self.open_case(actor), actor)
        finally:
            self.clock.now = now

    def case_in(self, state: State, actor: str = TELLER) -> str:
        """Return the id of a case in that state, opened by somebody; of one that is not there for no state."""
        if state is State.NONE:
            return str(uuid6.uuid7())
        if state is State.OPEN:
            return self.open_case(actor)
        case_id = self.closed_at(LONG_AGO, actor)
        if state in (State.RESTRICTED, State.ERASED):
            self.agree(EventKind.RESTRICTED, case_id)
        if state is State.ERASED:
            self.agree(EventKind.ERASED, case_id)
        return case_id

    def has(self, case_id: str) -> bool:
        """Tell whether there is such a case."""
        return self.store.log_seq(case_id) > 0

    def count(self) -> int:
        """Return how many events the file holds."""
        return self.store.head().seq
