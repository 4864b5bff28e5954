"""Looks now and then whether a rulebook was published, in a thread of its own: no paint and no key waits for it."""

from __future__ import annotations

from threading import Thread
from typing import Any, Final

from textual.app import App

from assistant.rulebooks.inforce import Rulebooks
from rules.later import import_now
from ui.widgets.rulebook_line import RulebookLine

FIRST_SECONDS: Final = 0.5
"""After the first paint, and after the first screen has read what it needs."""
SECONDS: Final = 5.0


class RulebookWatch:
    """Watches for one program; what it finds is in force at the next case."""

    def __init__(self, app: App[Any], rulebooks: Rulebooks) -> None:
        self._app = app
        self._rulebooks = rulebooks
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Look from now on."""
        self._app.set_timer(FIRST_SECONDS, self._look)
        self._app.set_interval(SECONDS, self._look)

    def _look(self) -> None:
        if (self._thread is None or not self._thread.is_alive()) and self._rulebooks.stirred():
            # Nobody waits for it at the end: what it has begun is ended with the desk.
            import_now()
            self._thread = Thread(target=self._look_and_tell, daemon=True)
            self._thread.start()

    def _look_and_tell(self) -> None:
        self._rulebooks.look()
        if self._app.is_running:
            self._app.call_later(self.redraw)

    def redraw(self) -> None:
        """Say on every open screen what is so now."""
        for screen in self._app.screen_stack:
            for line in screen.query(RulebookLine):
                line.redraw()
