"""A key in the keyring of the desktop, for a machine that has one; the package is an extra, and imported only here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TypeVar

from assistant.sealing.faults import KeyringMissing
from assistant.sealing.masterkey import MasterKey
from assistant.sealing.words import WORDS

_Answer = TypeVar("_Answer")


def read_ring(service: str, entry: str) -> tuple[bool, MasterKey | None]:
    """Return whether the keyring has that entry, and the key in it, None where it spells none.

    Raises KeyringMissing.
    """
    line: str | None = _ask(lambda ring: ring.get_password(service, entry))
    return line is not None, None if line is None else MasterKey.parse(line)


def write_ring(service: str, entry: str, key: MasterKey) -> bool:
    """Keep `key` in the keyring under that entry and return True; where one is, leave it and return False.

    Raises KeyringMissing, also when the keyring does not give back what it was given.
    """
    if read_ring(service, entry)[0]:
        return False
    _ask(lambda ring: ring.set_password(service, entry, key.spell()))
    if read_ring(service, entry)[1] != key:
        raise KeyringMissing(problem=WORDS.text("keyring.forgetful"))
    return True


def remove_ring(service: str, entry: str) -> None:
    """Take that entry out of the keyring, if it is there. Raises KeyringMissing."""
    if read_ring(service, entry)[0]:
        _ask(lambda ring: ring.delete_password(service, entry))


def _ask(question: Callable[[ModuleType], _Answer]) -> _Answer:
    """Return the keyring's answer. Raises KeyringMissing for whatever its backend raises."""
    ring = _import_ring()
    try:
        return question(ring)
    except Exception as error:
        # Each backend raises errors of its own.
        nowhere = isinstance(error, ring.errors.NoKeyringError)
    # Out here, for an error raised in there would carry the backend's frames along, and the key in them.
    raise KeyringMissing(problem=WORDS.text("keyring.no_backend" if nowhere else "keyring.refused"))


def _import_ring() -> ModuleType:
    try:
        ring = import_module("keyring")
        import_module("keyring.errors")
    except ImportError:
        raise KeyringMissing(problem=WORDS.text("keyring.not_installed")) from None
    return ring
