"""Columns that stand under each other in a terminal, where a Chinese character takes two places."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from assistant.quoting import fold

GAP: Final = "  "
_WIDE: Final = frozenset("WF")


def set_columns(rows: Iterable[Sequence[str]]) -> str:
    """Return `rows`, all of one length, as lines; every column is as wide as the widest of its words.

    A word that somebody wrote stays in its row.
    """
    lines = [tuple(map(fold, row)) for row in rows]
    widths = [max(map(measure, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        GAP.join(word + " " * (width - measure(word)) for word, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def measure(word: str) -> int:
    """Return how many places a word takes."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in _WIDE else 1
        for letter in word
    )
