"""Breaking text into lines as Chinese is set: no line begins with a mark that closes, none ends with one that opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len, chop_cells

CLOSING: Final = frozenset("，。！？；：、）】〕》」』〉…—·～％,.!?;:)]}%”’")
OPENING: Final = frozenset("（【〔《「『〈([{“‘")
_LATIN: Final = re.compile(r"[!-~\u00a0-\u024f]+|\s+|.", re.DOTALL)


def break_text(text: str, width: int) -> list[str]:
    """Return `text` as lines of at most `width` terminal cells; a following line is set in as far as the first.

    A word or number in Latin letters stays whole unless it is longer than a line. A text without any line is one
    empty line.
    """
    return [line for paragraph in text.split("\n") for line in _break_paragraph(paragraph, max(width, 2))]


def _break_paragraph(text: str, width: int) -> Iterator[str]:
    body = text.lstrip(" ")
    indent = " " * min(len(text) - len(body), max(width - 8, 0))
    room = width - len(indent)
    line = ""
    for piece in _pieces(body, room):
        if cell_len(line) + cell_len(piece.rstrip()) <= room:
            line += piece
            continue
        yield indent + line.rstrip()
        line = piece.lstrip()
    yield (indent + line).rstrip()


def _pieces(text: str, room: int) -> Iterator[str]:
    """Yield what must stay together: a word, or a character with the marks that belong to it."""
    held = ""
    for part in _LATIN.findall(text):
        if held and _may_break(held[-1], part[0]):
            yield from _chop(held, room)
            held = ""
        held += part
    if held:
        yield from _chop(held, room)


def _may_break(before: str, after: str) -> bool:
    return not (before in OPENING or after in CLOSING or after.isspace())


def _chop(piece: str, room: int) -> list[str]:
    return chop_cells(piece, room) if cell_len(piece.rstrip()) > room else [piece]
