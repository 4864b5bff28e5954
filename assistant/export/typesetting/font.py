"""The one font of every page on paper: where it lies, and which characters it has a shape for."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from assistant.export.typesetting.faults import TypesetterMissing

PACKAGE: Final = "manimgx_fonts_cjk"
FILE: Final = "NotoSansCJK-VF.otf.ttc"
FAMILY: Final = "Noto Sans CJK SC"
NUMBER: Final = 2
"""Of the Simplified Chinese face in the collection: in what Chinese, Japanese and Korean share, its shapes differ."""
_GROUPS: Final = 12
"""The format of the table that maps every character, those beyond the first 65,536 too."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ranges of characters, in order: `starts[n]` to `ends[n]` have shapes."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, character: str) -> bool:
        number = ord(character)
        place = bisect_right(self.starts, number) - 1
        return place >= 0 and number <= self.ends[place]


def find_font() -> Path:
    """Return the file of the font. Raises TypesetterMissing."""
    found = find_spec(PACKAGE)
    path = Path(found.origin).with_name(FILE) if found is not None and found.origin else None
    if path is None or not path.is_file():
        raise TypesetterMissing(problem=PACKAGE.replace("_", "-"))
    return path


@cache
def read_coverage() -> Coverage:
    """Return which characters the font has shapes for. Raises TypesetterMissing."""
    try:
        from fontTools.ttLib import TTFont
    except ImportError:
        raise TypesetterMissing(problem="fonttools") from None
    with TTFont(find_font(), fontNumber=NUMBER, lazy=True) as font:
        # Not decompiled by the library, which takes more than a second for 45,000 characters one by one.
        ranges = sorted(_read_groups(font.reader["cmap"]))
    return Coverage(tuple(start for start, _ in ranges), tuple(end for _, end in ranges))


def _read_groups(table: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", table, 2)
    for record in range(count):
        platform, _, offset = struct.unpack_from(">HHL", table, 4 + 8 * record)
        (kind,) = struct.unpack_from(">H", table, offset)
        if platform == 0 and kind == _GROUPS:
            (groups,) = struct.unpack_from(">L", table, offset + 12)
            for start, end, glyph in struct.iter_unpack(">LLL", table[offset + 16 : offset + 16 + 12 * groups]):
                # Glyph 0 is the empty box that stands for what is missing.
                yield start + (glyph == 0), end
