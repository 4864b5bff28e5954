"""What follows from the clauses that hold: the level, the suspicions, the steps in order, each with its why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rules.engine import Engine, EngineFault
from rules.explain import Evidence, Reader, Scene
from rules.facts import Facts, Level
from rules.language import Text
from rules.model import Basis, Book, Owner, Rule, Step, Urgency
from rules.reading import Reading

ENGINE_SILENT: Final = "engine"
"""Stands in `Advice.disagreement` when the engine gave no reading at all."""

MOST_STEPS: Final = 12
"""Open steps that are advised at a time; the rest waits its turn."""


@dataclass(frozen=True, slots=True)
class Because:
    """One rule that led to a conclusion: its id, its sentence, what it stands on in this visit and in law."""

    rule: str
    reason: Text
    evidence: tuple[Evidence, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A typology that is suspected; `weight` is the sum over its rules that hold, and orders the suspicions."""

    typology: str
    weight: int
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class AdvisedStep:
    """A step as it is advised in this situation."""

    id: str
    owner: Owner
    do: Text
    say: Text | None
    note: Text | None
    step: Step
    because: tuple[Because, ...]

    @property
    def urgency(self) -> Urgency:
        """By when it must be done."""
        return self.step.urgency


@dataclass(frozen=True, slots=True)
class WithheldStep:
    """A step that would be advised but for a contraindication."""

    id: str
    rule: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Advice:
    """What the rulebook says of one visit."""

    rulebook: str
    level: Level
    because: tuple[Because, ...]
    suspicions: tuple[Suspicion, ...]
    steps: tuple[AdvisedStep, ...]
    """What to do now and next, in order: at most MOST_STEPS still open, unless more than that cannot be put off."""
    deferred: tuple[AdvisedStep, ...]
    """What follows when some of those are settled."""
    withheld: tuple[WithheldStep, ...]
    rules: tuple[str, ...]
    """Every clause that holds, by name."""
    disagreement: tuple[str, ...]
    """Clauses that only one of the two readings found; empty as long as the engine is right."""


