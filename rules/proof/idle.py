"""What a rulebook holds in vain: what can never apply, and what changes nothing because something else always does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.explain import Reader
from rules.model import Book
from rules.proof.advice import AnyAdvice
from rules.proof.solver import Solver, Term, open_z3
from rules.proof.visit import AnyVisit


class Vain(StrEnum):
    """In which way an entry is in vain."""

    NEVER_FIRES = "never_fires"
    POINTLESS = "pointless"
    """Whenever it holds, others hold that lead to the same."""
    UNREACHABLE = "unreachable"
    """A step that is never advised."""
    NEVER_WITHHOLDS = "never_withholds"
    """A contraindication that never holds while the step is wanted."""
    ALWAYS_WITHHOLDS = "always_withholds"
    NEVER_SPOKEN = "never_spoken"
    """The words of a situation in which the step is never advised, or which an earlier situation hides."""


@dataclass(frozen=True, slots=True)
class Idle:
    """An entry in vain: a clause or `steps.<id>`. `by` names the clauses that make it pointless."""

    kind: Vain
    entry: str
    by: tuple[str, ...] = ()


def find_idle(book: Book) -> Iterator[Idle]:
    """Yield what `book` holds in vain, each proved for every visit; raises SolverMissing."""
    yield from _Search(book).run()


class _Search:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._z3 = open_z3()
        self._reader = Reader(book)
        self._visit = AnyVisit(book)
        self._advice = AnyAdvice(book, self._visit)
        situations = {
            (step, number): self._advice.situation(step, number)
            for step, entry in book.steps.items()
            for number in range(len(entry.situations))
        }
        self._situations: Mapping[tuple[str, int], Term] = situations
        self._solver = Solver([*self._advice.definitions, *self._visit.constraints()])

    def run(self) -> Iterator[Idle]:
        dead = set(self._dead())
        yield from (Idle(Vain.NEVER_FIRES, clause) for clause in sorted(dead))
        yield from self._pointless_levels(dead)
        yield from self._pointless_steps(dead)
        for step in self._book.steps:
            if self._never(self._advice.advised[step]):
                yield Idle(Vain.UNREACHABLE, f"steps.{step}")
                yield from self._withheld_for_good(step)
            else:
                yield from self._vain_in(step, dead)

    def _never(self, *terms: Term) -> bool:
        return self._solver.find(*terms) is None

    def _dead(self) -> Iterator[str]:
        seen: set[str] = set()
        for clause, fired in self._advice.fired.items():
            if clause in seen:
                continue
            model = self._solver.find(fired)
            if model is None:
                yield clause
            else:
                seen |= self._reader.read(self._visit.facts(model)).fired

    def _pointless_levels(self, dead: Iterable[str]) -> Iterator[Idle]:
        rules = self._book.level_rules
        for name, rule in rules.items():
            others = [n for n, other in rules.items() if n != name and other.level.rank >= rule.level.rank]
            yield from self._pointless(f"level.{name}", [f"level.{other}" for other in others], dead)

    def _pointless_steps(self, dead: Iterable[str]) -> Iterator[Idle]:
        for name, rule in self._book.step_rules.items():
            by: list[str] = []
            for step in rule.advises:
                others = [n for n, other in self._book.step_rules.items() if n != name and step in other.advises]
                found = list(self._pointless(f"step.{name}", [f"step.{other}" for other in others], dead))
                if not found:
                    break
                by += found[0].by
            else:
                yield Idle(Vain.POINTLESS, f"step.{name}", tuple(dict.fromkeys(by)))

    def _pointless(self, clause: str, others: list[str], dead: Iterable[str]) -> Iterator[Idle]:
        if clause in dead or not others:
            return
        fired, z3 = self._advice.fired, self._z3
        if not self._never(fired[clause], z3.Not(z3.Or(*(fired[other] for other in others)))):
            return
        alone = next((other for other in others if self._never(fired[clause], z3.Not(fired[other]))), None)
        yield Idle(Vain.POINTLESS, clause, (alone,) if alone else self._needed(clause, others))

    def _needed(self, clause: str, others: list[str]) -> tuple[str, ...]:
        """Return those of `others` that it takes together."""
        fired, z3, needed = self._advice.fired, self._z3, list(others)
        for other in others:
            fewer = [name for name in needed if name != other]
            if self._never(fired[clause], z3.Not(z3.Or(*(fired[name] for name in fewer)))):
                needed = fewer
        return tuple(needed)

    def _withheld_for_good(self, step: str) -> Iterator[Idle]:
        """Yield each contraindication that by itself keeps a wanted step from ever being advised."""
        wanted, fired = self._advice.wanted[step], self._advice.fired
        if not self._never(wanted):
            for number in range(len(self._book.steps[step].not_when)):
                if self._never(wanted, self._z3.Not(fired[f"not_when.{step}.{number}"])):
                    yield Idle(Vain.ALWAYS_WITHHOLDS, f"not_when.{step}.{number}")

    def _vain_in(self, step: str, dead: Iterable[str]) -> Iterator[Idle]:
        advice, z3 = self._advice, self._z3
        clauses = [f"not_when.{step}.{number}" for number in range(len(self._book.steps[step].not_when))]
        for clause in clauses:
            if clause in dead:
                continue
            others = [advice.fired[other] for other in clauses if other != clause]
            if self._never(advice.wanted[step], advice.fired[clause]):
                yield Idle(Vain.NEVER_WITHHOLDS, clause)
            elif self._never(advice.wanted[step], advice.fired[clause], z3.Not(z3.Or(*others))):
                yield Idle(Vain.POINTLESS, clause, tuple(other for other in clauses if other != clause))
        for number in range(len(self._book.steps[step].situations)):
            if self._never(advice.advised[step], self._situations[step, number]):
                yield Idle(Vain.NEVER_SPOKEN, f"situation.{step}.{number}")
