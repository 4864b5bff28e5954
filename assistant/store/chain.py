"""The chain that makes a quiet change visible: each event carries the hash of its stored text and of all before it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from json.encoder import encode_basestring as _quote
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from assistant.store.faults import ChainBroken, Problem, UnfitDraft

LARGEST_INT: Final = 2**53
"""Beyond it a reader of JSON that knows only doubles would round."""

SALT_BYTES: Final = 16
PRIVATE: Final = "private"
"""The key of an event's body that holds the commitments to its private texts."""

_STRETCH: Final = 1000
_ENDLESS: Final = 2**62
_HEADER: Final = "case-event-v2\n"
_OLD_HEADER: Final = "case-event-v1\n"

OLD_EVENTS: Final = (
    "ALTER TABLE meta ADD COLUMN old_events INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE meta ADD COLUMN old_ids TEXT NOT NULL DEFAULT ''",
)
"""How many events at the beginning are of a release whose hashes did not cover the ids, and what stands for those."""


class Link(NamedTuple):
    """One event's place in the chain: its number and its hash (64 hex digits)."""

    seq: int
    hash: str


def make_genesis(db_id: str) -> str:
    """Return what stands for the hash before the first event of the file `db_id`."""
    return sha256(f"case-events-genesis-v1\n{db_id}".encode()).hexdigest()


def write_canonical(body: Mapping[str, Any]) -> str:
    """Return `body` as the one text that is stored and hashed: sorted keys, no spaces, no escapes but the needed ones.

    Raises UnfitDraft for what `check_body` refuses.
    """
    check_body(body)
    return encode_body(body)


def check_body(body: Mapping[str, Any]) -> None:
    """Raise UnfitDraft for a float, a key that is not ASCII, an integer beyond 2^53, a lone surrogate, or no JSON."""
    _check(body, "body")


encode_body: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
"""Writes a body as `write_canonical` does; of one that was checked before."""


def check_text(field: str, text: str) -> None:
    """Raise UnfitDraft when `text` is no text or holds half a character, as broken pasting leaves it."""
    if not isinstance(text, str):
        raise UnfitDraft(field=field, problem=Problem.NOT_TEXT)
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnfitDraft(field=field, problem=Problem.HALF_CHARACTER) from None


def _check(value: object, field: str) -> None:
    match value:
        case str():
            if not value.isascii():
                check_text("body", value)
        case None | bool():
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
                if type(item) is not str or not item.isascii():
                    _check(item, key)
        case _:
            raise UnfitDraft(field=field, problem=Problem.NOT_JSON)


def commit_to(salt: bytes, text: str) -> str:
    """Return the commitment that stands in the chain for a private text; without the salt it says nothing about it."""
    return sha256(salt + text.encode()).hexdigest()


def name_file(db_id: str) -> str:
    """Return the id of a file as the hash of each of its events begins with it."""
    return f"[{_quote(db_id)},"


def hash_event(
    prev: str, file: str, seq: int, event_id: str, case_id: str, at: int, actor: str, kind: str, body: str
) -> str:
    """Return the hash of an event of the file that `name_file` names, from its columns and its body as stored: that is
    spliced in and never written anew."""
    head = f"{file}{seq},{_quote(event_id)},{_quote(case_id)},{at},{_quote(actor)},{_quote(kind)},"
    return sha256(f"{_HEADER}{prev}{head}{body}]".encode()).hexdigest()


def hash_old_event(
    prev: str, file: str, seq: int, event_id: str, case_id: str, at: int, actor: str, kind: str, body: str
) -> str:
    """Return the hash of an event of a release that did not have the id in it; the ids stand in `meta.old_ids`."""
    head = f"{file}{seq},{_quote(case_id)},{at},{_quote(actor)},{_quote(kind)},"
    return sha256(f"{_OLD_HEADER}{prev}{head}{body}]".encode()).hexdigest()


def hash_ids(raw: sqlite3.Connection, last: int) -> str:
    """Return what stands for the ids of the events up to `last`, in their order; nothing where there are none."""
    whole = sha256()
    for (event_id,) in raw.execute("SELECT id FROM events WHERE seq BETWEEN 1 AND ? ORDER BY seq", (last,)):
        whole.update(f"{event_id}\n".encode())
    return whole.hexdigest() if last else ""


Commit: TypeAlias = Callable[[str, bytes, int, str, bytes], str | None]
"""Opens a private text, given its subject with the subject's wrapped key, its event, its field and what is sealed, and
returns what it commits to: None when it does not open."""


