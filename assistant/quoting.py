"""Words from outside are quoted in sentences only after this: a terminal obeys what it is shown."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 60


def clip(word: str) -> str:
    """Return `word` fit to be quoted in a sentence: short, and without anything that would move the cursor."""
    shown = "".join(character if character.isprintable() else "?" for character in word[: LONGEST + 1])
    return f"{shown[:LONGEST]}…" if len(shown) > LONGEST else shown
