"""What has passed its term: found without a change, ordered by two for all of it, and carried out piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import REQUEST, RETENTION, STAFF
from assistant.desk import Desk
from assistant.people.requests import REQUEST_KEY, Request, Standing
from assistant.people.terms import KEEPING, end_of_member, find_before
from assistant.stamps import make_id
from assistant.store.due import Due

if TYPE_CHECKING:
    from assistant.settings import Retention

_AT_ONCE: Final = 50
"""Events in one transaction: long enough to be quick, short enough to keep no teller waiting."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What has passed its term, by the kind of event that it is to have; the moments (UTC milliseconds) before which
    it had ended, and the last event, when it was found."""

    due: Mapping[EventKind, tuple[Due, ...]]
    before: Mapping[EventKind, int]
    up_to: int

    @property
    def empty(self) -> bool:
        """Whether nothing is to be done."""
        return not any(self.due.values())

    def write(self) -> dict[str, Any]:
        """Return the plan as the body of the order that is asked for."""
        counts = {word: len(self.due[kind]) for kind, word in KEEPING.items()}
        moments = {f"{word}_before": self.before[kind] for kind, word in KEEPING.items()}
        return {"up_to": self.up_to, **moments, **counts}


def plan(desk: Desk, terms: Retention) -> Plan:
    """Return what has passed its term now; nothing is written."""
    now = desk.clock()
    return _fill(desk, {kind: find_before(terms, kind, now) for kind in KEEPING}, desk.store.head().seq)


def plan_rest(desk: Desk, order: Request) -> Plan:
    """Return what is left to be done of an approved order."""
    return _fill(desk, {kind: order.body[f"{word}_before"] for kind, word in KEEPING.items()}, order.body["up_to"])


def find_unfinished(desk: Desk) -> Request | None:
    """Return the oldest approved order of which something is left to be done."""
    orders = reversed(desk.store.list_requests(waiting=False, about=RETENTION))
    approved = (order for order in orders if order.standing is Standing.APPROVED)
    return next((order for order in approved if not plan_rest(desk, order).empty), None)


def find_waiting(desk: Desk) -> Request | None:
    """Return the order that waits for another person, if there is one."""
    return next(iter(desk.store.list_requests(waiting=True, about=RETENTION)), None)


def ask(desk: Desk, found: Plan, why: str) -> Request:
    """Ask for all that was found as one request."""
    return desk.office.ask(EventKind.RETENTION_ORDERED, found.write(), about=RETENTION, why=why)


def carry_out(desk: Desk, order: Request) -> Iterator[int]:
    """Restrict and erase what an approved order covers, yielding how much is done after each transaction.

    When it is stopped anywhere, what is done is done, and a second call does the rest. Raises a NotPermitted.
    """
    work = [(kind, due) for kind, found in plan_rest(desk, order).due.items() for due in found]
    request_id = order.subject.removeprefix(REQUEST)
    for start in range(0, len(work), _AT_ONCE):
        some = work[start : start + _AT_ONCE]
        desk.store.append_all([_draft(desk, kind, due, request_id) for kind, due in some])
        yield start + len(some)


def _draft(desk: Desk, kind: EventKind, due: Due, request_id: str) -> Draft:
    body = {REQUEST_KEY: request_id} | ({"number": due.name} if kind is EventKind.MEMBER_ERASED else {})
    return Draft(make_id(), due.subject, desk.clock(), desk.actor, kind, body)


def _fill(desk: Desk, before: Mapping[EventKind, int], up_to: int) -> Plan:
    due = {kind: _list_due(desk, kind, before[kind], up_to) for kind in KEEPING}
    return Plan(MappingProxyType(due), MappingProxyType(dict(before)), up_to)


def _list_due(desk: Desk, kind: EventKind, before: int, up_to: int) -> tuple[Due, ...]:
    if kind is not EventKind.MEMBER_ERASED:
        return desk.store.list_due(kind, before, up_to)
    ended = ((member, end_of_member(member)) for member in desk.store.roster.members.values() if member.sealed)
    return tuple(
        Due(STAFF, member.number, end.at) for member, end in ended if end and end.at < before and end.last <= up_to
    )
