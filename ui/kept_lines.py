"""The line that says what is looked for in the list of cases: read, and kept by whoever looks for it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from assistant.desk import Desk
from assistant.register.calendar import Calendar
from assistant.register.faults import NumberKept
from assistant.register.filters import EVERYTHING, Filter
from assistant.register.line import LineReader
from assistant.register.vocabulary import Vocabulary
from ui.screens.ask import AskScreen
from ui.screens.choice import Choices, ChoiceScreen
from ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.store.saved_filters import SavedFilter
    from ui.screens.page import Page

KEEP: Final = "keep"
DROP: Final = "drop"
TAKE: Final = "take:"


def read_line(desk: Desk, line: str) -> Filter:
    """Return what a line asks for. Raises a FilterWrong, and what the check of a person's number raises."""
    return _reader(desk).parse(line)


def _reader(desk: Desk) -> LineReader:
    calendar = Calendar(desk.store.outlet.zone, desk.clock)
    return LineReader(Vocabulary.of(desk.book), calendar, desk.store.note_of)


class Register(Protocol):
    """The page of the list, as far as it is told what to look for."""

    def look_for(self, line: str) -> None:
        """Look for what that line says."""
        ...


class KeptLines:
    """Asks over the list which line to take, or to keep or drop one; each person has his own."""

    def __init__(self, page: Page[None], register: Register, desk: Desk, sought: Filter) -> None:
        self._page = page
        self._register = register
        self._desk = desk
        self._sought = sought

    def ask(self) -> None:
        """Show the lines that are kept, and what else can be done."""
        self._page.app.push_screen(ChoiceScreen(self._list_ways), self._go)

    def _list(self) -> Sequence[SavedFilter]:
        return self._desk.store.saved_filters.list(self._desk.actor)

    def _list_ways(self, wording: Wording) -> Choices:
        kept = self._list()
        ways = [(f"{TAKE}{one.name}", f"{one.name}   {one.line}") for one in kept]
        if self._sought != EVERYTHING:
            ways.append((KEEP, wording.say("kept.keep", line=self._write(wording))))
        if kept:
            ways.append((DROP, wording.say("kept.drop")))
        return wording.say("kept.title" if ways else "kept.none"), ways

    def _write(self, wording: Wording) -> str:
        return _reader(self._desk).write(self._sought, wording.language)

    def _go(self, way: str | None) -> None:
        if way == KEEP:
            self._page.attempt(self._write_to_keep, self._keep)
        elif way == DROP:
            self._page.app.push_screen(ChoiceScreen(self._list_names), self._drop)
        elif way is not None:
            lines = {one.name: one.line for one in self._list()}
            self._register.look_for(lines.get(way.removeprefix(TAKE), ""))

    def _write_to_keep(self) -> str:
        if self._sought.noted is not None:
            raise NumberKept
        return self._write(self._page.wording)

    def _keep(self, line: str) -> None:
        saved, owner = self._desk.store.saved_filters, self._desk.actor

        def put(name: str | None) -> None:
            if name:
                self._page.attempt(lambda: saved.put(owner, name, line))

        self._page.app.push_screen(AskScreen(lambda wording: wording.say("kept.name")), put)

    def _list_names(self, wording: Wording) -> Choices:
        return wording.say("kept.drop_which"), [(one.name, f"{one.name}   {one.line}") for one in self._list()]

    def _drop(self, name: str | None) -> None:
        if name is not None:
            self._page.attempt(lambda: self._desk.store.saved_filters.drop(self._desk.actor, name))
