"""The derived tables together: a row for each subject, made from its events anew whenever the two differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from assistant.case.events import Event
from assistant.case.subjects import REQUEST, is_case
from assistant.store.folds import Folds
from assistant.store.outlet import is_named_by_events, restore_name
from assistant.store.requests import put_request, waits_by_events
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.store import words
    from assistant.store.seals import Seals
else:
    words = import_later("assistant.store.words")

_COUNT: Final = """
INSERT INTO ledgers (subject, events) VALUES (?, ?)
ON CONFLICT (subject) DO UPDATE SET events = events + excluded.events
"""


def put_rows(raw: sqlite3.Connection, folds: Folds, fresh: Iterable[Event]) -> None:
    """Write the row of every subject that has new events, inside their transaction."""
    counts: dict[str, int] = {}
    for event in fresh:
        counts[event.case_id] = counts.get(event.case_id, 0) + 1
    for subject, count in counts.items():
        _put_row(raw, folds, subject, count)


def remake_rows(raw: sqlite3.Connection, folds: Folds, seals: Seals) -> int:
    """Make every derived row and the index of words anew, inside the caller's transaction; return the number of
    cases."""
    for table in ("cases", "case_typologies", "requests", "ledgers"):
        raw.execute(f"DELETE FROM {table}")  # noqa: S608 - own names
    raw.execute("UPDATE tally SET events = 0")
    restore_name(raw)
    cases = 0
    for subject in _list_subjects(raw):
        (count,) = raw.execute("SELECT count(*) FROM events WHERE case_id = ?", (subject,)).fetchone()
        _put_row(raw, folds, subject, count)
        cases += is_case(subject)
    words.remake(raw, seals)
    return cases


def agrees_with_events(raw: sqlite3.Connection) -> bool:
    """Tell whether the derived tables count every event exactly once, the requests that wait are those that wait by
    their events, and the outlet has the name that was agreed on last; as cheap for a million cases as for one."""
    counted, last = raw.execute(
        "SELECT (SELECT events FROM tally), (SELECT coalesce(max(seq), 0) FROM events)"
    ).fetchone()
    return bool(counted == last) and waits_by_events(raw) and is_named_by_events(raw)


def _put_row(raw: sqlite3.Connection, folds: Folds, subject: str, count: int) -> None:
    """Write the row of a subject; where it has none of its own, that it has so many events more."""
    if is_case(subject):
        folds.put_row(raw, subject)
    elif subject.startswith(REQUEST):
        put_request(raw, folds.request(raw, subject))
    else:
        raw.execute(_COUNT, (subject, count))


def _list_subjects(raw: sqlite3.Connection) -> Iterator[str]:
    subject = ""
    while row := raw.execute("SELECT min(case_id) FROM events WHERE case_id > ?", (subject,)).fetchone():
        if row[0] is None:
            return
        subject = row[0]
        yield subject
