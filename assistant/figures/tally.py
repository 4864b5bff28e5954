"""The sums over many cases, in memory that does not grow with their number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assistant.case.events import Reason
from assistant.figures.facts import CaseFacts
from assistant.plain.times import find_moment
from rules.facts import StepOutcome

NONE: Final = ""
"""Stands for the typology, or the outcome, of a case that has none."""


@dataclass(slots=True)
class Sum:
    """Cases and their money, in fen."""

    cases: int = 0
    at_risk: int = 0
    protected: int = 0
    lost: int = 0

    def add(self, facts: CaseFacts) -> None:
        """Count a case."""
        self.cases += 1
        self.at_risk += facts.at_risk
        self.protected += facts.protected
        self.lost += facts.lost


@dataclass(slots=True)
class RuleSum:
    """Cases in which a rule held, by what their ending says, and the steps of it that were left undone."""

    fired: int = 0
    confirmed: int = 0
    refuted: int = 0
    overridden: Counter[Reason] = field(default_factory=Counter)


@dataclass(slots=True)
class StepSum:
    """Cases in which a step was advised, was done, and was not, by the reason for that."""

    advised: int = 0
    done: int = 0
    set_aside: Counter[Reason] = field(default_factory=Counter)
    overridden: Counter[Reason] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Hidden:
    """The steps that are not meant for whoever asks, and the rules that advise them."""

    steps: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()


def _group() -> defaultdict[str, Sum]:
    return defaultdict(Sum)


@dataclass(slots=True)
class Tally:
    """The sums over the cases that were added. Steps that `hidden` names are as if there were none."""

    zone: str
    advises: Mapping[str, frozenset[str]]
    """The steps that each rule advises, by the name under which advice records the rule."""
    hidden: Hidden = field(default_factory=Hidden)
    whole: Sum = field(default_factory=Sum)
    open: int = 0
    levels: defaultdict[str, Sum] = field(default_factory=_group)
    typologies: defaultdict[str, Sum] = field(default_factory=_group)
    outcomes: defaultdict[str, Sum] = field(default_factory=_group)
    hours: defaultdict[str, Sum] = field(default_factory=_group)
    days: defaultdict[str, Sum] = field(default_factory=_group)
    outlets: defaultdict[str, Sum] = field(default_factory=_group)
    first_steps: Counter[int] = field(default_factory=Counter)
    """Cases by seconds."""
    police: Counter[int] = field(default_factory=Counter)
    ordinary: Counter[int] = field(default_factory=Counter)
    """Ended visits in which nothing was stopped, by the seconds that the customer was there."""
    stops: Counter[bool | None] = field(default_factory=Counter)
    """Ended visits in which something was, by whether the suspicion was right."""
    false_stops: Counter[int] = field(default_factory=Counter)
    alone: int = 0
    rules: defaultdict[str, RuleSum] = field(default_factory=lambda: defaultdict(RuleSum))
    steps: defaultdict[str, StepSum] = field(default_factory=lambda: defaultdict(StepSum))
    overridden: int = 0
    """Cases with a step that was left undone against the advice."""

    def add(self, facts: CaseFacts) -> None:
        """Take in a case."""
        moment = find_moment(facts.opened_at, self.zone)
        groups = (
            (self.levels, facts.level.value),
            (self.typologies, facts.typology or NONE),
            (self.outcomes, facts.outcome or NONE),
            (self.hours, f"{moment.hour:02}"),
            (self.days, moment.date().isoformat()),
            (self.outlets, facts.number.partition("-")[0]),
        )
        for group, key in groups:
            group[key].add(facts)
        self.whole.add(facts)
        self.open += facts.outcome is None
        self._add_times(facts)
        self._add_rules(facts)
        self._add_steps(facts)

    def _add_times(self, facts: CaseFacts) -> None:
        if facts.first_step is not None:
            self.first_steps[facts.first_step] += 1
        if facts.police is not None:
            self.police[facts.police] += 1
        if facts.served is None:
            return
        if not facts.stopped:
            self.ordinary[facts.served] += 1
            return
        self.stops[facts.judged] += 1
        if facts.judged is False:
            self.false_stops[facts.served] += 1
            self.alone += facts.alone

    def _add_rules(self, facts: CaseFacts) -> None:
        for rule in facts.rules - self.hidden.rules:
            counted = self.rules[rule]
            counted.fired += 1
            counted.confirmed += facts.judged is True
            counted.refuted += facts.judged is False

    def _add_steps(self, facts: CaseFacts) -> None:
        for step in facts.advised - self.hidden.steps:
            self.steps[step].advised += 1
        for step, outcome, reason in facts.steps:
            if step in self.hidden.steps:
                continue
            if outcome is StepOutcome.DONE:
                self.steps[step].done += 1
            elif reason is not None:
                self.steps[step].set_aside[reason] += 1
        shown = [override for override in facts.overrides if override.step not in self.hidden.steps]
        self.overridden += bool(shown)
        for override in shown:
            self.steps[override.step].overridden[override.reason] += 1
            for rule in override.rules:
                if override.step in self.advises.get(rule, ()) and rule not in self.hidden.rules:
                    self.rules[rule].overridden[override.reason] += 1
