"""Proves each property for every visit that can be, or finds one visit that breaks it and tries that on the adviser."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from rules.advice import Adviser
from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Not, Points, PortionLike, Subject
from rules.explain import with_yes
from rules.facts import LEVELS, Facts
from rules.proof.advice import AnyAdvice
from rules.proof.judging import holds
from rules.proof.properties import Property
from rules.proof.smaller import shrink
from rules.proof.solver import Solver, Term, open_z3
from rules.proof.statements import (
    Advised,
    Before,
    DoneBy,
    Every,
    Fails,
    First,
    InOrder,
    Now,
    Only,
    Some,
    Statement,
    Withheld,
)
from rules.proof.visit import AnyVisit, put


class Verdict(StrEnum):
    """What became of the attempt to prove a property."""

    PROVED = "proved"
    REFUTED = "refuted"
    EMPTY = "empty"
    """It speaks only of visits that cannot be, and so promises nothing."""
    MISTRANSLATED = "mistranslated"
    """The solver's counterexample does not stand on the adviser: the proofs themselves are at fault."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One property and its verdict. `visit` breaks it; with one more yes to `sign` where it is about that."""

    property: str
    verdict: Verdict
    seconds: float
    visit: Facts | None = None
    sign: str | None = None


class Prover:
    """Proofs about the rulebook of one adviser; asking it is not safe from two threads. Raises SolverMissing."""

    def __init__(self, adviser: Adviser) -> None:
        self._z3: Final = open_z3()
        self._adviser = adviser
        self._visit = AnyVisit(adviser.book)
        self._advice = AnyAdvice(adviser.book, self._visit)

    def prove_all(self, properties: Mapping[str, Property]) -> Iterator[Proof]:
        """Yield the verdict on each property, in their order."""
        breaches = {name: self.term(prop.breach) for name, prop in properties.items()}
        solver = Solver([*self._advice.definitions, *self._visit.constraints()])
        for name, prop in properties.items():
            start = time.perf_counter()
            proof = self._monotone(name, prop) if prop.monotone else self._prove(name, prop, breaches[name], solver)
            yield replace(proof, seconds=time.perf_counter() - start)

    def term(self, statement: Statement) -> Term:
        """Return `statement` about any visit and its advice."""
        return say(statement, self._advice)

    def _prove(self, name: str, prop: Property, breach: Term, solver: Solver) -> Proof:
        model = solver.find(breach)
        if model is None:
            empty = prop.whenever is not None and solver.find(self.term(prop.whenever)) is None
            return Proof(name, Verdict.EMPTY if empty else Verdict.PROVED, 0)
        found = self._visit.facts(model)
        if not self._breaks(prop, found) and (model := solver.find(breach, self._advice.few())) is not None:
            # The head of the list is told by the order alone, whatever is put off: few steps leave no doubt.
            found = self._visit.facts(model)
        if not self._breaks(prop, found):
            return Proof(name, Verdict.MISTRANSLATED, 0, found)
        return Proof(name, Verdict.REFUTED, 0, shrink(found, lambda less: self._breaks(prop, less)))

    def _breaks(self, prop: Property, facts: Facts) -> bool:
        return self._is_true_of(prop.breach, facts)

    def _is_true_of(self, statement: Statement, facts: Facts) -> bool:
        return holds(statement, self._adviser.reader.read_scene(facts)[1], self._adviser.advise(facts))

    def _monotone(self, name: str, prop: Property) -> Proof:
        """Look for two visits that differ in nothing but some more yes, of which the second has the lower level."""
        book = self._adviser.book
        visit, more = AnyVisit(book), AnyVisit(book, mark="more.")
        advice, higher = AnyAdvice(book, visit), AnyAdvice(book, more, "more.")
        breach = say(prop.breach, advice)
        fallen = [self._z3.And(advice.reaches(level), self._z3.Not(higher.reaches(level))) for level in LEVELS]
        asked = [*more.more_yes_than(visit), *visit.constraints(), *more.constraints()]
        solver = Solver([*advice.definitions, *higher.definitions, *asked])
        model = solver.find(breach, self._z3.Or(*fallen))
        if model is None:
            return Proof(name, Verdict.PROVED, 0)
        found = visit.facts(model)
        sign, found = self._first_to_lower(prop, found, more.facts(model))
        if sign is None:
            return Proof(name, Verdict.MISTRANSLATED, 0, found)
        return Proof(name, Verdict.REFUTED, 0, shrink(found, lambda less: self._lowers(prop, less, sign)), sign)

    def _first_to_lower(self, prop: Property, facts: Facts, more: Facts) -> tuple[str | None, Facts]:
        for sign, reply in more.answers.items():
            if not reply.yes or (sign in facts.answers and facts.answers[sign].yes):
                continue
            if self._lowers(prop, facts, sign):
                return sign, facts
            facts = with_yes(facts, sign, reply.known)
        return None, facts

    def _lowers(self, prop: Property, facts: Facts, sign: str) -> bool:
        if sign in facts.answers and facts.answers[sign].yes:
            return False
        level = self._adviser.reader.level
        fell = level(with_yes(facts, sign)).rank < level(facts).rank
        return fell and self._is_true_of(prop.breach, facts)


def say(statement: Statement, advice: AnyAdvice) -> Term:
    """Return the term for `statement` about `advice` and the visit it is for."""
    z3 = open_z3()
    match statement:
        case Every(parts):
            return z3.And(*(say(part, advice) for part in parts))
        case Some(parts):
            return z3.Or(*(say(part, advice) for part in parts))
        case Fails(part):
            return z3.Not(say(part, advice))
        case Only(signs):
            others = (Atom(Subject.SIGN, sign) for sign in advice.book.signs if sign not in signs)
            return z3.Not(z3.Or(*(advice.term(sign) for sign in others)))
        case Advised(step):
            return advice.advised[step]
        case Now(step):
            return z3.And(advice.advised[step], z3.Not(advice.deferred(step)))
        case Withheld(step):
            return z3.And(advice.wanted[step], advice.forbidden[step])
        case First(step):
            return advice.first(step)
        case Before(steps):
            return z3.And(*(advice.before(one, other) for one, other in itertools.pairwise(steps)))
        case InOrder(steps):
            pairs = itertools.combinations(steps, 2)
            return z3.Not(z3.Or(*(advice.before(other, one) for one, other in pairs)))
        case DoneBy(step, owner):
            return z3.Implies(advice.advised[step], advice.owned(step, owner))
        case Atom() | PortionLike() | AmountFrom() | AllOf() | AnyOf() | Not() | Points():
            return put(statement, advice.term)
