"""What was exported, as far as one person may know of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from assistant.case.subjects import EXPORT
from assistant.confidence import needs_to_know
from assistant.people.bodies import Leaving
from assistant.people.permissions import State, may_read

if TYPE_CHECKING:
    from assistant.case.events import Event
    from assistant.desk import Desk

_TOLD: Final[dict[str, Any]] = {"name": "", "form": "", "case": None, "columns": [], "confidential": False}
"""What is told of a confidential export in the place of what it was."""
_MONTH: Final = re.compile(r"from:([0-9]{4}-[0-9]{2})-01 to:\1-[0-9]{2}")


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


def find_number(desk: Desk, event: Event) -> str | None:
    """Return the number of the case of which a document left, as `conceal_export` tells of it; None where it is of no
    case, or of one that whoever works at `desk` may not read."""
    rows = desk.store.list_rows([str(event.body["case"])]) if event.body["case"] is not None else ()
    return next((row.number for row in rows if may_read(desk.store.roster, desk.actor, row)), None)


def find_month(event: Event) -> str | None:
    """Return the month of a report that left, such as `2026-11`; None for anything else."""
    found = _MONTH.fullmatch(str(event.body["filter"])) if event.body["what"] == Leaving.REPORT else None
    return found[1] if found else None
