"""Where a value about a person was noted: found by its keyed hash or its last four digits, never by the value."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.case.events import Event, EventKind
from assistant.particulars.fields import Field
from assistant.particulars.masking import last_digits
from assistant.particulars.resident import lengthen
from assistant.register.filters import Noted
from assistant.store.seals import Seals

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.store.folds import Folds

MOST_FOUND: Final = 50


class Found(NamedTuple):
    """A case in which the value was noted, and about whom."""

    case_id: str
    party: str
    field: str


_FIND: Final = """
SELECT case_id, party, field FROM lookups JOIN cases USING (case_id)
WHERE {} ORDER BY opened_seq DESC LIMIT {}
"""
_BY_DIGEST: Final = _FIND.format("digest = ?", MOST_FOUND)
_BY_DIGITS: Final = _FIND.format("last_digits = ?", MOST_FOUND)


def find_same(raw: sqlite3.Connection, seals: Seals, field: Field, value: str) -> tuple[Found, ...]:
    """Return where that value was noted, newest case first."""
    return tuple(Found(*row) for row in raw.execute(_BY_DIGEST, (_digest(seals, field, value),)))


def find_digits(raw: sqlite3.Connection, digits: str) -> tuple[Found, ...]:
    """Return where a number that ends in these digits was noted, newest case first."""
    return tuple(Found(*row) for row in raw.execute(_BY_DIGITS, (digits,)))


def find_note(seals: Seals, field: Field, value: str) -> Noted:
    """Return what the list of cases is asked for to find where that value was noted."""
    return Noted(digest=_digest(seals, field, value))


def note(raw: sqlite3.Connection, seals: Seals, event: Event) -> None:
    """Make what an event notes about a person findable, inside its transaction."""
    if event.kind is not EventKind.PARTICULARS_NOTED:
        return
    party, field, value = str(event.body["party"]), Field(str(event.body["field"])), event.private["value"]
    raw.execute(
        "INSERT OR REPLACE INTO lookups (digest, case_id, party, field, last_digits) VALUES (?, ?, ?, ?, ?)",
        (_digest(seals, field, value), event.case_id, party, field, last_digits(field, value)),
    )


def note_all(raw: sqlite3.Connection, seals: Seals, case: Case) -> None:
    """Make whatever is noted about the persons of a case, and not erased, findable."""
    for event in case.particulars.values():
        if event.private:
            note(raw, seals, event)


def remake(raw: sqlite3.Connection, seals: Seals, folds: Folds) -> None:
    """Make the whole table anew from the events, inside the caller's transaction."""
    raw.execute("DELETE FROM lookups")
    for (case_id,) in raw.execute("SELECT case_id FROM cases ORDER BY opened_seq").fetchall():
        note_all(raw, seals, folds.case(raw, case_id))


def _digest(seals: Seals, field: Field, value: str) -> bytes:
    # Whoever has a number of before 1999 has one of today's as well, and may show either.
    return seals.sealing.digest(field, lengthen(value) if field is Field.ID_NUMBER else value)
