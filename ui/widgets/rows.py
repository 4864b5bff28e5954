"""A list of lines with one cursor, drawn line by line: thousands of rows cost no more than what is on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

GAP = " "
CURSOR = "›"
"""Stands before the line under the cursor of the list that has the keys: no colour is needed to find it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line. `width` is in terminal cells; 0 takes what is left. `role` names its style."""

    text: str
    width: int = 0
    role: str = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """A line under a key of its own; a heading cannot be landed on."""

    key: str
    cells: tuple[Cell, ...]
    heading: bool = False


def fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` terminal cells: cut with an ellipsis, or filled up with blanks."""
    if cell_len(text) > width:
        text = set_cell_size(text, max(width - 1, 0)).rstrip() + "…"
    return set_cell_size(text, width)


class Rows(ScrollView, can_focus=True):
    """Rows with a cursor that arrows, page keys and the mouse move; Enter or a click on the cursor chooses."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--plain",
        "rows--muted",
        "rows--strong",
        "rows--good",
        "rows--bad",
        "rows--warn",
        "rows--heading",
        "rows--cursor",
        "rows--cursor-blurred",
    }
    DEFAULT_CSS = """
    Rows {
        height: 1fr;
        background: $surface;
        color: $foreground;
        scrollbar-size-vertical: 1;
        & .rows--plain { color: $foreground; }
        & .rows--muted { color: $text-muted; }
        & .rows--strong { color: $foreground; text-style: bold; }
        & .rows--good { color: $text-success; text-style: bold; }
        & .rows--bad { color: $text-error; text-style: bold; }
        & .rows--warn { color: $text-warning; text-style: bold; }
        & .rows--heading { color: $text-accent; text-style: bold; }
        & .rows--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & .rows--cursor-blurred { text-style: underline; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("enter", "choose", show=False),
    ]

    cursor: var[int] = var(0)

    class Chosen(Message):
        """Enter was pressed, or the line under the cursor clicked."""

        def __init__(self, rows: Rows, key: str) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> Rows:
            """The list."""
            return self.rows

    class Moved(Message):
        """The cursor came to another line."""

        def __init__(self, rows: Rows, key: str) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> Rows:
            """The list."""
            return self.rows

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes)
        self._rows: list[Row] = []

    @property
    def key(self) -> str | None:
        """The key of the line under the cursor, or None when there is nothing to land on."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        return row.key if row and not row.heading else None

    def show(self, rows: Iterable[Row], *, key: str | None = None) -> None:
        """Show these rows; the cursor stays with its key (or goes to `key`), so that nothing moves under the hand."""
        wanted, before, under = key or self.key, self._rows, self.cursor
        self._rows = list(rows)
        self._fit()
        found = next((n for n, row in enumerate(self._rows) if row.key == wanted and not row.heading), None)
        self.cursor = found if found is not None else self._landing(min(self.cursor, len(self._rows) - 1), 1)
        self._scroll_to_cursor()
        self._draw_changes(before, under)

    def _draw_changes(self, before: list[Row], under: int) -> None:
        """Draw only the lines that changed: over a slow line every byte counts."""
        pairs = enumerate(zip_longest(before, self._rows))
        changed = {number for number, (old, new) in pairs if old != new}
        if self.cursor != under:
            changed |= {self.cursor, under}
        for number in changed:
            self.refresh_line(number)

    def go_to(self, key: str) -> None:
        """Put the cursor on the line of that key."""
        self.show(self._rows, key=key)

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if number >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row, under = self._rows[number], number == self.cursor and not self._rows[number].heading
        mark = self.get_component_rich_style("rows--cursor" if self.has_focus else "rows--cursor-blurred")
        gutter = CURSOR if under and self.has_focus else " "
        segments = [Segment(gutter, self.get_component_rich_style("rows--strong"))]
        for text, style in self._pieces(row, width - 1):
            segments.append(Segment(text, style + mark if under else style))
        return Strip(segments, width).simplify()

    def _pieces(self, row: Row, width: int) -> Iterable[tuple[str, Style]]:
        """Yield the texts of a row, together exactly `width` cells, with their styles."""
        plain = self.get_component_rich_style("rows--heading" if row.heading else "rows--plain")
        fixed = sum(cell.width for cell in row.cells) + len(GAP) * (len(row.cells) - 1)
        flexible = max(width - fixed, 0)
        left = width
        for number, cell in enumerate(row.cells):
            own = min(cell.width or flexible, left)
            style = plain if row.heading else self.get_component_rich_style(f"rows--{cell.role}")
            yield fit(cell.text, own), style
            left -= own
            if number < len(row.cells) - 1 and left > 0:
                yield GAP, plain
                left -= len(GAP)
        if left > 0:
            yield " " * left, plain

    def action_move(self, step: int) -> None:
        """Go to the next line in that direction."""
        self._land(self.cursor + step, step)

    def action_page(self, direction: int) -> None:
        """Go one screen in that direction."""
        page = max(self.size.height - 1, 1)
        self._land(max(0, min(self.cursor + direction * page, len(self._rows) - 1)), direction)

    def action_first(self) -> None:
        """Go to the first line."""
        self._land(0, 1)

    def action_last(self) -> None:
        """Go to the last line."""
        self._land(len(self._rows) - 1, -1)

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key))

    def _land(self, number: int, direction: int) -> None:
        before = self.cursor
        if 0 <= number < len(self._rows):
            self.cursor = self._landing(number, direction)
        if self.cursor != before:
            if self.key is not None:
                self.post_message(self.Moved(self, self.key))
            self._scroll_to_cursor()
            self._draw_changes(self._rows, before)

    def _landing(self, number: int, direction: int) -> int:
        """Return the nearest line from `number` on that is no heading, looking back where there is none."""
        for way in (direction, -direction):
            there = number
            while 0 <= there < len(self._rows):
                if not self._rows[there].heading:
                    return there
                there += way
        return 0

    def _scroll_to_cursor(self) -> None:
        if not self.size.height:
            return
        above = self.cursor - 1 if self.cursor > 0 and self._rows[self.cursor - 1].heading else self.cursor
        if self.scroll_offset.y <= above and self.cursor < self.scroll_offset.y + self.size.height:
            return
        height = self.cursor - above + 1
        self.scroll_to_region(Region(0, above, 1, height), animate=False, force=True, immediate=True)

    def on_click(self, event: events.Click) -> None:
        number = event.y + self.scroll_offset.y
        if not 0 <= number < len(self._rows) or self._rows[number].heading:
            return
        if number == self.cursor:
            self.action_choose()
        else:
            self._land(number, 1)

    def on_resize(self) -> None:
        self._fit()
        self._scroll_to_cursor()

    def _fit(self) -> None:
        """Tell Textual how much there is to scroll; never less than is seen, for each change draws everything anew."""
        self.virtual_size = Size(max(self.size.width - 1, 1), max(len(self._rows), self.size.height))

    def on_focus(self) -> None:
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        self.refresh_line(self.cursor)
