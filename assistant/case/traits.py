"""What in a case asks for a second look: each trait is read off its events alone, so that it can be found again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from assistant.case.events import Event, EventKind, Outcome, Reason
from assistant.case.levels import find_highest
from assistant.case.review import Standing
from rules.facts import Level

if TYPE_CHECKING:
    from assistant.case.case import Case

HELD: Final = frozenset({Level.HOLD, Level.POLICE})
AGAINST_ADVICE: Final = frozenset({Reason.DOES_NOT_FIT, Reason.SUPERVISOR_DECIDED})
"""The reasons by which somebody decides otherwise than advised; the others say what stood in the way."""
SAMPLE: Final = 20
"""Of so many ordinary cases one is looked at."""


class Trait(StrEnum):
    """What stands out in a case."""

    OVERRIDE = "override"
    """Somebody decided against the advice: a step set aside, or a release of what was to be held."""
    LOSS = "loss"
    EMERGENCY = "emergency"
    """Somebody did alone what takes two."""
    LATE = "late"
    """A step was done after it was due."""
    SAMPLED = "sampled"
    """Nothing stands out, and the sample fell on it."""


_AUTHORISED: Final = EventKind.AUTHORISED
REVIEWED: Final = frozenset({Trait.OVERRIDE, Trait.LOSS, Trait.EMERGENCY, Trait.SAMPLED})
"""What has to be reviewed once the case is closed."""


def was_held(story: Sequence[Event]) -> bool:
    """Tell whether the advice was ever to hold, or to call the police; slips of the finger aside."""
    return find_highest(story) in HELD


def is_released(case: Case) -> bool:
    """Tell whether a case is closed as cleared, although what it was about was once to be held."""
    return case.closing is not None and case.closing.outcome is Outcome.CLEARED and was_held(case.history)


def find_traits(case: Case, late: Collection[str]) -> frozenset[Trait]:
    """Return the traits of a case; `late` are the steps that were done too late."""
    found = set()
    if is_released(case) or any(record.reason in AGAINST_ADVICE for record in case.steps.values()):
        found.add(Trait.OVERRIDE)
    if case.closing is not None and (case.closing.lost or case.closing.outcome is Outcome.NOT_INTERCEPTED):
        found.add(Trait.LOSS)
    if any([event.kind is _AUTHORISED and event.body.get("alone") for event in case.history]):
        found.add(Trait.EMERGENCY)
    if late:
        found.add(Trait.LATE)
    if case.closing is not None and not found & REVIEWED and _is_sampled(case):
        found.add(Trait.SAMPLED)
    return frozenset(found)


def find_standing(case: Case, traits: Collection[Trait]) -> Standing | None:
    """Return where the review of a case stands, None for one that is open or that nothing asks to be reviewed.

    One that is only kept can be reviewed no more; whether it was approved stays.
    """
    if case.closing is None:
        return None
    standing = case.review.standing if case.review else None
    if case.keeping is not None:
        return Standing.APPROVED if standing is Standing.APPROVED else None
    if standing is not None:
        return standing
    return Standing.DUE if REVIEWED.intersection(traits) or _was_to_be_reviewed(case) else None


def _was_to_be_reviewed(case: Case) -> bool:
    """Tell whether a review was due or begun when the case was reopened last: by reopening it nobody escapes one, and
    what was approved is another case now."""
    places = [place for place, event in enumerate(case.history) if event.kind is EventKind.REOPENED]
    if not places:
        return False
    before = type(case).of(case.history[: places[-1]])
    return find_standing(before, find_traits(before, ())) is not None


def _is_sampled(case: Case) -> bool:
    """Tell whether the sample falls on a case: by the hash of its closing, which hangs on all that was saved before."""
    closed = next(event for event in reversed(case.history) if event.kind is EventKind.CLOSED)
    return bool(closed.hash) and int(closed.hash[:8], 16) % SAMPLE == 0
