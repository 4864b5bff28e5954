"""The one secret that lies outside the file of cases; every other key comes from it or is wrapped under it.

It shows itself nowhere: not in what is printed, not in a pickle, and not among the variables of a crash report.
"""

from __future__ import annotations

import binascii
import hmac
import secrets
from hashlib import sha256
from typing import Final, NoReturn, final

BYTES: Final = 32
CHECK_DIGITS: Final = 16
_CHECK: Final = "teller-assistant-key-check-v1\n"
_DERIVED: Final = "teller-assistant-derived-key-v1\n"


@final
class MasterKey:
    """32 secret bytes, which never change. Two of them are equal when their bytes are."""

    __slots__ = ("_secret",)
    _secret: bytes

    def __init__(self, secret: bytes) -> None:
        """Hold a copy of `secret`; raises ValueError unless it has 32 bytes."""
        if len(secret) != BYTES:
            raise ValueError(len(secret))
        object.__setattr__(self, "_secret", bytes(secret))

    @classmethod
    def make(cls) -> MasterKey:
        """Return a fresh key from the randomness of the operating system."""
        return cls(secrets.token_bytes(BYTES))

    @classmethod
    def parse(cls, line: str | bytes) -> MasterKey | None:
        """Return the key that `line` spells in base64, with or without white space around it; None if it spells none.

        It raises nothing, for the frames of an error would hold the line.
        """
        try:
            raw = binascii.a2b_base64(line.strip(), strict_mode=True)
        except ValueError:
            return None
        return cls(raw) if len(raw) == BYTES else None

    def spell(self) -> str:
        """Return the key in base64, to be kept where keys are kept and nowhere else."""
        return binascii.b2a_base64(self._secret, newline=False).decode("ascii")

    def check(self, db_id: str) -> str:
        """Return 16 hex digits by which the file of cases `db_id` knows its key again, and which tell nothing of it."""
        return self._mark(_CHECK + db_id).hex()[:CHECK_DIGITS]

    def derive(self, purpose: str) -> bytes:
        """Return the 32 bytes of the key for `purpose`: HKDF-SHA256 (RFC 5869) without salt, one block.

        The secret is uniformly random, which is where RFC 5869, 3.1 lets the salt be left out.
        """
        extracted = hmac.digest(bytes(sha256().digest_size), self._secret, "sha256")
        return hmac.digest(extracted, (_DERIVED + purpose).encode() + b"\x01", "sha256")

    def _mark(self, text: str) -> bytes:
        return hmac.digest(self._secret, text.encode(), "sha256")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MasterKey) and hmac.compare_digest(self._secret, other._secret)

    def __hash__(self) -> int:
        return hash(self._mark("hash"))

    def __repr__(self) -> str:
        return "MasterKey(…)"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(name)

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(name)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied: a pickle is bytes that lie about."""
        raise TypeError(type(self).__name__)
