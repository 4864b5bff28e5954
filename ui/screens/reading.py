"""What the pages share that are read through: the keys that move a text too long for the screen."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from ui.screens.page import Page


class Reading(Page[None]):
    """A page with one text under its keys; where a list has them, its own arrows come first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "line(-1)", show=False),
        Binding("down", "line(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    @property
    def under_the_keys(self) -> VerticalScroll:
        """The place of the text that the keys move."""
        return self.query_one(VerticalScroll)

    def action_line(self, direction: int) -> None:
        """Move by a line."""
        self.under_the_keys.scroll_relative(y=direction, animate=False)

    def action_scroll(self, direction: int) -> None:
        """Move by a screen, of which one line stays."""
        scroll = self.under_the_keys
        scroll.scroll_relative(y=direction * max(scroll.size.height - 1, 1), animate=False)

    def action_edge(self, direction: int) -> None:
        """Go to the first or the last line."""
        if direction < 0:
            self.under_the_keys.scroll_home(animate=False)
        else:
            self.under_the_keys.scroll_end(animate=False)
