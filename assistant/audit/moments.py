"""The times that matter in a case: how long it took until somebody noticed, was told, acted, and had help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from assistant.case.case import Case
from assistant.case.events import Event, EventKind, Outcome, Reason, list_counting
from assistant.case.traits import HELD
from assistant.sheet import POLICE_CALL
from rules.facts import StepOutcome


@dataclass(frozen=True, slots=True)
class Moments:
    """UTC milliseconds, None for what did not happen; what was taken back did not."""

    opened: int
    first_flag: int | None
    """The first red flag that still counts was answered yes."""
    first_advice: int | None
    """The teller was first told to do something."""
    first_hold: int | None
    """The advice was first to hold, or to call the police."""
    first_step: int | None
    """The first step was done."""
    police_called: int | None
    police_there: int | None
    """The record first says that the police have the matter in hand: a step is left to them, or the whole case."""
    closed: int | None
    """Of the closing that holds."""

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Yield the names and times of what happened."""
        for field in fields(self):
            if (at := getattr(self, field.name)) is not None:
                yield field.name, at


def find_moments(case: Case) -> Moments:
    """Return the times that matter in a case."""
    story = list_counting(case.history)
    steps = [event for event in story if event.kind is EventKind.STEP_RECORDED]
    advice = [event for event in story if event.kind is EventKind.ADVISED]
    done = [event for event in steps if event.body["outcome"] == StepOutcome.DONE]
    left_to_police = [event.at for event in steps if event.body.get("reason") == Reason.POLICE_TOOK_OVER]
    if case.closing and case.closing.outcome is Outcome.PASSED_TO_POLICE:
        left_to_police.append(case.closing.at)
    return Moments(
        opened=case.history[0].at,
        first_flag=case.first_flag_at,
        first_advice=_find_first(event for event in advice if event.body.get("steps")),
        first_hold=_find_first(event for event in advice if event.body["level"] in HELD),
        first_step=_find_first(done),
        police_called=_find_first(event for event in done if event.body["step"] == POLICE_CALL),
        police_there=min(left_to_police, default=None),
        closed=case.closing.at if case.closing else None,
    )


def _find_first(events: Iterable[Event]) -> int | None:
    return next((event.at for event in events), None)
