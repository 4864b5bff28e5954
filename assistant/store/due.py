"""What has passed its term, read from the derived tables: for whoever plans what is to be restricted and erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from assistant.case.events import EventKind


class Due(NamedTuple):
    """What has passed its term: its subject, its name for people, and when it ended, UTC milliseconds."""

    subject: str
    name: str
    ended_at: int


_CASES: Final = """
SELECT case_id, number, closed_at FROM (
    SELECT case_id, number, opened_seq,
        (SELECT at FROM events WHERE events.case_id = cases.case_id AND kind = 'closed' ORDER BY seq DESC LIMIT 1)
            AS closed_at,
        (SELECT max(seq) FROM events WHERE events.case_id = cases.case_id) AS last
    FROM cases WHERE state = 'closed' AND keeping IS {} AND opened_at < :before
) WHERE closed_at < :before AND last <= :up_to ORDER BY opened_seq
"""
_REQUESTS: Final = """
SELECT subject, subject, settled_at FROM requests
WHERE standing NOT IN ('pending', 'emergency') AND settled_at < :before
    AND EXISTS (SELECT 1 FROM subject_keys WHERE subject_keys.subject = requests.subject)
    AND NOT EXISTS (SELECT 1 FROM cases WHERE case_id = about AND keeping IS NOT 'erased')
    AND (SELECT max(seq) FROM events WHERE case_id = requests.subject) <= :up_to
ORDER BY settled_at, subject
"""
_LISTS: Final[Mapping[EventKind, str]] = MappingProxyType(
    {
        EventKind.RESTRICTED: _CASES.format("NULL"),
        EventKind.ERASED: _CASES.format("'restricted'"),
        EventKind.REQUEST_ERASED: _REQUESTS,
    }
)


def list_due(raw: sqlite3.Connection, kind: EventKind, before: int, up_to: int) -> tuple[Due, ...]:
    """Return what an event of that kind is to restrict or erase: the cases closed, or the requests settled that still
    hold a text, before that moment, on which nothing happened after the event `up_to`; oldest first."""
    return tuple(Due(*row) for row in raw.execute(_LISTS[kind], {"before": before, "up_to": up_to}))
