"""The explicit first start: an outlet's file of cases is made only after somebody said whose it is."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from assistant.store import Outlet, Store
from rules.errors import Trouble
from rules.language import Language
from ui.frame import FrameApp
from ui.looks import Look
from ui.wording import SCREEN


class StartApp(FrameApp[bool]):
    """Asks for outlet code and name, makes the file, and returns True; False when the user leaves."""

    CSS = """
    Screen { align: center middle; }
    Vertical { width: 76; max-width: 98%; height: auto; padding: 1 2; background: $panel; }
    .title { text-style: bold; margin-bottom: 1; }
    .problem { color: $text-error; }
    .hint { color: $text-muted; margin-top: 1; }
    Input { border: none; height: 1; padding: 0; margin-bottom: 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,escape", "leave", show=False, priority=True),
        Binding("f12,ctrl+l", "language", show=False),
        Binding("f11", "theme", show=False),
    ]

    def __init__(self, path: Path, language: Language, look: Look | None = None) -> None:
        super().__init__(language, look or Look())
        self._path = path

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(id="title", classes="title", markup=False)
            yield Static(id="path", markup=False)
            yield Static(id="code-label", markup=False)
            yield Input(id="code", max_length=16)
            yield Static(id="name-label", markup=False)
            yield Input(id="name", max_length=40)
            yield Static(id="problem", classes="problem", markup=False)
            yield Static(id="hint", classes="hint", markup=False)

    def on_mount(self) -> None:
        for line in self.query(Input):
            line.cursor_blink = False
        self._redraw()
        self.query_one("#code", Input).focus()

    def _redraw(self) -> None:
        say = SCREEN
        for part, text in (
            ("title", say("start.title", self.language)),
            ("path", say("start.path", self.language, path=self._path)),
            ("code-label", say("start.code", self.language)),
            ("name-label", say("start.name", self.language)),
            ("hint", say("start.hint", self.language)),
        ):
            self.query_one(f"#{part}", Static).update(text)

    @on(Input.Submitted, "#code")
    def go_to_name(self) -> None:
        """Enter on the code goes on to the name."""
        self.query_one("#name", Input).focus()

    @on(Input.Submitted, "#name")
    def make_file(self) -> None:
        """Enter on the name makes the file."""
        code, name = (self.query_one(part, Input).value.strip() for part in ("#code", "#name"))
        try:
            Store.create(self._path, Outlet(code, name)).close()
        except Trouble as trouble:
            self.query_one("#problem", Static).update(trouble.sentence(self.language))
            return
        self.exit(True)

    def action_language(self) -> None:
        """Change between Chinese and English."""
        self.language = Language.EN if self.language is Language.ZH else Language.ZH
        self._redraw()

    def action_leave(self) -> None:
        """Leave without making anything."""
        self.exit(False)
