"""What was exported, as far as one person may know of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from assistant.case.subjects import EXPORT
from assistant.confidence import needs_to_know
from assistant.people.permissions import State

if TYPE_CHECKING:
    from assistant.case.events import Event
    from assistant.desk import Desk

_TOLD: Final[dict[str, Any]] = {"name": "", "case": None, "columns": [], "confidential": False}
"""What is told of a confidential export in the place of what it was."""


def list_exports(desk: Desk, limit: int) -> tuple[Event, ...]:
    """Return the last exports, newest first, as far as whoever works at `desk` may know of them."""
    return tuple(conceal_export(desk, event) for event in desk.store.read_log(EXPORT, limit))


def conceal_export(desk: Desk, event: Event) -> Event:
    """Return the event of an export without what tells of a suspicious transaction report, unless that is the business
    of whoever works at `desk`: which document of which case it was, if it was a confidential one."""
    if not event.body["confidential"] or needs_to_know(desk.store.roster, desk.actor, State.OPEN):
        return event
    body: dict[str, Any] = {**event.body, **_TOLD}
    return replace(event, body=body)
