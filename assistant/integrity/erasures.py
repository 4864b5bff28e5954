"""Which private texts may be missing: those of which a later event says that they were erased, and no others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

from assistant.case.events import Event, EventKind
from assistant.case.subjects import REQUEST, STAFF, is_case
from assistant.case.summary import Keeping
from assistant.people.requests import REQUEST_KEY
from assistant.people.roster import HASH
from assistant.store import journal
from assistant.store.chain import PRIVATE
from assistant.store.folds import Folds
from assistant.store.seals import Seals

_PASSWORDS: Final = frozenset({EventKind.PASSWORD_SET, EventKind.PASSWORD_RESET})
_PLACES: Final = frozenset({EventKind.PARTICULARS_NOTED, EventKind.PARTICULARS_REMOVED})
_OWN: Final = frozenset({EventKind.RESTRICTED, EventKind.ERASED})
"""What was written when asking for these stays when the case goes."""


def find_gone(raw: sqlite3.Connection, seals: Seals, folds: Folds, history: tuple[Event, ...]) -> list[int]:
    """Return the events of a subject, all of them being given, that lack a text which nobody erased."""
    lacking = [event for event in history if _list_missing(event)]
    if not lacking:
        return []
    subject = history[0].case_id
    if subject == STAFF:
        return [event.seq for event in lacking if not _is_staff_erased(event, history)]
    if subject.startswith(REQUEST):
        return [] if _is_request_erased(raw, seals, folds, history) else [event.seq for event in lacking]
    if any(event.kind is EventKind.ERASED for event in history):
        return []
    return [event.seq for event in lacking if not _is_replaced(event, history)]


def _list_missing(event: Event) -> set[str]:
    promised = event.body.get(PRIVATE)
    return set(promised) - set(event.private) if isinstance(promised, dict) else set()


def _is_replaced(event: Event, history: Iterable[Event]) -> bool:
    """Tell whether what an event noted about a person was noted anew, or removed."""
    return event.kind is EventKind.PARTICULARS_NOTED and any(
        later.seq > event.seq and later.kind in _PLACES and _read_place(later) == _read_place(event)
        for later in history
    )


def _read_place(event: Event) -> tuple[object, object]:
    return event.body["party"], event.body["field"]


def _is_staff_erased(event: Event, history: Iterable[Event]) -> bool:
    """Tell whether the member was erased since; or, where only the hash is missing, whether the password is another."""
    later = {each.kind for each in history if each.seq > event.seq and each.body["number"] == event.body["number"]}
    return EventKind.MEMBER_ERASED in later or (_list_missing(event) == {HASH} and bool(later & _PASSWORDS))


def _is_request_erased(raw: sqlite3.Connection, seals: Seals, folds: Folds, history: tuple[Event, ...]) -> bool:
    """Tell whether a request was erased, or the case that it was about, or the member who was named by it."""
    if any(event.kind is EventKind.REQUEST_ERASED for event in history):
        return True
    request = folds.request(raw, history[0].case_id)
    if is_case(request.about):
        return request.kind not in _OWN and folds.case(raw, request.about).keeping is Keeping.ERASED
    return request.about == STAFF and request.subject in _list_named_by(journal.read_events(raw, seals, STAFF))


def _list_named_by(history: tuple[Event, ...]) -> Iterator[str]:
    """Yield the requests by which members were named who were erased since."""
    erased = {event.body["number"] for event in history if event.kind is EventKind.MEMBER_ERASED}
    for event in history:
        if event.kind is EventKind.MEMBER_NAMED and event.body["number"] in erased:
            yield f"{REQUEST}{event.body.get(REQUEST_KEY)}"
