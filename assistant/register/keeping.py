"""The filters that one person keeps: each line is read before it is kept, and holds no number of a person."""

from __future__ import annotations

from assistant.particulars.free_text import find_numbers
from assistant.quoting import clip
from assistant.register.faults import NotKept, NumberKept
from assistant.register.filters import Filter
from assistant.register.line import LineReader
from assistant.register.vocabulary import suggest
from assistant.store import Store
from assistant.store.saved_filters import SavedFilter
from rules.language import Text


class KeptFilters:
    """What `owner` keeps in one file of cases; `lines` reads what is typed."""

    def __init__(self, store: Store, owner: str, lines: LineReader) -> None:
        self._kept = store.saved_filters
        self._owner = owner
        self._lines = lines

    def list(self) -> tuple[SavedFilter, ...]:
        """Return them by name."""
        return self._kept.list(self._owner)

    def keep(self, name: str, line: str) -> Filter:
        """Keep a line under a name and return what it asks for.

        Raises the FilterWrong of a line that cannot be read, NumberKept, NameUnfit and TooManyKept.
        """
        wanted = self.check(line)
        self._kept.put(self._owner, name, " ".join(line.split()))
        return wanted

    def check(self, line: str) -> Filter:
        """Return what a line asks for that may be kept. Raises the FilterWrong of one that cannot be read, and
        NumberKept."""
        wanted = self._lines.parse(line)
        if wanted.noted is not None or find_numbers(line):
            raise NumberKept
        return wanted

    def open(self, name: str) -> SavedFilter:
        """Return the filter of that name. Raises NotKept."""
        kept = {one.name: one for one in self.list()}
        tidy = " ".join(name.split())
        if tidy not in kept:
            raise self._miss(tidy, kept)
        return kept[tidy]

    def drop(self, name: str) -> None:
        """Keep it no longer. Raises NotKept."""
        if not self._kept.drop(self._owner, name):
            raise self._miss(name, {one.name: one for one in self.list()})

    def _miss(self, name: str, kept: dict[str, SavedFilter]) -> NotKept:
        return NotKept(name=clip(name), hint=suggest(name, {one: Text(one, one) for one in kept}))
