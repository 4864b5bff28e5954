"""Texts on the screen: prose of several lines, broken as Chinese is set, and lines in a fixed place."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from ui.breaking import break_text


class Prose(Static):
    """Plain text, as wide as its place and as high as it needs; give it a text by `tell`."""

    DEFAULT_CSS = """
    Prose { width: 1fr; height: auto; }
    """

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes, markup=False)
        self._text = text

    def tell(self, text: str) -> None:
        """Show this text in place of what stood there."""
        if text != self._text:
            self._text = text
            self.refresh(layout=self.styles.is_auto_height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the text takes at that width."""
        return len(break_text(self._text, width)) if width > 0 else 0

    def render(self) -> Content:
        return Content("\n".join(break_text(self._text, self.content_size.width)))


class Line(Static):
    """Plain text in a place of fixed height; drawn anew only when it says something else."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes, markup=False)
        self._told = ""

    def tell(self, text: str) -> None:
        """Show this text in place of what stood there."""
        if text != self._told:
            self._told = text
            self.update(text, layout=False)
