"""Words from outside are quoted in sentences only after this: a terminal obeys what it is shown."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 60
_OBEYED: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for the tab and the line's end
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\u2028\u2029"  # other ends of a line
    "]"
)


def clip(word: str) -> str:
    """Return `word` fit to be quoted in a sentence: short, and without anything that would move the cursor."""
    shown = "".join(character if character.isprintable() else "?" for character in word[: LONGEST + 1])
    return f"{shown[:LONGEST]}…" if len(shown) > LONGEST else shown


def expose(text: str) -> str:
    """Return `text` with what a terminal would obey shown as its code, `\\u001b`, which in JSON means the same."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def fold(text: str) -> str:
    """Return what somebody wrote as one line, so that it cannot look like lines of ours."""
    return expose(" ".join(text.split()))
