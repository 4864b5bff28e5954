"""Numbers as pictures in a terminal: every picture stands beside its numbers and is never needed to read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from plotille import Canvas
from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

from ui.frame import FrameApp
from ui.widgets.rows import fit

DOTS_ACROSS: Final = 2
DOTS_DOWN: Final = 4
"""How many dots of a picture one terminal cell holds."""
_EMPTY: Final = "⠀"
_HALF_FULL: Final = 4
"""Dots of a cell from which it is written as full where only plain characters are drawn."""


PICTURE: Final = "picture"
"""The role of what is drawn in dots, which a plain terminal gets in other characters."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line; `role` names its style."""

    text: str
    role: str = "plain"


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a table stands: so wide in terminal cells, its words at the right end or the left one."""

    width: int
    right: bool = False
    role: str = "plain"

    def place(self, word: str) -> Piece:
        """Return `word` in exactly the width of the column."""
        if self.right and cell_len(word) < self.width:
            return Piece(" " * (self.width - cell_len(word)) + word, self.role)
        return Piece(fit(word, self.width), self.role)


def draw_bar(value: int, most: int, width: int) -> str:
    """Return a bar that is `width` cells long for `most`; anything above nothing shows."""
    canvas = _Dots(width, 1)
    for x in range(_scale(value, most, canvas.across)):
        canvas.rise(x, DOTS_DOWN - 1)
    return canvas.lines()[0]


def draw_columns(values: Sequence[int], width: int, height: int) -> list[str]:
    """Return upright columns as lines from the top, each `width` cells wide, the highest `height` cells high."""
    canvas, most = _Dots(width * len(values), height), max(values, default=0)
    for number, value in enumerate(values):
        left = number * width * DOTS_ACROSS
        for x in range(left + 1, left + width * DOTS_ACROSS - 1):
            canvas.rise(x, _scale(value, most, canvas.down))
    return canvas.lines()


def draw_interval(low: float, share: float, high: float, width: int) -> str:
    """Return a share from 0 to 1 on a line of `width` cells: the line runs through its interval, the mark is it."""
    canvas = _Dots(width, 1)
    last = canvas.across - 1
    for x in range(round(low * last), round(high * last) + 1):
        canvas.dot(x, 1)
    canvas.rise(round(share * last), DOTS_DOWN)
    return canvas.lines()[0]


def write_plain(picture: str) -> str:
    """Return a picture in characters that every terminal draws one cell wide."""
    return "".join(map(_write_cell, picture))


def _write_cell(cell: str) -> str:
    dots = (ord(cell) - ord(_EMPTY)).bit_count() if "⠀" <= cell <= "⣿" else 0
    return cell if not dots else "#" if dots >= _HALF_FULL else "."


def _scale(value: int, most: int, dots: int) -> int:
    return max(1, round(value * dots / most)) if value > 0 else 0


class _Dots:
    """A canvas that counts in dots from the lower left corner."""

    def __init__(self, width: int, height: int) -> None:
        self.across, self.down = width * DOTS_ACROSS, height * DOTS_DOWN
        self._canvas = Canvas(width, height, 0, 0, self.across, self.down)

    def dot(self, x: int, y: int) -> None:
        self._canvas.point(x, y)

    def rise(self, x: int, height: int) -> None:
        """Fill the dots at `x` up to that height."""
        if height:
            self._canvas.line(x, 0, x, height - 1)

    def lines(self) -> list[str]:
        return str(self._canvas.plot()).replace(_EMPTY, " ").split("\n")


class Charts(Static):
    """Lines of words, numbers and pictures."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "charts--plain",
        "charts--muted",
        "charts--strong",
        "charts--heading",
        "charts--picture",
        "charts--bad",
    }
    DEFAULT_CSS = """
    Charts {
        width: 1fr;
        height: auto;
        & .charts--plain { color: $foreground; }
        & .charts--muted { color: $text-muted; }
        & .charts--strong { color: $foreground; text-style: bold; }
        & .charts--heading { color: $text-accent; text-style: bold; }
        & .charts--picture { color: $text-accent; }
        & .charts--bad { color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, markup=False)
        self._lines: tuple[tuple[Piece, ...], ...] = ()

    def tell(self, lines: Iterable[Iterable[Piece]]) -> None:
        """Show these lines in place of those that stood there."""
        now = tuple(map(tuple, lines))
        if now != self._lines:
            self._lines = now
            self._draw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_attached:
            self._draw()

    def _draw(self) -> None:
        plain = isinstance(self.app, FrameApp) and self.app.ascii
        text = Text(no_wrap=True, overflow="crop")
        for number, line in enumerate(self._lines):
            text.append("\n" if number else "")
            for piece in line:
                shown = write_plain(piece.text) if plain and piece.role == PICTURE else piece.text
                text.append(shown, self.get_component_rich_style(f"charts--{piece.role}", partial=True))
        self.update(text)
