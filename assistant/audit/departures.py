"""Where somebody did otherwise than advised: read off the events alone, so that anybody finds the same again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from assistant.case.case import Case
from assistant.case.events import Event, EventKind, Matter, Reason, list_counting
from assistant.case.levels import is_slip, name_undone
from assistant.case.traits import AGAINST_ADVICE, is_released
from rules.facts import Known, Level, StepOutcome


class DepartureCode(StrEnum):
    """How the advice was left."""

    DOES_NOT_FIT = "does_not_fit"
    """A step was set aside because it does not fit this case."""
    SUPERVISOR_DECIDED = "supervisor_decided"
    """A step was set aside because the supervisor decided so."""
    RELEASED = "released"
    """The case was closed as cleared, although the advice is, or was once, to hold or to call the police."""
    LEVEL_LOWERED = "level_lowered"
    """An answer was taken back or given anew, and the level fell. Not so within the time of a slip of the finger, nor
    by an answer that was verified."""
    OUT_OF_ORDER = "out_of_order"
    """A step was done while one that gates the case, and was advised before it, had no record."""
    NOT_RECORDED = "not_recorded"
    """A step of the visit was advised, and the case closed without a record of it."""


_CODES: Final = {
    Reason.DOES_NOT_FIT: DepartureCode.DOES_NOT_FIT,
    Reason.SUPERVISOR_DECIDED: DepartureCode.SUPERVISOR_DECIDED,
}
_OVERRIDES: Final = frozenset({*_CODES.values(), DepartureCode.RELEASED})
_OF_ONE_MOVE: Final = frozenset({EventKind.ANSWERED, EventKind.ACCOUNT_ANSWERED, EventKind.QUESTION_ASKED})
"""What is saved together with an answer, before the advice on all of it."""


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure, by the event that made it; `at` in UTC milliseconds."""

    code: DepartureCode
    seq: int
    at: int
    actor: str
    step: str | None = None
    reason: Reason | None = None
    before: str | None = None
    """Of OUT_OF_ORDER, the gating step that was to come first."""
    levels: tuple[Level, Level] | None = None
    """Of LEVEL_LOWERED, from which level to which."""
    agreed_by: str | None = None
    """Who agreed to it as the second person."""
    alone: bool = False
    """Whether it was done alone in an emergency."""


def find_departures(case: Case) -> tuple[Departure, ...]:
    """Return where the advice was left in a case, in the order of the events; what was taken back does not count."""
    story = list_counting(case.history)
    found = (
        *_find_set_aside(case, story),
        *_find_release(case, story),
        *_find_lowered(case.history),
        *_find_out_of_order(story),
        *_find_unrecorded(case, story),
    )
    return tuple(sorted(found, key=lambda departure: departure.seq))


def is_override(departure: Departure) -> bool:
    """Tell whether a departure is a decision against the advice, which is reviewed, and not merely a lapse."""
    return departure.code in _OVERRIDES


def _find_set_aside(case: Case, story: Sequence[Event]) -> Iterator[Departure]:
    """Yield the steps whose last record says that somebody decided otherwise."""
    last = {str(event.body["step"]): event for event in story if event.kind is EventKind.STEP_RECORDED}
    for step, record in case.steps.items():
        event = last[step]
        if record.reason in AGAINST_ADVICE:
            agreed = _read_agreement(story, event, Matter.SET_ASIDE, step)
            yield Departure(_CODES[record.reason], *_sign(event), step=step, reason=record.reason, **agreed)


def _find_release(case: Case, story: Sequence[Event]) -> Iterator[Departure]:
    if not is_released(case):
        return
    closed = _find_closing(story)
    agreed = _read_agreement(story, closed, Matter.RELEASE, None)
    yield Departure(DepartureCode.RELEASED, *_sign(closed), **agreed)


def _read_agreement(story: Iterable[Event], event: Event, matter: Matter, step: str | None) -> dict[str, Any]:
    """Return who agreed to what an event did, as a departure says it: the last agreement before it is the one."""
    agreed: dict[str, Any] = {}
    for earlier in story:
        if earlier.seq >= event.seq:
            break
        same = (earlier.body.get("matter"), earlier.body.get("step")) == (matter.value, step)
        if earlier.kind is EventKind.AUTHORISED and same:
            agreed = {"alone": True} if earlier.body.get("alone") else {"agreed_by": earlier.actor}
    return agreed


def _find_lowered(history: Iterable[Event]) -> Iterator[Departure]:
    """Yield the answers whose undoing lowered the level at once, in the whole history with what was taken back."""
    level: Level | None = None
    given: dict[str, Event] = {}
    undoing: tuple[Event, Event] | None = None
    """What undid an answer, and that answer, as long as no other move came between."""
    for event in history:
        if event.kind is EventKind.ADVISED:
            reached = Level(str(event.body["level"]))
            if undoing and level and reached.rank < level.rank and not is_slip(*undoing):
                yield Departure(DepartureCode.LEVEL_LOWERED, *_sign(undoing[0]), levels=(level, reached))
            level, undoing = reached, None
            continue
        undone = given.get(name_undone(event))
        if undone is not None and event.body.get("known") != Known.VERIFIED:
            undoing = event, undone
        elif event.kind not in _OF_ONE_MOVE:
            undoing = None
        given[event.id] = given[name_undone(event)] = event


def _find_out_of_order(story: Iterable[Event]) -> Iterator[Departure]:
    steps: list[Any] = []
    recorded: set[str] = set()
    done: set[str] = set()
    for event in story:
        if event.kind is EventKind.ADVISED:
            steps = event.body.get("steps") or []  # type: ignore[assignment]
        elif event.kind is EventKind.STEP_RECORDED:
            step = str(event.body["step"])
            # Done again, it was only corrected.
            if event.body["outcome"] == StepOutcome.DONE and step not in done:
                done.add(step)
                passed = (gate for gate in _list_gates_before(step, steps) if gate not in recorded)
                for gate in islice(passed, 1):
                    yield Departure(DepartureCode.OUT_OF_ORDER, *_sign(event), step=step, before=gate)
            recorded.add(step)


def _list_gates_before(step: str, steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    names = [entry["id"] for entry in steps]
    before = steps[: names.index(step)] if step in names else ()
    return (str(entry["id"]) for entry in before if entry.get("gates"))


def _find_unrecorded(case: Case, story: Sequence[Event]) -> Iterator[Departure]:
    """Yield what was left at the closing that holds; what is done after the visit waits for it."""
    if case.closing is None:
        return
    closed = _find_closing(story)
    recorded = {
        event.body["step"] for event in story if event.kind is EventKind.STEP_RECORDED and event.seq < closed.seq
    }
    for step in case.advised_steps:
        if step.id not in recorded and not step.after_visit:
            yield Departure(DepartureCode.NOT_RECORDED, *_sign(closed), step=step.id)


def _find_closing(story: Sequence[Event]) -> Event:
    return next(event for event in reversed(story) if event.kind is EventKind.CLOSED)


def _sign(event: Event) -> tuple[int, int, str]:
    return event.seq, event.at, event.actor
