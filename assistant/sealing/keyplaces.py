"""Where the master key lies: never in the file of cases nor beside it, so that a copy of that file is no use alone."""

from __future__ import annotations

import hmac
import os
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

from assistant.places import NAME
from assistant.sealing.faults import KeyExists, KeyLost, KeyUnfit, KeyWrong
from assistant.sealing.keyfile import read_key, write_key
from assistant.sealing.masterkey import MasterKey
from rules.language import Text

KEY_VARIABLE: Final = "ASSISTANT_KEY"
FILE_VARIABLE: Final = "ASSISTANT_KEY_FILE"
RING_WORD: Final = "keyring"
_LONGEST_ID: Final = 64


class Kind(StrEnum):
    """What sort of place a key lies in."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    FILE = "file"


class KeyPlace(NamedTuple):
    """Where the key of one file of cases lies, or would. `path` is that of the key file, None for the other kinds.

    `named` is true where the environment points to the place, and false for the usual one.
    """

    kind: Kind
    db_id: str
    path: Path | None = None
    named: bool = False

    def describe(self) -> Text:
        """Return the place in words, to stand inside a sentence."""
        from assistant.sealing.words import fill

        details = {"path": self.path, "variable": KEY_VARIABLE, "service": NAME, "entry": self.db_id}
        return fill(f"place.{self.kind}", **details)

    def advise(self) -> Text:
        """Return one sentence on what to do so that the key is never lost: back it up, apart from the file of cases."""
        from assistant.sealing.words import fill

        return fill(f"backup.{self.kind}", place=self.describe())


def find_place(db_id: str) -> KeyPlace:
    """Return where the key of the file of cases `db_id` lies, or would: as the environment says, else as usual.

    Raises ValueError for an id that no file of cases has; it becomes the name of a file.
    """
    if not (db_id.isascii() and db_id.replace("-", "a").isalnum() and len(db_id) <= _LONGEST_ID):
        raise ValueError(db_id)
    if given := os.environ.get(KEY_VARIABLE):
        return KeyPlace(Kind.KEYRING if given.strip() == RING_WORD else Kind.ENVIRONMENT, db_id, named=True)
    if chosen := os.environ.get(FILE_VARIABLE):
        return KeyPlace(Kind.FILE, db_id, Path(chosen).expanduser().absolute(), named=True)
    # Where the environment names the place, it is not needed.
    from platformdirs import user_data_path

    return KeyPlace(Kind.FILE, db_id, user_data_path(NAME, appauthor=False) / "keys" / f"{db_id}.key")


def make_key(db_id: str) -> tuple[MasterKey, KeyPlace]:
    """Make the key of a new file of cases, keep it in its place, and return both.

    A key that the environment gives outright is taken as it is, for there is nowhere to keep another.
    Raises KeyExists when one lies there, which is left as it was; KeyFolderOpen, KeyUnkept, KeyringMissing and
    KeyUnfit.
    """
    place = find_place(db_id)
    if place.kind is Kind.ENVIRONMENT:
        return _read(place), place
    key = MasterKey.make()
    if place.path is not None:
        write_key(place.path, key)
    elif not _ring().write_ring(NAME, db_id, key):
        raise KeyExists(place=place.describe())
    return key, place


def take_key(db_id: str) -> tuple[MasterKey, KeyPlace]:
    """Return the key that lies where the environment points to, or else make one: for whom the bank hands out keys.

    Raises what `make_key` and `load_key` raise.
    """
    place = find_place(db_id)
    if place.named:
        try:
            return _read(place), place
        except KeyLost:
            pass
    return make_key(db_id)


def remove_key(db_id: str) -> None:
    """Remove the key of a file of cases that is gone from where the program keeps it; one that the environment gives
    or names may serve other files and stays. Raises KeyringMissing."""
    place = find_place(db_id)
    if place.kind is Kind.KEYRING:
        _ring().remove_ring(NAME, db_id)
    elif place.path is not None and not place.named:
        place.path.unlink(missing_ok=True)


def load_key(db_id: str, expected_check: str) -> MasterKey:
    """Return the key of the file of cases `db_id`, in which `expected_check` stands (`MasterKey.check`).

    Writes nothing. Raises KeyLost, KeyWrong, KeyExposed, KeyFolderOpen, KeyNotOurs, KeyNotAFile, KeyUnread, KeyUnfit
    and KeyringMissing.
    """
    place = find_place(db_id)
    key = _read(place)
    if not hmac.compare_digest(key.check(db_id).encode(), expected_check.encode()):
        raise KeyWrong(place=place.describe())
    return key


def _ring() -> ModuleType:
    """Return what talks to the keyring, which few have."""
    from assistant.sealing import ring

    return ring


def _read(place: KeyPlace) -> MasterKey:
    key: MasterKey | None
    if place.path is not None:
        return read_key(place.path)
    if place.kind is Kind.KEYRING:
        found, key = _ring().read_ring(NAME, place.db_id)
        if not found:
            raise KeyLost(place=place.describe())
    else:
        key = MasterKey.parse(os.environ.get(KEY_VARIABLE, ""))
    if key is None:
        raise KeyUnfit(place=place.describe())
    return key
