"""How long what is kept: when the term of a case, a member of staff or a request begins, and when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from assistant.case.events import EventKind
from assistant.case.summary import Keeping

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.people.requests import Request
    from assistant.people.roster import Member
    from assistant.settings import Retention

KEEPING: Final[Mapping[EventKind, str]] = MappingProxyType(
    {
        EventKind.RESTRICTED: "restrict",
        EventKind.ERASED: "erase",
        EventKind.MEMBER_ERASED: "staff",
        EventKind.REQUEST_ERASED: "requests",
    }
)
"""What an order of retention covers, each by an event of its own, and its word in the settings and in the order."""


class End(NamedTuple):
    """When something ended, so that its term began (UTC milliseconds), and the number of the last event on it."""

    at: int
    last: int


def find_years(retention: Retention, kind: EventKind) -> int:
    """Return the term for that end of things, in years."""
    years: int = getattr(retention, f"{KEEPING[kind]}_years")
    return years


def find_before(retention: Retention, kind: EventKind, now: int) -> int:
    """Return the moment before which something must have ended for its term to be over now, UTC milliseconds."""
    return go_back(now, find_years(retention, kind))


def go_back(now: int, years: int) -> int:
    """Return the moment so many calendar years before `now`; of a leap day, the day before. Not before 1970."""
    moment = datetime.fromtimestamp(now / 1000, UTC)
    year = max(moment.year - years, 1970)
    try:
        earlier = moment.replace(year=year)
    except ValueError:
        earlier = moment.replace(year=year, day=moment.day - 1)
    return max(0, round(earlier.timestamp() * 1000))


def end_of_case(case: Case) -> End | None:
    """Return when a case was closed; None for one that is not."""
    return End(case.closing.at, case.history[-1].seq) if case.closing else None


def end_of_member(member: Member) -> End | None:
    """Return when a member of staff was suspended; None for one who works here."""
    return End(member.left.at, member.left.seq) if member.left else None


def end_of_request(request: Request, case: Case | None) -> End | None:
    """Return when a request was settled, None for one that waits; `case` is the one it is about, if it is about one:
    until that is erased, what was written about it belongs to it."""
    if request.settled_at is None or request.waiting or (case is not None and case.keeping is not Keeping.ERASED):
        return None
    return End(request.settled_at, request.history[-1].seq)


def is_covered(end: End | None, kind: EventKind, order: Mapping[str, Any]) -> bool:
    """Tell whether an order of retention covers what ended so: before the moment named for that kind, and nothing
    happened on it after the order was asked for."""
    return end is not None and end.at < int(order[f"{KEEPING[kind]}_before"]) and end.last <= int(order["up_to"])
