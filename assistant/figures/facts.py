"""What one case adds to the figures, folded from its events; no private text is needed for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assistant.case.clocks import find_first_flag
from assistant.case.events import Event, EventKind, Matter, Outcome, Reason, list_counting
from assistant.case.levels import SLIP_MS, find_highest
from assistant.case.traits import AGAINST_ADVICE, HELD
from assistant.sheet import POLICE_CALL
from rules.facts import Level, StepOutcome

CONFIRMED: Final = frozenset(
    {Outcome.INTERCEPTED, Outcome.PARTLY_INTERCEPTED, Outcome.NOT_INTERCEPTED, Outcome.PASSED_TO_POLICE}
)
"""The endings that say that the suspicion was right."""
REFUTED: Final = frozenset({Outcome.CLEARED})
"""Those that say that it was not. Of a customer who left, and of what stayed unresolved, nobody knows."""


@dataclass(frozen=True, slots=True)
class Override:
    """A step that somebody left undone against the advice, and the rules that held when it was so recorded."""

    step: str
    reason: Reason
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case as the figures count it: amounts in fen, times in UTC milliseconds, lengths of time in whole seconds."""

    number: str
    opened_at: int
    level: Level
    """The highest that was advised, slips of the finger aside."""
    typology: str | None
    """The likeliest of the last advice."""
    outcome: Outcome | None
    """None for a case that is open, or open again."""
    at_risk: int
    protected: int
    lost: int
    first_step: int | None
    """From the first red flag to the first step that was done from then on."""
    police: int | None
    """From the first red flag to the call to the police."""
    served: int | None
    """How long the case was open, each time it was; None as long as it is."""
    rules: frozenset[str]
    """What held in the advice for longer than a slip, or to the end."""
    advised: frozenset[str]
    """The steps of which that is true."""
    steps: tuple[tuple[str, StepOutcome, Reason | None], ...]
    """What became of each step that was recorded."""
    overrides: tuple[Override, ...]
    alone: bool
    """Whether it was released by one person, with nobody in reach to agree."""

    @property
    def stopped(self) -> bool:
        """Whether the advice was ever to hold the customer's money, or to call the police."""
        return self.level in HELD

    @property
    def judged(self) -> bool | None:
        """Whether the ending says that the suspicion was right; None where it says neither."""
        if self.outcome in CONFIRMED:
            return True
        return False if self.outcome in REFUTED else None


def find_facts(history: Sequence[Event]) -> CaseFacts:
    """Return what a case with this history, oldest event first, adds to the figures."""
    story = list_counting(history)
    closing = _find_closing(story)
    flagged = find_first_flag(story)
    body: Any = closing.body if closing else {"outcome": None, "at_risk": 0, "protected": 0, "lost": 0}
    last: Any = next((event.body for event in reversed(story) if event.kind is EventKind.ADVISED), {})
    return CaseFacts(
        number=str(history[0].body.get("number", "")),
        opened_at=history[0].at,
        level=find_highest(history),
        typology=next(iter(last.get("typologies", ())), None),
        outcome=Outcome(body["outcome"]) if closing else None,
        at_risk=body["at_risk"],
        protected=body["protected"],
        lost=body["lost"],
        first_step=_find_done(story, flagged),
        police=_find_done(story, flagged, POLICE_CALL),
        served=_find_served(story) if closing else None,
        rules=_find_held(story, _list_rules),
        advised=_find_held(story, _list_steps),
        steps=tuple(_find_records(story)),
        overrides=tuple(_find_overrides(story)),
        alone=any(
            event.kind is EventKind.AUTHORISED and event.body["matter"] == Matter.RELEASE and event.body.get("alone")
            for event in story
        ),
    )


def _find_closing(story: Sequence[Event]) -> Event | None:
    for event in reversed(story):
        if event.kind is EventKind.REOPENED:
            return None
        if event.kind is EventKind.CLOSED:
            return event
    return None


def _find_done(story: Sequence[Event], since: int | None, step: str | None = None) -> int | None:
    """Return after how many seconds since that moment a step was first recorded as done, any one or that one."""
    if since is None:
        return None
    done = (
        event.at
        for event in story
        if event.kind is EventKind.STEP_RECORDED
        and event.body["outcome"] == StepOutcome.DONE
        and event.at >= since
        and step in (None, event.body["step"])
    )
    first = next(done, None)
    return None if first is None else (first - since) // 1000


def _find_served(story: Sequence[Event]) -> int:
    began, served = story[0].at, 0
    for event in story:
        if event.kind is EventKind.REOPENED:
            began = event.at
        elif event.kind is EventKind.CLOSED:
            served += max(0, event.at - began)
    return served // 1000


def _list_rules(body: Any) -> frozenset[str]:
    return frozenset(body.get("rules", ()))


def _list_steps(body: Any) -> frozenset[str]:
    return frozenset(step["id"] for step in body.get("steps", ()))


def _find_held(story: Sequence[Event], list_names: Callable[[Any], frozenset[str]]) -> frozenset[str]:
    """Return what stood in the advice for at least as long as a slip of the finger lasts, or at a closing or the end:
    one wrong key must not count against a rule."""
    since: dict[str, int] = {}
    held: set[str] = set()
    names: frozenset[str] = frozenset()
    for event in story:
        if event.kind is EventKind.ADVISED:
            before, names = names, list_names(event.body)
            for name in before - names:
                if event.at - since.pop(name) >= SLIP_MS:
                    held.add(name)
            for name in names - before:
                since[name] = event.at
        elif event.kind is EventKind.CLOSED:
            held |= names
    return frozenset(held | names)


def _find_records(story: Sequence[Event]) -> Iterator[tuple[str, StepOutcome, Reason | None]]:
    """Yield the record of each step that holds, which is the last one."""
    last = {str(event.body["step"]): event for event in story if event.kind is EventKind.STEP_RECORDED}
    for step, event in last.items():
        reason = event.body.get("reason")
        yield step, StepOutcome(str(event.body["outcome"])), Reason(str(reason)) if reason else None


def _find_overrides(story: Sequence[Event]) -> Iterator[Override]:
    rules: frozenset[str] = frozenset()
    found: dict[str, Override] = {}
    for event in story:
        if event.kind is EventKind.ADVISED:
            rules = _list_rules(event.body)
        elif event.kind is EventKind.STEP_RECORDED:
            step, reason = str(event.body["step"]), event.body.get("reason")
            found.pop(step, None)
            if reason in AGAINST_ADVICE:
                found[step] = Override(step, Reason(str(reason)), rules)
    yield from found.values()
