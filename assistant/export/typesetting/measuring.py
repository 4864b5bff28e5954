"""How wide the columns of a table become on paper, about, and which of its rows are too high to stay whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from assistant.export.typesetting.blocks import Table, Words

_ROOM: Final = {False: 46.0, True: 25.0}
"""Between the margins, in widths of a Chinese character, without and with large print."""
_INSET: Final = 1.0
_NARROW: Final = 0.58
"""A Latin character to a Chinese one."""
_SHARE: Final = 0.6
"""Of the room, beyond which columns that take what they need would leave too little to the others."""
_HIGHEST: Final = 10
"""Lines, beyond which a row may be torn between two pages."""
LONGEST: Final = 36
"""Latin characters of a word that fit into a line whatever the print."""
_WIDE: Final = re.compile(
    "[\u2018-\u201d\u2014\u2026\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003fffd]+"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is set."""

    widths: list[int]
    """Of the columns to each other, as in a Table."""
    torn: list[bool]
    """Whether a row may be torn between two pages."""
    longest: list[int]
    """Of each column, how many Latin characters of one word fit into a line."""


def plan_table(table: Table, large: bool, share: float = _SHARE) -> Plan:
    """Return how a table is set; columns that take what they need do so up to that share of the room."""
    count = len(table.aligns)
    room = max(_ROOM[large] - _INSET * count, count)
    sizes = [[measure(words) for words in row] for row in (table.head or ((),) * count, *table.rows)]
    needs = [max(width for width, _ in column) for column in zip(*sizes, strict=True)]
    widths = list(table.widths)
    kept = sum(need for need, width in zip(needs, widths, strict=False) if not width)
    if kept > share * room:
        widths = []
    if not widths and table.head and sum(needs) <= room:
        # All across the page, like the others.
        widths = [*([0] * (count - 1)), 1]
    shares = _share(needs, widths, room)
    torn = [any(map(_is_high, row, shares)) for row in sizes[1:]]
    return Plan(widths, torn, [max(int(share / _NARROW), 1) for share in shares])


def _share(needs: list[float], widths: list[int], room: float) -> list[float]:
    """Return about how wide each column becomes."""
    if widths:
        kept = sum(need for need, width in zip(needs, widths, strict=True) if not width)
        return [(room - kept) * width / sum(widths) or need for need, width in zip(needs, widths, strict=True)]
    if sum(needs) <= room:
        return [room] * len(needs)
    return [min(need, room / len(needs)) for need in needs]


def _is_high(size: tuple[float, list[float]], share: float) -> bool:
    return sum(1 + line // max(share, 1) for line in size[1]) > _HIGHEST


def measure(words: Words) -> tuple[float, list[float]]:
    """Return the width of the longest line, and of all, in widths of a Chinese character."""
    lines = [_measure_line(line) for line in "".join(run.text for run in words).split("\n")]
    return max(lines), lines


def _measure_line(line: str) -> float:
    wide = sum(len(found[0]) for found in _WIDE.finditer(line))
    return wide + _NARROW * (len(line) - wide)
