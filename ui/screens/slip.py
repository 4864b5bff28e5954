"""The slip that the teller turns to the customer: the whole screen, in letters that are read across a counter."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text as Drawn
from textual.app import ComposeResult
from textual.widgets import Static

from rules.language import Text
from ui.actions import Action
from ui.large_print import print_large
from ui.screens.page import BACK, LANGUAGE, Page


class SlipScreen(Page[None]):
    """A text in large print and not a word beside it. With `hashes` it is drawn without block characters."""

    NAME = "slip"
    CSS_PATH = "slip.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        BACK,
        Action("back", "f9,enter", "back", "F9"),
        Action("turn_page(1)", "down,right,pagedown,space", "next_page", "↓"),
        Action("turn_page(-1)", "up,left,pageup", "page_before", "↑"),
        LANGUAGE,
    )

    def __init__(self, text: Text, *, hashes: bool = False) -> None:
        super().__init__()
        self._text = text
        self._hashes = hashes
        self._page = 0

    def compose(self) -> ComposeResult:
        yield Static(id="slip", markup=False)

    def redraw(self) -> None:
        width, rows = self.size
        pages = print_large(self.wording.read(self._text), width, rows, hashes=self._hashes).pages
        self._page = max(0, min(self._page, len(pages) - 1))
        self.query_one("#slip", Static).update(Drawn("\n".join(pages[self._page]), no_wrap=True, overflow="crop"))

    def on_resize(self) -> None:
        if self.is_mounted:
            self.redraw()

    def on_click(self) -> None:
        self.action_back()

    def action_turn_page(self, step: int) -> None:
        """Go to the next page in that direction."""
        self._page += step
        self.redraw()
