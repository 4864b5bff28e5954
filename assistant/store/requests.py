"""The table of requests: one row a request, derived from its events, by which those that wait are found."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from assistant.people.requests import Request

_PUT_REQUEST: Final = """
INSERT OR REPLACE INTO requests
(subject, kind, about, asked_by, asked_at, standing, settled_by, settled_at, review_by, events)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
NEWEST: Final = 500
"""How many requests are looked at for one that waits and has no row that says so."""
_WAITING: Final = "('pending', 'emergency')"
_LEFT_WAITING: Final = "('asked', 'emergency_used')"
"""The kinds of the event after which a request waits."""
_HIDDEN: Final = f"""
WITH newest AS (
    SELECT case_id, max(seq) AS last FROM events WHERE case_id >= 'request:' AND case_id < 'request;'
    GROUP BY case_id ORDER BY case_id DESC LIMIT {NEWEST}
)
SELECT EXISTS (
    SELECT 1 FROM newest JOIN events ON events.seq = newest.last
    LEFT JOIN requests ON requests.subject = newest.case_id
    WHERE events.kind IN {_LEFT_WAITING} AND coalesce(requests.standing, '') NOT IN {_WAITING}
)
"""  # noqa: S608 - own words
_MADE_UP: Final = f"""
SELECT EXISTS (
    SELECT 1 FROM requests WHERE standing IN {_WAITING} AND coalesce(
        (SELECT kind FROM events WHERE case_id = subject ORDER BY seq DESC LIMIT 1), ''
    ) NOT IN {_LEFT_WAITING}
)
"""  # noqa: S608 - own words
_ENDS: Final = "instr(subject || char(10), ? || char(10)) > 0"


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


def waits_by_events(raw: sqlite3.Connection) -> bool:
    """Tell whether every row that waits does so by its events, and each of the newest requests that waits has such a
    row; of what was settled long ago nothing is asked."""
    return not any(raw.execute(query).fetchone()[0] for query in (_HIDDEN, _MADE_UP))


def list_requests(
    raw: sqlite3.Connection, *, waiting: bool, about: str | None, asked_by: str | None, ending: str | None, limit: int
) -> list[str]:
    """Return the subjects of the newest requests: all, or those that wait for another, are about a subject, were asked
    by a person, have an id with that ending."""
    where: list[str] = []
    values: list[Any] = []
    if waiting:
        where.append(f"standing IN {_WAITING}")
    for condition, value in (("about = ?", about), ("asked_by = ?", asked_by), (_ENDS, ending)):
        if value is not None:
            where.append(condition)
            values.append(value)
    conditions = f" WHERE {' AND '.join(where)}" if where else ""
    order = " ORDER BY asked_at DESC LIMIT ?"
    rows = raw.execute(f"SELECT subject FROM requests{conditions}{order}", (*values, limit))  # noqa: S608 - own words
    return [subject for (subject,) in rows]
