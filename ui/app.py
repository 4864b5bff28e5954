"""The program on the screen: opens the file of cases, holds what every screen needs, and ends without losing a word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType

from assistant.desk import Desk
from assistant.places import find_names
from assistant.workplace import open_desk
from rules.errors import Trouble
from rules.language import Language
from ui.actions import EVERYWHERE, bind
from ui.endings import may_suspend
from ui.frame import FrameApp
from ui.looks import Look, choose_look
from ui.presence import Presence, read_idle_clock
from ui.pulse import Pulse
from ui.screens.home import HomeScreen
from ui.screens.page import Page
from ui.screens.popup import Popup
from ui.watch import RulebookWatch
from ui.wording import SCREEN, Wording

if TYPE_CHECKING:
    from assistant.settings import Settings


class CounterApp(FrameApp[int]):
    """The screens over one desk."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "leave_hint", show=False),
        Binding("ctrl+z", "suspend", show=False),
        *bind(EVERYWHERE),
    ]

    def __init__(
        self,
        desk: Desk,
        language: Language,
        look: Look | None = None,
        idle_clock: Callable[[], float] = read_idle_clock,
    ) -> None:
        super().__init__(language, look or Look())
        self.desk = desk
        self.presence = Presence(self, desk, lambda: self.settings, idle_clock)
        self._pulse = Pulse(self, desk, self.presence)
        self.quiet = False
        self.export_folder: Path | None = None
        # Unlike its name, it stays as it is; and every text on the screen asks for it.
        self._zone = desk.store.outlet.zone
        self._watch = RulebookWatch(self, desk.rulebooks)

    @property
    def wording(self) -> Wording:
        """The words of the language that is on."""
        return Wording(self.language, self.desk, self._zone, self.quiet)

    @cached_property
    def settings(self) -> Settings:
        """What the outlet decided for itself, read when it is first needed: it takes pydantic. Raises SettingsUnfit."""
        from assistant.settings import read_settings

        return read_settings(self.desk.store.path)

    def on_mount(self) -> None:
        self.presence.begin(lambda: self.push_screen(HomeScreen()))
        self._watch.begin()
        self._pulse.begin()

    async def on_event(self, event: events.Event) -> None:
        """Take note that somebody is there."""
        if isinstance(event, events.Key | events.MouseDown | events.Paste) and not event.is_forwarded:
            self.presence.stir()
        await super().on_event(event)

    def action_language(self) -> None:
        """Change between Chinese and English, on every open screen."""
        self.language = Language.EN if self.language is Language.ZH else Language.ZH
        self._redraw_pages()

    def action_quiet(self) -> None:
        """Put neutral words on everything that others could read over the counter, or take them off."""
        self.quiet = not self.quiet
        self._redraw_pages()

    def _redraw_pages(self) -> None:
        self.set_class(self.quiet, "-quiet")
        for screen in self.screen_stack:
            # One that only comes up is drawn then, with the words that are on by that time.
            if isinstance(screen, Page | Popup) and screen.is_mounted:
                screen.redraw()
        self._watch.redraw()

    def action_help(self) -> None:
        """Show the help of the screen one stands on."""
        from ui.screens.help import HelpScreen

        if isinstance(self.screen, Page) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_palette(self) -> None:
        """Find a command of the screen one stands on, and give it."""
        from ui.screens.palette import PaletteScreen

        page = self.screen
        if not isinstance(page, Page) or self.presence.covered:
            return

        async def give(name: str | None) -> None:
            if name is not None:
                await self.run_action(name, page)

        self.push_screen(PaletteScreen((*page.ACTIONS, *EVERYWHERE)), give)

    async def action_quit(self) -> None:
        """End, once it was asked on each open page what becomes of that which is not saved there yet."""
        self._leave_all()

    def _leave_all(self) -> None:
        opened = [screen for screen in self.screen_stack if isinstance(screen, Page | Popup)]
        if any(screen.is_unsaved() for screen in opened):
            opened[-1].leave(self._leave_all)
        else:
            self.exit()

    def action_lock(self) -> None:
        """Cover everything until somebody signs on; what is open stays open behind it."""
        if self.presence.may_lock():
            self.presence.lock()
        else:
            self.notify(SCREEN("sign_on.no_password", self.language), timeout=6, markup=False)

    def action_change_teller(self) -> None:
        """Let a colleague sign on in the place of whoever works here."""
        if self.presence.may_change():
            self.presence.change()
        else:
            self.notify(SCREEN("sign_on.nobody_named", self.language), timeout=6, markup=False)

    def action_own_password(self) -> None:
        """Let whoever works here set another password of his own."""
        page = self.screen

        def tell(done: bool | None) -> None:
            if done:
                self.notify(SCREEN("own_password.done", self.language), timeout=4, markup=False)

        if isinstance(page, Page) and not self.presence.covered:
            page.attempt(lambda: self.presence.change_password(tell))

    def action_suspend(self) -> None:
        """Go to the background, where there is a shell to come back from."""
        if may_suspend():
            self.action_suspend_process()
        else:
            self.action_leave_hint()

    def action_leave_hint(self) -> None:
        """Tell how to leave; nothing is lost either way."""
        self.notify(SCREEN("app.quit_hint", self.language), timeout=4)


def run(path: Path, language: Language, theme: str | None = None, *, plain: bool = False) -> int:
    """Open the file of cases at `path` and run the screens until the user leaves; returns the exit status.

    A file that is not there is made by an explicit first start on the screen. Raises ThemeUnknown.
    """
    look = choose_look(theme, plain=plain)
    if not path.exists():
        from ui.screens.start import StartApp

        status, made = StartApp(path, language, look).run_to_end()
        if not made:
            return status
    try:
        desk = open_desk(path, names=find_names())
    except Trouble as trouble:
        print(trouble.sentence(language), file=sys.stderr)
        return trouble.exit_status
    try:
        status, _ = CounterApp(desk, language, look).run_to_end()
        return status
    finally:
        desk.leave()
