"""The screens without a terminal: a desk over a new file, the program under a pilot, and the screen as plain text."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from assistant.case.case import Case
from assistant.case.events import EventKind
from assistant.desk import Desk
from assistant.store import Store
from rules.advice import Adviser
from rules.language import Language
from tests.outlet import lay, make_outlet
from ui.app import CounterApp
from ui.screens.haste import Unhurried
from ui.screens.teller import TellerScreen
from ui.widgets.rows import Rows

CHINESE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]")


def look_first(app: App[Any]) -> None:
    """Look at another screen that came up for as long as anybody needs: no test waits for it."""
    if isinstance(app.screen, Unhurried):
        app.screen._calm_at = 0.0


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after the other as somebody does who looks first; what goes into a line is typed in one go."""
    for typing, run in groupby(keys, lambda key: len(key) == 1):
        pressed = list(run)
        if typing and isinstance(pilot.app.focused, Input):
            for character in pressed:
                pilot.app.post_message(events.Key(_character_to_key(character), character))
            await pilot.pause()
            continue
        for key in pressed:
            if key in ("enter", "space"):
                look_first(pilot.app)
            await pilot.app._press_keys([key])
    await pilot.pause()


class Seat:
    """A teller's seat under test: presses keys, reads the screen without its colours, looks into the file."""

    def __init__(self, app: CounterApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys one after the other and let the screen follow."""
        await press(self.pilot, *keys)

    async def see(self, text: str, seconds: float = 60) -> None:
        """Wait until this stands on the screen."""
        for _ in range(round(seconds * 20)):
            if text in self.grid():
                break
            await self.pilot.pause(0.05)
        assert text in self.grid()

    async def miss(self, text: str, seconds: float = 60) -> None:
        """Wait until this no longer stands on the screen."""
        for _ in range(round(seconds * 20)):
            if text not in self.grid():
                break
            await self.pilot.pause(0.05)
        assert text not in self.grid()

    def grid(self) -> str:
        """Return what stands on the screen, as characters only."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(line.text.rstrip() for line in lines)

    def line(self, text: str) -> str:
        """Return the first line of the screen that says `text`."""
        return next((line for line in self.grid().splitlines() if text in line), "")

    @property
    def cursor(self) -> str | None:
        """The key of the line under the cursor of the list that has the keys."""
        focused = self.app.screen.focused
        assert isinstance(focused, Rows)
        return focused.key

    @property
    def screen_name(self) -> str:
        """The class of the screen on top."""
        return type(self.app.screen).__name__

    @property
    def case(self) -> Case:
        """The case on the screen, as the file has it."""
        page = next(screen for screen in self.app.screen_stack if isinstance(screen, TellerScreen))
        return self.app.desk.store.case(page.case_id)

    def count(self, *kinds: EventKind) -> int:
        """Return how many events of these kinds the case has, of all kinds when none is given."""
        return sum(1 for event in self.case.history if not kinds or event.kind in kinds)

    async def go_to(self, key: str) -> None:
        """Move the cursor to the line of that key by the arrow alone."""
        await self.pilot.app._press_keys(["home"])
        while self.cursor != key:
            before = self.cursor
            await self.pilot.app._press_keys(["down"])
            assert self.cursor != before, f"no line {key}"
        await self.pilot.pause()


def new_desk(path: Path, adviser: Adviser, make: Callable[[Path], None] = make_outlet) -> Desk:
    """Return a desk over a new file; whoever asks for it closes the store."""
    lay(path, make)
    return Desk(Store.open(path), adviser, "t1")


@asynccontextmanager
async def seated(
    desk: Desk, language: Language = Language.ZH, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Seat]:
    """Run the program over `desk` at its first screen."""
    app = CounterApp(desk, language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Seat(app, pilot)
