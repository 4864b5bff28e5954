"""What the programs on the screen share: their look, keys as an input method sends them, and an end in good order."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import ClassVar, Final, TypeVar

from textual import events
from textual.filter import LineFilter, NoColor
from textual.keys import _character_to_key
from textual.widgets import Input

from rules.language import Language
from ui.characters import Ascii, Clean, clean
from ui.crash import GuardedApp, tell_fault
from ui.endings import ending_in_order
from ui.looks import NO_COLOR_VARIABLE, Look, keep_look
from ui.themes import THEMES, ThemeName
from ui.wording import SCREEN

Result = TypeVar("Result")

_FOLDER: Final = Path(__file__).parent
_PUNCTUATION: Final = {"、": "/", "。": ".", "「": "[", "」": "]"}
"""What a Chinese input method makes of a key, where it is not the full-width twin of it."""


class FrameApp(GuardedApp[Result]):
    """An app in one language and one look."""

    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (declared by App on the instance)
    # By their whole path: Textual looks beside the module of the subclass.
    CSS_PATH: ClassVar[list[str | PurePath]] = [_FOLDER / "app.tcss", _FOLDER / "themes.tcss"]

    def __init__(self, language: Language, look: Look) -> None:
        # Textual would turn colours into greys for this; here it chooses the theme without any.
        os.environ.pop(NO_COLOR_VARIABLE, None)
        super().__init__()
        self.language = language
        self.look = look
        self.ended: int | None = None
        self.at_last: Callable[[], object] = lambda: None
        """What is still done by a program that is told to end and cannot do so in good order; nothing as a rule."""
        self._clean, self._ascii, self._colourless = Clean(), Ascii(), NoColor()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = look.theme
        self.title = SCREEN("app.title", language)

    @property
    def ascii(self) -> bool:
        """Whether only characters of certain width are drawn."""
        return self.look.plain

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line passes before it is written."""
        filters = [*super().get_line_filters(), self._clean]
        if self.look.theme is ThemeName.MONO:
            filters.append(self._colourless)
        return [*filters, self._ascii] if self.look.plain else filters

    def action_theme(self) -> None:
        """Go on to the next theme, and remember it."""
        self.wear(replace(self.look, theme=self.look.theme.following))
        name = SCREEN(f"theme.{self.look.theme}", self.language)
        self.notify(SCREEN("theme.now", self.language, name=name), timeout=2, markup=False)

    def action_plain(self) -> None:
        """Change between all characters and those of certain width, and remember it."""
        self.wear(replace(self.look, plain=not self.look.plain))

    def wear(self, look: Look) -> None:
        """Take on this look, on every open screen, and remember it."""
        self.look = look
        self.theme = look.theme
        keep_look(look)
        for screen in self.screen_stack:
            for widget in (screen, *screen.walk_children()):
                widget.notify_style_update()
                widget.refresh()

    def run_to_end(self) -> tuple[int, Result | None]:
        """Run until the user, a signal or a fault ends it; return the exit status and the result."""
        with ending_in_order(self._leave, lambda: self.at_last()):
            result = self.run()
        if self.ended is not None:
            return self.ended, None
        if self.fault is not None:
            return tell_fault(self.fault, self.language), None
        return 0, result

    def _leave(self, status: int) -> None:
        self.ended = status
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self.exit)

    async def on_event(self, event: events.Event) -> None:
        """Take what an input method sends in place of a key for that key, and take out of a paste what steers."""
        if isinstance(event, events.Key) and not event.is_forwarded and not self._is_typing():
            event = read_key(event)
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            event = events.Paste(self._cut(clean(event.text).strip()))
        await super().on_event(event)

    def _cut(self, pasted: str) -> str:
        """Return as much of a paste as the line has room for; Textual would take nothing of a longer one."""
        line = self.focused if self._is_typing() else None
        if not isinstance(line, Input) or line.max_length is None:
            return pasted
        room = line.max_length - len(line.value) + len(line.selected_text)
        if len(pasted) > room:
            self.notify(SCREEN("app.paste_cut", self.language, count=room), timeout=4, markup=False)
        return pasted[:room]

    def _is_typing(self) -> bool:
        return bool(self.screen_stack) and isinstance(self.focused, Input)


def read_key(event: events.Key) -> events.Key:
    """Return the key that is meant: `１` is `1`, `？` is `?`, an ideographic blank is a blank."""
    said = event.character
    if said is None or said.isascii():
        return event
    meant = _PUNCTUATION.get(said) or unicodedata.normalize("NFKC", said)
    if not (meant.isascii() and len(meant) == 1):
        return event
    return events.Key(_character_to_key(meant), meant)
