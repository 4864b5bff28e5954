"""A staff number and a password open a shared machine: the file keeps a slow hash of it, never the password."""

from __future__ import annotations

import re
import secrets
import string
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Final
from unicodedata import normalize

from assistant.sealing.words import WORDS, fill
from rules.errors import BadInput
from rules.language import Catalogue

LEAST_CHARACTERS: Final = 8
"""NIST SP 800-63B (rev. 3), 5.1.1.2: at least 8 code points, no rules of composition, no change by the calendar."""
ONE_TIME_CHARACTERS: Final = 10
_LETTERS: Final = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
# OWASP Password Storage Cheat Sheet: Argon2id with at least 19 MiB, two passes, one lane.
_MEMORY_KIB: Final = 19 * 1024
_PASSES: Final = 2
_LANES: Final = 1
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_COST: Final = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}$"
_NOBODY: Final = f"{_COST}GjCJdx5+5NRoTCvUfh6Gyg$Pm4ZEUJreqefRlVcotjDt2AMM9ylIsXHKz+30NtHz4s"
"""A hash that no password is known for: whoever is not on the list takes as long to be refused as whoever is."""
_RUN_STEPS: Final = {-1, 0, 1}
_SPARE_CHARACTERS: Final = 4


class Flaw(StrEnum):
    """Why a new password is refused; the words stand under `flaw` in the catalogue."""

    SHORT = "short"
    NUMBER = "number"
    RUN = "run"
    COMMON = "common"
    SAME = "same"


class PasswordUnfit(BadInput):
    """A new password that would be guessed: `flaw` says why. Nothing was changed."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "password_unfit"


def hash_password(text: str) -> str:
    """Return the Argon2id hash of `text` with a fresh salt, as a PHC string: 20 to 40 ms and 19 MiB while it lasts."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=secrets.token_bytes(_SALT_BYTES),
        length=_HASH_BYTES,
        iterations=_PASSES,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    return kdf.derive_phc_encoded(_encode(text))


def verify(text: str, phc: str | None) -> bool:
    """Tell whether `text` is the password of that hash.

    Without a hash (nobody has this staff number, or no password) the answer is no, after the same work.
    """
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        Argon2id.verify_phc_encoded(_encode(text), _NOBODY if phc is None else phc)
    except (InvalidKey, ValueError):
        return False
    return phc is not None


def needs_rehash(phc: str) -> bool:
    """Tell whether that hash was made at another cost than now; hash the password anew when it was just verified."""
    return not phc.startswith(_COST)


def check_new(text: str, number: str, present: str | None = None) -> None:
    """Accept `text` as the new password of the member with that staff number, or raise PasswordUnfit; `present` is the
    hash of the one before, which another person may have read out and is not set again.

    What is tried first is refused, and nothing else: composition rules only move people to the next thing guessed
    (NIST SP 800-63B, appendix A.3).
    """
    if flaw := find_flaw(text, number) or (Flaw.SAME if present and verify(text, present) else None):
        raise PasswordUnfit(flaw=fill(f"flaw.{flaw}", least=LEAST_CHARACTERS))


def find_flaw(text: str, number: str) -> Flaw | None:
    """Return why `text` will not do as the password of that staff number, or None."""
    plain = normalize("NFKC", text)
    folded = plain.casefold()
    if len(plain) < LEAST_CHARACTERS:
        return Flaw.SHORT
    if _is_made_of(folded, normalize("NFKC", number).casefold()):
        return Flaw.NUMBER
    if _is_run(folded):
        return Flaw.RUN
    return Flaw.COMMON if folded in _read_common() else None


def make_one_time() -> str:
    """Return a password of 10 characters to be read out once: nothing in it looks like something else, 58 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(ONE_TIME_CHARACTERS))


def _is_made_of(text: str, number: str) -> bool:
    """Tell whether `text` is the number, with little beside it; a short number may stand anywhere."""
    return len(number) >= _SPARE_CHARACTERS and number in text and len(text.replace(number, "")) < _SPARE_CHARACTERS


def _is_run(text: str) -> bool:
    """Tell whether each character is the same step from the one before: aaaaaaaa, 12345678, hgfedcba."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1 and steps <= _RUN_STEPS


def _encode(text: str) -> bytes:
    # One password, however the keyboard composes it; a terminal may hand on half a character.
    return normalize("NFKC", text).encode("utf-8", "surrogatepass")


@cache
def _read_common() -> frozenset[str]:
    listed = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in listed.split("\n") if re.match(r"[^#]", line))
