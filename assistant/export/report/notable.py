"""The cases of a month that somebody should look at: by what stands out in them, and never by who was in them."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final

from assistant.case.concealment import conceal
from assistant.case.levels import find_highest
from assistant.case.traits import Trait
from assistant.register.filters import Filter

if TYPE_CHECKING:
    from assistant.case.summary import CaseSummary
    from assistant.desk import Desk
    from assistant.figures.period import Period
    from assistant.figures.tally import Hidden
    from rules.facts import Level

MOST: Final = 10
"""So many cases are named."""
_TOP: Final = 10
"""Of so many cases with an amount one is named for it, the largest first; of fewer, one."""
_TRIED: Final = 2 * MOST
"""Of each sort: what stands out in one by a confidential step alone falls away again."""
_PAGE: Final = 1000


class Sort(StrEnum):
    """Why a case is named, in the order in which they take turns; the names of traits are those of `Trait`."""

    LOSS = "loss"
    OVERRIDE = "override"
    LARGEST = "largest"
    """It is in the tenth with most at risk."""
    LATE = "late"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Notable:
    """A case that is named, and all that stands out in it."""

    row: CaseSummary
    level: Level
    """The highest that was advised, slips of the finger aside."""
    sorts: tuple[Sort, ...]


def find_notable(desk: Desk, period: Period, hidden: Hidden) -> tuple[Notable, ...]:
    """Return the cases to look at of those that whoever works at `desk` may read, at most `MOST`, as if there were
    nothing `hidden` in them. Each sort takes its turn, the largest amount first."""
    candidates: dict[Sort, list[CaseSummary]] = {sort: [] for sort in Sort}
    sums = 0
    for row in _list_rows(desk, period, hidden):
        for sort in _list_sorts(row):
            candidates[sort].append(row)
        sums += bool(row.amount_fen)
        if any(len(rows) >= _PAGE for rows in candidates.values()):
            candidates = {sort: _keep_largest(sort, rows) for sort, rows in candidates.items()}
    ranked = [_keep_largest(sort, rows) for sort, rows in candidates.items()]
    turns = (row for row in chain.from_iterable(zip_longest(*ranked)) if row is not None)
    top = min(-(-sums // _TOP), MOST)
    largest = frozenset(row.case_id for row in ranked[list(Sort).index(Sort.LARGEST)][:top])
    found: dict[str, Notable] = {}
    for row in turns:
        if len(found) == MOST:
            break
        if row.case_id in found:
            continue
        notable = _look(desk, row, hidden, large=row.case_id in largest)
        if notable.sorts:
            found[row.case_id] = notable
    return tuple(found.values())


def _look(desk: Desk, row: CaseSummary, hidden: Hidden, *, large: bool) -> Notable:
    case = conceal(desk.store.case(row.case_id), hidden.steps, hidden.rules)
    summary = case.summary()
    sorts = frozenset(_list_sorts(summary)) - (frozenset() if large else {Sort.LARGEST})
    return Notable(summary, find_highest(case.history), tuple(sort for sort in Sort if sort in sorts))


def _list_sorts(row: CaseSummary) -> Iterator[Sort]:
    if row.amount_fen:
        yield Sort.LARGEST
    for trait in row.traits - {Trait.SAMPLED}:
        yield Sort(trait.value)


def _keep_largest(sort: Sort, rows: Sequence[CaseSummary]) -> list[CaseSummary]:
    return heapq.nlargest(_TRIED, rows, key=lambda row: _rank(sort, row))


def _rank(sort: Sort, row: CaseSummary) -> tuple[int, int, int]:
    lost = row.lost_fen or 0
    return lost if sort is Sort.LOSS else row.amount_fen, lost, -row.opened_seq


def _list_rows(desk: Desk, period: Period, hidden: Hidden) -> Iterator[CaseSummary]:
    since, until = period.find_bounds(desk.store.outlet.zone)
    wanted, before = Filter(since=since, until=until), None
    while True:
        page = desk.store.list_cases(wanted, before, _PAGE, actor=desk.actor, confidential=hidden.steps)
        yield from page.rows
        if page.next is None:
            return
        before = page.next
