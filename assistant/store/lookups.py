"""Where a value about a person was noted: found by its keyed hash or its last four digits, never by the value."""

from __future__ import annotations

import sqlite3
from typing import Any, Final, NamedTuple

from assistant.case.events import Event, EventKind
from assistant.particulars.fields import Field
from assistant.particulars.masking import last_digits
from assistant.people.roster import HASH
from assistant.store.seals import Seals

MOST_FOUND: Final = 50

_PASSWORDS: Final = frozenset({EventKind.PASSWORD_SET, EventKind.PASSWORD_RESET})
ERASING: Final = _PASSWORDS | {EventKind.PARTICULARS_NOTED, EventKind.PARTICULARS_REMOVED, EventKind.ERASED}
"""The kinds with which a sealed text may leave the file."""
_REQUESTS_ABOUT: Final = "SELECT subject FROM requests WHERE about = ? AND kind NOT IN ('restricted', 'erased')"
"""What was written when asking about a case goes with it; why it was erased stays."""


class Found(NamedTuple):
    """A case in which the value was noted, and about whom."""

    case_id: str
    party: str
    field: str


_FIND: Final = """
SELECT case_id, party, field FROM lookups JOIN cases USING (case_id)
WHERE {} ORDER BY opened_at DESC, case_id DESC LIMIT {}
"""
_BY_DIGEST: Final = _FIND.format("digest = ?", MOST_FOUND)
_BY_DIGITS: Final = _FIND.format("last_digits = ?", MOST_FOUND)


def find_digest(raw: sqlite3.Connection, digest: bytes) -> tuple[Found, ...]:
    """Return where the value of that keyed hash was noted, newest case first."""
    return tuple(Found(*row) for row in raw.execute(_BY_DIGEST, (digest,)))


def find_digits(raw: sqlite3.Connection, digits: str) -> tuple[Found, ...]:
    """Return where a number that ends in these digits was noted, newest case first."""
    return tuple(Found(*row) for row in raw.execute(_BY_DIGITS, (digits,)))


def carry_out(raw: sqlite3.Connection, seals: Seals, before: Any, event: Event) -> None:
    """Do what an event means for what is sealed, inside its transaction: make it findable, or erase it."""
    if event.kind is EventKind.PARTICULARS_NOTED:
        _forget(raw, before, event)
        _note(raw, seals, event)
    elif event.kind is EventKind.PARTICULARS_REMOVED:
        _forget(raw, before, event)
    elif event.kind is EventKind.ERASED:
        raw.execute("DELETE FROM lookups WHERE case_id = ?", (event.case_id,))
        seals.erase(raw, event.case_id)
        for (request,) in raw.execute(_REQUESTS_ABOUT, (event.case_id,)).fetchall():
            seals.erase(raw, request)
    elif event.kind in _PASSWORDS:
        _forget_password(raw, before, event)


def _note(raw: sqlite3.Connection, seals: Seals, event: Event) -> None:
    party, field, value = str(event.body["party"]), Field(str(event.body["field"])), event.private["value"]
    raw.execute(
        "INSERT OR REPLACE INTO lookups (digest, case_id, party, field, last_digits) VALUES (?, ?, ?, ?, ?)",
        (seals.sealing.digest(field, value), event.case_id, party, field, last_digits(field, value)),
    )


def _forget(raw: sqlite3.Connection, case: Any, event: Event) -> None:
    """Erase what was noted there before: a mistyped number may be that of somebody who has nothing to do with it."""
    place = (event.body["party"], event.body["field"])
    raw.execute("DELETE FROM lookups WHERE case_id = ? AND party = ? AND field = ?", (event.case_id, *place))
    earlier = case.particulars.get(place)
    if earlier is not None:
        raw.execute("DELETE FROM private_texts WHERE seq = ?", (earlier.seq,))


def _forget_password(raw: sqlite3.Connection, roster: Any, event: Event) -> None:
    """Erase the hash of the password before: people use the like of it elsewhere."""
    member = roster.members.get(event.body["number"])
    if member is not None and member.password is not None:
        raw.execute("DELETE FROM private_texts WHERE seq = ? AND field = ?", (member.password.seq, HASH))
