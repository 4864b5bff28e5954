"""The list of cases, page by page, newest opening first: as quick among a million as among a thousand.

One condition by itself is answered from the index that is made for it, in its order. Of several together, the one that
leaves fewest cases is taken that way, if it leaves few, and the others are tried on what it finds; otherwise the index
that holds all that is small is gone through from the newest on, piece by piece. Whoever asks may stop at any moment,
and others may save between two pieces. What the texts say is asked of the index of words, and read before it counts.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from assistant.case.summary import CaseSummary
from assistant.register.faults import ListingStopped, WordTooShort
from assistant.register.filters import SHORTEST_WORD, Filter, tidy_words
from assistant.register.scope import WHOLE, Scope
from assistant.store import words
from assistant.store.cases import COLUMNS, read_row
from assistant.store.conditions import Branch, Condition, Source, list_branches
from assistant.store.outlet import read_outlet
from assistant.store.seals import Seals

Reading: TypeAlias = Callable[[], AbstractContextManager[sqlite3.Connection]]
Stop: TypeAlias = Callable[[], bool]

FEW: Final = 30_000
"""So many cases are looked up one by one as fast as the whole index is gone through."""
LAST: Final = 2**62
STEPS_BETWEEN: Final = 20_000
"""Instructions of SQLite's machine between two looks whether to stop: a millisecond or less."""
FIRST_PIECE: Final = 100_000
_PIECE_SECONDS: Final = 0.02
_CANDIDATES: Final = 100
_FEW_TO_READ: Final = 500
"""The texts of so many cases are read as fast as a common word is looked for among all."""
_GLANCE: Final = "cases INDEXED BY cases_at_a_glance"
_COLUMNS: Final = ", ".join(f"cases.{column}" for column in COLUMNS)
_PAGE: Final = f"SELECT {_COLUMNS} FROM cases WHERE opened_seq IN ({{}}) ORDER BY opened_seq DESC LIMIT ?"  # noqa: S608
_BY_WORDS: Final = f"""
SELECT {_COLUMNS} FROM words CROSS JOIN cases ON cases.opened_seq = words.rowid
WHERE words MATCH ? AND words.rowid > ? AND words.rowid < ? AND {{}} ORDER BY words.rowid DESC LIMIT {_CANDIDATES}
"""  # noqa: S608 - own names


