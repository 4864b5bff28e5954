"""The line that says what is looked for in the list of cases: read, and kept by whoever looks for it again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from assistant.desk import Desk
from assistant.register.calendar import Calendar
from assistant.register.filters import Filter
from assistant.register.keeping import KeptFilters
from assistant.register.line import LineReader
from assistant.register.vocabulary import Vocabulary
from ui.screens.ask import AskScreen
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.cover import cover
from ui.wording import Wording

if TYPE_CHECKING:
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

    def __init__(self, page: Page[None], register: Register, desk: Desk, line: str) -> None:
        self._page = page
        self._register = register
        self._desk = desk
        self._line = line
        """What is looked for now, as it was typed: the last seven days are to be the last seven again next week."""

    @property
    def _kept(self) -> KeptFilters:
        return KeptFilters(self._desk.store, self._desk.actor, _reader(self._desk))

    def ask(self) -> None:
        """Show the lines that are kept, and what else can be done."""
        self._page.app.push_screen(ChoiceScreen(self._list_ways), self._go)

    def _list_ways(self, wording: Wording) -> Choices:
        kept = [(f"{TAKE}{name}", told) for name, told in self._list()]
        ways = list(kept)
        if self._line:
            ways.append((KEEP, wording.say("kept.keep", line=cover(self._line))))
        if kept:
            ways.append((DROP, wording.say("kept.drop")))
        return wording.say("kept.title" if ways else "kept.none"), ways

    def _list(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each that is kept, and how it is told."""
        return ((one.name, f"{one.name}   {one.line}") for one in self._kept.list())

    def _go(self, way: str | None) -> None:
        if way == KEEP:
            self._page.attempt(lambda: self._kept.check(self._line), lambda _: self._ask_name())
        elif way == DROP:
            self._page.app.push_screen(ChoiceScreen(self._list_names), self._drop)
        elif way is not None:
            name = way.removeprefix(TAKE)
            self._page.attempt(lambda: self._kept.open(name), lambda one: self._register.look_for(one.line))

    def _ask_name(self) -> None:
        def keep(name: str | None) -> None:
            if name:
                self._page.attempt(lambda: self._kept.keep(name, self._line))

        self._page.app.push_screen(AskScreen(lambda wording: wording.say("kept.name")), keep)

    def _list_names(self, wording: Wording) -> Choices:
        return wording.say("kept.drop_which"), list(self._list())

    def _drop(self, name: str | None) -> None:
        if name is not None:
            self._page.attempt(lambda: self._kept.drop(name))
