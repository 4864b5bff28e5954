"""Which visits are the same to a pair of rulebooks: most of what distinguishes two visits, no rule asks about."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator
from typing import Final, TypeAlias

from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Condition, Not, Subject, atoms
from rules.facts import Facts, StepOutcome
from rules.model import Book

Likeness: TypeAlias = Hashable
"""Equal for two visits on which no rule of the books can differ."""

_OUTCOMES: Final = {StepOutcome.DONE: Subject.DONE, StepOutcome.REFUSED: Subject.REFUSED}


class Lens:
    """Sees of a visit only what some condition of the books asks for."""

    def __init__(self, books: Iterable[Book]) -> None:
        conditions = [clause.when for book in books for clause in book.clauses()]
        self._asked = frozenset(atom for condition in conditions for atom in atoms(condition))
        self._amounts = sorted({fen for condition in conditions for fen in _find_amounts(condition)})

    def see(self, facts: Facts) -> Likeness:
        """Return what the books can see of `facts`, as a value to compare by.

        An amount is seen as the number of limits that it reaches, a portion by its state at the time of the visit.
        """
        portions = frozenset((part.at(facts.now), part.paid_from, part.payee) for part in facts.money)
        reached = bisect_right(self._amounts, facts.amount)
        return self._asked.intersection(_find_atoms(facts)), facts.requests, facts.age, portions, reached


def _find_atoms(facts: Facts) -> Iterator[Atom]:
    for sign, reply in facts.answers.items():
        if reply.yes:
            yield Atom(Subject.SIGN, sign)
            yield Atom(Subject.SIGN, sign, reply.known)
        elif reply.no:
            yield Atom(Subject.SIGN, sign, "no")
    for fact, reply in facts.accounts.items():
        # Known at all is a fact by itself: a rule may ask for what was not looked up.
        yield Atom(Subject.ACCOUNT, fact, reply.value)
        yield Atom(Subject.ACCOUNT, fact, "unknown")
    for clearing in facts.clearings:
        yield Atom(Subject.CLEARED, clearing)
    for step, outcome in facts.steps.items():
        if outcome in _OUTCOMES:
            yield Atom(_OUTCOMES[outcome], step)


def _find_amounts(condition: Condition) -> Iterator[int]:
    match condition:
        case AmountFrom(fen):
            yield fen
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _find_amounts(part)
        case Not(part):
            yield from _find_amounts(part)
