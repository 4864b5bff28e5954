"""The rulebooks in the file: each lies under its digest, is never changed, and is there before it is put in force."""

from __future__ import annotations

import sqlite3

from assistant.case.events import Draft, EventKind
from assistant.store.faults import StoreTrouble


class RulebookNotKept(StoreTrouble):
    """A rulebook that does not lie in the file cannot be put in force."""

    code = "rulebook_not_kept"


def keep_files(raw: sqlite3.Connection, digest: str, files: bytes) -> None:
    """Put a rulebook's files into the file, inside the caller's transaction; harmless when done again."""
    raw.execute("INSERT OR IGNORE INTO rulebooks (digest, files) VALUES (?, ?)", (digest, files))


def read_files(raw: sqlite3.Connection, digest: str) -> bytes | None:
    """Return a rulebook's files as they were put in, or None."""
    row = raw.execute("SELECT files FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
    return row[0] if row else None


def check_kept(raw: sqlite3.Connection, draft: Draft) -> None:
    """Raise RulebookNotKept when `draft` would put a rulebook in force that is not there."""
    if draft.kind is not EventKind.RULEBOOK_PUBLISHED:
        return
    if raw.execute("SELECT 1 FROM rulebooks WHERE digest = ?", (str(draft.body["digest"]),)).fetchone() is None:
        raise RulebookNotKept(found=str(draft.body["digest"])[:8])