class Adviser:
    """A rulebook ready to advise, read twice each time: by the engine and by the independent reader.

    Where the two differ the higher level holds and protective steps of either stand; a move of money, a refusal or a
    lifting (`needs_both`) is advised only when both say so.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.engine = Engine(book)
        self.reader = Reader(book)

    def advise(self, facts: Facts) -> Advice:
        """Return the advice for `facts`."""
        second, scene = self.reader.read_scene(facts)
        try:
            first = self.engine.read(facts)
        except EngineFault:
            return self._assemble(second, second, scene, (ENGINE_SILENT,))
        return self._assemble(first, second, scene, tuple(sorted(first.fired ^ second.fired)))

    def close(self) -> None:
        """Give the engine's memory back."""
        self.engine.close()

    def _assemble(self, first: Reading, second: Reading, scene: Scene, disagreement: tuple[str, ...]) -> Advice:
        either = Reading(first.fired | second.fired)
        level = either.level(self.book)
        steps = self._steps_of(first, second)
        now, later = self._divide(self._in_order(steps, either), scene.facts)
        return Advice(
            rulebook=self.book.meta.version,
            level=level,
            because=tuple(self._level_reasons(level, either, scene)),
            suspicions=tuple(self._suspicions(either, scene)),
            steps=tuple(self._advised(step, either, scene) for step in now),
            deferred=tuple(self._advised(step, either, scene) for step in later),
            withheld=tuple(self._withheld(either, steps)),
            rules=tuple(sorted(either.fired)),
            disagreement=disagreement,
        )

    def _because(self, kind: str, name: str, rule: Rule, scene: Scene) -> Because:
        return Because(f"{kind}.{name}", rule.reason, self.reader.evidence(f"{kind}.{name}", scene), rule.basis)

    def _level_reasons(self, reached: Level, reading: Reading, scene: Scene) -> Iterator[Because]:
        held = reading.of("level")
        for name, rule in self.book.level_rules.items():
            if rule.level is reached and name in held:
                yield self._because("level", name, rule, scene)

    def _suspicions(self, reading: Reading, scene: Scene) -> list[Suspicion]:
        held = reading.of("typology")
        rules = {name: rule for name, rule in self.book.typology_rules.items() if name in held}
        suspicions = []
        for typology in self.book.typologies:
            own = {name: rule for name, rule in rules.items() if rule.suspects == typology}
            if own:
                because = tuple(self._because("typology", name, rule, scene) for name, rule in own.items())
                suspicions.append(Suspicion(typology, sum(rule.weight for rule in own.values()), because))
        return sorted(suspicions, key=lambda suspicion: -suspicion.weight)

    def _wanted(self, reading: Reading) -> set[str]:
        held = reading.of("step")
        return {step for name in held for step in self.book.step_rules[name].advises}

    def _forbidden(self, reading: Reading) -> dict[str, tuple[str, Text]]:
        found: dict[str, tuple[str, Text]] = {}
        for name in sorted(reading.of("not_when")):
            step, _, number = name.rpartition(".")
            found.setdefault(step, (f"not_when.{name}", self.book.steps[step].not_when[int(number)].reason))
        return found

    def _steps_of(self, first: Reading, second: Reading) -> set[str]:
        one, other = (self._wanted(reading) - set(self._forbidden(reading)) for reading in (first, second))
        return {step for step in one | other if step in one & other or not self.book.steps[step].needs_both}

    def _withheld(self, reading: Reading, advised: set[str]) -> Iterator[WithheldStep]:
        wanted = self._wanted(reading)
        for step, (rule, reason) in self._forbidden(reading).items():
            if step in wanted and step not in advised:
                yield WithheldStep(step, rule, reason)

    def _advised(self, name: str, reading: Reading, scene: Scene) -> AdvisedStep:
        step = self.book.steps[name]
        fits = [s for n, s in enumerate(step.situations) if f"situation.{name}.{n}" in reading.fired]
        situation = fits[0] if fits else None
        rules = [rule for rule in self._advising[name] if rule in reading.of("step")]
        because = tuple(self._because("step", rule, self.book.step_rules[rule], scene) for rule in rules)
        return AdvisedStep(
            id=name,
            owner=(situation and situation.owner) or step.owner,
            do=(situation and situation.do) or step.do,
            say=(situation and situation.say) or step.say,
            note=(situation and situation.note) or step.note,
            step=step,
            because=because,
        )

    @cached_property
    def _advising(self) -> Mapping[str, tuple[str, ...]]:
        return {
            step: tuple(name for name, rule in self.book.step_rules.items() if step in rule.advises)
            for step in self.book.steps
        }

    @cached_property
    def _places_without_order(self) -> Mapping[str, tuple[int, int, int]]:
        """Where a step stands that no order names: behind all tiers, by its urgency, then as the book lists it."""
        last = max((len(order.tiers) for order in self.book.orders.values()), default=0)
        urgencies = list(Urgency)
        return {
            name: (last + urgencies.index(step.urgency), 0, number)
            for number, (name, step) in enumerate(self.book.steps.items())
        }

    def _in_order(self, steps: Iterable[str], reading: Reading) -> list[str]:
        """Sort by the most urgent tier of any order that holds, then put what must come after behind what it awaits."""
        unordered = self._places_without_order
        places = {**unordered, **{step: (*place, unordered[step][2]) for step, place in self._places(reading).items()}}
        waiting, placed = sorted(steps, key=places.__getitem__), list[str]()
        while waiting:
            ready = next(s for s in waiting if not set(self.book.steps[s].after) & set(waiting))
            waiting.remove(ready)
            placed.append(ready)
        return placed

    def _divide(self, ordered: list[str], facts: Facts) -> tuple[list[str], list[str]]:
        """Keep the list as short as a teller can follow; what gates, was recorded or is awaited is never put off."""
        open_steps = [step for step in ordered if step not in facts.steps]
        spare = [step for step in reversed(open_steps) if step in self._spare]
        later = set(spare[: max(0, len(open_steps) - MOST_STEPS)])
        return [step for step in ordered if step not in later], [step for step in ordered if step in later]

    @cached_property
    def _spare(self) -> frozenset[str]:
        return self.book.spare_steps()

    def _places(self, reading: Reading) -> Mapping[str, tuple[int, int]]:
        places: dict[str, tuple[int, int]] = {}
        held = reading.of("order")
        for number, (name, order) in enumerate(self.book.orders.items()):
            if name not in held:
                continue
            for tier, steps in enumerate(order.tiers):
                for position, step in enumerate(steps):
                    place = (tier, number * 100 + position)
                    places[step] = min(place, places.get(step, place))
        return places
