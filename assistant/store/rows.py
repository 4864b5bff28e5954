"""The derived tables together: a row for each subject, made from its events anew whenever the two differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from assistant.case.events import Event
from assistant.case.subjects import REQUEST, is_case
from assistant.store.folds import Folds
from assistant.store.journal import read_head
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


STEP: Final = 16
"""The tally goes up by so many events, so that the subjects of fewer are counted anew at each opening."""

_COUNTED: Final = f"""
CASE WHEN tally.events BETWEEN :before - :before % {STEP} AND :before THEN NOT EXISTS (
    SELECT 1 FROM (SELECT DISTINCT case_id AS subject FROM events WHERE seq > tally.events) AS fresh
    WHERE (SELECT count(*) FROM events WHERE case_id = fresh.subject) <>
        coalesce((SELECT events FROM cases WHERE case_id = fresh.subject), 0)
        + coalesce((SELECT events FROM requests WHERE subject = fresh.subject), 0)
        + coalesce((SELECT events FROM ledgers WHERE subject = fresh.subject), 0)
) END
"""  # noqa: S608 - own words
"""Whether the tally stood where it must after the event `before`, and the subjects of all later events have rows that
count what they have."""
_AGREES: Final = f"SELECT {_COUNTED} FROM tally"  # noqa: S608 - own words
_SETTLE: Final = f"UPDATE tally SET events = :last - :last % {STEP} WHERE {_COUNTED}"  # noqa: S608 - own words


def settle(raw: sqlite3.Connection, before: int, last: int) -> None:
    """Let the tally follow a move that found the event `before` as the last, once its rows are written: when a step is
    full, and only where all of it is counted, for what is left behind shows when the file is opened."""
    if last // STEP > before // STEP:
        raw.execute(_SETTLE, {"before": before, "last": last})


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
    # What is known to be uncounted need not be noticed row by row.
    raw.execute("UPDATE tally SET events = -1")
    for table in ("cases", "case_typologies", "requests", "ledgers"):
        raw.execute(f"DELETE FROM {table}")  # noqa: S608 - own names
    restore_name(raw)
    cases = 0
    for subject in _list_subjects(raw):
        (count,) = raw.execute("SELECT count(*) FROM events WHERE case_id = ?", (subject,)).fetchone()
        _put_row(raw, folds, subject, count)
        cases += is_case(subject)
    words.remake(raw, seals)
    last = read_head(raw).seq
    raw.execute("UPDATE tally SET events = ?", (last - last % STEP,))
    return cases


def agrees_with_events(raw: sqlite3.Connection) -> bool:
    """Tell whether the derived tables count every event exactly once, the requests that wait are those that wait by
    their events, and the outlet has the name that was agreed on last; as cheap for a million cases as for one."""
    row = raw.execute(_AGREES, {"before": read_head(raw).seq}).fetchone()
    return bool(row and row[0]) and waits_by_events(raw) and is_named_by_events(raw)


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
