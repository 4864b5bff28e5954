"""What can go wrong with the file of cases: each fault has one sentence; SQLite's errors become them in one place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final

from rules.errors import Trouble
from rules.language import Catalogue, Language


class StoreTrouble(Trouble):
    """The file of cases cannot be used, or not as was asked. Whatever was acknowledged before is not lost by it."""

    catalogue: ClassVar[Catalogue] = Catalogue("assistant.store")
    exit_status: ClassVar[int] = 3


class StoreMissing(StoreTrouble):
    """There is no file at `path`; it is made by an explicit first start only."""

    code = "store_missing"


class StoreExists(StoreTrouble):
    """A first start found a file at `path`, or one that belongs to an earlier file of that name."""

    code = "store_exists"


class StoreEmpty(StoreTrouble):
    """The file holds no byte: it was truncated, or its making was cut off."""

    code = "store_empty"


class NotADatabase(StoreTrouble):
    """The file is not an SQLite database, or its first page is gone."""

    code = "store_not_a_database"


class ForeignDatabase(StoreTrouble):
    """The file is a database of some other program."""

    code = "store_foreign"


class TablesMissing(StoreTrouble):
    """The file is marked as ours and lacks tables, columns or its own description."""

    code = "store_tables_missing"


class NewerSchema(StoreTrouble):
    """The file was written by a newer release: schema `found`, this release knows up to `known`."""

    code = "store_newer"


class OlderSchema(StoreTrouble):
    """The file is of an older release and must be opened for writing once, which it cannot be here."""

    code = "store_older"


class GuardsMissing(StoreTrouble):
    """The guards that keep the record from being changed are not as they were made: `guards` names which."""

    code = "store_guards_missing"


class ChainBroken(StoreTrouble):
    """The event with number `seq` is the first that does not fit the chain."""

    code = "store_chain_broken"


class Corrupt(StoreTrouble):
    """Pages of the file are damaged."""

    code = "store_corrupt"


class DiskFull(StoreTrouble):
    """There is no room for the save; nothing of it was written."""

    code = "store_disk_full"


class WriteFailed(StoreTrouble):
    """The operating system refused a read or write: a size limit, a quota, a failing disk. `problem` is its name."""

    code = "store_write_failed"


class FileReadOnly(StoreTrouble):
    """The file may be read and not written."""

    code = "store_read_only"


class FolderReadOnly(StoreTrouble):
    """The folder of the file may not be written, and a save needs a journal next to the file."""

    code = "store_folder_read_only"


class OpenedForReading(StoreTrouble):
    """The caller asked to read only."""

    code = "store_opened_for_reading"


class NotPermitted(StoreTrouble):
    """The file belongs to another user."""

    code = "store_not_permitted"


class Moved(StoreTrouble):
    """The file at `path` is gone or is another one than the one that was opened: what was saved last is not in it."""

    code = "store_moved"


class Busy(StoreTrouble):
    """Another program held the file for longer than the timeout of `seconds`."""

    code = "store_busy"


class IdReused(StoreTrouble):
    """An event of the same id and with other content is saved already."""

    code = "store_id_reused"


class Problem(StrEnum):
    """The rule that a part of a draft breaks; its words stand under `problem` in the catalogue."""

    FLOAT = "float"
    LARGE_INTEGER = "large_integer"
    KEY = "key"
    RESERVED_KEY = "reserved_key"
    NOT_JSON = "not_json"
    NOT_TEXT = "not_text"
    EMPTY = "empty"
    NOT_A_TIME = "not_a_time"
    HALF_CHARACTER = "half_character"


class UnfitDraft(StoreTrouble):
    """A draft that cannot be stored as it is: `field` names the part, `problem` the rule it breaks."""

    code = "store_unfit_draft"
    exit_status = 2

    def sentence(self, language: Language) -> str:
        """Return the sentence with the rule in words."""
        words = self.catalogue(f"problem.{self.details['problem']}", language)
        return self.catalogue(f"trouble.{self.code}", language, field=self.details["field"], problem=words)


class UnfitOutlet(StoreTrouble):
    """An outlet's code or time zone that cannot be used."""

    code = "store_unfit_outlet"
    exit_status = 2


