"""A file that is made whole under another name, looked at, and only then put in its place, where nothing may be yet."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from assistant.integrity.words import WORDS
from assistant.store.connection import Connection
from assistant.store.faults import NotPermitted, WriteFailed, translating
from rules.errors import BadInput

STEP_PAGES: Final = 1024
"""How much is copied at a time, between which others save: 4 MB."""
_RESTARTS: Final = 3
_LEFTOVERS: Final = ("", "-journal", "-wal", "-shm")

TellPages: TypeAlias = Callable[[int, int], object]
"""Is told how many pages of how many are copied."""


class FileThere(BadInput):
    """Something lies at `path`, or a journal that SQLite would play into a file of that name."""

    catalogue = WORDS
    code = "file_there"


class _Restarted(Exception):
    """Others save so often that the copy began anew again and again."""


@contextmanager
def drafting(target: Path) -> Iterator[Path]:
    """Give the path of an empty file of its owner alone, which the block fills and which then stands at `target`.

    When the block raises, nothing is left. Raises FileThere, and NotPermitted or WriteFailed when it cannot be made.
    """
    for leftover in _name_files(target):
        if os.path.lexists(leftover):
            raise FileThere(path=leftover)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        try:
            os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            yield draft
            _sync(draft)
            os.link(draft, target)
        finally:
            for name in _name_files(draft):
                name.unlink(missing_ok=True)
        _sync(target.parent)
    except FileExistsError:
        raise FileThere(path=target) from None
    except PermissionError:
        raise NotPermitted(path=target) from None
    except OSError as error:
        raise WriteFailed(path=target, problem=error.strerror or type(error).__name__) from error


def copy_file(source: Path, draft: Path, tell: TellPages) -> None:
    """Copy the file of cases at `source` as it stands at one moment, while others go on saving into it.

    Raises the StoreTrouble of a file that cannot be read or of a disk that is full.
    """
    own = Connection(source, read_only=True)
    with closing(own), translating(draft), closing(sqlite3.connect(draft, isolation_level=None)) as copy:
        if own.raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            # The moment stays, and keeps nobody from saving.
            own.raw.execute("BEGIN")
            own.raw.execute("SELECT 1 FROM sqlite_schema").fetchone()
        try:
            own.raw.backup(copy, pages=STEP_PAGES, progress=_watch(tell), sleep=0.01)
        except _Restarted:
            own.raw.backup(copy, pages=-1)
        # One file, which needs none beside it.
        copy.execute("PRAGMA journal_mode = DELETE")


def _watch(tell: TellPages) -> Callable[[int, int, int], None]:
    """Return what tells how the copy goes and gives up after it began anew too often, for others had saved."""
    seen = [0, 0]

    def watch(status: int, remaining: int, total: int) -> None:
        done = total - remaining
        if done <= seen[0]:
            seen[1] += 1
            if seen[1] > _RESTARTS:
                raise _Restarted
        seen[0] = done
        tell(done, total)

    return watch


def _name_files(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + ending) for ending in _LEFTOVERS)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
