"""The rulebook in force, to read and to check, never to change: its entries in a list, and beside it what each says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar, Final
from zoneinfo import ZoneInfo

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from ui.actions import Action
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.screens.reading import Reading
from ui.screens.rules_entries import SECTIONS, Entries
from ui.screens.why import Topics
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows
from ui.widgets.rulebook_line import RulebookLine

if TYPE_CHECKING:
    from assistant.rulebooks.runner import Checked

EDITION: Final = "edition:"
CHECK: Final = "check:"


class RulesScreen(Reading):
    """Reads the newest rulebook; Enter gives an entry the whole screen, F6 runs the checks of the rule desk."""

    NAME = "rules"
    CSS_PATH = "rules.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        Action("back", "f4", "back", "F4"),
        Action("read", "", "read", "Enter", rank=3),
        Action("check", "f6", "check", "F6", rank=4),
        Action("go('typologies')", "1", "typologies", "1", rank=5),
        Action("go('levels')", "2", "levels", "2", rank=6),
        Action("go('steps')", "3", "steps", "3", rank=7),
        Action("go('questions')", "4", "questions", "4", rank=8),
        Action("scroll(1)", "pagedown", "more", "PgDn", rank=9),
        Action("scroll(-1)", "pageup", "less", "PgUp"),
        LANGUAGE,
        QUIET,
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "read", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._topic = EDITION
        self._checked: list[Checked] = []
        self._checking: Thread | None = None

    def body(self) -> Iterable[Widget]:
        yield RulebookLine(whole=True)
        with Horizontal():
            yield Topics(id="topics")
            with VerticalScroll(id="entry"):
                yield Prose(id="prose", headed=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#entry").can_focus = False
        self.query_one(Rows).focus()

    def redraw(self) -> None:
        super().redraw()
        self.query_one(Rows).show(self._rows(), key=self._topic)
        self._tell()

    @property
    def _entries(self) -> Entries:
        desk = self.counter.desk
        today = datetime.fromtimestamp(desk.clock() / 1000, UTC).astimezone(ZoneInfo(desk.store.outlet.zone)).date()
        return Entries(desk.book, self.wording, today)

    def _rows(self) -> Iterator[Row]:
        wording, entries = self.wording, self._entries
        yield Row(EDITION, (Cell(wording.say("rules.edition")),))
        yield Row(CHECK, (Cell(wording.say("rules.check")),))
        if wording.quiet:
            return
        for section in SECTIONS:
            topics = entries.topics(section)
            title = wording.say(f"rules.title.{section}", count=len(topics))
            yield Row(section, (Cell(title),), heading=True)
            for topic in topics:
                yield Row(topic, (Cell(entries.name(topic)),))

    def _tell(self) -> None:
        wording = self.wording
        if wording.quiet:
            lines: Iterable[str] = [wording.say("why.hidden")]
        elif self._topic == CHECK:
            lines = self._check_lines()
        else:
            lines = self._entries.tell(self._topic)
        self.query_one("#prose", Prose).tell("\n".join(lines))

    def _check_lines(self) -> Iterator[str]:
        say = self.wording.say
        if not self._checked and self._checking is None:
            yield say("rules.check_hint")
        checked = sorted(self._checked, key=lambda done: done.status == 0)
        for done in checked:
            verdict = "rules.unended" if done.status is None else "rules.failed" if done.status else "rules.passed"
            yield say(verdict, command=f"assistant rules {done.command}")
        if self._checking is not None:
            yield say("rules.checking")
        for done in checked:
            yield ""
            yield f"assistant rules {done.command}"
            yield from (f"  {line}" for line in done.lines)

    @on(Rows.Moved)
    def follow(self, event: Rows.Moved) -> None:
        """The cursor came to another entry."""
        self._topic = event.key
        self._tell()
        self.query_one("#entry").scroll_home(animate=False)

    @on(Rows.Chosen)
    def take_row(self) -> None:
        """Enter gives the entry the whole screen."""
        self.action_read()

    def action_read(self) -> None:
        """Give the entry the whole screen, or the list its place again."""
        self.toggle_class("-reading")
        if not self.has_class("-reading"):
            self.query_one(Rows).focus()

    def action_back(self) -> None:
        """Go back to the list, and from there to the screen before."""
        if self.has_class("-reading"):
            self.action_read()
        else:
            self.dismiss()

    def action_go(self, section: str) -> None:
        """Go to the first entry of a section."""
        if self.wording.quiet:
            return
        self.query_one(Rows).go_to(self._entries.topics(section)[0])
        self._topic = self.query_one(Rows).key or EDITION
        self._tell()
        self.query_one("#entry").scroll_home(animate=False)

    def action_check(self) -> None:
        """Run the checks in the background; their results come as they are there."""
        self._topic = CHECK
        if self._checking is None:
            self._checked = []
            checks = self.counter.desk.rulebooks.check(self.wording.language)
            self._checking = Thread(target=self._check, args=(self.app, checks), daemon=True)
            self._checking.start()
        self.redraw()

    def _check(self, app: App[Any], checks: Iterator[Checked]) -> None:
        """Run `checks`, away from the screens: this page may have been left, and the program too."""
        for done in chain(checks, (None,)):
            if app.is_running:
                app.call_later(self._take_result, done)

    def _take_result(self, done: Checked | None) -> None:
        if done is None:
            self._checking = None
        else:
            self._checked.append(done)
        if self.is_current:
            self._tell()
