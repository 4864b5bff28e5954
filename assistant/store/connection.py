"""One connection to the file: how it is opened, and the one transaction through which every write goes."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Final

from assistant.store.faults import (
    TIMEOUT_SECONDS,
    FileReadOnly,
    FolderReadOnly,
    Moved,
    NotADatabase,
    NotPermitted,
    OpenedForReading,
    StoreEmpty,
    StoreMissing,
    StoreTrouble,
    translating,
)

_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    # An erased private text is overwritten, not just unlinked.
    "PRAGMA secure_delete = ON",
)
_LOOK_AGAIN_SECONDS: Final = 0.001
_WAL_MENDED: Final = (((3, 44, 6), (3, 45)), ((3, 50, 7), (3, 51)), ((3, 51, 3), (4,)))


def choose_journal(version: tuple[int, ...]) -> str:
    """Return the journal mode that is safe with several processes in SQLite `version`: "wal" or "truncate".

    Before 3.51.3 (and the backports 3.44.6 and 3.50.7) WAL can lose acknowledged saves when two processes checkpoint.
    """
    return "wal" if any(first <= version < end for first, end in _WAL_MENDED) else "truncate"


class Connection:
    """The open file at `path`. One thread at a time, held to it by a lock; not necessarily the one that made it.

    `why_read_only` is None when the file may be written. Raises a StoreTrouble when it cannot be opened at all.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._place = os.fspath(path)
        self._lock = RLock()
        self._identity = identify(path)
        self._waits = True
        """Whether SQLite itself waits where another program is at the file, as `_connect` asks it to."""
        self.why_read_only = _find_hindrance(path, read_only=read_only)
        with translating(path):
            self.raw = _connect(path, "mode=rw") if self.why_read_only is None else _connect_to_read(path)
        try:
            with translating(path):
                for pragma in _PRAGMAS:
                    self.raw.execute(pragma)
                if self.why_read_only is None:
                    set_journal(self.raw, choose_journal(sqlite3.sqlite_version_info))
            self.check_place()
        except BaseException:
            self.raw.close()
            raise

    @contextmanager
    def txn(self, patience: float = TIMEOUT_SECONDS) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction, begun IMMEDIATE; leaving it means that the file at `path` holds it.

        It waits for others for as many seconds as it has patience.

        Raises a StoreTrouble when it does not; then no transaction is left open and the block may be run again.
        """
        if self.why_read_only is not None:
            raise self.why_read_only.with_traceback(None)
        with self._lock, translating(self.path):
            self.check_place()
            self._retry("BEGIN IMMEDIATE", patience)
            try:
                yield self.raw
                self._retry("COMMIT", TIMEOUT_SECONDS)
            except BaseException:
                if self.raw.in_transaction:
                    with suppress(sqlite3.Error):
                        self.raw.execute("ROLLBACK")
                raise
            self.check_place()

    def _retry(self, statement: str, patience: float) -> None:
        """Begin or end a transaction as soon as other programs let it.

        SQLite itself looks again every 100 ms, so that whoever has waited longest may find the file taken each time.
        """
        self._wait(here=False)
        deadline = None
        while True:
            try:
                self.raw.execute(statement)
            except sqlite3.OperationalError as error:
                deadline = deadline or time.monotonic() + patience
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(_LOOK_AGAIN_SECONDS)
            else:
                return

    def _wait(self, *, here: bool) -> None:
        """Have SQLite wait for other programs, or not; telling it takes as long as a short read, and is seldom news."""
        if here is not self._waits:
            self.raw.execute(f"PRAGMA busy_timeout = {TIMEOUT_SECONDS * 1000 if here else 0}")
            self._waits = here

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Run the block with the lock held and SQLite's errors translated; each statement sees its own moment."""
        with self._lock, translating(self.path):
            self._wait(here=True)
            yield self.raw

    def check_place(self) -> None:
        """Raise Moved unless the file at `path` is the one that is open: SQLite itself may save into a deleted file."""
        try:
            same = _read_identity(os.stat(self._place)) == self._identity  # noqa: PTH116 - twice in every save
        except OSError:
            same = False
        if not same:
            raise Moved(path=self.path)

    def close(self) -> None:
        """Close the file; harmless when done twice."""
        with self._lock:
            self.raw.close()


def set_journal(raw: sqlite3.Connection, wanted: str) -> None:
    """Bring the file to the journal mode `wanted`, waiting for others to let go of it as long as for any save."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while raw.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
        try:
            raw.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def identify(path: Path) -> tuple[int, int]:
    """Return what tells the file at `path` from any other. Raises the StoreTrouble of one that cannot be read."""
    try:
        status = path.stat()
    except PermissionError:
        raise NotPermitted(path=path) from None
    except OSError:
        raise StoreMissing(path=path) from None
    if not stat.S_ISREG(status.st_mode):
        raise NotADatabase(path=path)
    if status.st_size == 0:
        raise StoreEmpty(path=path)
    return _read_identity(status)


def _read_identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _find_hindrance(path: Path, *, read_only: bool) -> StoreTrouble | None:
    if not _may(path, os.R_OK):
        raise NotPermitted(path=path)
    if read_only:
        return OpenedForReading(path=path)
    if not _may(path, os.W_OK):
        return FileReadOnly(path=path)
    if not _may(path.parent, os.W_OK):
        return FolderReadOnly(path=path, folder=path.parent)
    return None


def _may(path: Path, mode: int) -> bool:
    # Opening goes by the effective user, whom os.access asks about only when told to.
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _connect_to_read(path: Path) -> sqlite3.Connection:
    raw = _connect(path, "mode=ro")
    try:
        raw.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        raw.close()
        left = path.with_name(path.name + "-wal").exists()
        if left or error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        # A file in WAL mode cannot be read where no -wal may be made; nobody writes it now, or there would be one.
        return _connect(path, "immutable=1")
    except sqlite3.Error:
        raw.close()
        raise
    return raw


def _connect(path: Path, query: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{query}"
    # Autocommit, so that txn() alone begins and ends transactions.
    return sqlite3.connect(uri, uri=True, timeout=TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
