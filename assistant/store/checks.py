"""What is checked each time a file is opened, so that nobody records into a file that does not keep its promises."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeAlias

from assistant.store import schema
from assistant.store.anchor import find_anchor
from assistant.store.chain import Link, walk_chain
from assistant.store.checkpoints import seal_head
from assistant.store.connection import Connection
from assistant.store.faults import AnchorsDiffer, Corrupt, OlderSchema, RecordsMissing, StoreTrouble
from assistant.store.folds import Folds
from assistant.store.journal import read_head
from assistant.store.keys import Keyring
from assistant.store.rows import remake_rows
from assistant.store.seals import Sealing, Seals

TakeKey: TypeAlias = Callable[[str], tuple[Sealing, str]]
"""Gets the key for a file of that id: what seals with it, and what it shows to be known again by."""

TAIL: Final = 200
"""How many of the newest events are verified at opening; the whole chain is the audit's work."""

QUICK_CHECK_LIMIT: Final = 100 * 2**20
"""Bytes up to which every page is looked at when the file is opened: 0.1 s from memory, 2 s from a cold disk."""


def check_file(connection: Connection, keyring: Keyring) -> None:
    """Check the open file and bring an older one up to date, with its key from `keyring`.

    Raises the StoreTrouble of the first fault found, and the KeyTrouble of a key that is not right.
    """
    with connection.reading() as raw:
        schema.check_kind(raw, connection.path)
        _check_pages(connection)
    if schema.read_version(connection.raw) < schema.SCHEMA_VERSION:
        _migrate(connection, keyring)
    with connection.reading() as raw:
        check_content(raw, connection.path)


def check_content(raw: sqlite3.Connection, path: Path) -> int:
    """Check tables, guards and the newest events of a file of this schema, and return the seq of the last of them."""
    schema.check_tables(raw, path)
    schema.check_guards(raw, path)
    head = read_head(raw).seq
    for _ in walk_chain(raw, after=max(0, head - TAIL)):
        pass
    return head


def find_disagreement(raw: sqlite3.Connection, path: Path, anchors: Iterable[Link]) -> StoreTrouble | None:
    """Return what is wrong when the file lacks an event that was anchored, or has another one in its place; the
    furthest first. The anchors must have been read before, so that the file holds at least what they tell."""
    for link in sorted(anchors, reverse=True):
        row = raw.execute("SELECT hash FROM events WHERE seq = ?", (link.seq,)).fetchone()
        if row is None:
            return RecordsMissing(path=path, anchors=find_anchor(path), seq=link.seq, last=read_head(raw).seq)
        if row[0] != link.hash:
            return AnchorsDiffer(path=path, anchors=find_anchor(path), seq=link.seq)
    return None


def is_unswept(connection: Connection) -> bool:
    """Tell whether an erased text still has to be swept out of the index of words: its program was ended before."""
    with connection.reading() as raw:
        return bool(raw.execute("SELECT unswept FROM words_mark").fetchone()[0])


def _check_pages(connection: Connection) -> None:
    if connection.path.stat().st_size > QUICK_CHECK_LIMIT:
        return
    if connection.raw.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise Corrupt(path=connection.path)


def _migrate(connection: Connection, keyring: Keyring) -> None:
    if connection.why_read_only is not None:
        found = schema.read_version(connection.raw)
        raise OlderSchema(path=connection.path, found=found, known=schema.SCHEMA_VERSION)
    # Needed once a release, and slow to import.
    from assistant.store.migrations import migrate

    with connection.txn() as raw:
        if schema.read_version(raw) < schema.SCHEMA_VERSION:
            sealing, key_check = _get_key(raw, keyring)
            seals = Seals(lambda: sealing)
            migrate(raw, seals)
            raw.execute("UPDATE meta SET key_check = ?", (key_check,))
            remake_rows(raw, Folds(seals), seals)
            seal_head(raw, seals)


def _get_key(raw: sqlite3.Connection, keyring: Keyring) -> tuple[Sealing, str]:
    """Return the key of an older file and what it shows to be known again by; one that seals nothing yet gets one."""
    (db_id,) = raw.execute("SELECT db_id FROM meta").fetchone()
    seals = raw.execute("SELECT 1 FROM pragma_table_info('meta') WHERE name = 'key_check'").fetchone()
    known = raw.execute("SELECT key_check FROM meta").fetchone()[0] if seals else ""
    return (keyring.load(db_id, known), known) if known else keyring.take(db_id)
