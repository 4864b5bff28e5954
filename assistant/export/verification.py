"""Whether a file is an export of this file of cases, as it left: by the digest that its event recorded."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from errno import EISDIR
from hashlib import file_digest
from io import BufferedIOBase
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Final, NoReturn
from zipfile import BadZipFile, ZipFile

from assistant.case.subjects import EXPORT
from assistant.export.hindrance import say_hindrance
from assistant.export.placing import find_stamp
from assistant.export.stamp import MARK
from assistant.export.words import WORDS
from assistant.integrity.checkpoints import HASH_DIGITS, Known, mark_file, read_known
from rules.errors import BadInput
from rules.language import Catalogue

if TYPE_CHECKING:
    from assistant.case.events import Event
    from assistant.store import Store

_MARK: Final = re.compile(rb"EX1-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PIECE: Final = 1 << 20
_OVERLAP: Final = 64
_WORKBOOK_PART: Final = "docProps/core.xml"
_MOST: Final = 2**62
_LONGEST_STAMP: Final = 1 << 20
_SAME: Final = ("what", "name", "form", "filter", "columns", "reason", "rulebooks", "sha256", "size")


class ExportUnread(BadInput):
    """The file at `path` cannot be read."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "export_unread"


class Verdict(StrEnum):
    """What the record says of a file."""

    GENUINE = "genuine"
    """These very bytes were exported."""
    CHANGED = "changed"
    """It names an export of this file of cases, whose bytes were others."""
    NOT_OURS = "not_ours"
    """No export of this file of cases had these bytes, and it names none."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found about a file. `event` records the export that it is, or that it names."""

    verdict: Verdict
    sha256: str
    event: Event | None = None
    record_holds: bool = True
    """Whether the record still has the very event up to which it had come when the export was taken."""
    stamp_holds: bool = True
    """Whether the stamp beside the file, if there is one, says of it what the record says."""

    @property
    def whole(self) -> bool:
        """Whether the file is what left, the record what it was, and the stamp the one of that file."""
        return self.verdict is Verdict.GENUINE and self.record_holds and self.stamp_holds

    def as_json(self) -> dict[str, Any]:
        """Return what was found as plain JSON."""
        told: dict[str, Any] = {"verdict": self.verdict, "sha256": self.sha256, "record_holds": self.record_holds}
        told["stamp_holds"] = self.stamp_holds
        if self.event is not None:
            told |= {"export": MARK + self.event.id, "at": self.event.at, "by": self.event.actor, **self.event.body}
        return told


def verify_export(store: Store, path: Path) -> Verification:
    """Hold the file at `path`, and the stamp beside it, against what was recorded when it was exported.

    Raises ExportUnread.
    """
    with _reading(path):
        if not path.is_file():
            _refuse(path)
        stamp = _read_stamp(find_stamp(path))
        with path.open("rb") as file:
            return _judge(store, file, stamp)


def verify_stream(store: Store, stream: BinaryIO) -> Verification:
    """Hold all that comes out of a stream against what was recorded when it was exported. Raises ExportUnread."""
    with _reading(WORDS.text("standard_input")), TemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        return _judge(store, file, None)


@contextmanager
def _reading(path: object) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportUnread(path=path, problem=say_hindrance(error)) from None
    except ValueError as error:
        raise ExportUnread(path=path, problem=type(error).__name__) from None


def _refuse(path: Path) -> NoReturn:
    """Raise what keeps from being read what is no plain file."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    raise ExportUnread(path=path, problem=WORDS.text("no_plain_file"))


def _read_stamp(path: Path) -> bytes | None:
    """Return the stamp beside a file, as far as a stamp goes; None where there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(_LONGEST_STAMP)


def _judge(store: Store, file: BufferedIOBase, stamp: bytes | None) -> Verification:
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()
    exports = store.read_log(EXPORT, _MOST)
    for event in exports:
        if event.body["sha256"] == digest:
            fits = stamp is None or _fits(store, event, stamp)
            return Verification(Verdict.GENUINE, digest, event, _holds(store, event), fits)
    named = _find_mark(stamp or b"") or _search(file)
    for event in exports:
        if event.id == named:
            return Verification(Verdict.CHANGED, digest, event, _holds(store, event))
    return Verification(Verdict.NOT_OURS, digest)


def _holds(store: Store, event: Event) -> bool:
    return store.read_hash(int(str(event.body["seq"]))) == event.body["hash"]


def _fits(store: Store, event: Event, stamp: bytes) -> bool:
    """Tell whether a stamp says of an export what its event says."""
    told = dict(event.body)
    wanted = {
        "export": MARK + event.id,
        "by": event.actor,
        "at": event.at,
        "outlet": store.outlet.code,
        "masked": told["reason"] is None,
        "cases": told["count"],
        **{name: told[name] for name in _SAME},
    }
    try:
        said = json.loads(stamp)
        known = read_known([said["checkpoint"]])
    except (ValueError, KeyError, TypeError, BadInput):
        return False
    place = Known(mark_file(store.db_id), int(str(told["seq"])), str(told["hash"])[:HASH_DIGITS])
    return known == [place] and all(said.get(name) == value for name, value in wanted.items())


def _search(file: BufferedIOBase) -> str | None:
    """Return the id of the export that a file names somewhere in it."""
    try:
        with ZipFile(file) as book, book.open(_WORKBOOK_PART) as part:
            return _find_mark(part.read(_PIECE))
    except (BadZipFile, KeyError, OSError, RuntimeError, ValueError, EOFError, zlib.error):
        pass
    file.seek(0)
    before = b""
    while piece := file.read(_PIECE):
        if found := _find_mark(before + piece):
            return found
        before = piece[-_OVERLAP:]
    return None


def _find_mark(text: bytes) -> str | None:
    found = _MARK.search(text)
    return found[0].decode().removeprefix(MARK) if found else None
