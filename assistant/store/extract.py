"""All cases that fit, for a table that leaves the program: newest first, in reads so short that others can save."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from assistant.store.cases import COLUMNS, write_row
from assistant.store.conditions import Branch, list_branches
from assistant.store.listing import Question, Reading, list_page
from assistant.store.outlet import read_outlet
from assistant.store.seals import Seals

Row: TypeAlias = tuple[Any, ...]

PAGE: Final = 200
"""So few rows stay near the processor until they are written, which halves the time of a million."""
_FIRST_PIECE: Final = 5_000
_LEAST_PIECE: Final = 1_000
_PIECE_SECONDS: Final = 0.02
_PLACES: Final = {column: place for place, column in enumerate((*COLUMNS, "marks"))}
_NAMED: Final = """
SELECT DISTINCT case_id FROM events WHERE case_id IN ({}) AND kind IN ('advised', 'step_recorded', 'authorised')
AND ({})
"""
_WITH_PARTICULARS: Final = "SELECT DISTINCT case_id FROM lookups WHERE case_id IN ({})"


def list_pages(
    reading: Reading, seals: Seals, question: Question, columns: Sequence[str], up_to: int
) -> Iterator[list[Row]]:
    """Yield the rows that fit and were opened up to the event `up_to`: first the number of that event, and then the
    `columns` as they stand in the table of cases. The limit of the question does not count."""
    if question.filter.words:
        yield from _list_by_words(reading, seals, question, columns, up_to)
        return
    with reading() as raw:
        if question.filter.outlet not in (None, read_outlet(raw).code):
            return
        branches = list_branches(raw, question.filter, question.scope, question.now)
        (oldest,) = raw.execute("SELECT coalesce(min(opened_seq), 0) FROM cases").fetchone()
    if branches:
        low = max(branches[0].low, oldest - 1)
        yield from _scan(reading, branches, columns, (low, min(branches[0].high, up_to + 1)))


def _scan(
    reading: Reading, branches: Sequence[Branch], columns: Sequence[str], bounds: tuple[int, int]
) -> Iterator[list[Row]]:
    """Go through all between the bounds, from the newest on, in pieces that take a moment each."""
    names = ", ".join(f"cases.{column}" for column in ("opened_seq", *columns))
    where = " OR ".join(f"({branch.where})" for branch in branches)
    # In the order of opening and no other: an index by something else would have all of it sorted for each piece.
    sql = (
        f"SELECT {names} FROM cases NOT INDEXED WHERE cases.opened_seq > ? AND cases.opened_seq < ? "  # noqa: S608
        f"AND ({where}) ORDER BY cases.opened_seq DESC LIMIT {PAGE}"
    )
    values = [value for branch in branches for value in branch.values]
    (low, high), piece = bounds, _FIRST_PIECE
    while high > low + 1:
        start, bottom = time.monotonic(), max(low, high - 1 - piece)
        with reading() as raw:
            rows = raw.execute(sql, (bottom, high, *values)).fetchall()
        if len(rows) == PAGE:
            high = rows[-1][0]
        else:
            high = bottom + 1
            piece = piece * 2 if time.monotonic() - start < _PIECE_SECONDS else max(piece // 2, _LEAST_PIECE)
        if rows:
            yield rows


def _list_by_words(
    reading: Reading, seals: Seals, question: Question, columns: Sequence[str], up_to: int
) -> Iterator[list[Row]]:
    places = [_PLACES[column] for column in ("opened_seq", *columns)]
    before: int | None = up_to + 1
    while before is not None:
        page = list_page(reading, seals, replace(question, before=before, limit=PAGE))
        rows = [write_row(row) for row in page.rows]
        if rows:
            yield [tuple(row[place] for place in places) for row in rows]
        before = page.next


def find_naming(reading: Reading, case_ids: Collection[str], names: Collection[str]) -> frozenset[str]:
    """Return those of the cases in whose advice or records one of the names stands: of a step, or of a rule."""
    if not case_ids or not names:
        return frozenset()
    sql = _NAMED.format(", ".join("?" * len(case_ids)), " OR ".join(["instr(body, ?)"] * len(names)))
    with reading() as raw:
        return frozenset(case_id for (case_id,) in raw.execute(sql, (*case_ids, *names)))


def find_noted(reading: Reading, case_ids: Collection[str]) -> frozenset[str]:
    """Return those of the cases in which something is noted about a person."""
    with reading() as raw:
        sql = _WITH_PARTICULARS.format(", ".join("?" * len(case_ids)))
        return frozenset(case_id for (case_id,) in raw.execute(sql, tuple(case_ids)))
