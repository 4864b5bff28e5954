"""The program on the screen: opens the file of cases, holds what every screen needs, and ends without losing a word."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from assistant.desk import Desk
from assistant.workplace import close_desk, open_desk
from rules.errors import Trouble
from rules.language import Language
from ui.screens.home import HomeScreen
from ui.screens.page import Page
from ui.wording import SCREEN, Wording


class CounterApp(App[int]):
    """The screens over one desk."""

    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (declared by App on the instance)
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+c", "leave_hint", show=False),
        Binding("f12,ctrl+l", "language", show=False, id="language"),
    ]

    def __init__(self, desk: Desk, language: Language) -> None:
        super().__init__()
        self.desk = desk
        self.language = language
        self.title = SCREEN("app.title", language)
        self.theme = "textual-dark"

    @property
    def wording(self) -> Wording:
        """The words of the language that is on."""
        return Wording(self.language, self.desk.book, self.desk.store.outlet.zone)

    def on_mount(self) -> None:
        self.push_screen(HomeScreen())

    def action_language(self) -> None:
        """Change between Chinese and English, on every open screen."""
        self.language = Language.EN if self.language is Language.ZH else Language.ZH
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                screen.redraw()

    def action_help(self) -> None:
        """Show the help of the screen one stands on."""
        from ui.screens.help import HelpScreen

        if isinstance(self.screen, Page) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_leave_hint(self) -> None:
        """Tell how to leave; nothing is lost either way."""
        self.notify(SCREEN("app.quit_hint", self.language), timeout=4)


def run(path: Path, language: Language) -> int:
    """Open the file of cases at `path` and run the screens until the user leaves; returns the exit status.

    A file that is not there is made by an explicit first start on the screen.
    """
    if not path.exists():
        from ui.screens.start import StartApp

        if not StartApp(path, language).run():
            return 0
    try:
        desk = open_desk(path)
    except Trouble as trouble:
        print(trouble.sentence(language), file=sys.stderr)
        return trouble.exit_status
    try:
        return CounterApp(desk, language).run() or 0
    finally:
        close_desk(desk)
