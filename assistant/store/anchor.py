"""A witness outside the file: after each decision a line says how far the chain had come, so that a cut tail shows."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Final

from assistant.case.events import Event, EventKind
from assistant.case.subjects import ACCESS, HOMES, SIGN_ON
from assistant.store.chain import Link

DECISIONS: Final = frozenset(kind for kind, home in HOMES.items() if home not in (ACCESS, SIGN_ON)) | {
    EventKind.STEP_RECORDED,
    EventKind.CLOSED,
    EventKind.REOPENED,
    EventKind.AUTHORISED,
    EventKind.RESTRICTED,
    EventKind.ERASED,
}
"""The kinds of event that are anchored: what was decided in a case, and whatever is about staff, requests, the outlet,
rulebooks and terms."""

TAIL_BYTES: Final = 16_384
"""How much of the newest anchors is read at opening: a hundred of them and more."""
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


def read_anchors(path: Path, db_id: str) -> list[Link]:
    """Return the newest anchors of the file of cases `db_id` at `path`, oldest first; none where there is no file of
    anchors that can be read. A line that is no anchor, or that of another file, is passed over."""
    try:
        with find_anchor(path).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            lines = file.read(TAIL_BYTES).splitlines()
    except OSError:
        return []
    return [link for link in map(_read_line, lines, repeat(db_id)) if link is not None]


def read_every_anchor(path: Path) -> Iterator[tuple[str, Link]]:
    """Yield every anchor beside the file of cases at `path` with the id of the file that it is of, as they were
    written; none where there is no file of anchors that can be read. A line that is no anchor is passed over."""
    try:
        with find_anchor(path).open("rb") as file:
            for line in file:
                if (found := _parse(line)) is not None:
                    yield found
    except OSError:
        return


def _read_line(line: bytes, db_id: str) -> Link | None:
    found = _parse(line)
    return found[1] if found is not None and found[0] == db_id else None


def _parse(line: bytes) -> tuple[str, Link] | None:
    try:
        found = json.loads(line)
        file, link = found["db"], Link(found["seq"], found["hash"])
    except (ValueError, KeyError, TypeError):
        return None
    return (file, link) if type(file) is str and type(link.seq) is int else None


def write_receipt(event: Event) -> str:
    """Return the short code of a saved event for screen and paper: the head of its hash, and its number."""
    return f"{event.hash[:RECEIPT_DIGITS]}-{event.seq}"
