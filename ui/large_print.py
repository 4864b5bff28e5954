"""Letters that a customer reads from across the counter: each drawn many cells high, from a bitmap font of our own."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final

from rich.cells import cell_len, set_cell_size

PIXELS: Final = 16
"""Rows of a glyph; it is 8 or 16 pixels wide."""
MOST_PAGES: Final = 4
"""Nobody turns more pages than this at a counter: rather smaller letters, all of them at once."""
NO_START: Final = frozenset("，。！？；：、）》”’…,.!?;:)%")
NO_END: Final = frozenset("（《“‘(")
_HALVES: Final = " ▄▀█"
_QUADRANTS: Final = " ▗▖▄▝▐▞▟▘▚▌▙▀▜▛█"


class Size(StrEnum):
    """How letters are drawn, the largest first."""

    HASH = "hash"
    """A `#` a pixel, for a terminal that draws block characters wide."""
    HALF = "half"
    """Half blocks: two pixels a cell, a Chinese character square in 16 by 8 cells."""
    QUADRANT = "quadrant"
    """Quadrant blocks: four pixels a cell, a Chinese character tall in 8 by 8 cells."""
    PLAIN = "plain"
    """The terminal's own letters, spaced out."""


@dataclass(frozen=True, slots=True)
class LargePrint:
    """A text drawn for a screen: every page has exactly the rows asked for, every row exactly the cells."""

    size: Size
    pages: tuple[tuple[str, ...], ...]
    missing: tuple[str, ...]
    """Characters without a glyph, which stand in it as themselves."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Lines in one size, `gap` rows apart, as many on a page as have room."""

    size: Size
    gap: int
    lines: tuple[str, ...]
    rows: int

    @property
    def lines_a_page(self) -> int:
        return (self.rows + self.gap) // (_height(self.size) + self.gap)

    @property
    def page_count(self) -> int:
        return -(-len(self.lines) // self.lines_a_page) if self.lines_a_page else MOST_PAGES + 1


@lru_cache(maxsize=1)
def load_glyphs() -> Mapping[str, str]:
    """Return the bitmap of every character that has one: 16 rows in hex, 2 digits a row for 8 pixels, 4 for 16."""
    packed = files("ui.glyphs").joinpath("unifont.hex.gz").read_bytes()
    entries = (line.split(":") for line in gzip.decompress(packed).decode("ascii").split())
    return {chr(int(code, 16)): bitmap for code, bitmap in entries}


def print_large(text: str, width: int, rows: int, *, hashes: bool = False) -> LargePrint:
    """Draw `text` in the largest letters in which it fits `width` by `rows` cells, its lines centred.

    What fits in no size is spread over a few pages, each with its number in the corner. With `hashes` nothing but `#`
    and blanks is drawn.
    """
    width, rows = max(width, 1), max(rows, 1)
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    missing = tuple(dict.fromkeys(mark for line in lines for mark in line if mark not in load_glyphs()))
    sizes = (Size.HASH,) if hashes else (Size.HALF, Size.QUADRANT)
    layout = _choose(lines, width, rows, sizes, noted=bool(missing))
    step = max(layout.lines_a_page, 1)
    sheets = [layout.lines[start : start + step] for start in range(0, len(layout.lines), step)] or [()]
    pages = []
    for number, sheet in enumerate(sheets, 1):
        numbered = [f"{number}/{len(sheets)}"] if len(sheets) > 1 else []
        note = "  ".join([*map(name_character, missing), *numbered])
        pages.append(_draw_page(layout, sheet, width, rows, note))
    return LargePrint(layout.size, tuple(pages), missing)


def name_character(character: str) -> str:
    """Return a character's code point and name, to find it by."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def draw_character(character: str, size: Size) -> tuple[str, ...]:
    """Draw one character as rows of cells, all of one width; one without a glyph stands in the middle as itself."""
    width = _measure(character, size)
    bitmap = None if size is Size.PLAIN else load_glyphs().get(character)
    if bitmap is None:
        height = _height(size)
        before = (width - cell_len(character)) // 2 if size is not Size.PLAIN else 0
        middle = " " * before + character + " " * (width - before - cell_len(character))
        return tuple(middle if row == height // 2 else " " * width for row in range(height))
    digits = len(bitmap) // PIXELS
    pixels = [f"{int(bitmap[at : at + digits], 16):0{digits * 4}b}" for at in range(0, len(bitmap), digits)]
    if size is Size.HASH:
        return tuple(row.replace("0", " ").replace("1", "#") for row in pixels)
    pairs = zip(pixels[::2], pixels[1::2], strict=True)
    if size is Size.HALF:
        return tuple("".join(_HALVES[int(a + b, 2)] for a, b in zip(*pair, strict=True)) for pair in pairs)
    return tuple(
        "".join(_QUADRANTS[int(above[at : at + 2] + below[at : at + 2], 2)] for at in range(0, len(above), 2))
        for above, below in pairs
    )


def wrap(text: str, width: int, size: Size) -> tuple[str, ...]:
    """Break a line to `width` cells in that size into as few lines as can be, about as long as one another.

    Between Chinese characters, between words; no line begins with what closes or ends with what opens.
    """
    pieces = [piece for whole in _split(text) for piece in _cut(whole, width, size)]
    lines = _fill(pieces, width, size)
    narrowest = max((_span(piece.strip(), size) for piece in pieces), default=0)
    even = next(w for w in range(min(narrowest, width), width + 1) if len(_fill(pieces, w, size)) == len(lines))
    return tuple(_fill(pieces, even, size))


def _choose(lines: list[str], width: int, rows: int, sizes: tuple[Size, ...], *, noted: bool) -> _Layout:
    """Return the layout with the largest letters: on one page if that can be, else on a few, else in plain letters."""

    def lay(size: Size, gap: int, room: int) -> _Layout:
        return _Layout(size, gap, tuple(part for line in lines for part in wrap(line, width, size)), room)

    marks = {mark for line in lines for mark in line}
    drawn = [size for size in sizes if all(_measure(mark, size) <= width for mark in marks)]
    whole = (lay(size, gap, rows - noted) for size in drawn for gap in (1, 0))
    spread = (lay(size, gap, rows - 1) for size in drawn[-1:] for gap in (1, 0))
    plain = (lay(Size.PLAIN, gap, rows - noted) for gap in (1, 0))
    for most, layouts in ((1, whole), (MOST_PAGES, spread), (1, plain)):
        for layout in layouts:
            if layout.page_count <= most:
                return layout
    return lay(Size.PLAIN, 0, max(rows - 1, 1))


def _draw_page(layout: _Layout, lines: tuple[str, ...], width: int, rows: int, note: str) -> tuple[str, ...]:
    drawn: list[str] = []
    for number, line in enumerate(lines):
        drawn += [""] * (layout.gap if number else 0)
        drawn += map("".join, zip(*(draw_character(mark, layout.size) for mark in line), strict=True))
    above = (rows - len(drawn)) // 2
    page = [""] * above + drawn + [""] * (rows - above - len(drawn))
    centred = [" " * ((width - cell_len(row)) // 2) + row for row in page]
    if note:
        shown = set_cell_size(note, min(cell_len(note), max(width - 1, 1)))
        centred[-1] = " " * (width - cell_len(shown) - 1) + shown
    return tuple(set_cell_size(row, width) for row in centred)


def _height(size: Size) -> int:
    return {Size.HASH: PIXELS, Size.HALF: PIXELS // 2, Size.QUADRANT: PIXELS // 2, Size.PLAIN: 1}[size]


def _measure(character: str, size: Size) -> int:
    """Return the cells that a character takes from left to right; a plain one with the blank behind it."""
    if size is Size.PLAIN:
        return cell_len(character) + 1
    bitmap = load_glyphs().get(character)
    columns = len(bitmap) // PIXELS // 2 if bitmap else max(cell_len(character), 1)
    return columns * (4 if size is Size.QUADRANT else 8)


def _span(text: str, size: Size) -> int:
    return sum(_measure(character, size) for character in text)


def _split(text: str) -> Iterator[str]:
    """Yield the pieces between which a line may break: a word with the blank behind it, or a Chinese character."""
    held = ""
    for piece in re.findall(r"[!-~]+ ?|.", text):
        if held and piece[0] not in NO_START and held[-1] not in NO_END:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def _cut(piece: str, width: int, size: Size) -> Iterator[str]:
    """Yield a piece whole where it fits into a line, else character by character."""
    if _span(piece.strip(), size) <= width:
        yield piece
    else:
        yield from piece


def _fill(pieces: list[str], width: int, size: Size) -> list[str]:
    """Return lines of at most `width` cells, each filled with as many pieces as fit."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and _span((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]
