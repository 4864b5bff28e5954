"""Texts on the screen: prose of several lines, broken as Chinese is set, and lines in a fixed place."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from ui.breaking import break_text
from ui.widgets.rows import fit

SEPARATOR: Final = re.compile(r"( · |   )")
LABEL: Final = re.compile(r"[^：:]*(?:：|:(?= |$))")
HEADING: Final = "bold $text-accent"
LEAST_PIECE: Final = 18
"""Terminal cells below which a piece is not cut: an amount or a time that lost its end would say something else."""


class Prose(Static):
    """Plain text, as wide as its place and as high as it needs; give it a text by `tell`.

    In `headed` text the lines that are not set in stand over those that are, and are drawn so.
    """

    DEFAULT_CSS = """
    Prose { width: 1fr; height: auto; }
    """

    def __init__(
        self,
        text: str = "",
        *,
        id: str | None = None,  # noqa: A002 (Textual's name)
        classes: str | None = None,
        headed: bool = False,
    ) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._text = text
        self._headed = headed

    def tell(self, text: str) -> None:
        """Show this text in place of what stood there."""
        if text != self._text:
            self._text = text
            self.refresh(layout=self.styles.is_auto_height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the text takes at that width."""
        return len(break_text(self._text, width)) if width > 0 else 0

    def render(self) -> Content:
        lines = break_text(self._text, self.content_size.width)
        return Content("\n").join(
            Content.styled(line, HEADING) if self._headed and not line.startswith(" ") else Content(line)
            for line in lines
        )


class Labelled(Prose):
    """Prose in which a line that is not set in is a label with what it says, or a heading: only these stand out."""

    def render(self) -> Content:
        width = self.content_size.width
        lines: list[Content] = []
        for entry in self._text.split("\n"):
            first, *rest = break_text(entry, width)
            lines += [_draw_label(first), *map(Content, rest)]
        return Content("\n").join(lines)


def _draw_label(line: str) -> Content:
    if line.startswith(" "):
        return Content(line)
    label = found[0] if (found := LABEL.match(line)) else line
    return Content.styled(label, HEADING) + Content(line[len(label) :])


class Line(Static):
    """Plain text in a place of fixed height; drawn anew only when it says something else.

    On a single line that is too long the longest of its pieces gives way, so that a clock or an amount behind it stays.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes, markup=False)
        self._told = ""

    def tell(self, text: str) -> None:
        """Show this text in place of what stood there."""
        if text != self._told:
            self._told = text
            self.update(text, layout=False)

    def render(self) -> Content:
        width, height = self.content_size
        return Content(shorten(self._told, width) if height == 1 else "\n".join(break_text(self._told, width)))


def shorten(text: str, width: int) -> str:
    """Return `text` in at most `width` terminal cells: its longest pieces, between ` · ` or three blanks, are cut."""
    pieces = SEPARATOR.split(text)
    while (over := cell_len("".join(pieces)) - width) > 0:
        sizes = sorted((cell_len(piece) for piece in pieces), reverse=True)
        longest = next(number for number, piece in enumerate(pieces) if cell_len(piece) == sizes[0])
        least = max(sizes[0] - over, sizes[1] if len(sizes) > 1 else 0, 1)
        if least >= sizes[0]:
            least = sizes[0] - 1
        if least < LEAST_PIECE:
            return fit("".join(pieces), max(width, 1)).rstrip()
        pieces[longest] = fit(pieces[longest], least).rstrip()
    return "".join(pieces)
