"""The private texts of the events, sealed: written with their event, opened one by one when somebody asks for one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Final, Protocol

from assistant.sealing.faults import SealBroken
from assistant.store.chain import SALT_BYTES

_NO_KEY: Final = b""
MOST_KEPT: Final = 64


class Sealing(Protocol):
    """What seals and opens; `assistant.sealing.vault.Vault` says what each part means."""

    def make_key(self, subject: str) -> bytes: ...

    def seal(self, subject: str, wrapped: bytes, context: bytes, text: bytes) -> bytes: ...

    def unseal(self, subject: str, wrapped: bytes, context: bytes, sealed: bytes) -> bytes: ...

    def forget(self, subject: str) -> None: ...

    def digest(self, kind: str, value: str) -> bytes: ...

    def mark(self, message: bytes) -> bytes: ...


class SealedTexts(Mapping[str, str]):
    """The private texts of one event by field. Each is opened anew whenever it is read, and kept nowhere in the clear.

    Reading one raises SealBroken when it is not what was sealed, and the KeyTrouble of a key that is not there.
    """

    def __init__(self, seals: Seals, subject: str, seq: int, wrapped: bytes, sealed: Mapping[str, bytes]) -> None:
        self._seals = seals
        self._subject = subject
        self._seq = seq
        self._wrapped = wrapped
        self._sealed = sealed

    def __getitem__(self, field: str) -> str:
        return self.open(field)[1]

    def open(self, field: str) -> tuple[bytes, str]:
        """Return the salt of a text's commitment, and the text."""
        sealing = self._seals.sealing
        whole = sealing.unseal(self._subject, self._wrapped, _place(self._seq, field), self._sealed[field])
        return whole[:SALT_BYTES], whole[SALT_BYTES:].decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._sealed)

    def __len__(self) -> int:
        return len(self._sealed)

    def __contains__(self, field: object) -> bool:
        return field in self._sealed

    def __repr__(self) -> str:
        return f"SealedTexts({', '.join(self._sealed)})"


class Seals:
    """Seals for one file. `find` gets what seals, when it is first needed."""

    def __init__(self, find: Callable[[], Sealing]) -> None:
        self._find = find
        self._found: Sealing | None = None
        self._keys: dict[str, bytes] = {}
        """The keys of the subjects that were written about last, as they lie in the file; see `forget_keys`."""

    @property
    def sealing(self) -> Sealing:
        """What seals. Raises the KeyTrouble of a key that cannot be had."""
        if self._found is None:
            self._found = self._find()
        return self._found

    def put(
        self, raw: sqlite3.Connection, subject: str, wrapped: bytes, seq: int, field: str, salt: bytes, text: str
    ) -> bytes:
        """Write a text of the event `seq`, sealed under the subject's key (see `need_key`), and return it as sealed."""
        sealed = self.sealing.seal(subject, wrapped, _place(seq, field), salt + text.encode())
        raw.execute("INSERT INTO private_texts (seq, field, sealed) VALUES (?, ?, ?)", (seq, field, sealed))
        return sealed

    def need_key(self, raw: sqlite3.Connection, subject: str) -> bytes:
        """Return the subject's key as it lies in the file, made now if it is not there yet; inside a transaction."""
        wrapped = self._keys.get(subject) or self.read_key(raw, subject)
        if not wrapped:
            wrapped = self.sealing.make_key(subject)
            raw.execute("INSERT INTO subject_keys (subject, wrapped) VALUES (?, ?)", (subject, wrapped))
        if len(self._keys) >= MOST_KEPT:
            self._keys.clear()
        self._keys[subject] = wrapped
        return wrapped

    def forget_keys(self) -> None:
        """Look for every key in the file again: another program may have erased one, or one was not saved after all."""
        self._keys.clear()

    def read_key(self, raw: sqlite3.Connection, subject: str) -> bytes:
        """Return the subject's key as it lies in the file, or nothing where there is none."""
        row = raw.execute("SELECT wrapped FROM subject_keys WHERE subject = ?", (subject,)).fetchone()
        return row[0] if row else _NO_KEY

    def commit(self, subject: str, wrapped: bytes, seq: int, field: str, sealed: bytes) -> str | None:
        """Open a text and return what it commits to, None when it does not open."""
        try:
            whole = self.sealing.unseal(subject, wrapped, _place(seq, field), sealed)
        except SealBroken:
            return None
        # As `commit_to` does it, without taking the text apart.
        return sha256(whole).hexdigest()

    def erase(self, raw: sqlite3.Connection, subject: str) -> None:
        """Delete the subject's key and every sealed text of it, inside the caller's transaction."""
        raw.execute(
            "DELETE FROM private_texts WHERE seq IN (SELECT seq FROM events WHERE case_id = ?)",
            (subject,),
        )
        raw.execute("DELETE FROM subject_keys WHERE subject = ?", (subject,))
        self._keys.pop(subject, None)
        self.sealing.forget(subject)


def _place(seq: int, field: str) -> bytes:
    return f"{seq}/{field}".encode()
