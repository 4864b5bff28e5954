"""What shows that a checkpoint was written by whoever holds the master key, and is what was written."""

from __future__ import annotations

import hmac
from typing import Final

from assistant.sealing.masterkey import MasterKey

_PURPOSE: Final = "checkpoints-v1"


def mark(key: MasterKey, message: bytes) -> bytes:
    """Return the 32 bytes that nobody makes for `message` without the key: HMAC-SHA256, by a key made for this alone.

    Whoever has the master key can make them too: against a stolen key only what is kept elsewhere helps.
    """
    return hmac.digest(key.derive(_PURPOSE), message, "sha256")
