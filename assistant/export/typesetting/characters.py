"""The characters of a value: what shows nothing, or would steer what is around it, is found and shown by its number."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

BLANK: Final = "__________"
"""What a value that is not known prints as, to be filled in by hand."""
TAB: Final = "    "

_NONCHARACTERS: Final = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(15))
HIDDEN: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for the tab and the line's end
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, joiners and fillers
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"  # zero width, turns of direction
    "\ufe00-\ufe0f\U000e0000-\U000e0fff"  # variation selectors and tags
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # format controls of shorthand and of music
    "\ud800-\udfff"  # halves of a character
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use
    f"\ufdd0-\ufdef{_NONCHARACTERS}"
    "]+"
)
_LINE_END: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
_PICTURES: Final = 0x2400
_SPACE: Final = 0x20
_DELETE: Final = 0x7F


def read_value(value: str | None) -> str:
    """Return a value as it is printed: its lines end in one way, and none is empty at its beginning or end."""
    if value is None:
        return BLANK
    return _LINE_END.sub("\n", value).strip("\n").replace("\t", TAB)


@cache
def name_character(character: str) -> str:
    """Return a character's number as it is written everywhere: `U+202E`."""
    return f"U+{ord(character):04X}"


def show_hidden(text: str) -> str:
    """Return a text with its hidden characters visible: pictures of control characters, the numbers of the others."""
    return text if text.isprintable() else HIDDEN.sub(lambda found: name_all(found[0]), text)


def name_all(characters: str) -> str:
    """Return what is shown in the place of hidden characters."""
    return "".join(map(_show, characters))


@cache
def _show(character: str) -> str:
    number = ord(character)
    if number < _SPACE:
        return chr(_PICTURES + number)
    return chr(_PICTURES + 0x21) if number == _DELETE else f"⟨{name_character(character)}⟩"
