"""What a pilot waits for after a key: until all is done. A frame is drawn when somebody looks, and at the end."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from textual._compositor import Compositor
from textual._context import active_app
from textual.screen import Screen

SECONDS: Final = 0.02
"""Two frames, and a little."""
LONGEST: Final = 20.0
"""Seconds for what a busy machine takes over; it ends as soon as all is done."""
_draw: Final = Screen._compositor_refresh


def _is_ending() -> bool:
    """Tell whether the program of this test was told to end: its pages then look for ever at what they may not draw."""
    app = active_app.get(None)
    return app is not None and app._exit


class Frames:
    """The frames of one test. Whoever asks what stands on the screen looks; of the other frames only the last of each
    program is drawn."""

    def __init__(self) -> None:
        self._due: Screen[Any] | None = None

    def put_off(self, screen: Screen[Any]) -> None:
        """Take the place of Textual's drawing of a frame, which it throws away where there is no terminal."""
        if screen is not screen.app.screen:
            _draw(screen)
            return
        self._due = screen
        screen._dirty_widgets.clear()

    async def settle(self, least: float = 0, most: float = LONGEST) -> None:
        """Wait until the program has nothing to do, now or at the next frame, `most` seconds at the longest.

        Takes the place of what Textual's pilot does after each key: it sleeps until this process hardly computes any
        more, which on a busy machine is long after all is done.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + most
        await asyncio.sleep(least)
        while loop.time() < end:
            await asyncio.sleep(0)
            if loop._ready:  # type: ignore[attr-defined]
                continue
            timers = [timer.when() for timer in loop._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
            due = min(timers, default=end) - loop.time()
            if due > SECONDS or _is_ending():
                break
            await asyncio.sleep(max(0, due))

    def look(self, compositor: Compositor) -> None:
        """Draw the frame that is due where it is the one that somebody looks at now."""
        if self._due is not None and self._due._compositor is compositor:
            self.finish()

    def finish(self) -> None:
        """Draw what stands on the screen by now, as it does at the latest when a program ends."""
        screen, self._due = self._due, None
        if screen is not None and screen.is_attached and screen.app.screen is screen:
            with screen.app._context():
                _draw(screen)
