"""A list of rows with one cursor, drawn line by line: what is off the screen is measured but never drawn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
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

from ui.breaking import break_text

GAP = " "
CURSOR = "›"
"""Stands before the line under the cursor of the list that has the keys: no colour is needed to find it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a row. `width` is in terminal cells; 0 takes what is left, over several lines where one is too short.

    `role` names its style.
    """

    text: str
    width: int = 0
    role: str = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """One or more lines under a key of their own; a heading cannot be landed on."""

    key: str
    cells: tuple[Cell, ...]
    heading: bool = False


def fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` terminal cells: cut with an ellipsis, or filled up with blanks."""
    if cell_len(text) > width:
        text = set_cell_size(text, max(width - 1, 0)).rstrip() + "…"
    return set_cell_size(text, width)


LEAST_ROOM = 8
"""Terminal cells below which a text is cut and not broken: a tower of syllables helps nobody."""


def lay_out(row: Row, width: int) -> tuple[tuple[Cell, ...], ...]:
    """Return the row as lines of cells of known width, at most `width` terminal cells together with the gaps.

    What stands before a text that is too long for its line stands on the first of its lines, what stands behind it on
    the last one, and the text itself under itself.
    """
    place = next((number for number, cell in enumerate(row.cells) if not cell.width), None)
    if place is None:
        return (row.cells,)
    room = width - sum(cell.width + len(GAP) for number, cell in enumerate(row.cells) if number != place)
    long = row.cells[place]
    if cell_len(long.text) > room >= LEAST_ROOM:
        return _break_row(row, place, width)
    return ((*row.cells[:place], Cell(long.text, max(room, 1), long.role), *row.cells[place + 1 :]),)


@lru_cache(maxsize=64)
def _break_row(row: Row, place: int, width: int) -> tuple[tuple[Cell, ...], ...]:
    before, long, after = row.cells[:place], row.cells[place], row.cells[place + 1 :]
    lead = sum(cell.width + len(GAP) for cell in before)
    tail = sum(cell.width + len(GAP) for cell in after)
    room = width - lead
    texts = break_text(long.text, room)
    if cell_len(texts[-1]) + tail > room:
        texts.append("")
    blank = (Cell("", lead - len(GAP)),) if before else ()
    lines = [(*blank, Cell(text, room, long.role)) for text in texts]
    lines[0] = (*before, *lines[0][len(blank) :])
    lines[-1] = (*lines[-1][:-1], Cell(texts[-1], room - tail, long.role), *after)
    return tuple(lines)


