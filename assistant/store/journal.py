"""The rows of the events: how a draft becomes the next one, and how events are read back."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from assistant.case.events import Draft, Event, EventKind, JsonValue
from assistant.store.chain import (
    LARGEST_INT,
    PRIVATE,
    SALT_BYTES,
    Link,
    check_body,
    check_text,
    commit_to,
    encode_body,
    hash_event,
    name_file,
    write_canonical,
)
from assistant.store.faults import IdReused, Problem, UnfitDraft
from assistant.store.seals import SealedTexts, Seals

NUMBER: Final = "number"
"""The key of an opening's body that holds the case number, which the store gives."""

_NO_TEXTS: Final[Mapping[str, str]] = MappingProxyType({})

_START: Final = """
SELECT seq, hash, EXISTS (SELECT 1 FROM events WHERE id IN ({})) FROM events ORDER BY seq DESC LIMIT 1
"""
_MOST_ASKED: Final = 500
"""How many values every SQLite takes in one statement."""
_parse: Final = json.JSONDecoder().raw_decode
"""Reads what `encode_body` wrote, and has nothing to look for around it."""

_SELECT: Final = """
SELECT events.seq, id, case_id, at, actor, kind, body, prev, hash, field, sealed
FROM events LEFT JOIN private_texts ON private_texts.seq = events.seq
"""


def check_draft(draft: Draft) -> None:
    """Raise UnfitDraft for whatever the file could not give back exactly as it was."""
    for name, value in (("id", draft.id), ("case_id", draft.case_id), ("actor", draft.actor)):
        check_text(name, value)
        if not value:
            raise UnfitDraft(field=name, problem=Problem.EMPTY)
    if type(draft.at) is not int or not 0 <= draft.at < LARGEST_INT:
        raise UnfitDraft(field="at", problem=Problem.NOT_A_TIME)
    if PRIVATE in draft.body:
        raise UnfitDraft(field=PRIVATE, problem=Problem.RESERVED_KEY)
    for name, text in draft.private.items():
        if not name.isascii():
            raise UnfitDraft(field=PRIVATE, problem=Problem.KEY)
        check_text(name, text)
    check_body(draft.body)


def read_head(raw: sqlite3.Connection) -> Link:
    """Return the place of the last event; in a file without events, number 0 and the genesis."""
    row = raw.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return Link(*(row or raw.execute("SELECT 0, genesis FROM meta").fetchone()))


def read_start(raw: sqlite3.Connection, drafts: Sequence[Draft]) -> tuple[Link, bool]:
    """Return the place of the last event as `read_head` does, and whether any of `drafts` may have been saved before:
    by far the most often none was, which is asked in one statement for all of them."""
    ids = [draft.id for draft in drafts]
    if len(ids) > _MOST_ASKED or len(set(ids)) < len(ids):
        return read_head(raw), True
    row = raw.execute(_START.format(", ".join("?" * len(ids))), ids).fetchone()
    return (Link(row[0], row[1]), bool(row[2])) if row else (read_head(raw), False)


def read_hash(raw: sqlite3.Connection, seq: int) -> str | None:
    """Return the hash of the event of that number; in a file without events, of number 0 the genesis."""
    if seq == 0:
        return str(raw.execute("SELECT genesis FROM meta").fetchone()[0])
    row = raw.execute("SELECT hash FROM events WHERE seq = ?", (seq,)).fetchone()
    return row[0] if row else None


def read_last_seq(raw: sqlite3.Connection, case_id: str) -> int:
    """Return the number of the last event of a case, 0 for a case that is not there."""
    row = raw.execute("SELECT max(seq) FROM events WHERE case_id = ?", (case_id,)).fetchone()
    return row[0] or 0


def read_events(raw: sqlite3.Connection, seals: Seals, subject: str) -> tuple[Event, ...]:
    """Return the events of a subject, oldest first; none for one that is not there."""
    return _read(raw, seals, "WHERE case_id = ? ORDER BY events.seq", subject)


def read_last(raw: sqlite3.Connection, seals: Seals, subject: str, count: int) -> tuple[Event, ...]:
    """Return the last `count` events of a subject without private texts, newest first."""
    return _read(raw, seals, "WHERE case_id = ? ORDER BY events.seq DESC LIMIT ?", subject, count)


