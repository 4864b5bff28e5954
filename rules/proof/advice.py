"""The advice of a rulebook for any visit, as terms of the solver: what `rules.advice` derives, said a third time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Final, TypeAlias

from rules.advice import MOST_STEPS
from rules.conditions import AmountFrom, Atom, PortionLike, Subject
from rules.facts import LEVELS, Level
from rules.model import Book, Owner, Urgency
from rules.proof.solver import Term, open_z3
from rules.proof.visit import AnyVisit, put

Place: TypeAlias = tuple[int, int, int]

_FACTS: Final = frozenset(Subject) - {Subject.FINDING, Subject.TYPOLOGY, Subject.LEVEL}


class AnyAdvice:
    """What `book` says of `visit`. `mark` tells the advices of one question apart."""

    def __init__(self, book: Book, visit: AnyVisit, mark: str = "") -> None:
        self._z3 = open_z3()
        self._mark = mark
        self._conditions = {clause.id: clause.when for clause in book.clauses()}
        self.book = book
        self.visit = visit
        self.definitions: list[Term] = []
        """What has to be asserted with every question: each name used here and what it stands for."""
        self.fired: Final[Mapping[str, Term]] = {
            clause: self._z3.Bool(f"{mark}{clause}") for clause in self._conditions
        }
        for clause, condition in self._conditions.items():
            self.definitions.append(self.fired[clause] == put(condition, self.term))
        self.wanted: Final[Mapping[str, Term]] = {step: self._define_wanted(step) for step in book.steps}
        self.forbidden: Final[Mapping[str, Term]] = {step: self._define_forbidden(step) for step in book.steps}
        self.advised: Final[Mapping[str, Term]] = {
            step: self._define(f"advised.{step}", self._z3.And(self.wanted[step], self._z3.Not(self.forbidden[step])))
            for step in book.steps
        }

    def term(self, fact: Atom | PortionLike | AmountFrom) -> Term:
        """Return the term of a fact or of one of this rulebook's conclusions."""
        match fact:
            case Atom(Subject.FINDING, name):
                return self.fired[f"finding.{name}"]
            case Atom(Subject.TYPOLOGY, name):
                return self.suspected(name)
            case Atom(Subject.LEVEL, name):
                return self.reaches(Level(name))
        return self.visit.term(fact)

    @cache  # noqa: B019 (an advice lives as long as its proofs)
    def suspected(self, typology: str) -> Term:
        """Return the term: some rule suspects `typology`."""
        rules = (name for name, rule in self.book.typology_rules.items() if rule.suspects == typology)
        return self._define(f"suspected.{typology}", self._z3.Or(*(self.fired[f"typology.{name}"] for name in rules)))

    @cache  # noqa: B019
    def reaches(self, level: Level) -> Term:
        """Return the term: the level is at least `level`."""
        if level is LEVELS[0]:
            return self._z3.BoolVal(True)
        rules = (name for name, rule in self.book.level_rules.items() if rule.level.rank >= level.rank)
        return self._define(f"reaches.{level}", self._z3.Or(*(self.fired[f"level.{name}"] for name in rules)))

    @cache  # noqa: B019
    def before(self, first: str, second: str) -> Term:
        """Return the term: both steps are advised, and `first` is shown before `second`, which may be put off."""
        z3, put_off = self._z3, (self.deferred(first), self.deferred(second))
        by_order = z3.And(self.ordered(first, second), z3.Or(z3.Not(put_off[0]), put_off[1]))
        by_turn = z3.And(self.advised[first], self.advised[second], z3.Not(put_off[0]), put_off[1])
        return z3.Or(by_order, by_turn)

    @cache  # noqa: B019
    def deferred(self, step: str) -> Term:
        """Return the term: `step` is put off, for there are enough open ones before it or that cannot be put off."""
        z3, spare = self._z3, self.book.spare_steps()
        if step not in spare:
            return z3.BoolVal(False)
        ahead = (
            self._open(other)
            if other == step or other not in spare
            else z3.And(self._open(other), z3.Not(self.ordered(step, other)))
            for other in self.book.steps
        )
        return self._define(f"deferred.{step}", z3.And(self._open(step), z3.AtLeast(*ahead, MOST_STEPS + 1)))

    def few(self) -> Term:
        """Return the term: so few steps are advised that none is put off."""
        return self._z3.AtMost(*self.advised.values(), MOST_STEPS)

    @cache  # noqa: B019
    def _open(self, step: str) -> Term:
        open_ = self._z3.And(self.advised[step], self._z3.Not(self.visit.recorded(step)))
        return self._define(f"open.{step}", open_)

    @cache  # noqa: B019
    def ordered(self, first: str, second: str) -> Term:
        """Return the term: both steps are advised, and by their order `first` comes before `second`."""
        both = self._z3.And(self.advised[first], self.advised[second])
        if first in self.book.steps[second].after:
            return both
        return self._define(f"ordered.{first}.{second}", self._z3.And(both, self._placed_earlier(first, second)))

    @cache  # noqa: B019
    def first(self, step: str) -> Term:
        """Return the term: `step` is advised, is not put off, and by their order comes before all others."""
        z3 = self._z3
        ahead = (z3.And(self._free(other), self.sooner(other, step)) for other in self.book.steps if other != step)
        return self._define(
            f"first.{step}", z3.And(self._free(step), z3.Not(self.deferred(step)), z3.Not(z3.Or(*ahead)))
        )

    def owned(self, step: str, owner: Owner) -> Term:
        """Return the term: `step` would be done by `owner`."""
        z3 = self._z3
        owners = self._owners(step)
        return z3.Or(*(condition for condition, its in owners if its is owner))

    def situation(self, step: str, number: int) -> Term:
        """Return the term: the words of this situation are those of the step, for no earlier one holds."""
        earlier = (z for n in range(number) for z in (self.fired[f"situation.{step}.{n}"],))
        return self._z3.And(self.fired[f"situation.{step}.{number}"], self._z3.Not(self._z3.Or(*earlier)))

    def _owners(self, step: str) -> Iterator[tuple[Term, Owner]]:
        z3, entry = self._z3, self.book.steps[step]
        for number, situation in enumerate(entry.situations):
            yield self.situation(step, number), situation.owner or entry.owner
        held = (self.fired[f"situation.{step}.{number}"] for number in range(len(entry.situations)))
        yield z3.Not(z3.Or(*held)), entry.owner

    def _define(self, name: str, meaning: Term) -> Term:
        term = self._z3.Bool(f"{self._mark}{name}")
        self.definitions.append(term == meaning)
        return term

    def _define_wanted(self, step: str) -> Term:
        rules = (name for name, rule in self.book.step_rules.items() if step in rule.advises)
        return self._define(f"wanted.{step}", self._z3.Or(*(self.fired[f"step.{name}"] for name in rules)))

    def _define_forbidden(self, step: str) -> Term:
        held = (self.fired[f"not_when.{step}.{number}"] for number in range(len(self.book.steps[step].not_when)))
        return self._define(f"forbidden.{step}", self._z3.Or(*held))

    @cache  # noqa: B019
    def _free(self, step: str) -> Term:
        """Return the term: `step` is advised and waits for no other advised one."""
        waits = (self.advised[other] for other in self.book.steps[step].after)
        return self._define(f"free.{step}", self._z3.And(self.advised[step], self._z3.Not(self._z3.Or(*waits))))

    def _placed_earlier(self, first: str, second: str) -> Term:
        """Play the ordering round by round: of the steps that wait for nothing, the one with the least place goes next.

        Only these two and what they may wait for can change which of the two goes first.
        """
        z3, steps = self._z3, self.awaited(first, second)
        gone = dict.fromkeys(steps, z3.BoolVal(False))
        earlier = []
        for number in range(len(steps)):
            ready = {step: self._ready(step, gone) for step in steps}
            gone = {
                step: self._define(
                    f"gone.{first}.{second}.{number}.{step}",
                    z3.Or(gone[step], z3.And(ready[step], *self._none_sooner(step, ready))),
                )
                for step in steps
            }
            earlier.append(z3.And(gone[first], z3.Not(gone[second])))
        return z3.Or(*earlier)

    def _none_sooner(self, step: str, ready: Mapping[str, Term]) -> Iterator[Term]:
        for other, its in ready.items():
            if other != step:
                yield self._z3.Not(self._z3.And(its, self.sooner(other, step)))

    def _ready(self, step: str, gone: Mapping[str, Term]) -> Term:
        z3 = self._z3
        waits = (z3.And(self.advised[other], z3.Not(gone[other])) for other in self.book.steps[step].after)
        return z3.And(self.advised[step], z3.Not(gone[step]), z3.Not(z3.Or(*waits)))

    def awaited(self, *steps: str) -> list[str]:
        """Return `steps` and all that they may have to wait for."""
        found, waiting = dict.fromkeys(steps), list(steps)
        while waiting:
            for other in self.book.steps[waiting.pop()].after:
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return list(found)

    @cache  # noqa: B019
    def sooner(self, one: str, other: str) -> Term:
        """Return the term: by the orders that hold, the place of `one` comes before that of `other`."""
        z3 = self._z3
        pairs = (
            z3.And(here, there)
            for place, here in self._places(one)
            for its, there in self._places(other)
            if place < its
        )
        return self._define(f"sooner.{one}.{other}", z3.Or(*pairs))

    @cache  # noqa: B019
    def _places(self, step: str) -> tuple[tuple[Place, Term], ...]:
        """Return every place the step may have with the term of its having it: the least that an order held gives."""
        best = self.order_places(step)
        found: list[tuple[Place, Term]] = []
        better: list[Term] = []
        for name in sorted(best, key=best.__getitem__):
            held = self.fired[f"order.{name}"]
            found.append((best[name], self._z3.And(held, self._z3.Not(self._z3.Or(*better)))))
            better.append(held)
        return (*found, (self._unordered(step), self._z3.Not(self._z3.Or(*better))))

    def order_places(self, step: str) -> Mapping[str, Place]:
        """Return the place that each order gives the step, for the orders that name it."""
        best: dict[str, Place] = {}
        for number, (name, order) in enumerate(self.book.orders.items()):
            for tier, steps in enumerate(order.tiers):
                for position, named in enumerate(steps):
                    if named == step:
                        place = (tier, number * 100 + position, self._numbers[step])
                        best[name] = min(place, best.get(name, place))
        return best

    def _unordered(self, step: str) -> Place:
        last = max((len(order.tiers) for order in self.book.orders.values()), default=0)
        return last + list(Urgency).index(self.book.steps[step].urgency), 0, self._numbers[step]

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {step: number for number, step in enumerate(self.book.steps)}