class Page(NamedTuple):
    """Cases in the order of the list, and before which `opened_seq` the next page goes on; None when there is none."""

    rows: tuple[CaseSummary, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the list: which cases, whose business they are, how many, as of when (UTC milliseconds)."""

    filter: Filter
    now: int
    scope: Scope = WHOLE
    before: int | None = None
    limit: int = 50


def list_page(reading: Reading, seals: Seals, question: Question, stop: Stop | None = None) -> Page:
    """Return a page. Raises ListingStopped soon after `stop` says so, and WordTooShort."""
    wanted = tuple(map(tidy_words, question.filter.words))
    if short := [word for word in wanted if len(word) < SHORTEST_WORD]:
        raise WordTooShort(word=short[0], least=SHORTEST_WORD)
    read = _stoppable(reading, stop)
    with read() as raw:
        if question.filter.outlet not in (None, read_outlet(raw).code):
            return Page((), None)
        branches = list_branches(raw, question.filter, question.scope, question.now)
    before = LAST if question.before is None else question.before
    found: dict[int, CaseSummary] = {}
    for branch in branches:
        lister = _Lister(read, seals, question, branch, before)
        for row in lister.find_words(wanted) if wanted else lister.list_rows():
            found[row.opened_seq] = row
    rows = tuple(found[seq] for seq in sorted(found, reverse=True)[: question.limit])
    return Page(rows, rows[-1].opened_seq if len(rows) == question.limit else None)


class _Lister:
    """Finds the newest cases of one branch."""

    def __init__(self, read: Reading, seals: Seals, question: Question, branch: Branch, before: int) -> None:
        self._read = read
        self._seals = seals
        self._question = question
        self._branch = branch
        self._low, self._high = branch.low, min(branch.high, before)

    def list_rows(self) -> list[CaseSummary]:
        """Return the cases, newest first."""
        if self._high <= self._low:
            return []
        with self._read() as raw:
            conditions = self._branch.conditions
            by_itself = len(conditions) == 1 and conditions[0].in_order
            driving = conditions[0] if by_itself else self._choose(raw, FEW)
            if driving is not None:
                return self._select(raw, driving.sources, self._low, self._high, self._question.limit)
        return list(self._scan())

    def find_words(self, wanted: Sequence[str]) -> list[CaseSummary]:
        """Return the cases in whose texts the words stand: those that fit otherwise are opened and read, in turn."""
        limit = self._question.limit
        with self._read() as raw:
            driving = self._choose(raw, _FEW_TO_READ)
            if driving is not None:
                rows = self._select(raw, driving.sources, self._low, self._high, _FEW_TO_READ)
                return list(islice(self._keep(raw, rows, wanted), limit))
            waiting = words.list_waiting(raw)
            found = list(self._keep(raw, self._look_up(raw, waiting), wanted))
        query, high, indexed = words.write_query(self._seals, wanted), self._high, 0
        while indexed < limit:
            with self._read() as raw:
                values = (query, self._low, high, *self._branch.values)
                candidates = [read_row(row) for row in raw.execute(_BY_WORDS.format(self._branch.where), values)]
                fresh = (row for row in candidates if row.opened_seq not in waiting)
                kept = list(islice(self._keep(raw, fresh, wanted), limit - indexed))
            found, indexed = found + kept, indexed + len(kept)
            if len(candidates) < _CANDIDATES:
                break
            high = candidates[-1].opened_seq
        return found

    def _keep(
        self, raw: sqlite3.Connection, rows: Iterable[CaseSummary], wanted: Sequence[str]
    ) -> Iterator[CaseSummary]:
        """Yield the cases in whose texts the words do stand."""
        hidden = self._question.scope.hidden
        return (row for row in rows if words.holds(raw, self._seals, row.case_id, wanted, hidden))

    def _look_up(self, raw: sqlite3.Connection, rows: Collection[int]) -> list[CaseSummary]:
        """Return those of these cases that fit otherwise."""
        sql = (
            f"SELECT {_COLUMNS} FROM cases WHERE opened_seq IN ({', '.join('?' * len(rows))}) "  # noqa: S608 - own names
            f"AND opened_seq > ? AND opened_seq < ? AND {self._branch.where}"
        )
        return [read_row(row) for row in raw.execute(sql, (*rows, self._low, self._high, *self._branch.values))]

    def _choose(self, raw: sqlite3.Connection, few: int) -> Condition | None:
        """Return the condition from whose index the cases are best taken, None when each of them leaves many, or there
        are few between the bounds anyway."""
        within = f"SELECT count(*) FROM (SELECT 1 FROM {_GLANCE} WHERE opened_seq > ? AND opened_seq < ? LIMIT ?)"  # noqa: S608
        if raw.execute(within, (self._low, self._high, few)).fetchone()[0] < few:
            return None
        counted = [(self._count(raw, one, few), place) for place, one in enumerate(self._branch.conditions)]
        fewest, place = min(counted, default=(few, 0))
        return self._branch.conditions[place] if fewest < few else None

    def _count(self, raw: sqlite3.Connection, condition: Condition, few: int) -> int:
        """Return how many cases a condition leaves, as far as they are few; where they are not in order, however long
        ago they were opened."""
        count = 0
        bounds = (self._low, self._high) if condition.in_order else (-1, LAST)
        for source in condition.sources:
            sql = (
                f"SELECT count(*) FROM (SELECT 1 FROM {source.counted or source.table} WHERE {source.where} "  # noqa: S608
                f"AND {source.seq} > ? AND {source.seq} < ? LIMIT ?)"
            )
            count += raw.execute(sql, (*source.values, *bounds, few - count)).fetchone()[0]
            if count >= few:
                break
        return count

    def _scan(self) -> Iterator[CaseSummary]:
        """Go through all, from the newest on. A piece is so large that others may save after a moment."""
        everything = (Source(_GLANCE, "1", ()),)
        left, high, piece = self._question.limit, self._high, FIRST_PIECE
        with self._read() as raw:
            (oldest,) = raw.execute("SELECT coalesce(min(opened_seq), 0) FROM cases").fetchone()
            (newest,) = raw.execute("SELECT coalesce(max(opened_seq), 0) FROM cases").fetchone()
        low, high = max(self._low, oldest - 1), min(high, newest + 1)
        while left and high > low:
            start = time.monotonic()
            bottom = max(low, high - piece)
            with self._read() as raw:
                rows = self._select(raw, everything, bottom, high, left)
            yield from rows
            left, high = left - len(rows), bottom + 1 if bottom > low else low
            piece = piece * 2 if time.monotonic() - start < _PIECE_SECONDS else max(piece // 2, 1000)

    def _select(
        self, raw: sqlite3.Connection, sources: Sequence[Source], low: int, high: int, limit: int
    ) -> list[CaseSummary]:
        """Return the newest cases between these two that come from one of the sources and fit."""
        parts, values = [], []
        for source in sources:
            parts.append(
                f"SELECT * FROM (SELECT cases.opened_seq FROM {source.table} WHERE {source.where} "  # noqa: S608
                f"AND {source.seq} > ? AND {source.seq} < ? AND {self._branch.where} "
                f"ORDER BY {source.seq} DESC LIMIT ?)"
            )
            values += [*source.values, low, high, *self._branch.values, limit]
        return [read_row(row) for row in raw.execute(_PAGE.format(" UNION ALL ".join(parts)), (*values, limit))]


def _stoppable(reading: Reading, stop: Stop | None) -> Reading:
    """Return `reading` with each statement in it broken off when `stop` says so."""

    @contextmanager
    def read() -> Iterator[sqlite3.Connection]:
        if stop is None:
            with reading() as raw:
                yield raw
            return
        if stop():
            raise ListingStopped
        with reading() as raw:
            raw.set_progress_handler(stop, STEPS_BETWEEN)
            try:
                yield raw
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                    raise
                raise ListingStopped from None
            finally:
                raw.set_progress_handler(None, 0)

    return read
