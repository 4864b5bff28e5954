"""By when a step is due: from its urgency since it was first advised, or from a term that a text sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assistant.case.case import Case
from rules.facts import StepOutcome
from rules.model import Book, Urgency

MINUTE_MS: Final = 60_000
MINUTES: Final[Mapping[Urgency, int]] = {
    Urgency.FIRST_MINUTE: 1,
    Urgency.FIVE_MINUTES: 5,
    Urgency.FIFTEEN_MINUTES: 15,
    Urgency.NEXT_DAY: 24 * 60,
    Urgency.FOLLOW_UP: 72 * 60,
}
"""What is to be done during the visit has no clock of its own."""


def find_due(case: Case, step: str, book: Book) -> int | None:
    """Return when `step` is due in UTC milliseconds, or None when it is settled, not advised, or has no clock.

    A term counts from the last of the steps it follows, such as the 48 hours of a stop from the stop itself.
    """
    since, entry = case.advised_since(step), book.steps.get(step)
    if since is None or entry is None or case.settled(step):
        return None
    if entry.deadline_minutes is not None:
        before = [case.steps[name] for name in entry.after if name in case.steps]
        done = [record.at for record in before if record.outcome is StepOutcome.DONE]
        return max(done, default=since) + entry.deadline_minutes * MINUTE_MS
    minutes = MINUTES.get(entry.urgency)
    return None if minutes is None else since + minutes * MINUTE_MS


def find_next_due(case: Case, book: Book) -> int | None:
    """Return when the first of the steps still to do is due, or None."""
    dues = (find_due(case, step.id, book) for step in case.advised_steps)
    return min((due for due in dues if due is not None), default=None)
