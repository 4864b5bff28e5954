"""Bars of block characters: they stand beside their numbers, in any form of a page, and survive a black-and-white
printer and a photocopy."""

from __future__ import annotations

from typing import Final

_FULL: Final = "█"
_PARTS: Final = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
"""Eighths of a character, from the left."""


def draw_bar(value: int, most: int, width: int) -> str:
    """Return a bar that is `width` characters long for `most`; anything above nothing shows."""
    if value <= 0 or most <= 0:
        return ""
    whole, rest = divmod(max(1, round(value * width * len(_PARTS) / most)), len(_PARTS))
    return _FULL * whole + _PARTS[rest]
