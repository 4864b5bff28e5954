"""A copy of a file of cases as it stands at one moment, made while others go on saving into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeAlias

from assistant.integrity.words import WORDS
from assistant.store.connection import Connection
from assistant.store.faults import translating
from rules.errors import BadInput

STEP_PAGES: Final = 1024
"""How much is copied at a time, between which others save: 4 MB."""
_RESTARTS: Final = 3

TellPages: TypeAlias = Callable[[int, int], object]
"""Is told how many pages of how many are copied."""


class FileThere(BadInput):
    """Something lies at `path`, or a journal that SQLite would play into a file of that name."""

    catalogue = WORDS
    code = "file_there"


class _Restarted(Exception):
    """Others save so often that the copy began anew again and again."""


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
