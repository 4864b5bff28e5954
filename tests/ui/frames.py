"""What a pilot waits for after a key: until all is done, and then drawn, once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from textual.screen import Screen

SECONDS: Final = 0.02
"""Two frames, and a little."""
_draw: Final = Screen._compositor_refresh
_unseen: Final = ContextVar("unseen", default=False)


@contextmanager
def unseen() -> Iterator[None]:
    """Press keys of which only what comes of the last is looked at: none of the frames in between is drawn."""
    before = _unseen.set(True)
    try:
        yield
    finally:
        _unseen.reset(before)


class Frames:
    """The frames of one test: those that follow each other before anybody could look are drawn as one."""

    def __init__(self) -> None:
        self._due: Screen[Any] | None = None

    def put_off(self, screen: Screen[Any]) -> None:
        """Take the place of Textual's drawing of a frame, which it throws away where there is no terminal."""
        if screen is not screen.app.screen:
            _draw(screen)
            return
        self._due = screen
        screen._dirty_widgets.clear()

    async def settle(self, least: float = 0, most: float = 1) -> None:
        """Wait until the program has nothing to do, now or at the next frame, `most` seconds at the longest; draw it.

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
            if due > SECONDS:
                break
            await asyncio.sleep(max(0, due))
        if not _unseen.get():
            self._draw()

    def _draw(self) -> None:
        screen, self._due = self._due, None
        if screen is not None and screen.is_attached and screen.app.screen is screen:
            with screen.app._context():
                _draw(screen)
