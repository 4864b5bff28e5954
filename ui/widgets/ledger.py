"""A list of any length, of which a few pages are in memory: the others are asked for as the cursor or the wheel nears
them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from textual.message import Message

from ui.widgets.rows import Row, Rows

NEAR: Final = 10
"""So many lines before the end of what is in memory more is asked for."""


class Ledger(Rows):
    """Rows that ask for more at both ends. What is shown stays where it stands while pages come and go."""

    DEFAULT_CSS = """
    Ledger { scrollbar-size-vertical: 0; }
    """
    MORE: ClassVar[int] = 1
    LESS: ClassVar[int] = -1

    class Near(Message):
        """The end of what is in memory is near: `direction` 1 at the bottom, -1 at the top."""

        def __init__(self, ledger: Ledger, direction: int) -> None:
            super().__init__()
            self.ledger = ledger
            self.direction = direction

        @property
        def control(self) -> Ledger:
            """The list."""
            return self.ledger

    class Top(Message):
        """The first line of all is asked for, whether or not it is in memory."""

        def __init__(self, ledger: Ledger) -> None:
            super().__init__()
            self.ledger = ledger

        @property
        def control(self) -> Ledger:
            """The list."""
            return self.ledger

    def turn(self, rows: Iterable[Row], *, key: str | None = None) -> None:
        """Show other pages of the same list: the line under the cursor keeps its place on the screen."""
        at = self._find_line(self.key)
        above = None if at is None else at - self.scroll_offset.y
        self.show(rows, key=key)
        now = self._find_line(self.key)
        if above is not None and now is not None and self.size.height:
            self.scroll_to(y=max(now - above, 0), animate=False, force=True, immediate=True)
            self.refresh()

    def _find_line(self, key: str | None) -> int | None:
        place = next((number for number, row in enumerate(self._rows) if row.key == key and not row.heading), None)
        return None if place is None else self._starts[place]

    def action_first(self) -> None:
        """Go to the first line of all."""
        super().action_first()
        self.post_message(self.Top(self))

    def watch_cursor(self) -> None:
        """Ask for more as the cursor nears an end."""
        self._ask(self.cursor, self.cursor)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for more as the wheel nears an end."""
        super().watch_scroll_y(old_value, new_value)
        self._ask(self._find_row(int(new_value)), self._find_row(int(new_value) + self.size.height - 1))

    def _ask(self, first: int, last: int) -> None:
        if not self._rows:
            return
        if last >= len(self._rows) - NEAR:
            self.post_message(self.Near(self, self.MORE))
        if first < NEAR:
            self.post_message(self.Near(self, self.LESS))
