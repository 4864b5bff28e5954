"""What was masked, in full for a short while, with who looked at it and when across the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size

from assistant.case.events import RevealReason
from assistant.particulars.fields import Field, Party

GAP: Final = "   "
SHIFT: Final = 11
"""Cells by which each line of the watermark is set off from the one above: no cut through the page misses it."""


@dataclass(frozen=True, slots=True)
class Reveal:
    """Values in full, who wanted to see them, when and why, and until when they stay; times are UTC milliseconds."""

    values: Mapping[tuple[Party, Field], str] = field(repr=False)
    who: str
    at: int
    until: int
    reason: RevealReason
    zone: str

    @property
    def moment(self) -> str:
        """When it was, as the outlet's calendar and clock show it."""
        return datetime.fromtimestamp(self.at / 1000, ZoneInfo(self.zone)).strftime("%Y-%m-%d %H:%M:%S")

    @property
    def mark(self) -> str:
        """Who and when, short enough to stand beside each value."""
        return f"{self.who} {self.moment[11:]}"

    def left(self, now: int) -> int:
        """Return for how many seconds more the values stay."""
        return max(-(-(self.until - now) // 1000), 0)

    def band(self, number: int, width: int) -> str:
        """Return who and when, over and over, in exactly `width` terminal cells; each line begins elsewhere in it."""
        piece = f"{self.who} {self.moment}{GAP}"
        start = number * SHIFT % cell_len(piece)
        repeated = piece * (width // cell_len(piece) + 2)
        # Cut by cells: a login may have wide characters.
        return set_cell_size(_drop(repeated, start), width)


def _drop(text: str, cells: int) -> str:
    gone = 0
    for place, character in enumerate(text):
        if gone >= cells:
            return text[place:]
        gone += cell_len(character)
    return ""
