"""The sealed checkpoints: how far the chain had come at a moment, which without the master key nobody can rewrite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.case.events import Event
from assistant.store.chain import Link
from assistant.store.journal import read_head
from assistant.store.seals import Seals

if TYPE_CHECKING:
    from assistant.store.folds import Counts

INTERVAL_MS: Final = 3_600_000
"""The first save so long after the last checkpoint seals another."""

TABLE: Final = """
CREATE TABLE checkpoints (
    seq INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL,
    prev TEXT NOT NULL,
    mac TEXT NOT NULL
) STRICT
"""

GUARDS: Final = MappingProxyType(
    {
        "checkpoints_only_next": """
CREATE TRIGGER checkpoints_only_next BEFORE INSERT ON checkpoints
WHEN NEW.seq IS NOT (SELECT max(seq) FROM events)
    OR NEW.seq <= (SELECT coalesce(max(seq), 0) FROM checkpoints)
    OR NEW.hash IS NOT (SELECT hash FROM events WHERE seq = NEW.seq)
    OR NEW.prev IS NOT coalesce((SELECT mac FROM checkpoints ORDER BY seq DESC LIMIT 1), '')
BEGIN SELECT RAISE(ABORT, 'only the last event may be sealed, and once'); END
""",
        "checkpoints_no_update": """
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END
""",
        "checkpoints_no_delete": """
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END
""",
    }
)


class Checkpoint(NamedTuple):
    """The event up to which the chain is sealed, with its hash and its time (UTC milliseconds), and the seal over
    that and over the checkpoint before (`prev`, its seal, empty for the first)."""

    seq: int
    hash: str
    at: int
    prev: str
    mac: str


_COLUMNS: Final = "SELECT seq, hash, at, prev, mac FROM checkpoints"
_LAST_EVENT: Final = "SELECT seq, hash, at FROM events ORDER BY seq DESC LIMIT 1"
_LAST_TIME: Final = "SELECT (SELECT at FROM checkpoints ORDER BY seq DESC LIMIT 1)"
_PUT: Final = "INSERT INTO checkpoints (seq, hash, at, prev, mac) VALUES (?, ?, ?, ?, ?)"


def read_last(raw: sqlite3.Connection) -> Checkpoint | None:
    """Return the newest checkpoint, None where there is none."""
    row = raw.execute(f"{_COLUMNS} ORDER BY seq DESC LIMIT 1").fetchone()
    return Checkpoint(*row) if row else None


def read_dated_head(raw: sqlite3.Connection) -> tuple[Link, int]:
    """Return how far the chain has come, and when its last event was saved, UTC milliseconds; 0 without events."""
    row = raw.execute(_LAST_EVENT).fetchone()
    return (Link(row[0], row[1]), int(row[2])) if row else (read_head(raw), 0)


def read_all(raw: sqlite3.Connection) -> list[Checkpoint]:
    """Return every checkpoint, oldest first."""
    return [Checkpoint(*row) for row in raw.execute(f"{_COLUMNS} ORDER BY seq")]


def seal_head(raw: sqlite3.Connection, seals: Seals) -> Checkpoint | None:
    """Seal the chain up to its last event, inside the caller's transaction, and return the newest checkpoint; where
    that event is sealed already, the one that is there, and None in a file without events."""
    last, head = read_last(raw), raw.execute(_LAST_EVENT).fetchone()
    if head is None or (last is not None and last.seq == head[0]):
        return last
    seq, digest, at = head
    prev = last.mac if last else ""
    made = Checkpoint(seq, digest, at, prev, write_mac(raw, seals, seq, digest, at, prev))
    raw.execute(_PUT, made)
    return made


def is_sealed(raw: sqlite3.Connection, seals: Seals, found: Checkpoint) -> bool:
    """Tell whether a checkpoint was written by whoever holds the key and is as it was written."""
    return write_mac(raw, seals, found.seq, found.hash, found.at, found.prev) == found.mac


def write_mac(raw: sqlite3.Connection, seals: Seals, seq: int, digest: str, at: int, prev: str) -> str:
    """Return the seal of a checkpoint of this file (64 hex digits). Raises the KeyTrouble of a missing key."""
    db_id, old_ids = raw.execute("SELECT db_id, old_ids FROM meta").fetchone()
    message = json.dumps([db_id, old_ids, seq, digest, at, prev], separators=(",", ":"))
    return seals.sealing.mark(message.encode()).hex()


def follow(raw: sqlite3.Connection, seals: Seals, counts: Counts, fresh: Sequence[Event]) -> bool:
    """Seal the chain when it is time after these new events, inside their transaction; tell whether it was.

    It is time an interval after the last checkpoint, and before it, which is a clock that was set back.
    """
    if not fresh:
        return False
    if counts.sealed_at is None:
        counts.sealed_at = raw.execute(_LAST_TIME).fetchone()[0]
    due = counts.sealed_at is None or not 0 <= fresh[-1].at - counts.sealed_at < INTERVAL_MS
    if due:
        seal_head(raw, seals)
        counts.sealed_at = fresh[-1].at
    return due
