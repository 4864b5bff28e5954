"""What may reach the terminal: no character that would steer it, and on request only characters of certain width."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_JOINERS: Final = "\u200c\u200d"
_STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: control, format (writing direction), half a surrogate pair, line and paragraph ends."""

_TWINS: Final = str.maketrans(
    {
        **dict.fromkeys("–—―─━═╌┄┈‐‑", "-"),
        **dict.fromkeys("│┃║▌▍▎▏▐▕▊▋▉¦", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛╔╗╚╝", "+"),
        **dict.fromkeys("▁▂▃▄▅▆▇▀▔", " "),
        **dict.fromkeys("█▓▒░■□▪▫", "#"),
        **dict.fromkeys("“”″", '"'),
        **dict.fromkeys("‘’′", "'"),
        **dict.fromkeys("✓✔√", "v"),
        **dict.fromkeys("×✗✘", "x"),
        **dict.fromkeys("▸▶›→", ">"),
        **dict.fromkeys("◂◀‹←", "<"),
        **dict.fromkeys("•●◆★☆※", "*"),
        **dict.fromkeys("○◇◎", "o"),
        "…": ".",
        "·": "|",
        "↑": "^",
        "↓": "v",
        "±": "~",
        "≈": "~",
        "≤": "<",
        "≥": ">",
    }
)
_LONGER: Final = {"…": "...", "→": "->", "←": "<-"}
_LONG: Final = re.compile(r"([…→←])( *)")


def clean(text: str) -> str:
    """Return `text` without what would steer a terminal or turn its lines around; ends of lines become blanks."""
    if text.isprintable():
        return text
    return "".join(map(_keep, text.replace("\r\n", " ")))


def spell(text: str) -> str:
    """Return `text` in as many terminal cells, written without any character whose width terminals disagree on.

    A longer spelling (`...`) takes the blanks behind it, or at the end of the text the place of what is before it.
    """
    if text.isascii():
        return text
    return "".join(map(_narrow, _lengthen(text).translate(_TWINS)))


def _keep(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if unicodedata.category(character) not in _STEERING or character in _JOINERS:
        return character
    return "?" if cell_len(character) else ""


def _lengthen(text: str) -> str:
    done = ""
    end = 0
    for found in _LONG.finditer(text):
        done += text[end : found.start()]
        end = found.end()
        sign, blanks = found.groups()
        longer = _LONGER[sign]
        need = len(longer) - 1
        at_end = end == len(text)
        # An ellipsis before a blank, or at the end, tells that a text was cut there.
        cut = sign == "…" and (at_end or bool(blanks))
        if len(blanks) > need or (at_end and len(blanks) == need):
            done += longer + blanks[need:]
        elif cut and cell_len(done) >= need:
            done = set_cell_size(done, cell_len(done) - need) + longer + blanks
        else:
            done += found[0]
    return done + text[end:]


def _narrow(character: str) -> str:
    if unicodedata.east_asian_width(character) != "A":
        return character
    plain = unicodedata.normalize("NFKC", character)
    if plain.isascii() and len(plain) == 1:
        return plain
    return "?" if cell_len(character) else ""


class Clean(LineFilter):
    """Takes what steers a terminal out of every line, wherever its text came from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with clean text; a blank stands for a character that has a width."""
        if all(text.isprintable() or control for text, _, control in segments):
            return segments
        return [segment if segment.control else Segment(_cleaned(segment.text), segment.style) for segment in segments]


class Ascii(LineFilter):
    """Spells every line for terminals that draw ambiguous characters two cells wide."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments, each in as many cells as before."""
        return [segment if segment.control else Segment(_spelled(segment.text), segment.style) for segment in segments]


_cleaned = lru_cache(4096)(clean)
_spelled = lru_cache(4096)(spell)
