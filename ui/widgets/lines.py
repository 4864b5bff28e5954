"""The first and the last line of every screen: where one is and that all is saved; which keys there are."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from ui.actions import Action
from ui.wording import Wording


class TopLine(Widget):
    """What, where and who on the left; saved and for how long on the right."""

    DEFAULT_CSS = """
    TopLine { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._left: tuple[str, ...] = ()
        self._right: tuple[str, ...] = ()

    def show(self, left: Iterable[str], right: Iterable[str]) -> None:
        """Show these pieces; the right ones stay whole, the left ones are dropped from the end where it is narrow."""
        now = tuple(left), tuple(right)
        if now != (self._left, self._right):
            self._left, self._right = now
            self.refresh()

    def render(self) -> Text:
        width, right = self.content_size.width, "  ".join(self._right)
        room = width - cell_len(right) - 2
        shown = ""
        for piece in self._left:
            longer = f"{shown}  {piece}" if shown else piece
            if cell_len(longer) > room:
                break
            shown = longer
        gap = max(width - cell_len(shown) - cell_len(right), 1)
        return Text.assemble((shown, "bold"), " " * gap, right, no_wrap=True, overflow="crop")


class KeyLine(Widget):
    """The keys of the screen, the most needed first, as many as fit whole; a click on one is the key."""

    DEFAULT_CSS = """
    KeyLine {
        height: 1;
        background: $panel;
        color: $text-muted;
        padding: 0 1;
        link-style: none;
        link-color: $text-muted;
        link-background: initial;
        link-style-hover: reverse;
        link-color-hover: $text-muted;
        link-background-hover: initial;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._hints: list[tuple[str, str, str]] = []

    def show(self, actions: Iterable[Action], wording: Wording) -> None:
        """Show the hints of these actions by rank, each command once."""
        ranked = sorted((action for action in actions if action.rank), key=lambda action: action.rank)
        hints = {action.word: (action.hint, wording.say(f"key.{action.word}"), _clicked(action)) for action in ranked}
        if list(hints.values()) != self._hints:
            self._hints = list(hints.values())
            self.refresh()

    def render(self) -> Text:
        width, line = self.content_size.width, Text(no_wrap=True, overflow="crop")
        for key, word, action in self._hints:
            piece = f"{key} {word}"
            if line.cell_len + cell_len(piece) > width:
                break
            click = Style.from_meta({"@click": action})
            line.append(key, Style(bold=True) + click).append(f" {word}", click).append("  ")
        return line


def _clicked(action: Action) -> str:
    """Return the action as a click calls it: an action of the page is none of this line."""
    return action.name if action.name.startswith("app.") else f"screen.{action.name}"
