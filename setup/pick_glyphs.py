"""Picks the glyphs of the large print out of GNU Unifont, so that anybody can make `ui/glyphs/unifont.hex.gz` again.

    python setup/pick_glyphs.py unifont.hex

`unifont.hex` is the source form of the font: a line a character, its code point and the rows of its bitmap in hex.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parents[1] / "ui" / "glyphs" / "unifont.hex.gz"


def list_wanted() -> Iterator[int]:
    """Yield the code points of ASCII, general and Chinese punctuation, full-width forms, and all of GB 2312."""
    for first, last in ((0x20, 0x7E), (0x2010, 0x202F), (0x3000, 0x303F), (0xFF00, 0xFFEF)):
        yield from range(first, last + 1)
    for row in range(0xA1, 0xF8):
        for place in range(0xA1, 0xFF):
            yield from map(ord, bytes((row, place)).decode("gb2312", "ignore"))


def pick(source: Path) -> str:
    """Return the lines of `source` for the wanted characters, by code point."""
    entries = (line.split(":") for line in source.read_text("ascii").split())
    glyphs = {int(code, 16): bitmap for code, bitmap in entries}
    return "".join(f"{code:04X}:{glyphs[code]}\n" for code in sorted(set(list_wanted())) if code in glyphs)


if __name__ == "__main__":
    # Without a time in it, so that the same font makes the same file.
    TARGET.write_bytes(gzip.compress(pick(Path(sys.argv[1])).encode("ascii"), 9, mtime=0))
