"""The stretch of a long list that is in memory: a few pages, one after the other, and how to get the next ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from assistant.case.summary import CaseSummary

PAGE: Final = 50
KEPT: Final = 3
"""So many pages are in memory at most."""


class Leaf(Protocol):
    """A page as the store returns it."""

    @property
    def rows(self) -> tuple[CaseSummary, ...]:
        """The cases, newest first."""
        ...

    @property
    def next(self) -> int | None:
        """Before which case the next page begins, None where this is the last one."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to be read: `before` which case it begins (None for the newest), and how many cases it has."""

    before: int | None
    limit: int = PAGE


class Stretch:
    """Pages are put on at either end, and taken off at the other. Every page begins where the one above it ended."""

    def __init__(self) -> None:
        self._starts: list[int | None] = [None]
        """Where each page begins, from the first of the list to the one after the last in memory, if there is one."""
        self._first = 0
        """Which of them is the first in memory."""
        self._pages: list[tuple[CaseSummary, ...]] = []

    @property
    def rows(self) -> list[CaseSummary]:
        """The cases in memory, newest first."""
        return [row for page in self._pages for row in page]

    def find(self, case_id: str | None) -> CaseSummary | None:
        """Return a case in memory."""
        return next((row for row in self.rows if row.case_id == case_id), None)

    def above(self) -> Wanted | None:
        """Return the page above what is in memory, None where that is the top of the list."""
        return Wanted(self._starts[self._first - 1]) if self._first > 0 else None

    def below(self) -> Wanted | None:
        """Return the page below what is in memory, None where that is the end of the list."""
        following = self._first + len(self._pages)
        return Wanted(self._starts[following]) if following < len(self._starts) else None

    def again(self) -> Wanted:
        """Return all that is in memory, to be read anew."""
        return Wanted(self._starts[self._first], max(len(self.rows), PAGE))

    def begin(self, leaf: Leaf) -> None:
        """Take the first page of a list."""
        self._starts, self._first, self._pages = [None], 0, []
        self.put_below(leaf)

    def renew(self, leaf: Leaf) -> None:
        """Take all that is in memory as it is now."""
        self._starts, self._pages = self._starts[: self._first + 1], []
        for begin in range(0, max(len(leaf.rows), 1), PAGE):
            rows = leaf.rows[begin : begin + PAGE]
            last = begin + PAGE >= len(leaf.rows)
            self._put(rows, leaf.next if last else rows[-1].opened_seq)

    def put_below(self, leaf: Leaf) -> None:
        """Put a page on below."""
        self._put(leaf.rows, leaf.next)

    def _put(self, rows: tuple[CaseSummary, ...], following: int | None) -> None:
        self._pages.append(rows)
        if following is not None:
            self._starts = [*self._starts[: self._first + len(self._pages)], following]
        if len(self._pages) > KEPT:
            del self._pages[0]
            self._first += 1

    def put_above(self, leaf: Leaf) -> None:
        """Put a page on above. Where more cases came up there than it holds, what was below it is read again."""
        self._first -= 1
        # Only the first page of all begins nowhere.
        end = self._starts[self._first + 1] or 0
        if leaf.next is not None and leaf.next > end:
            self._starts, self._pages = self._starts[: self._first + 1], []
            self.put_below(leaf)
            return
        self._pages.insert(0, tuple(row for row in leaf.rows if row.opened_seq >= end))
        if len(self._pages) > KEPT:
            del self._pages[-1]
            del self._starts[self._first + KEPT + 1 :]
