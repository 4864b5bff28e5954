"""What the pages share that list what waits for somebody: a line says what Enter does, and the list has the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.widget import Widget

from ui.actions import Action
from ui.naming import name_actor
from ui.screens.form import TAKE
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET, Page
from ui.widgets.prose import Prose
from ui.widgets.rows import Rows


class Inbox(Page[None]):
    """A page of one list; what stands in the two is drawn by the page that it is."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (HELP, BACK, TAKE, LANGUAGE, QUIET)
    DEFAULT_CSS = """
    Inbox #lead { padding: 0 1; color: $text-muted; }
    Inbox Rows { padding: 0 1; }
    """

    def body(self) -> Iterable[Widget]:
        yield Prose(id="lead")
        yield Rows(id="waiting")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Rows).focus()

    def top_right(self) -> Iterator[str]:
        yield name_actor(self.counter.desk, self.wording)
