"""The cases that wait for a review, in the order to take them: the queue, where the list is newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from assistant.case.review import Standing
from assistant.case.summary import CaseSummary
from assistant.case.traits import Trait
from assistant.store.cases import COLUMNS, read_row
from assistant.store.marks import BITS


def list_waiting(
    raw: sqlite3.Connection,
    standings: Collection[Standing],
    first: Sequence[Collection[Trait]],
    limit: int,
    past: int,
) -> tuple[CaseSummary, ...]:
    """Return up to `limit` cases whose review stands so, after leaving out `past`: those with one of the traits of
    `first[0]`, then of `first[1]` and so on, then the others, the oldest opening first in each."""
    ranks = " ".join(f"WHEN traits & {sum(BITS[one] for one in traits)} THEN {at}" for at, traits in enumerate(first))
    found = raw.execute(
        f"SELECT {', '.join(COLUMNS)} FROM cases WHERE opened_seq IN ("  # noqa: S608 - own names
        f"SELECT opened_seq FROM cases WHERE review IN ({', '.join('?' * len(standings))}) "
        f"ORDER BY CASE {ranks} ELSE {len(first)} END, opened_seq LIMIT ? OFFSET ?) "
        f"ORDER BY CASE {ranks} ELSE {len(first)} END, opened_seq",
        (*standings, limit, past),
    )
    return tuple(map(read_row, found))
