"""Since when each step has been advised, by when it is due, and which were done too late: read off the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assistant.case.events import Event, EventKind, find_taken_back
from rules.facts import StepOutcome

MINUTE_MS: Final = 60_000
# The history is read after every save, and a member of an enum is found slowly.
_ADVISED: Final = EventKind.ADVISED
_RECORDED: Final = EventKind.STEP_RECORDED


@dataclass(frozen=True, slots=True)
class Clocks:
    """All times in UTC milliseconds."""

    since: Mapping[str, int]
    """Since when each step of the last advice has been advised without a break."""
    due: Mapping[str, int]
    """By when each of them that has a clock is due, done or not."""
    late: frozenset[str]
    """The steps that were done after they were due."""


def read_clocks(story: Sequence[Event]) -> Clocks:
    """Read the clocks of a case off its events, oldest first.

    A term that a text sets counts from the last of the steps it follows, such as the 48 hours of a stop from the stop
    itself; any other clock from when the step was first advised.
    """
    since: dict[str, int] = {}
    due: dict[str, int] = {}
    done: dict[str, int] = {}
    late: set[str] = set()
    steps: list[Any] = []
    told = [event for event in story if event.kind is _ADVISED or event.kind is _RECORDED]
    gone = find_taken_back(story) if told else frozenset()
    for event in told:
        if event.kind is _ADVISED:
            steps = event.body.get("steps") or []  # type: ignore[assignment]
            since = {step["id"]: since.get(step["id"], event.at) for step in steps}
        elif event.id not in gone:
            name = str(event.body["step"])
            if event.body["outcome"] != StepOutcome.DONE:
                done.pop(name, None)
            elif name not in done:
                # Recorded as done once more, it is only written down better.
                done[name] = event.at
                late |= {name} if due.get(name, event.at) < event.at else set()
        else:
            continue
        due = {step["id"]: _find_due(step, since, done) for step in steps if step.get("minutes")}
    return Clocks(since, due, frozenset(late))


def find_first_flag(story: Iterable[Event]) -> int | None:
    """Return when the first red flag was answered yes, UTC milliseconds; what was taken back has to be left out."""
    flags = (event.at for event in story if event.kind is EventKind.ANSWERED and event.body.get("value") == "yes")
    return next(flags, None)


def _find_due(step: Mapping[str, Any], since: Mapping[str, int], done: Mapping[str, int]) -> int:
    begun = since[step["id"]]
    if step.get("term"):
        begun = max((done[name] for name in step.get("after", ()) if name in done), default=begun)
    return begun + int(step["minutes"]) * MINUTE_MS
