"""What people look for again and again in the list of cases, each for himself: kept as the line that was typed."""

from __future__ import annotations

from typing import Final, NamedTuple

from assistant.register.faults import NameUnfit, TooManyKept
from assistant.store.connection import Connection

MOST_KEPT: Final = 12
LONGEST_NAME: Final = 20
_LIST: Final = "SELECT name, line FROM saved_filters WHERE owner = ? ORDER BY name"
_PUT: Final = (
    "INSERT INTO saved_filters (owner, name, line) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET line = excluded.line"
)


class SavedFilter(NamedTuple):
    """A line under a name."""

    name: str
    line: str


class SavedFilters:
    """The saved filters in one file. A line holds nothing about a customer: `assistant.register` sees to it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, owner: str) -> tuple[SavedFilter, ...]:
        """Return what one person keeps, by name."""
        with self._connection.reading() as raw:
            return tuple(SavedFilter(*row) for row in raw.execute(_LIST, (owner,)))

    def put(self, owner: str, name: str, line: str) -> None:
        """Keep a line under a name, in the place of the one before. Raises NameUnfit, TooManyKept, or the StoreTrouble
        that kept the file from being written."""
        tidy = " ".join(name.split())
        if not tidy.isprintable() or not 1 <= len(tidy) <= LONGEST_NAME:
            raise NameUnfit(most=LONGEST_NAME)
        with self._connection.txn() as raw:
            names = {kept.name for kept in self.list(owner)}
            if tidy not in names and len(names) >= MOST_KEPT:
                raise TooManyKept(most=MOST_KEPT)
            raw.execute(_PUT, (owner, tidy, line))

    def drop(self, owner: str, name: str) -> bool:
        """Keep a filter no longer; tell whether it was kept."""
        with self._connection.txn() as raw:
            done = raw.execute(
                "DELETE FROM saved_filters WHERE owner = ? AND name = ?", (owner, " ".join(name.split()))
            )
            return done.rowcount > 0
