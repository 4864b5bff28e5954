"""The figures as they leave the program: what `assistant stats --json` prints, and what the screen draws."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final, TypeAlias

from pydantic import BaseModel, ConfigDict

from assistant.case.events import Outcome, Reason
from assistant.figures.gathering import Query, Source
from assistant.figures.shares import FEWEST, find_interval, find_rank
from assistant.figures.tally import NONE, RuleSum, StepSum, Sum, Tally
from rules.facts import Level

RULE_KINDS: Final = ("level", "typology", "finding", "step")
"""The clauses of a rulebook that say something of the visit, by the first part of their names; the others only order
and word the steps."""
Counted: TypeAlias = Mapping[int, int]


class Part(BaseModel):
    """A part of the figures. Amounts are in fen, lengths of time in whole seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Amounts(Part):
    """The money of some cases, as their closings say; what is open has none yet."""

    at_risk_fen: int
    protected_fen: int
    lost_fen: int


class Group(Amounts):
    """Some of the cases and their money."""

    key: str
    """What they have in common: an id, an hour `00` to `23`, a day; empty where they have none."""
    cases: int


class Spread(Part):
    """How long something took."""

    cases: int
    total_seconds: int
    median_seconds: int | None
    """The least length that half of the cases do not exceed; null without cases."""
    p90_seconds: int | None
    """The least length that nine tenths of the cases do not exceed."""


class Share(Part):
    """So many of so many, with Wilson's 95 % interval."""

    part: int
    whole: int
    low: float | None
    """The bounds of the interval, 0 to 1; null for too few cases."""
    high: float | None
    too_few: bool
    """Whether there are too few cases to say anything: less than 20."""


class Stops(Part):
    """Visits that ended, and in which the advice was ever, slips aside, to hold the money or to call the police."""

    cases: int
    confirmed: int
    """Intercepted, in part or too late, or passed to the police."""
    false: int
    """Cleared and served in the end: the customer was stopped for nothing."""
    unknown: int
    """The customer left, or it stayed unresolved."""
    false_share: Share
    """The false ones of all whose ending says anything."""
    released_alone: int
    """False stops that one person released, with nobody in reach to agree."""
    false_time: Spread
    """How long those customers were there."""
    ordinary_time: Spread
    """How long the customers were there of all visits in which nothing was stopped."""


class StepFigures(Part):
    """A step in the cases in which it was advised or recorded."""

    step: str
    advised: int
    done: int
    set_aside: Mapping[Reason, int]
    """Not done, by the reason that was recorded."""
    overridden: Mapping[Reason, int]
    """Those among them that are a decision against the advice."""


class RuleFigures(Part):
    """A rule, by the name under which advice records it, in the cases in which it held."""

    rule: str
    fired: int
    """Cases in which it held for longer than a slip of the finger, or to the end."""
    confirmed: int
    refuted: int
    unknown: int
    right: Share
    """The confirmed ones of those that are judged."""
    overridden: Mapping[Reason, int]
    """Steps of it that were left undone by a decision against the advice."""


class Figures(Part):
    """What the cases of an outlet add up to that were opened in a period."""

    outlet: str
    """The code of the outlet whose file it is."""
    zone: str
    since: datetime.date | None
    """The first day by the outlet's clock; null for as far back as there are cases."""
    until: datetime.date | None
    """The last day, included."""
    teller: str | None
    """The staff number of the teller whose cases they are; null for all tellers."""
    up_to: int
    """The number of the last event that was counted: later ones change nothing in these figures."""
    cases: int
    open: int
    amounts: Amounts
    by_level: tuple[Group, ...]
    """By the highest level that was advised, slips aside."""
    by_typology: tuple[Group, ...]
    """By the likeliest typology of the last advice, the most frequent first."""
    by_outcome: tuple[Group, ...]
    by_hour: tuple[Group, ...]
    """By the hour of the opening, all 24."""
    by_day: tuple[Group, ...]
    """By the day of the opening, those on which there was any."""
    by_outlet: tuple[Group, ...]
    """By the outlet in the number of the case."""
    to_first_step: Spread
    """From the first red flag to the first step that was done from then on."""
    to_police: Spread
    """From the first red flag to the call to the police."""
    stops: Stops
    overridden_cases: int
    """Cases with a step that was left undone by a decision against the advice."""
    steps: tuple[StepFigures, ...]
    """The most often overridden first."""
    rules: tuple[RuleFigures, ...]
    """The most frequent first."""


