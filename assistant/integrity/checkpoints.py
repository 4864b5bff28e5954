"""A checkpoint that is kept outside the file: one line for paper, a file or a footer, and how it is found again.

    FC1 3f9a2c71 512 20261201T114733Z 9f3a1c-0b7d2e-4f5a6b-7c8d9e 7K3M

It names the file, the number of an event, when that was, the head of its hash, and ends with a check code against
mistakes in copying. Whoever has it can tell later whether the file still holds that very record and all before it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.integrity.words import WORDS
from rules.errors import BadInput

if TYPE_CHECKING:
    from assistant.store import Store

HASH_DIGITS: Final = 24
"""Of the 64: who wanted other records with the same ones would have to try 2^96 of them."""
_MARK_DIGITS: Final = 8
_GROUP: Final = 6
_CODE: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LINE: Final = re.compile(
    r"FC1\s+([0-9a-f]{8})\s+([0-9]{1,15})\s+([0-9]{8}T[0-9]{6}Z)\s+"
    r"([0-9a-f]{6}-[0-9a-f]{6}-[0-9a-f]{6}-[0-9a-f]{6})\s+([0-9A-Z]{4})",
    re.IGNORECASE,
)
_MOST_SAID: Final = 80
_LATEST_MS: Final = 253_402_300_799_000
"""The end of the year 9999; a time that was tampered with may be any."""


class CheckpointUnread(BadInput):
    """What was given holds no checkpoint."""

    catalogue = WORDS
    code = "checkpoint_unread"


class CheckpointMistyped(BadInput):
    """The check code of a checkpoint does not fit the rest of it."""

    catalogue = WORDS
    code = "checkpoint_mistyped"


class Known(NamedTuple):
    """What was kept outside of one event: the file it is in, its number, and the head of its hash, or all of it."""

    file: str
    seq: int
    digits: str


def mark_file(db_id: str) -> str:
    """Return the 8 hex digits by which a checkpoint names a file."""
    return sha256(db_id.encode()).hexdigest()[:_MARK_DIGITS]


def checkpoint_line(store: Store) -> str:
    """Seal the file up to its last event, where it may be written, and return the line that says how far it has come.

    Kept outside, on paper, in another folder or in the footer of an export, it shows later that the records up to
    there are still those (`assistant verify --checkpoint`). It tells nothing of what is in them.
    """
    if store.writable:
        store.seal()
    head, at = store.dated_head()
    return write_line(store.db_id, head.seq, head.hash, at)


def write_line(db_id: str, seq: int, digest: str, at: int) -> str:
    """Return the line of an event, saved at that time (UTC milliseconds), of the file `db_id`."""
    when = datetime.fromtimestamp(min(max(at, 0), _LATEST_MS) // 1000, UTC)
    groups = "-".join(digest[place : place + _GROUP] for place in range(0, HASH_DIGITS, _GROUP))
    line = f"FC1 {mark_file(db_id)} {seq} {when:%Y%m%dT%H%M%SZ} {groups}"
    return f"{line} {_make_code(line)}"


def read_known(words: Iterable[str]) -> list[Known]:
    """Return what the words hold, each a checkpoint or the path of a file with some, or with anchors.

    Raises CheckpointUnread for one that holds none and CheckpointMistyped for one with a slip in it.
    """
    return [known for word in words for known in _read_word(word)]


def _read_word(word: str) -> list[Known]:
    found = list(_read_lines(_open_word(word)))
    if not found:
        raise CheckpointUnread(word=word[:_MOST_SAID])
    return found


def _open_word(word: str) -> Iterator[str]:
    try:
        with Path(word).expanduser().open(encoding="utf-8", errors="replace") as file:
            yield from file
    except (OSError, ValueError):
        # No file of that name, or no name of a file: then it is the checkpoint itself.
        yield word


def _read_lines(lines: Iterable[str]) -> Iterator[Known]:
    for line in lines:
        if line.lstrip().startswith("{"):
            yield from _read_anchor(line)
        for found in _LINE.finditer(unicodedata.normalize("NFKC", line)):
            mark, seq, when, groups, code = found.groups()
            plain = f"FC1 {mark.lower()} {int(seq)} {when.upper()} {groups.lower()}"
            if code.upper() != _make_code(plain):
                raise CheckpointMistyped(word=found[0])
            yield Known(mark.lower(), int(seq), groups.lower().replace("-", ""))


def _read_anchor(line: str) -> Iterator[Known]:
    try:
        found = json.loads(line)
        known = Known(mark_file(str(found["db"])), found["seq"], found["hash"])
    except (ValueError, KeyError, TypeError):
        return
    if [type(part) for part in known] == [str, int, str] and len(known.digits) >= HASH_DIGITS:
        yield known


def _make_code(line: str) -> str:
    number = int.from_bytes(sha256(line.encode()).digest()[:3], "big")
    return "".join(_CODE[number >> shift & 31] for shift in (15, 10, 5, 0))
