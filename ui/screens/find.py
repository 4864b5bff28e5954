"""Finding a red flag by its name while the fingers stay on the keys: type, and one digit marks the best match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import events, on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from assistant.sheet import Sheet
from rules.facts import Answer, Known
from ui.actions import Action
from ui.counter import Visit
from ui.finding import Findable, find, fold
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET, Page
from ui.screens.words import WordsScreen
from ui.widgets.flag_rows import build_flag_row, list_first_flags
from ui.widgets.rows import Cell, Row, Rows

MARKS = {
    "1": (Answer.YES, Known.SEEN),
    "2": (Answer.YES, Known.SAID),
    "3": (Answer.YES, Known.VERIFIED),
    "0": (Answer.NO, None),
}


class FindInput(Input):
    """A line of text in which digits mark and arrows move through what was found."""

    class Marked(Message):
        """A digit was pressed."""

        def __init__(self, digit: str) -> None:
            super().__init__()
            self.digit = digit

    class Moved(Message):
        """An arrow was pressed."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    async def _on_key(self, event: events.Key) -> None:
        digit = fold(event.character or "")
        # A name may hold a number, such as 96110: behind a digit another one is text.
        if digit in MARKS and not any(character.isdigit() for character in fold(self.value)):
            event.prevent_default().stop()
            self.post_message(self.Marked(digit))
        elif event.key in ("up", "down"):
            event.prevent_default().stop()
            self.post_message(self.Moved(1 if event.key == "down" else -1))
        else:
            await super()._on_key(event)


class FindScreen(Page[None]):
    """Stays open for the next red flag; Esc goes back."""

    NAME = "find"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        Action("mark('')", "enter", "yes", "Enter", rank=3),
        Action("mark('1')", "", "seen", "1", rank=4),
        Action("mark('2')", "", "said", "2", rank=5),
        Action("mark('3')", "", "verified", "3", rank=6),
        Action("mark('0')", "", "no", "0", rank=7),
        Action("back", "f7", "back", "F7"),
        Action("words", "f9", "words", "F9", rank=78),
        LANGUAGE,
        QUIET,
    )
    DEFAULT_CSS = """
    FindScreen #title { padding: 0 1; height: auto; }
    FindScreen FindInput, FindScreen FindInput:focus { border: none; height: 1; padding: 0 1; background: $panel; }
    FindScreen Rows { padding: 0 1; }
    """

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit
        self._chosen = False
        """Whether a word or an arrow led to the line under the cursor; a digit marks nothing else."""

    def body(self) -> Iterable[Widget]:
        yield Static(id="title", markup=False)
        yield FindInput()
        yield Rows(led=True)

    def on_mount(self) -> None:
        self.query_one(FindInput).cursor_blink = False
        super().on_mount()
        self.query_one(FindInput).focus()

    def redraw(self) -> None:
        super().redraw()
        self.query_one("#title", Static).update(self.wording.say("find.title"))
        self.query_one(Rows).show(self._rows(), key=self.query_one(Rows).key)

    def _rows(self) -> Iterator[Row]:
        found = list(dict.fromkeys(find(self.query_one(FindInput).value, self._findables())))
        for sign in found:
            yield build_flag_row(sign, self.visit.sheet.case.answers.get(sign), self.wording)
        if not found:
            yield Row("nothing", (Cell(self.wording.say("find.nothing")),), heading=True)

    def _findables(self) -> Iterator[Findable]:
        """Yield the red flags: those that matter for this visit before the often needed, and these before the rest."""
        book, first = self.wording.book, list_first_flags(self.wording.book, self.visit.sheet.case)
        for place, (name, sign) in enumerate(book.signs.items()):
            order = first.index(name) if name in first else (100 if sign.key else 200) + place
            yield from (Findable(name, text, order) for text in (sign.name, *sign.also))

    @on(Input.Changed)
    def search(self) -> None:
        """What was typed changed: the best match comes under the cursor."""
        rows = list(self._rows())
        self._chosen = bool(self.query_one(FindInput).value.strip())
        self.query_one(Rows).show(rows, key=next((row.key for row in rows if not row.heading), None))

    @on(Input.Submitted)
    def take(self) -> None:
        """Enter answers yes, known as it usually is."""
        self.action_mark("")

    @on(FindInput.Marked)
    def mark(self, event: FindInput.Marked) -> None:
        """A digit answers."""
        self.action_mark(event.digit)

    @on(FindInput.Moved)
    def move(self, event: FindInput.Moved) -> None:
        """An arrow goes through what was found."""
        self.query_one(Rows).action_move(event.step)

    @on(Rows.Moved)
    def follow(self) -> None:
        """The cursor was led to another line."""
        self._chosen = True

    @on(Rows.Chosen)
    def choose(self, event: Rows.Chosen) -> None:
        """A click on the line under the cursor answers yes."""
        event.stop()
        self._chosen = True
        self.action_mark("")

    def action_words(self) -> None:
        """Show what to say to the customer; what was typed stays."""
        self.app.push_screen(WordsScreen(self.visit.sheet))

    def action_mark(self, digit: str) -> None:
        """Answer the red flag under the cursor and make room for the next word."""
        sign, desk = self.query_one(Rows).key, self.counter.desk
        if sign is None:
            return
        if not self._chosen:
            self.notify(self.wording.say("find.nothing_chosen"), timeout=4, markup=False)
            return
        value, known = MARKS.get(digit, (Answer.YES, None))

        def show(sheet: Sheet) -> None:
            self.visit.sheet = sheet
            line = self.query_one(FindInput)
            # Or the search for nothing would lead the cursor away, and the next digit would answer another flag.
            with line.prevent(Input.Changed):
                line.value = ""
            self.redraw()
            self.query_one(Rows).go_to(sign)

        self.attempt(lambda: desk.answer(self.visit.case_id, sign, value, known), show)
