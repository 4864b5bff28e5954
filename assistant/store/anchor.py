"""A witness outside the file: after each decision a line says how far the chain had come, so that a cut tail shows."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Final

from assistant.case.events import Event, EventKind

DECISIONS: Final = frozenset({EventKind.STEP_RECORDED, EventKind.CLOSED, EventKind.REOPENED})
"""The kinds of event that are anchored."""

RECEIPT_DIGITS: Final = 10


def find_anchor(path: Path) -> Path:
    """Return where the anchors of the file of cases at `path` stand."""
    return path.with_name(path.name + ".anchor")


def write_anchor(path: Path, db_id: str, event: Event) -> None:
    """Append the line of `event` to the anchors of the file of cases at `path`, durably. Raises OSError."""
    line = json.dumps({"db": db_id, "seq": event.seq, "hash": event.hash}, separators=(",", ":")) + "\n"
    handle = os.open(find_anchor(path), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        raw = line.encode()
        if os.write(handle, raw) != len(raw):
            # Some file systems write what fits and say no more.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync = getattr(os, "fdatasync", os.fsync)
        sync(handle)
    finally:
        os.close(handle)


def write_receipt(event: Event) -> str:
    """Return the short code of a saved event for screen and paper: the head of its hash, and its number."""
    return f"{event.hash[:RECEIPT_DIGITS]}-{event.seq}"