def make_figures(tally: Tally, query: Query, source: Source, outlet: str) -> Figures:
    """Return the figures of the cases that were counted."""
    return Figures(
        outlet=outlet,
        zone=source.zone,
        since=query.period.since,
        until=query.period.until,
        teller=query.teller or None,
        up_to=source.head,
        cases=tally.whole.cases,
        open=tally.open,
        amounts=Amounts(**_write_amounts(tally.whole)),
        by_level=tuple(_group(level.value, tally.levels[level.value]) for level in reversed(Level)),
        by_typology=tuple(_group(key, total) for key, total in sorted(tally.typologies.items(), key=_by_frequency)),
        by_outcome=tuple(_group(key, tally.outcomes[key]) for key in (*(outcome.value for outcome in Outcome), NONE)),
        by_hour=tuple(_group(key, tally.hours[key]) for key in (f"{hour:02}" for hour in range(24))),
        by_day=tuple(_group(key, total) for key, total in sorted(tally.days.items())),
        by_outlet=tuple(_group(key, total) for key, total in sorted(tally.outlets.items())),
        to_first_step=_make_spread(tally.first_steps),
        to_police=_make_spread(tally.police),
        stops=_make_stops(tally),
        overridden_cases=tally.overridden,
        steps=tuple(_make_step(name, total) for name, total in sorted(tally.steps.items(), key=_by_overrides)),
        rules=tuple(
            _make_rule(name, total)
            for name, total in sorted(tally.rules.items(), key=lambda item: (-item[1].fired, item[0]))
            if name.partition(".")[0] in RULE_KINDS
        ),
    )


def make_share(part: int, whole: int) -> Share:
    """Return so many of so many, with what can be said of it."""
    few = whole < FEWEST
    low, high = (None, None) if few else find_interval(part, whole)
    return Share(part=part, whole=whole, low=_round(low), high=_round(high), too_few=few)


def _round(bound: float | None) -> float | None:
    return None if bound is None else round(bound, 4)


def _write_amounts(total: Sum) -> dict[str, int]:
    return {"at_risk_fen": total.at_risk, "protected_fen": total.protected, "lost_fen": total.lost}


def _group(key: str, total: Sum) -> Group:
    return Group(key=key, cases=total.cases, **_write_amounts(total))


def _by_frequency(item: tuple[str, Sum]) -> tuple[bool, int, str]:
    """Sort the most frequent first, and what has no name last."""
    key, total = item
    return key == NONE, -total.cases, key


def _by_overrides(item: tuple[str, StepSum]) -> tuple[int, int, str]:
    name, total = item
    return -total.overridden.total(), -total.advised, name


def _make_spread(counted: Counted) -> Spread:
    return Spread(
        cases=sum(counted.values()),
        total_seconds=sum(seconds * times for seconds, times in counted.items()),
        median_seconds=find_rank(counted, 50) if counted else None,
        p90_seconds=find_rank(counted, 90) if counted else None,
    )


def _make_stops(tally: Tally) -> Stops:
    confirmed, false = tally.stops[True], tally.stops[False]
    return Stops(
        cases=tally.stops.total(),
        confirmed=confirmed,
        false=false,
        unknown=tally.stops[None],
        false_share=make_share(false, confirmed + false),
        released_alone=tally.alone,
        false_time=_make_spread(tally.false_stops),
        ordinary_time=_make_spread(tally.ordinary),
    )


def _make_step(name: str, total: StepSum) -> StepFigures:
    return StepFigures(
        step=name,
        advised=total.advised,
        done=total.done,
        set_aside=dict(sorted(total.set_aside.items())),
        overridden=dict(sorted(total.overridden.items())),
    )


def _make_rule(name: str, total: RuleSum) -> RuleFigures:
    judged = total.confirmed + total.refuted
    return RuleFigures(
        rule=name,
        fired=total.fired,
        confirmed=total.confirmed,
        refuted=total.refuted,
        unknown=total.fired - judged,
        right=make_share(total.confirmed, judged),
        overridden=dict(sorted(total.overridden.items())),
    )
