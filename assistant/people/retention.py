"""What has passed its term: found without a change, ordered by two for all of it, and carried out case by case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import REQUEST, RETENTION
from assistant.desk import Desk
from assistant.people.requests import REQUEST_KEY, Request, Standing
from assistant.people.terms import Terms
from assistant.stamps import make_id

if TYPE_CHECKING:
    from assistant.store.cases import Due

_AT_ONCE: Final = 50
"""Cases in one transaction: long enough to be quick, short enough to keep no teller waiting."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The cases whose term is over, and the moments (UTC milliseconds) and the event by which they were found."""

    restrict: tuple[Due, ...]
    erase: tuple[Due, ...]
    restrict_before: int
    erase_before: int
    up_to: int

    @property
    def empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.restrict and not self.erase

    def write(self) -> dict[str, Any]:
        """Return the plan as the body of the order that is asked for."""
        return {
            "up_to": self.up_to,
            "restrict_before": self.restrict_before,
            "erase_before": self.erase_before,
            "restrict": len(self.restrict),
            "erase": len(self.erase),
        }


def plan(desk: Desk, terms: Terms) -> Plan:
    """Return what has passed its term now; nothing is written."""
    now = desk.clock()
    order = {
        "restrict_before": terms.restrict_before(now),
        "erase_before": terms.erase_before(now),
        "up_to": desk.store.head().seq,
    }
    return _fill(desk, order)


def plan_rest(desk: Desk, order: Request) -> Plan:
    """Return what is left to be done of an approved order."""
    return _fill(desk, order.body)


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
    """Restrict and erase what an approved order covers, yielding how many cases are done after each transaction.

    When it is stopped anywhere, what is done is done, and a second call does the rest. Raises a NotPermitted.
    """
    rest = plan_rest(desk, order)
    work = [(EventKind.RESTRICTED, due) for due in rest.restrict] + [(EventKind.ERASED, due) for due in rest.erase]
    request_id = order.subject.removeprefix(REQUEST)
    for start in range(0, len(work), _AT_ONCE):
        some = work[start : start + _AT_ONCE]
        desk.store.append_all([_draft(desk, kind, due, request_id) for kind, due in some])
        yield start + len(some)


def _draft(desk: Desk, kind: EventKind, due: Due, request_id: str) -> Draft:
    return Draft(make_id(), due.case_id, desk.clock(), desk.actor, kind, {REQUEST_KEY: request_id})


def _fill(desk: Desk, order: Any) -> Plan:
    restrict, erase = (desk.store.list_due(order, erase=erase) for erase in (False, True))
    return Plan(restrict, erase, order["restrict_before"], order["erase_before"], order["up_to"])
