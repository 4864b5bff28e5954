"""The table of cases: one row a case, derived from its events and made from them anew whenever the two differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from assistant.case.subjects import REQUEST, is_case
from assistant.case.summary import CaseState, CaseSummary, Keeping
from assistant.store.journal import read_events
from assistant.store.seals import Seals
from assistant.store.subjects import count_events, put_request
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.case import case as folding
    from assistant.people import requests
else:
    folding = import_later("assistant.case.case")
    requests = import_later("assistant.people.requests")

_COLUMNS: Final = tuple(column.name for column in fields(CaseSummary))
_read_columns: Final = attrgetter(*_COLUMNS)
_KEPT: Final = frozenset({"case_id", "number", "opened_at", "opened_by"})
_PUT: Final = (
    f"INSERT INTO cases ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "  # noqa: S608 - own names
    "ON CONFLICT (case_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS if column not in _KEPT)
)
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM cases"  # noqa: S608 - own names


class Due(NamedTuple):
    """A case whose term is over; `closed_at` in UTC milliseconds."""

    case_id: str
    number: str
    closed_at: int


_LIST_DUE: Final = """
SELECT case_id, number, closed_at FROM (
    SELECT case_id, number, opened_at,
        (SELECT at FROM events WHERE events.case_id = cases.case_id AND kind = 'closed' ORDER BY seq DESC LIMIT 1)
            AS closed_at,
        (SELECT max(seq) FROM events WHERE events.case_id = cases.case_id) AS last
    FROM cases WHERE state = 'closed' AND keeping IS ? AND opened_at < ?
) WHERE closed_at < ? AND last <= ? ORDER BY opened_at, case_id
"""


def put_summary(raw: sqlite3.Connection, summary: CaseSummary) -> None:
    """Write the row of a case, new or changed; inside the transaction of the event that changed it."""
    raw.execute(_PUT, _read_columns(summary))


def list_summaries(
    raw: sqlite3.Connection, state: CaseState | None, limit: int, before: str | None
) -> tuple[CaseSummary, ...]:
    """Return up to `limit` cases, newest opening first, of one state or of all, older than the case `before`."""
    where: list[str] = []
    values: list[Any] = []
    if state is not None:
        where.append("state = ?")
        values.append(state.value)
    if before is not None:
        where.append("(opened_at, case_id) < (SELECT opened_at, case_id FROM cases WHERE case_id = ?)")
        values.append(before)
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    order = " ORDER BY opened_at DESC, case_id DESC LIMIT ?"
    return tuple(_read_row(row) for row in raw.execute(_SELECT + condition + order, (*values, limit)))


def list_due(raw: sqlite3.Connection, before: int, up_to: int, *, erase: bool) -> tuple[Due, ...]:
    """Return the closed cases (or with `erase`, the restricted ones) that were closed before that moment and on which
    nothing happened after the event `up_to`, oldest opening first."""
    keeping = Keeping.RESTRICTED.value if erase else None
    return tuple(Due(*row) for row in raw.execute(_LIST_DUE, (keeping, before, before, up_to)))


def find_case(raw: sqlite3.Connection, number_or_id: str) -> str | None:
    """Return the id of the case with this id or number; of several years' cases of one number, the newest."""
    row = raw.execute(
        "SELECT case_id FROM cases WHERE case_id = ? OR number = ? ORDER BY opened_at DESC LIMIT 1",
        (number_or_id, number_or_id),
    ).fetchone()
    return row[0] if row else None


def agrees_with_events(raw: sqlite3.Connection) -> bool:
    """Tell whether the derived tables count every event exactly once; as cheap for a million cases as for one."""
    counted, last = raw.execute(
        "SELECT (SELECT events FROM tally), (SELECT coalesce(max(seq), 0) FROM events)"
    ).fetchone()
    return bool(counted == last)


def remake_rows(raw: sqlite3.Connection, seals: Seals) -> int:
    """Make every derived row anew from the events, inside the caller's transaction; return the number of cases."""
    for table in ("cases", "requests", "ledgers"):
        raw.execute(f"DELETE FROM {table}")  # noqa: S608 - own names
    raw.execute("UPDATE tally SET events = 0")
    count = 0
    for subject in _list_subjects(raw):
        if is_case(subject):
            put_summary(raw, folding.Case.of(read_events(raw, seals, subject)).summary())
            count += 1
        elif subject.startswith(REQUEST):
            put_request(raw, requests.Request.of(read_events(raw, seals, subject)))
        else:
            (events,) = raw.execute("SELECT count(*) FROM events WHERE case_id = ?", (subject,)).fetchone()
            count_events(raw, subject, events)
    return count


def _list_subjects(raw: sqlite3.Connection) -> Iterator[str]:
    subject = ""
    while row := raw.execute("SELECT min(case_id) FROM events WHERE case_id > ?", (subject,)).fetchone():
        if row[0] is None:
            return
        subject = row[0]
        yield subject


def _read_row(row: tuple[Any, ...]) -> CaseSummary:
    columns = dict(zip(_COLUMNS, row, strict=True))
    return CaseSummary(**{**columns, "state": CaseState(columns["state"])})
