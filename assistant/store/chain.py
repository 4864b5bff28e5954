"""The chain that makes a quiet change visible: each event carries the hash of its stored text and of all before it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from assistant.store.faults import ChainBroken, Problem, UnfitDraft

LARGEST_INT: Final = 2**53
"""Beyond it a reader of JSON that knows only doubles would round."""

SALT_BYTES: Final = 16
PRIVATE: Final = "private"
"""The key of an event's body that holds the commitments to its private texts."""

_CHUNK: Final = 1000
_HEADER: Final = "case-event-v1\n"


class Link(NamedTuple):
    """One event's place in the chain: its number and its hash (64 hex digits)."""

    seq: int
    hash: str


def make_genesis(db_id: str) -> str:
    """Return what stands for the hash before the first event of the file `db_id`."""
    return sha256(f"case-events-genesis-v1\n{db_id}".encode()).hexdigest()


def write_canonical(body: Mapping[str, Any]) -> str:
    """Return `body` as the one text that is stored and hashed: sorted keys, no spaces, no escapes but the needed ones.

    Raises UnfitDraft for a float, a key that is not ASCII, an integer beyond 2^53, a lone surrogate, or no JSON.
    """
    _check(body, "body")
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    check_text("body", text)
    return text


def check_text(field: str, text: str) -> None:
    """Raise UnfitDraft when `text` is no text or holds half a character, as broken pasting leaves it."""
    if not isinstance(text, str):
        raise UnfitDraft(field=field, problem=Problem.NOT_TEXT)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnfitDraft(field=field, problem=Problem.HALF_CHARACTER) from None


def _check(value: object, field: str) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) > LARGEST_INT:
                raise UnfitDraft(field=field, problem=Problem.LARGE_INTEGER)
        case float():
            raise UnfitDraft(field=field, problem=Problem.FLOAT)
        case list() | tuple():
            for item in value:
                _check(item, field)
        case Mapping():
            for key, item in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise UnfitDraft(field=field, problem=Problem.KEY)
                _check(item, key)
        case _:
            raise UnfitDraft(field=field, problem=Problem.NOT_JSON)


def commit_to(salt: bytes, text: str) -> str:
    """Return the commitment that stands in the chain for a private text; without the salt it says nothing about it."""
    return sha256(salt + text.encode()).hexdigest()


def hash_event(prev: str, db_id: str, row: Row) -> str:
    """Return the hash of an event from its columns and its body as stored, which is spliced in and never re-written."""
    seq, case_id, at, actor, kind, body = row
    head = json.dumps([db_id, seq, case_id, at, actor, kind], separators=(",", ":"), ensure_ascii=False)
    return sha256(f"{_HEADER}{prev}{head[:-1]},{body}]".encode()).hexdigest()


Row: TypeAlias = tuple[int, str, int, str, str, str]
"""seq, case_id, at, actor, kind, body."""

ReadTexts: TypeAlias = Callable[[sqlite3.Connection, int, int], Mapping[int, Mapping[str, str | None]]]
"""Given a connection and two events, returns what the private texts after the first up to the second commit to, by
event and field."""


def walk_chain(raw: sqlite3.Connection, after: int = 0, read_texts: ReadTexts | None = None) -> Iterator[Link]:
    """Recompute the chain after the event `after` and yield each link that holds, oldest first, in short reads.

    Private texts that still exist must have been promised; with `read_texts`, which opens the seals, they are held
    against their commitments, too. Erased ones leave nothing to hold. Raises ChainBroken with the number of the first
    event that does not fit. sqlite3 errors pass untranslated.
    """
    db_id, prev = raw.execute("SELECT db_id, genesis FROM meta").fetchone()
    if after:
        row = raw.execute("SELECT hash FROM events WHERE seq = ?", (after,)).fetchone()
        prev = row[0] if row else None
    elif prev != make_genesis(db_id):
        raise _broken(raw, 1)
    while chunk := raw.execute(_READ_CHUNK, (after, _CHUNK)).fetchall():
        texts = (read_texts or _read_fields)(raw, after, chunk[-1][0])
        for seq, case_id, at, actor, kind, body, stored_prev, stored_hash in chunk:
            row = (seq, case_id, at, actor, kind, body)
            if seq != after + 1 or stored_prev != prev or stored_hash != hash_event(stored_prev, db_id, row):
                raise _broken(raw, min(seq, after + 1))
            if seq in texts and not _keeps_commitments(body, texts[seq]):
                raise _broken(raw, seq)
            after, prev = seq, stored_hash
            yield Link(seq, stored_hash)


_READ_CHUNK: Final = (
    "SELECT seq, case_id, at, actor, kind, body, prev, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
)


def _read_fields(raw: sqlite3.Connection, after: int, last: int) -> dict[int, dict[str, str | None]]:
    """Return which texts there are; what they commit to is known to whoever can open them."""
    fields: dict[int, dict[str, str | None]] = {}
    for seq, field in raw.execute("SELECT seq, field FROM private_texts WHERE seq > ? AND seq <= ?", (after, last)):
        fields.setdefault(seq, {})[field] = None
    return fields


def _keeps_commitments(body: str, found: Mapping[str, str | None]) -> bool:
    promised = json.loads(body).get(PRIVATE, {})
    return all(field in promised and text in (None, promised[field]) for field, text in found.items())


def _broken(raw: sqlite3.Connection, seq: int) -> ChainBroken:
    where = raw.execute("PRAGMA database_list").fetchone()[2]
    return ChainBroken(path=Path(where), seq=seq)
