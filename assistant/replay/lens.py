"""Which visits are the same to a pair of rulebooks: most of what distinguishes two visits, no rule asks about."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeAlias

from rules.conditions import Atom, Subject, amounts, atoms, true_atoms
from rules.facts import Facts
from rules.model import Book

Likeness: TypeAlias = Hashable
"""Equal for two visits on which no rule of the books can differ."""


class Lens:
    """Sees of a visit only what some condition of the books asks for."""

    def __init__(self, books: Iterable[Book]) -> None:
        conditions = [clause.when for book in books for clause in book.clauses()]
        self._asked = frozenset(atom for condition in conditions for atom in atoms(condition))
        self._amounts = sorted({fen for condition in conditions for fen in amounts(condition)})

    def see(self, facts: Facts) -> Likeness:
        """Return what the books can see of `facts`, as a value to compare by.

        An amount is seen as the number of limits that it reaches, a portion by its state at the time of the visit.
        """
        portions = frozenset((part.at(facts.now), part.paid_from, part.payee) for part in facts.money)
        reached = bisect_right(self._amounts, facts.amount)
        return self._asked.intersection(_find_atoms(facts)), facts.requests, facts.age, portions, reached


def _find_atoms(facts: Facts) -> Iterator[Atom]:
    yield from true_atoms(facts)
    # Known at all is a fact by itself: a rule may ask for what was not looked up.
    yield from (Atom(Subject.ACCOUNT, fact, "unknown") for fact in facts.accounts)