def read_accesses(raw: sqlite3.Connection, seals: Seals, before: int, limit: int) -> tuple[Event, ...]:
    """Return up to `limit` events of access before the event `before`, newest first."""
    return _read(
        raw, seals, "WHERE kind = 'accessed' AND events.seq < ? ORDER BY events.seq DESC LIMIT ?", before, limit
    )


def find_saved(raw: sqlite3.Connection, seals: Seals, draft: Draft) -> Event | None:
    """Return the event that `draft` became when it was saved before. Raises IdReused for other content of that id."""
    if raw.execute("SELECT 1 FROM events WHERE id = ?", (draft.id,)).fetchone() is None:
        return None
    (found,) = _read(raw, seals, "WHERE id = ?", draft.id)
    if not _is_same(draft, found):
        raise IdReused(id=draft.id)
    return found


def insert_event(
    raw: sqlite3.Connection, seals: Seals, db_id: str, head: Link, draft: Draft, number: str | None
) -> Event:
    """Write `draft`, which was checked, as the event after `head`, inside the caller's transaction; `number` is that of
    a case it opens."""
    private = dict(draft.private)
    salts = {field: secrets.token_bytes(SALT_BYTES) for field in private}
    body: dict[str, JsonValue] = dict(draft.body)
    if number is not None:
        body[NUMBER] = number
    if private:
        body[PRIVATE] = {field: commit_to(salts[field], text) for field, text in private.items()}
    text = encode_body(body)
    seq = head.seq + 1
    row = (seq, draft.id, draft.case_id, draft.at, draft.actor, str(draft.kind), text)
    digest = hash_event(head.hash, name_file(db_id), *row)
    raw.execute(
        "INSERT INTO events (seq, id, case_id, at, actor, kind, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, head.hash, digest),
    )
    subject, wrapped = draft.case_id, seals.need_key(raw, draft.case_id) if private else b""
    sealed = {field: seals.put(raw, subject, wrapped, seq, field, salts[field], private[field]) for field in private}
    return Event(
        id=draft.id,
        case_id=draft.case_id,
        at=draft.at,
        actor=draft.actor,
        kind=draft.kind,
        body=_parse(text)[0],
        private=SealedTexts(seals, draft.case_id, seq, wrapped, sealed) if sealed else _NO_TEXTS,
        seq=seq,
        prev=head.hash,
        hash=digest,
    )


def _read(raw: sqlite3.Connection, seals: Seals, where: str, *values: object) -> tuple[Event, ...]:
    rows = raw.execute(_SELECT + where, values).fetchall()
    keys = {row[2]: seals.read_key(raw, row[2]) for row in rows if row[9] is not None}
    return tuple(_make_event(list(group), seals, keys) for _, group in groupby(rows, key=lambda row: row[0]))


def _make_event(rows: list[tuple[Any, ...]], seals: Seals, keys: Mapping[str, bytes]) -> Event:
    seq, event_id, subject, at, actor, kind, body, prev, digest, _, _ = rows[0]
    sealed = {field: text for *_, field, text in rows if field is not None}
    return Event(
        id=event_id,
        case_id=subject,
        at=at,
        actor=actor,
        kind=EventKind(kind),
        body=json.loads(body),
        private=SealedTexts(seals, subject, seq, keys[subject], sealed) if sealed else _NO_TEXTS,
        seq=seq,
        prev=prev,
        hash=digest,
    )


def _is_same(draft: Draft, event: Event) -> bool:
    if (draft.case_id, draft.at, draft.actor, draft.kind) != (event.case_id, event.at, event.actor, event.kind):
        return False
    promised = event.body.get(PRIVATE, {})
    if not isinstance(promised, dict) or draft.private.keys() != promised.keys():
        return False
    # A text that was erased meanwhile can no longer be compared; its field is all that is left of it.
    if any(draft.private[field] != text for field, text in event.private.items()):
        return False
    given = {PRIVATE, NUMBER} if event.kind is EventKind.OPENED else {PRIVATE}
    return write_canonical(_without(draft.body, given)) == write_canonical(_without(event.body, given))


def _without(body: Mapping[str, JsonValue], keys: set[str]) -> dict[str, JsonValue]:
    return {key: value for key, value in body.items() if key not in keys}
