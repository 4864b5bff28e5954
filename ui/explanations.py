"""Why and why not, in sentences: for the level, a typology, a step; and the one answer that would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from assistant.sheet import Sheet
from rules.advice import Adviser, Because
from rules.explain import Scene
from rules.facts import LEVELS, Level
from rules.language import Text
from rules.model import Rule
from ui.grounds import write_basis, write_grounds
from ui.wording import Wording

NEAR_SHOWN = 6
SIGNS_SHOWN = 6


class Explainer:
    """Explains one sheet. A topic is `level:x`, `typology:x` or `step:x`."""

    def __init__(self, sheet: Sheet, adviser: Adviser, wording: Wording, hidden: frozenset[str] = frozenset()) -> None:
        """`hidden` are steps that whoever asks must not learn of."""
        self._sheet = sheet
        self._hidden = hidden
        self._book = adviser.book
        self._reader = adviser.reader
        self._wording = wording

    @cached_property
    def _scene(self) -> Scene:
        return self._reader.read_scene(self._sheet.case.facts)[1]

    def topics(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the topics under headings (keys of the catalogue): what holds before what does not."""
        advice = self._sheet.advice
        suspected = [found.typology for found in advice.suspicions]
        advised, withheld = [step.id for step in advice.steps], [step.id for step in advice.withheld]
        told = {*advised, *withheld, *self._hidden}
        others = [step for step in self._book.steps if step not in told]
        yield "why.level_title", tuple(f"level:{level}" for level in reversed(LEVELS))
        yield "why.suspected_title", tuple(f"typology:{name}" for name in suspected)
        yield "why.withheld_title", tuple(f"step:{name}" for name in withheld)
        yield "why.steps_title", tuple(f"step:{name}" for name in advised)
        yield (
            "why.unsuspected_title",
            tuple(f"typology:{name}" for name in self._book.typologies if name not in suspected),
        )
        yield "why.unadvised_title", tuple(f"step:{name}" for name in others)

    def name(self, topic: str) -> str:
        """Return the topic in words."""
        kind, _, name = topic.partition(":")
        names = {"level": self._wording.level, "typology": self._wording.typology, "step": self._wording.step}
        return names[kind](name)

    def explain(self, topic: str) -> Iterator[str]:
        """Yield the lines that explain the topic."""
        kind, _, name = topic.partition(":")
        if kind == "level":
            yield from self._level(Level(name))
        elif kind == "typology":
            yield from self._typology(name)
        else:
            yield from self._step(name)

    def _level(self, level: Level) -> Iterator[str]:
        reached = self._sheet.advice.level
        if level is reached:
            yield self._wording.say("why.is_level", level=self.name(f"level:{level}"))
            yield from self._reasons(self._sheet.advice.because)
            if not self._sheet.advice.because:
                yield "  " + self._wording.say("why.nobody")
        elif level.rank < reached.rank:
            yield self._wording.say("why.level_included", level=self.name(f"level:{level}"))
        else:
            yield self._wording.say("why.level_not_reached", level=self.name(f"level:{level}"))
            rules = {name: rule for name, rule in self._book.level_rules.items() if rule.level is level}
            yield from self._near("level", rules)

    def _typology(self, name: str) -> Iterator[str]:
        found = next((s for s in self._sheet.advice.suspicions if s.typology == name), None)
        if found:
            yield self._wording.say("why.is_suspected", typology=self.name(f"typology:{name}"))
            yield from self._reasons(found.because)
            return
        yield self._wording.say("why.not_suspected", typology=self.name(f"typology:{name}"))
        rules = {key: rule for key, rule in self._book.typology_rules.items() if rule.suspects == name}
        yield from self._near("typology", rules)

    def _step(self, name: str) -> Iterator[str]:
        wording = self._wording
        step = self._sheet.step(name)
        held = next((held for held in self._sheet.advice.withheld if held.id == name), None)
        if held is not None:
            yield wording.say("why.is_withheld", step=self.name(f"step:{name}"))
            yield "  " + self._rule(held.reason, held.rule)
        elif step is not None:
            yield wording.say("why.is_advised", step=self.name(f"step:{name}"))
            yield from self._reasons(step.because)
        else:
            yield wording.say("why.not_advised", step=self.name(f"step:{name}"))
            rules = {key: rule for key, rule in self._book.step_rules.items() if name in rule.advises}
            yield from self._near("step", rules)
        yield "  " + wording.say("why.basis", basis=write_basis(self._book.steps[name].basis, wording))

    def _reasons(self, because: Iterable[Because]) -> Iterator[str]:
        for reason in because:
            yield "  " + self._rule(reason.reason, reason.rule)
            if reason.evidence:
                yield "    " + self._wording.say("why.evidence", evidence=write_grounds([reason], self._wording))
            yield "    " + self._wording.say("why.basis", basis=write_basis(reason.basis, self._wording))

    def _rule(self, reason: Text, rule: str) -> str:
        return self._wording.say("why.rule", reason=self._wording.read(reason), rule=rule)

    def _near(self, kind: str, rules: Mapping[str, Rule]) -> Iterator[str]:
        """Yield the rules that one more answer would make hold, with that answer."""
        shown = 0
        for name, rule in rules.items():
            signs = self._reader.nearly(f"{kind}.{name}", self._scene)
            if signs and shown < NEAR_SHOWN:
                names = self._wording.join(self._wording.sign(atom.id) for atom in signs[:SIGNS_SHOWN])
                key = "why.near" if len(signs) > 1 else "why.near_one"
                yield "  " + self._wording.say(
                    key, sign=names, reason=self._wording.read(rule.reason), rule=f"{kind}.{name}"
                )
                shown += 1
        if not shown:
            yield "  " + self._wording.say("why.far")
