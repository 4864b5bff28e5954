"""What the events of a file are about, and which fold stands for each: cases, staff, requests, and plain logs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from assistant.case.events import Draft, Event
from assistant.case.subjects import STAFF, is_case, is_log
from assistant.people.roster import Roster
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.case import case as folding
    from assistant.case.case import Case
    from assistant.people import requests
    from assistant.people.requests import Request
else:
    folding = import_later("assistant.case.case")
    requests = import_later("assistant.people.requests")


class Log:
    """A subject that is only written down: nothing follows from it but what whoever reads it makes of it."""

    def admit(self, draft: Draft) -> None:
        """Admit whatever has a sound body."""

    def after(self, event: Event) -> Log:
        """Return the log, of which nothing is kept."""
        return self


Fold: TypeAlias = "Case | Roster | Request | Log"


def fold(subject: str, history: Iterable[Event]) -> Fold:
    """Return what stands for a subject after its events, oldest first."""
    if subject == STAFF:
        return Roster.of(history)
    if is_log(subject):
        return Log()
    if not is_case(subject):
        return requests.Request.of(history)
    return folding.Case.of(history)


_PUT_REQUEST: Final = """
INSERT OR REPLACE INTO requests
(subject, kind, about, asked_by, asked_at, standing, settled_by, settled_at, review_by, events)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_COUNT: Final = """
INSERT INTO ledgers (subject, events) VALUES (?, ?)
ON CONFLICT (subject) DO UPDATE SET events = events + excluded.events
"""


def put_request(raw: sqlite3.Connection, request: Request) -> None:
    """Write the row of a request, inside the transaction of the event that changed it."""
    raw.execute(
        _PUT_REQUEST,
        (
            request.subject,
            request.kind.value,
            request.about,
            request.asked_by,
            request.asked_at,
            request.standing.value,
            request.settled_by,
            request.settled_at,
            request.review_by,
            len(request.history),
        ),
    )


def count_events(raw: sqlite3.Connection, subject: str, count: int) -> None:
    """Note that a subject without a row of its own has so many events more."""
    raw.execute(_COUNT, (subject, count))


def list_requests(raw: sqlite3.Connection, *, waiting: bool, about: str | None, limit: int) -> list[str]:
    """Return the subjects of the newest requests: those that wait for another person, or those about one subject."""
    where: list[str] = []
    values: list[Any] = []
    if waiting:
        where.append("standing IN ('pending', 'emergency')")
    if about is not None:
        where.append("about = ?")
        values.append(about)
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    order = " ORDER BY asked_at DESC LIMIT ?"
    rows = raw.execute(f"SELECT subject FROM requests{condition}{order}", (*values, limit))  # noqa: S608 - own words
    return [subject for (subject,) in rows]
