"""The same customer, payee or phone is found again by a keyed hash: without the key it cannot be guessed back.

A plain hash of an ID number is no protection: whoever knows birthday and region has tried all of them in a moment.
"""

from __future__ import annotations

import hmac
from typing import Final

from assistant.sealing.masterkey import MasterKey

DIGEST_BYTES: Final = 16
"""Half of a SHA-256: two of a billion different values are the same with a chance of 1 in 10^21."""
_PURPOSE: Final = "lookups-v1"


def digest(key: MasterKey, kind: str, value: str) -> bytes:
    """Return the 16 bytes under which `value` of that `kind` is found again: HMAC-SHA256, by a key made for this alone.

    Equal values of different kinds have different digests. The value is taken as it is: whoever calls brings it
    into its one form (width, case, spaces) before.
    """
    name = kind.encode("utf-8", "surrogatepass")
    text = value.encode("utf-8", "surrogatepass")
    # The length of the kind goes first: no kind and value together read like another pair.
    message = len(name).to_bytes(4, "big") + name + text
    return hmac.digest(key.derive(_PURPOSE), message, "sha256")[:DIGEST_BYTES]
