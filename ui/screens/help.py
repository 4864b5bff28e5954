"""Help for the screen one stands on: its keys and what its marks mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.widget import Widget

from ui.actions import EVERYWHERE, PALETTE, Action
from ui.breaking import break_text
from ui.screens.page import BACK, LANGUAGE, Page
from ui.screens.palette import name_in
from ui.widgets.prose import Prose
from ui.widgets.rows import LEAST_ROOM


class HelpScreen(Page[None]):
    """The actions of the screen below, all of them."""

    NAME = "help"
    ACTIONS: ClassVar[tuple[Action, ...]] = (BACK, Action("back", "f1", "back", "F1"), LANGUAGE)
    DEFAULT_CSS = """
    HelpScreen VerticalScroll { padding: 0 2; }
    """

    def __init__(self, page: Page[Any]) -> None:
        super().__init__()
        self._page = page

    def body(self) -> Iterable[Widget]:
        with VerticalScroll():
            yield Prose(id="help", headed=True)

    def redraw(self) -> None:
        super().redraw()
        self.query_one("#help", Prose).tell("\n".join(self._lines()))
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.call_after_refresh(self.redraw)

    def _key_lines(self, action: Action) -> Iterator[str]:
        """Yield a key and what it does; what does not fit beside the key goes on below its first word."""
        lead = f"  {action.hint or PALETTE.hint:<8}"
        room = self.query_one("#help").size.width - cell_len(lead)
        for line in break_text(name_in(action, self.wording), room) if room > LEAST_ROOM else [""]:
            yield lead + line
            lead = " " * cell_len(lead)

    def _lines(self) -> Iterator[str]:
        wording = self.wording
        yield wording.say("help.title", page=wording.say(f"page.{self._page.NAME}"))
        yield ""
        yield wording.say("help.keys")
        everywhere = {action.name for action in EVERYWHERE}
        for action in self._page.offered():
            if (action.word != "take" or action.rank) and action.name not in everywhere:
                yield from self._key_lines(action)
        yield ""
        yield wording.say("help.everywhere")
        for action in EVERYWHERE:
            yield from self._key_lines(action)
        yield ""
        yield wording.say("help.marks")
        yield "  " + wording.say("help.marks_flags")
        yield "  " + wording.say("help.marks_steps")
        yield ""
        yield wording.say("help.levels")
        for level, word in wording.book.levels.items():
            short, full = wording.level(level), wording.loud(word.name)
            yield f"  {short}" if full in ("", short) else f"  {short}  {full}"
        yield ""
        yield wording.say("help.reader")
        yield "  " + wording.say("help.reader_text")
