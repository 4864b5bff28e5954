"""The table of cases: one row a case, derived from its events and made from them anew whenever the two differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from itertools import compress
from operator import attrgetter, ne
from typing import Any, Final, TypeAlias

from assistant.case.review import Standing
from assistant.case.summary import CaseState, CaseSummary
from assistant.store.marks import BITS, mark

COLUMNS: Final = tuple(column.name for column in fields(CaseSummary))
_WRITTEN: Final = (*COLUMNS, "marks")
_TYPOLOGIES: Final = COLUMNS.index("typologies")
_TRAITS: Final = COLUMNS.index("traits")
_READ: Final = attrgetter(*COLUMNS)
Row: TypeAlias = tuple[Any, ...]
"""The columns of `CaseSummary` as they stand in the table, and the marks."""

_INSERT: Final = f"INSERT INTO cases ({', '.join(_WRITTEN)}) VALUES ({', '.join('?' * len(_WRITTEN))})"  # noqa: S608 - own names
_BEFORE: Final = f"SELECT {', '.join(_WRITTEN)} FROM cases WHERE opened_seq = ?"  # noqa: S608 - own names
_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM cases"  # noqa: S608 - own names
_SUSPECT: Final = "INSERT OR IGNORE INTO case_typologies (typology, opened_seq) VALUES (?, ?)"
_UNSUSPECT: Final = "DELETE FROM case_typologies WHERE typology = ? AND opened_seq = ?"


def put_summary(raw: sqlite3.Connection, summary: CaseSummary, before: Row | None = None) -> Row:
    """Write the row of a case, new or changed, and return it; inside the transaction of the event that changed it.

    `before` is the row as it was written last, by whoever knows that nobody has written it since.
    """
    key, row = summary.opened_seq, write_row(summary)
    if before is None:
        before = raw.execute(_BEFORE, (key,)).fetchone()
    if before is None:
        raw.execute(_INSERT, row)
        _suspect(raw, key, "", row[_TYPOLOGIES])
        return row
    # Naming a column costs as much as changing it, in each of the indexes that hold it.
    if before != row:
        changed = tuple(map(ne, before, row))
        written = raw.execute(_write_update(changed), (*compress(row, changed), key))
        if not written.rowcount:
            # Gone since: only what writes past the program does that.
            return put_summary(raw, summary)
        _suspect(raw, key, before[_TYPOLOGIES], row[_TYPOLOGIES])
    return row


@cache
def _write_update(changed: tuple[bool, ...]) -> str:
    """Return the statement that changes these of the columns; few sets of them ever change together."""
    setting = ", ".join(f"{column} = ?" for column in compress(_WRITTEN, changed))
    return f"UPDATE cases SET {setting} WHERE opened_seq = ?"  # noqa: S608 - own names


def _suspect(raw: sqlite3.Connection, key: int, before: str, after: str) -> None:
    """Write which typologies are suspected in a case and were not before, and the other way round."""
    if before != after:
        old, new = set(before.split()), set(after.split())
        raw.executemany(_UNSUSPECT, [(typology, key) for typology in old - new])
        raw.executemany(_SUSPECT, [(typology, key) for typology in new - old])


def write_row(summary: CaseSummary) -> Row:
    """Return the row of a case as it stands in the table."""
    row = [*_READ(summary), mark(summary)]
    row[_TYPOLOGIES] = " ".join(summary.typologies)
    row[_TRAITS] = sum(BITS[trait] for trait in summary.traits)
    return tuple(row)


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
        where.append("opened_seq < (SELECT opened_seq FROM cases WHERE case_id = ?)")
        values.append(before)
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    order = " ORDER BY opened_seq DESC LIMIT ?"
    return tuple(read_row(row) for row in raw.execute(_SELECT + condition + order, (*values, limit)))


def find_rows(raw: sqlite3.Connection, case_ids: Iterable[str]) -> tuple[CaseSummary, ...]:
    """Return the rows of these cases, newest opening first; those that are not there are left out."""
    wanted = tuple(case_ids)
    where = f" WHERE case_id IN ({', '.join('?' * len(wanted))}) ORDER BY opened_seq DESC"
    return tuple(read_row(row) for row in raw.execute(_SELECT + where, wanted))


def find_case(raw: sqlite3.Connection, number_or_id: str) -> str | None:
    """Return the id of the case with this id or number; of several years' cases of one number, the newest."""
    row = raw.execute(
        "SELECT case_id FROM cases WHERE case_id = ? OR number = ? ORDER BY opened_seq DESC LIMIT 1",
        (number_or_id, number_or_id),
    ).fetchone()
    return row[0] if row else None


def read_row(row: tuple[Any, ...]) -> CaseSummary:
    """Return the case of a row with the columns `COLUMNS`."""
    columns = dict(zip(COLUMNS, row, strict=True))
    columns["state"] = CaseState(columns["state"])
    columns["typologies"] = tuple(columns["typologies"].split())
    columns["traits"] = frozenset(trait for trait, bit in BITS.items() if columns["traits"] & bit)
    columns["review"] = Standing(columns["review"]) if columns["review"] else None
    return CaseSummary(**columns)
