"""The explicit first start: an outlet's file of cases is made only after somebody said whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from assistant.naming import LONGEST_NUMBER, is_number, tidy
from assistant.people.first import draft_manager, propose_number
from assistant.people.logins import find_login
from assistant.sealing.keyplaces import KeyPlace
from assistant.stamps import make_id, read_clock
from assistant.store import Outlet, Store
from rules.errors import Trouble
from rules.language import Language
from ui.frame import FrameApp
from ui.looks import Look
from ui.screens.new_key import NewKeyScreen
from ui.wording import SCREEN


class StartApp(FrameApp[bool]):
    """Asks for outlet code, name and manager, makes the file, and returns True; False when the user leaves."""

    CSS = """
    Screen { align: center middle; }
    Vertical { width: 76; max-width: 98%; height: auto; padding: 1 2; background: $panel; }
    .title { text-style: bold; margin-bottom: 1; }
    .problem { color: $text-error; }
    .hint { color: $text-muted; margin-top: 1; }
    Input { border: none; height: 1; padding: 0; margin-bottom: 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("escape", "give_up", show=False, priority=True),
        Binding("f1", "help", show=False),
        Binding("f12,ctrl+l", "language", show=False),
        Binding("f11", "theme", show=False),
    ]

    def __init__(self, path: Path, language: Language, look: Look | None = None) -> None:
        super().__init__(language, look or Look())
        self._path = path
        self._said: Callable[[Language], str] = lambda _: ""
        """What is said below the lines, in the language that is on."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(id="title", classes="title", markup=False)
            yield Static(id="path", markup=False)
            yield Static(id="code-label", markup=False)
            yield Input(id="code", max_length=16)
            yield Static(id="name-label", markup=False)
            yield Input(id="name", max_length=40)
            yield Static(id="number-label", markup=False)
            yield Input(id="number", max_length=LONGEST_NUMBER)
            yield Static(id="said", markup=False)
            yield Static(id="hint", classes="hint", markup=False)

    def on_mount(self) -> None:
        for line in self.query(Input):
            line.cursor_blink = False
        self._redraw()
        self.query_one("#code", Input).focus()
        with self._telling():
            self.query_one("#number", Input).value = propose_number(find_login())

    def _redraw(self) -> None:
        say = SCREEN
        for part, text in (
            ("title", say("start.title", self.language)),
            ("path", say("start.path", self.language, path=self._path)),
            ("code-label", say("start.code", self.language)),
            ("name-label", say("start.name", self.language)),
            ("number-label", say("start.number", self.language)),
            ("hint", say("start.hint", self.language)),
        ):
            self.query_one(f"#{part}", Static).update(text)
        self.query_one("#said", Static).update(self._said(self.language))

    @on(Input.Submitted, "#code")
    def go_to_name(self) -> None:
        """Enter on the code goes on to the name."""
        self.query_one("#name", Input).focus()

    @on(Input.Submitted, "#name")
    def go_to_number(self) -> None:
        """Enter on the name goes on to the manager's number."""
        self.query_one("#number", Input).focus()

    @on(Input.Submitted, "#number")
    def make_file(self) -> None:
        """Enter on the number makes the file, and shows where its key lies."""
        code, name, number = (tidy(line.value) for line in self.query(Input))
        if not code:
            self._tell(partial(SCREEN, "start.code_missing"))
            self.query_one("#code", Input).focus()
            return
        if not is_number(number):
            self._tell(partial(SCREEN, "start.number_unfit"))
            return
        with self._telling():
            first = draft_manager(number, find_login(), make_id(), read_clock())
            store = Store.create(self._path, Outlet(code, name), begin=[first])
            store.close()
            self._show_key(store.new_key, number)

    def _show_key(self, place: KeyPlace | None, number: str) -> None:
        if place is None:
            self.exit(True)
        else:
            self.push_screen(NewKeyScreen(place, number, self.language), lambda _: self.exit(True))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except Trouble as trouble:
            self._tell(trouble.sentence)

    def _tell(self, said: Callable[[Language], str], *, problem: bool = True) -> None:
        self._said = said
        self.query_one("#said").set_class(problem, "problem")
        self._redraw()

    def action_language(self) -> None:
        """Change between Chinese and English."""
        self.language = Language.EN if self.language is Language.ZH else Language.ZH
        if isinstance(self.screen, NewKeyScreen):
            self.screen.speak(self.language)
        else:
            self._redraw()

    def action_help(self) -> None:
        """Say what each line is for, and what is made."""
        self._tell(partial(SCREEN, "start.help"), problem=False)

    def action_give_up(self) -> None:
        """Leave, where nothing would be lost; what was typed is lost only by the key that says so."""
        if any(line.value for line in self.query("#code, #name").results(Input)):
            self._tell(partial(SCREEN, "start.typed"))
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Leave; what is made stays made, and is opened at the next start."""
        self.exit(False)