def walk_chain(raw: sqlite3.Connection, after: int = 0, commit: Commit | None = None) -> Iterator[Link]:
    """Recompute the chain after the event `after` and yield each link that holds, oldest first, in short reads.

    Private texts that still exist must have been promised; with `commit`, which opens the seals, they are held
    against their commitments, too. Erased ones leave nothing to hold. Raises ChainBroken with the number of the first
    event that does not fit. sqlite3 errors pass untranslated.
    """
    try:
        for last in check_links(raw, after):
            check_texts(raw, after, last.seq, commit)
            yield from map(Link._make, raw.execute(_READ_LINKS, (after, last.seq)).fetchall())
            after = last.seq
    except ChainBroken as broken:
        # A text before it may be the first that does not fit.
        check_texts(raw, after, int(str(broken.details["seq"])) - 1, commit)
        raise


_READ_LINKS: Final = "SELECT seq, hash FROM events WHERE seq > ? AND seq <= ? ORDER BY seq"


def check_links(raw: sqlite3.Connection, after: int = 0) -> Iterator[Link]:
    """Recompute the hashes after the event `after` and yield the last link of every stretch of a thousand that holds,
    the fastest way to walk. Raises ChainBroken; sqlite3 errors pass untranslated."""
    db_id, genesis, old = raw.execute("SELECT db_id, genesis, old_events FROM meta").fetchone()
    link = Link(0, genesis)
    if after:
        link = Link(*raw.execute("SELECT seq, hash FROM events WHERE seq = ?", (after,)).fetchone())
    else:
        _check_beginning(raw, db_id, genesis, old)
    file = name_file(db_id)
    while True:
        ending = old if link.seq < old else _ENDLESS
        reached = _follow(raw, file, link, ending, hash_old_event if link.seq < old else hash_event)
        if reached == link:
            return
        link = reached
        yield link


def _check_beginning(raw: sqlite3.Connection, db_id: str, genesis: str, old: int) -> None:
    (first,) = raw.execute("SELECT min(seq) FROM events").fetchone()
    if genesis != make_genesis(db_id) or first not in (None, 1):
        raise _broken(raw, min(1, first or 1))
    (old_ids,) = raw.execute("SELECT old_ids FROM meta").fetchone()
    if hash_ids(raw, old) != old_ids:
        raise _broken(raw, 1)


def _follow(raw: sqlite3.Connection, file: str, link: Link, ending: int, hash_row: Callable[..., str]) -> Link:
    """Return the last link of the stretch after `link`, which is short, or `link` itself when nothing comes after."""
    after, prev = link
    try:
        for stored_prev, stored_hash, seq, event_id, case_id, at, actor, kind, body in raw.execute(
            _READ_STRETCH, (after, ending, _STRETCH)
        ):
            after += 1
            fits = seq == after and stored_prev == prev
            if not fits or stored_hash != hash_row(prev, file, seq, event_id, case_id, at, actor, kind, body):
                raise _broken(raw, after)
            prev = stored_hash
    except TypeError:
        # A column of another type than it had: only what writes past SQLite can do that to it.
        raise _broken(raw, after) from None
    return Link(after, prev)


_READ_STRETCH: Final = """
SELECT prev, hash, seq, id, case_id, at, actor, kind, body FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?
"""


def check_texts(raw: sqlite3.Connection, after: int, last: int, commit: Commit | None = None) -> None:
    """Hold the private texts after the event `after` up to `last` against what their events promised; with `commit`,
    which opens the seals, what they say as well. Raises ChainBroken with the first event of which a text does not fit;
    sqlite3 errors pass untranslated."""
    for seq, subject, body, field, sealed, wrapped in raw.execute(_READ_TEXTS, (after + 1, last)):
        try:
            if commit is None:
                fits = _promises(body, field)
            else:
                made = commit(subject, wrapped or b"", seq, field, sealed)
                # Within a text of the body every quotation mark is escaped, and nothing else commits to this.
                fits = made is not None and f'"{field}":"{made}"' in body
        except (TypeError, AttributeError):
            # A column of another type than it had, as for the chain.
            fits = False
        if not fits:
            raise _broken(raw, seq)


_READ_TEXTS: Final = """
SELECT events.seq, case_id, body, field, sealed, wrapped
FROM private_texts JOIN events USING (seq) LEFT JOIN subject_keys ON subject = case_id
WHERE private_texts.seq BETWEEN ? AND ? ORDER BY private_texts.seq
"""


def _promises(body: str, field: str) -> bool:
    try:
        return field in json.loads(body)[PRIVATE]
    except (ValueError, LookupError, TypeError):
        return False


def _broken(raw: sqlite3.Connection, seq: int) -> ChainBroken:
    where = raw.execute("PRAGMA database_list").fetchone()[2]
    return ChainBroken(path=Path(where), seq=seq)
