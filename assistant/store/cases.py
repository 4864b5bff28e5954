"""The table of cases: one row a case, derived from its events and made from them anew whenever the two differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from assistant.case.summary import CaseState, CaseSummary

_COLUMNS: Final = tuple(column.name for column in fields(CaseSummary))
_read_columns: Final = attrgetter(*_COLUMNS)
_KEPT: Final = frozenset({"case_id", "number", "opened_at", "opened_by"})
_PUT: Final = (
    f"INSERT INTO cases ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "  # noqa: S608 - own names
    "ON CONFLICT (case_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS if column not in _KEPT)
)
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM cases"  # noqa: S608 - own names


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


def find_rows(raw: sqlite3.Connection, case_ids: Iterable[str]) -> tuple[CaseSummary, ...]:
    """Return the rows of these cases, newest opening first; those that are not there are left out."""
    wanted = tuple(case_ids)
    where = f" WHERE case_id IN ({', '.join('?' * len(wanted))}) ORDER BY opened_at DESC, case_id DESC"
    return tuple(_read_row(row) for row in raw.execute(_SELECT + where, wanted))


def find_case(raw: sqlite3.Connection, number_or_id: str) -> str | None:
    """Return the id of the case with this id or number; of several years' cases of one number, the newest."""
    row = raw.execute(
        "SELECT case_id FROM cases WHERE case_id = ? OR number = ? ORDER BY opened_at DESC LIMIT 1",
        (number_or_id, number_or_id),
    ).fetchone()
    return row[0] if row else None


def _read_row(row: tuple[Any, ...]) -> CaseSummary:
    columns = dict(zip(_COLUMNS, row, strict=True))
    return CaseSummary(**{**columns, "state": CaseState(columns["state"])})
