"""Do two rulebooks give the same advice to everybody? Proved, or told by a visit for which they differ."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from rules.facts import LEVELS, Facts
from rules.model import Book, Owner
from rules.proof.advice import AnyAdvice
from rules.proof.solver import Solver, Term, open_z3
from rules.proof.visit import AnyVisit

_FIRST_BATCH: Final = 8


def equivalent(one: Book, other: Book) -> bool:
    """Tell whether level, suspicions, steps, their order and who does them are the same for every visit."""
    return find_difference(one, other) is None


def find_difference(one: Book, other: Book) -> Facts | None:
    """Return a visit to which the two give different advice, None when there is none; raises SolverMissing."""
    return _Comparison(one, other).run()


class _Comparison:
    def __init__(self, one: Book, other: Book) -> None:
        self._z3 = open_z3()
        self._visit = AnyVisit(one, other)
        self._one = AnyAdvice(one, self._visit, "one.")
        self._other = AnyAdvice(other, self._visit, "other.")
        self._known_orders: dict[str, bool] = {}

    def run(self) -> Facts | None:
        return self._ask(self._z3.Or(*self._unlike())) or self._differ_in_order()

    def _ask(self, term: Term) -> Facts | None:
        definitions = [*self._one.definitions, *self._other.definitions]
        model = Solver([*definitions, *self._visit.constraints()]).find(term)
        return None if model is None else self._visit.facts(model)

    def _unlike(self) -> Iterator[Term]:
        one, other, z3 = self._one, self._other, self._z3
        for level in LEVELS:
            yield one.reaches(level) != other.reaches(level)
        for typology in {**one.book.typologies, **other.book.typologies}:
            yield one.suspected(typology) != other.suspected(typology)
        none = z3.BoolVal(False)
        for step in {**one.book.steps, **other.book.steps}:
            its = one.advised.get(step, none)
            yield its != other.advised.get(step, none)
            if step in one.book.steps and step in other.book.steps:
                for owner in Owner:
                    yield z3.And(its, one.owned(step, owner) != other.owned(step, owner))

    def _differ_in_order(self) -> Facts | None:
        """Compare the order of every two steps of which one, or what it awaits, may stand elsewhere."""
        one, other, z3 = self._one, self._other, self._z3
        differ: list[Term] = []
        # Where few steps are advised none is put off, so that the difference is seen; only then those with many.
        for batch in _batches(self._stirred_pairs()):
            here = [one.ordered(*pair) != other.ordered(*pair) for pair in batch]
            if (found := self._ask(z3.And(one.few(), z3.Or(*here)))) is not None:
                return found
            differ += here
        return self._ask(z3.Or(*differ)) if differ else None

    def _stirred_pairs(self) -> list[tuple[str, str]]:
        """Return the pairs whose order may differ, those first that most likely do: moved by an order of both."""
        one, other = self._one, self._other
        steps = [step for step in one.book.steps if step in other.book.steps]
        moved = {step for step in steps if self._may_move(step)}
        stirred = {step for step in steps if moved & {*one.awaited(step), *other.awaited(step)}}
        places = {step: one.order_places(step).keys() | set(one.book.steps[step].after) for step in steps}

        def unlikely(pair: tuple[str, str]) -> tuple[bool, bool]:
            return moved.isdisjoint(pair), places[pair[0]].isdisjoint({pair[0], *places[pair[1]]})

        return sorted((pair for pair in itertools.combinations(steps, 2) if stirred & set(pair)), key=unlikely)

    def _may_move(self, step: str) -> bool:
        one, other = self._one, self._other
        if one.book.steps[step].after != other.book.steps[step].after:
            return True
        here, there = one.order_places(step), other.order_places(step)
        return here != there or any(self._held_unlike(order) for order in here)

    def _held_unlike(self, order: str) -> bool:
        if order not in self._known_orders:
            clause = f"order.{order}"
            self._known_orders[order] = self._ask(self._one.fired[clause] != self._other.fired[clause]) is not None
        return self._known_orders[order]


def _batches(pairs: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Yield the pairs in ever larger parts: most differences show at once, and each question costs something."""
    start, size = 0, _FIRST_BATCH
    while start < len(pairs):
        yield pairs[start : start + size]
        start, size = start + size, size * 2