class Rows(ScrollView, can_focus=True):
    """Rows with a cursor that arrows, page keys and the mouse move; Enter or a click on the cursor chooses.

    A `led` list never takes the keys: a line of text above it has them and leads its cursor.
    """

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

    def __init__(self, *, id: str | None = None, classes: str | None = None, led: bool = False) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes)
        self.can_focus = not led
        self._led = led
        self._rows: list[Row] = []
        self._starts: list[int] = []
        self._height = 0
        self._room = 1

    @property
    def key(self) -> str | None:
        """The key of the line under the cursor, or None when there is nothing to land on."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        return row.key if row and not row.heading else None

    def show(self, rows: Iterable[Row], *, key: str | None = None) -> None:
        """Show these rows; the cursor stays with its key (or goes to `key`), so that nothing moves under the hand."""
        wanted, before = key or self.key, self._list_lines()
        self._rows = list(rows)
        self._fit()
        found = next((n for n, row in enumerate(self._rows) if row.key == wanted and not row.heading), None)
        self.cursor = found if found is not None else self._landing(min(self.cursor, len(self._rows) - 1), 1)
        self._scroll_to_cursor()
        self._draw_changes(before)

    def _list_lines(self) -> list[tuple[Row, int, bool]]:
        """Return what every line shows: the row, which of its lines, and whether the cursor is on it."""
        ends = [*self._starts[1:], self._height]
        return [
            (row, line, number == self.cursor)
            for number, row in enumerate(self._rows)
            for line in range(ends[number] - self._starts[number])
        ]

    def _draw_changes(self, before: list[tuple[Row, int, bool]]) -> None:
        """Draw only the lines that changed: over a slow line every byte counts."""
        for number, (old, new) in enumerate(zip_longest(before, self._list_lines())):
            if old != new:
                self.refresh_line(number)

    def go_to(self, key: str) -> None:
        """Put the cursor on the line of that key."""
        self.show(self._rows, key=key)

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if line >= self._height:
            return Strip.blank(width, self.rich_style)
        number = self._find_row(line)
        row, under = self._rows[number], number == self.cursor and not self._rows[number].heading
        active = self.has_focus or self._led
        mark = self.get_component_rich_style("rows--cursor" if active else "rows--cursor-blurred")
        first = line == self._starts[number]
        gutter = CURSOR if under and first and active else " "
        segments = [Segment(gutter, self.get_component_rich_style("rows--strong"))]
        for text, style in self._pieces(row, line - self._starts[number], width - 1):
            segments.append(Segment(text, style + mark if under else style))
        return Strip(segments, width).simplify()

    def _find_row(self, line: int) -> int:
        """Return the number of the row to which that line belongs."""
        return bisect_right(self._starts, line) - 1

    def _pieces(self, row: Row, line: int, width: int) -> Iterator[tuple[str, Style]]:
        """Yield the texts of a line of a row, together exactly `width` cells, with their styles."""
        plain = self.get_component_rich_style("rows--heading" if row.heading else "rows--plain")
        cells = lay_out(row, self._room)[line]
        left = width
        for number, cell in enumerate(cells):
            own = min(cell.width, left)
            style = plain if row.heading else self.get_component_rich_style(f"rows--{cell.role}")
            yield fit(cell.text, own), style
            left -= own
            if number < len(cells) - 1 and left > 0:
                yield GAP, plain
                left -= len(GAP)
        if left > 0:
            yield " " * left, plain

    def action_move(self, step: int) -> None:
        """Go to the next line in that direction."""
        self._land(self.cursor + step, step)

    def action_page(self, direction: int) -> None:
        """Go one screen in that direction."""
        if not self._rows:
            return
        page = max(self.size.height - 1, 1)
        line = max(0, min(self._starts[self.cursor] + direction * page, self._height - 1))
        self._land(self._find_row(line), direction)

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
        before, lines = self.cursor, self._list_lines()
        if 0 <= number < len(self._rows):
            self.cursor = self._landing(number, direction)
        if self.cursor != before:
            if self.key is not None:
                self.post_message(self.Moved(self, self.key))
            self._scroll_to_cursor()
            self._draw_changes(lines)

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
        if not self.size.height or not self._rows:
            return
        above = self.cursor - 1 if self.cursor > 0 and self._rows[self.cursor - 1].heading else self.cursor
        top, end = self._starts[above], [*self._starts[1:], self._height][self.cursor]
        if self.scroll_offset.y <= top and end <= self.scroll_offset.y + self.size.height:
            return
        self.scroll_to_region(Region(0, top, 1, end - top), animate=False, force=True, immediate=True)

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if not 0 <= line < self._height:
            return
        number = self._find_row(line)
        if self._rows[number].heading:
            return
        if number == self.cursor:
            self.action_choose()
        else:
            self._land(number, 1)

    def on_resize(self) -> None:
        before = self.virtual_size
        self._fit()
        if self.virtual_size != before:
            # Textual decided on the scroll bar by the lines of before, and does not come back to it.
            self._scroll_update(self.virtual_size)
        self._scroll_to_cursor()

    def _fit(self) -> None:
        """Measure the rows and tell Textual; never less than is seen, for each change draws everything anew."""
        self._room, before = _find_room(self.size.width), self._height
        self._starts, self._height = [], 0
        for row in self._rows:
            self._starts.append(self._height)
            self._height += len(lay_out(row, self._room))
        self.virtual_size = Size(max(self.size.width - 1, 1), max(self._height, self.size.height))
        if self._height != before and self.styles.is_auto_height:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the rows take at that width."""
        return sum(len(lay_out(row, _find_room(width))) for row in self._rows)

    def on_focus(self) -> None:
        self._draw_cursor()

    def on_blur(self) -> None:
        self._draw_cursor()

    def _draw_cursor(self) -> None:
        for number, (_, _, under) in enumerate(self._list_lines()):
            if under:
                self.refresh_line(number)


def _find_room(width: int) -> int:
    """Return the cells of a row: what is left beside the cursor and a scroll bar, whether or not there is one."""
    return max(width - 2, 1)
