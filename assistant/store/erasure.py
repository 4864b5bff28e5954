"""What leaves the file for good: sealed texts with their keys and hashes, for the event that says so.

It goes inside the transaction of that event and right before it, while what is to go can still be found.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import REQUEST
from assistant.people.requests import REQUEST_KEY
from assistant.people.roster import HASH
from assistant.store.seals import Seals
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.people.judging import Ground
    from assistant.store import words
else:
    words = import_later("assistant.store.words")

_PLACES: Final = frozenset({EventKind.PARTICULARS_NOTED, EventKind.PARTICULARS_REMOVED})
_PASSWORDS: Final = frozenset({EventKind.PASSWORD_SET, EventKind.PASSWORD_RESET})
ERASING: Final = frozenset({*_PLACES, *_PASSWORDS, EventKind.ERASED, EventKind.MEMBER_ERASED, EventKind.REQUEST_ERASED})
"""The kinds with which a sealed text may leave the file."""


def make_way(raw: sqlite3.Connection, seals: Seals, ground: Ground, draft: Draft) -> None:
    """Erase what is not to be left once `draft` is saved."""
    if draft.kind in _PLACES:
        _forget_particulars(raw, ground, draft)
    elif draft.kind in _PASSWORDS:
        _forget_password(raw, ground, draft)
    elif draft.kind is EventKind.ERASED:
        words.forget(raw, seals, draft.case_id)
        raw.execute("DELETE FROM lookups WHERE case_id = ?", (draft.case_id,))
        for subject in words.list_subjects(raw, draft.case_id):
            seals.erase(raw, subject)
    elif draft.kind is EventKind.MEMBER_ERASED:
        _forget_member(raw, seals, ground, draft)
    elif draft.kind is EventKind.REQUEST_ERASED:
        words.forget_request(raw, seals, draft.case_id)
        seals.erase(raw, draft.case_id)


def _forget_particulars(raw: sqlite3.Connection, ground: Ground, draft: Draft) -> None:
    """Erase what was noted there before: a mistyped number may be that of somebody who has nothing to do with it."""
    party, field = str(draft.body["party"]), str(draft.body["field"])
    raw.execute("DELETE FROM lookups WHERE case_id = ? AND party = ? AND field = ?", (draft.case_id, party, field))
    for (noted_party, noted_field), event in ground.case(draft.case_id).particulars.items():
        if (noted_party, noted_field) == (party, field):
            raw.execute("DELETE FROM private_texts WHERE seq = ?", (event.seq,))


def _forget_password(raw: sqlite3.Connection, ground: Ground, draft: Draft) -> None:
    """Erase the hash of the password before: people use the like of it elsewhere."""
    member = ground.roster.members.get(str(draft.body["number"]))
    if member is not None and member.password is not None:
        raw.execute("DELETE FROM private_texts WHERE seq = ? AND field = ?", (member.password.seq, HASH))


def _forget_member(raw: sqlite3.Connection, seals: Seals, ground: Ground, draft: Draft) -> None:
    """Erase name and hash of a member, and the request in which the name stands as well."""
    member = ground.roster.members[str(draft.body["number"])]
    for event in member.sealed:
        raw.execute("DELETE FROM private_texts WHERE seq = ?", (event.seq,))
    if member.named is not None and (request := member.named.body.get(REQUEST_KEY)):
        seals.erase(raw, f"{REQUEST}{request}")
