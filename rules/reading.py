"""What one reading of the rulebook found; the engine and the independent evaluation each make one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rules.conditions import Atom, Subject
from rules.facts import LEVELS, Level
from rules.model import Book, Stratum

_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Reading:
    """The clauses that hold (`finding.x`, `typology.x`, `level.x`, `step.x`, `order.x`, `not_when.x.0`, ...)."""

    fired: frozenset[str]

    def level(self, book: Book) -> Level:
        """Return the highest level that a rule asks for; nobody asked means serve as usual."""
        asked = (book.level_rules[name].level for name in self.of("level"))
        return max(asked, key=LEVELS.index, default=Level.PROCEED)

    def of(self, kind: str) -> frozenset[str]:
        """Return the names of the clauses of one kind, without the kind."""
        return self._by_kind.get(kind, _NONE)

    # Without slots, for this is asked a dozen times of each reading and has to be kept somewhere.
    @cached_property
    def _by_kind(self) -> Mapping[str, frozenset[str]]:
        names: dict[str, set[str]] = {}
        for clause in self.fired:
            kind, _, name = clause.partition(".")
            names.setdefault(kind, set()).add(name)
        return {kind: frozenset(found) for kind, found in names.items()}


def conclude(book: Book, stratum: Stratum, fired: Iterable[str]) -> frozenset[Atom]:
    """Return the atoms that later strata may speak of, once the clauses of `stratum` in `fired` hold."""
    reading = Reading(frozenset(fired))
    match stratum:
        case Stratum.FINDING:
            return frozenset(Atom(Subject.FINDING, name) for name in reading.of("finding"))
        case Stratum.TYPOLOGY:
            suspects = {book.typology_rules[name].suspects for name in reading.of("typology")}
            return frozenset(Atom(Subject.TYPOLOGY, name) for name in suspects)
        case Stratum.LEVEL:
            reached = reading.level(book).rank
            return frozenset(Atom(Subject.LEVEL, level) for level in LEVELS if level.rank <= reached)
        case Stratum.STEP:
            return frozenset()