class UnfitOutletName(StoreTrouble):
    """A name that no outlet can have: too long, empty, or with something in it that is not seen."""

    code = "store_unfit_outlet_name"
    exit_status = 2


class CaseUnknown(StoreTrouble):
    """No case has this number or id."""

    code = "store_case_unknown"
    exit_status = 2


class AnchorFailed(StoreTrouble):
    """The save stands; its line in the file of anchors could not be written."""

    code = "store_anchor_failed"


class RecordsMissing(StoreTrouble):
    """The file ends with the event `last`, and the anchors beside it tell of the event `seq`."""

    code = "store_records_missing"


class AnchorsDiffer(StoreTrouble):
    """The event `seq` is another one than the anchors tell of."""

    code = "store_anchors_differ"


class CasesRemade(StoreTrouble):
    """The derived tables did not agree with the events, which are the truth, and were made from them anew. Of the
    events themselves, the last `checked` were verified."""

    code = "store_cases_remade"


class CasesDiffer(StoreTrouble):
    """The derived tables do not agree with the events, and the file may not be written to mend them."""

    code = "store_cases_differ"


TIMEOUT_SECONDS: Final = 10
"""How long a save waits for another one; SQLite's waiting is not fair, so this is far above what a save takes."""

_BY_NAME: Final[dict[str, type[StoreTrouble]]] = {
    "SQLITE_READONLY_DBMOVED": Moved,
    "SQLITE_READONLY_DIRECTORY": FolderReadOnly,
    "SQLITE_IOERR_CORRUPTFS": Corrupt,
}

_BY_PRIMARY_CODE: Final[dict[int, type[StoreTrouble]]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: WriteFailed,
    sqlite3.SQLITE_READONLY: FileReadOnly,
    sqlite3.SQLITE_PERM: NotPermitted,
    sqlite3.SQLITE_AUTH: NotPermitted,
    sqlite3.SQLITE_NOTADB: NotADatabase,
    sqlite3.SQLITE_CORRUPT: Corrupt,
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_PROTOCOL: Busy,
}

_NO_UTF8: Final = "Could not decode to UTF-8"
_MISSING_WORDS: Final = ("no such table", "no such column", "has no column named")


def translate(error: sqlite3.Error, path: Path) -> StoreTrouble | None:
    """Return the trouble that `error` means for the file at `path`, or None for a mistake in this program."""
    number = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", "")
    if number is None:
        return Corrupt(path=path) if str(error).startswith(_NO_UTF8) else None
    if number & 0xFF == sqlite3.SQLITE_ERROR and any(words in str(error) for words in _MISSING_WORDS):
        return TablesMissing(path=path)
    if number & 0xFF == sqlite3.SQLITE_CANTOPEN:
        return _explain_unopenable(path)
    trouble = _BY_NAME.get(name) or _BY_PRIMARY_CODE.get(number & 0xFF)
    return trouble(path=path, folder=path.parent, problem=name, seconds=TIMEOUT_SECONDS) if trouble else None


def _explain_unopenable(path: Path) -> StoreTrouble:
    if not path.exists():
        return StoreMissing(path=path)
    # What cannot be opened may as well be the journal, which is made next to the file.
    if not os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        return FolderReadOnly(path=path, folder=path.parent)
    return NotPermitted(path=path)


def translating(path: Path) -> AbstractContextManager[None]:
    """Turn an SQLite error of the block into its trouble; any other error passes as it is."""
    return _Translating(path)


class _Translating:
    """A class and not a generator: every statement goes through it, and nearly none fails."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, UnicodeDecodeError):
            # So says the module of what SQLite says of a damaged name.
            raise Corrupt(path=self._path) from None
        if isinstance(error, sqlite3.Error):
            trouble = translate(error, self._path)
            # SQLite's own words may quote a stored text, which must not reach a log.
            if trouble is not None:
                raise trouble from None
