"""What is about one person or one case is sealed under a key of its own: delete that key, and it is gone for good."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Final

from assistant.sealing.faults import SealBroken
from assistant.sealing.masterkey import MasterKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MOST_KEPT: Final = 64
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_KEY_BITS: Final = 256
_PURPOSE: Final = "subject-keys-v1"


class Sealer:
    """Seals and opens what concerns a subject (a case, a member of staff), whose key lies wrapped by the master key.

    A sealed text is a version byte, a random nonce of 96 bits, and AES-256-GCM's ciphertext with its tag of 128 bits:
    29 bytes more than the text. The subject and the context (which text of the subject it is) are authenticated with
    it, so it opens in no other place.

    A subject's key is wrapped in the same way, under a key derived from the master key, with the subject
    authenticated. RFC 3394 would need no nonce, but takes no such data, so that a wrapped key could be put into
    another subject's row, and has a check of 64 bits only. NIST SP 800-38D, 8.3 allows 2^32 random nonces under one
    key: one for each subject here, and below that one for each text of it.

    `cryptography` is imported when the first key is used. Threads may share a sealer.
    """

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._kept: OrderedDict[tuple[str, bytes], AESGCM] = OrderedDict()
        self._lock = Lock()

    def make_key(self, subject: str) -> bytes:
        """Return a fresh key for `subject`, wrapped: 61 bytes, to be kept beside what it seals."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return _encrypt(self._wrapping, AESGCM.generate_key(_KEY_BITS), _bind(subject))

    def seal(self, subject: str, wrapped: bytes, context: bytes, text: bytes) -> bytes:
        """Return `text` sealed under the key of `subject`, to be opened with the same `context` only.

        Raises SealBroken when `wrapped` is not a key of that subject.
        """
        return _encrypt(self._unwrap(subject, wrapped), text, _bind(subject, context))

    def unseal(self, subject: str, wrapped: bytes, context: bytes, sealed: bytes) -> bytes:
        """Return the text that was sealed.

        Raises SealBroken for whatever is not exactly what was sealed, under this master key, for this subject and
        context.
        """
        return _decrypt(self._unwrap(subject, wrapped), sealed, subject, _bind(subject, context))

    def forget(self, subject: str) -> None:
        """Drop the unwrapped keys of `subject` from memory; called where its wrapped key is deleted."""
        with self._lock:
            for kept in [kept for kept in self._kept if kept[0] == subject]:
                del self._kept[kept]

    def _unwrap(self, subject: str, wrapped: bytes) -> AESGCM:
        with self._lock:
            if (kept := self._kept.get((subject, wrapped))) is not None:
                self._kept.move_to_end((subject, wrapped))
                return kept
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        # In one expression: a key in a variable would stand in the frames of a crash report.
        key = AESGCM(_decrypt(self._wrapping, wrapped, subject, _bind(subject)))
        with self._lock:
            self._kept[subject, wrapped] = key
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return key

    @cached_property
    def _wrapping(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._master.derive(_PURPOSE))


def _bind(subject: str, context: bytes = b"") -> bytes:
    """Return what is authenticated with a text; the subject goes after its length, so that no two pairs are alike."""
    name = subject.encode()
    return _VERSION + len(name).to_bytes(4, "big") + name + context


def _encrypt(key: AESGCM, text: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + key.encrypt(nonce, text, bound)


def _decrypt(key: AESGCM, sealed: bytes, subject: str, bound: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag

    body = len(_VERSION) + _NONCE_BYTES
    if not sealed.startswith(_VERSION) or len(sealed) < body + _TAG_BYTES:
        raise SealBroken(subject=subject)
    try:
        return key.decrypt(sealed[len(_VERSION) : body], sealed[body:], bound)
    except InvalidTag:
        raise SealBroken(subject=subject) from None
