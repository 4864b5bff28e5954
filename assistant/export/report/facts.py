"""What a monthly report says, for its template: plain texts in the language of the report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the month, the same of the month before, and what lies between them; empty where that says
    nothing."""

    name: str
    """What is counted."""
    now: str
    """The figure of the month."""
    before: str
    """The figure of the month before."""
    change: str
    """What lies between them; empty where that says nothing."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Cases that have something in common, as many as `bar` is long, and their money in yuan, without the unit."""

    name: str
    """What the cases have in common."""
    cases: str
    """How many there are."""
    before: str
    """So many in the month before."""
    bar: str
    """A bar as long as their number."""
    at_risk: str
    """Their money at risk, in yuan without the unit, as are the next two."""
    protected: str
    """The money that was protected."""
    lost: str
    """The money that was lost."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day: its number, how many cases were opened on it, and a bar of that; texts that are empty for a day of
    another month."""

    number: str
    """The day of the month; empty for a day of another month, as are the next two."""
    cases: str
    """How many cases were opened on it."""
    bar: str
    """A bar as long as their number."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week, Monday first."""

    days: tuple[Day, ...]
    """Its seven days, Monday first."""


@dataclass(frozen=True, slots=True)
class TimeRow:
    """How long something took, in the month and, as the middle one of all, in the month before."""

    name: str
    """What took so long."""
    cases: str
    """In how many cases it is known."""
    median: str
    """The least length that half of them do not exceed."""
    p90: str
    """The least length that nine tenths of them do not exceed."""
    total: str
    """All of it together."""
    before: str
    """The median of the month before."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step: in how many cases it was advised, done and overridden, and why it was not done."""

    name: str
    """The step."""
    advised: str
    """In how many cases it was advised."""
    done: str
    """In how many it was done."""
    overridden: str
    """In how many it was left undone against the advice."""
    set_aside: str
    """Why it was not done, with numbers; empty where nothing was set aside."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule: its name and reason, in how many cases it held, and what became of those."""

    name: str
    """The id of the rule."""
    reason: str
    """Why it says what it says; empty where the rulebook does not know it."""
    fired: str
    """In how many cases it held."""
    confirmed: str
    """How many of these were confirmed."""
    refuted: str
    """How many were not."""
    unknown: str
    """Of how many nobody knows."""
    overridden: str
    """How many of its steps were left undone against the advice."""
    right: str
    """The share of the confirmed ones, or that there are too few cases."""

    @property
    def label(self) -> str:
        """The reason, and the name on a line of its own."""
        return f"{self.reason}\n{self.name}"


@dataclass(frozen=True, slots=True)
class NotableRow:
    """A case to look at, with its money in yuan, without the unit. Nothing about a person is in it."""

    number: str
    """The number of the case."""
    opened: str
    """When it was opened, on the outlet's clock."""
    level: str
    """The highest level that was advised."""
    outcome: str
    """How it ended."""
    amount: str
    """What was at risk, in yuan without the unit."""
    lost: str
    """What was lost, likewise."""
    why: str
    """What stands out in it."""


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """The report of a month: plain texts in its language."""

    outlet: str
    """The code of the outlet."""
    outlet_name: str
    """The name of the outlet."""
    bank: str | None
    """The name of the bank as the settings have it."""
    month: str
    """The month, in words."""
    before: str
    """The month before, in words."""
    since: str
    """Its first day."""
    until: str
    """Its last day."""
    made_at: str
    """When the report was made, on the outlet's clock."""
    made_by: str
    """The staff number of whoever made it."""
    running: bool
    """The month is not over."""
    any_cases: bool
    """There are cases in the month."""
    any_before: bool
    """There were cases in the month before."""
    cases: str
    """How many cases were opened."""
    open: str
    """How many of them are still open."""
    at_risk: str
    """The money at risk in the closed ones, as are the next two."""
    protected: str
    """The money that was protected."""
    lost: str
    """The money that was lost."""
    any_interval: bool
    """Whether a share stands in it with its interval, and not only that there are too few cases."""
    summary: tuple[Compared, ...]
    """The main figures beside those of the month before."""
    levels: tuple[GroupRow, ...]
    """The cases by the highest level that was advised."""
    outcomes: tuple[GroupRow, ...]
    """The cases by their outcome."""
    typologies: tuple[GroupRow, ...]
    """The cases by the likeliest suspected typology."""
    outlets: tuple[GroupRow, ...]
    """The cases by outlet; empty where all are of one."""
    hours: tuple[GroupRow, ...]
    """The cases by the hour of their opening, from the first hour with a case to the last; but for long runs of hours
    without any."""
    hours_left_out: str
    """How many hours between the first and the last are not there, as no case was opened in either month; empty where
    all are."""
    weeks: tuple[Week, ...]
    """The calendar of the month with the cases of each day."""
    speed: tuple[TimeRow, ...]
    """How fast: to the first step, and to the call to the police."""
    customers: tuple[TimeRow, ...]
    """How long customers were there who were stopped for nothing, and those who were not stopped."""
    stops: str
    """How many were stopped, and how many of these rightly, as a sentence without its end."""
    false_share: str
    """The share of false stops with its interval, or that there are too few cases."""
    released_alone: str
    """How many of the false stops one person released alone."""
    overridden_cases: str
    """In how many cases a step was left undone against the advice."""
    steps: tuple[StepRow, ...]
    """The steps that were advised, the most often overridden first; where they are many, those that were advised in
    more than one case or overridden."""
    steps_left_out: str
    """How many steps are not there, which were advised in one case or none; empty where all are."""
    rules: tuple[RuleRow, ...]
    """The rules that held, the most frequent first; where they are many, those that held in more than one case or were
    overridden."""
    rules_left_out: str
    """How many rules are not there, which held in one case each; empty where all are."""
    notable: tuple[NotableRow, ...]
    """The cases to look at, at most ten."""
    rulebook: str
    """The version of the rulebook by which things are named."""
    up_to: str
    """The number of the last event that was counted."""
    checkpoint: str
    """The line by which the record can be checked later; empty in a preview."""
