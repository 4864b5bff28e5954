"""A shared machine: the operating system knows nobody, so one signs on; and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from textual.widgets import Input

from assistant.desk import Desk
from rules.language import Language
from tests.ui.pilot import Seat
from tests.ui.staff import PASSWORDS
from tests.ui.stage import CASE
from ui.app import CounterApp
from ui.screens.sign_on import SignOnScreen

NOON: Final = 1_763_870_400_000
SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
SIZES: Final = pytest.mark.parametrize("size", [(120, 36), pytest.param((80, 24), marks=pytest.mark.long), (60, 20)])


class Hour:
    """A clock that stands still until it is moved: for what is recorded, and for how long nobody was there."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> int:
        return self.at

    def idle(self) -> float:
        """Return the same in seconds."""
        return self.at / SECOND

    def pass_(self, milliseconds: int) -> None:
        """Let time pass."""
        self.at += milliseconds


@asynccontextmanager
async def seated(
    desk: Desk, hour: Hour, language: Language = Language.ZH, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Seat]:
    app = CounterApp(desk, language, idle_clock=hour.idle)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield Seat(app, pilot)


async def type_in(seat: Seat, field: str, text: str) -> None:
    line = seat.app.screen.query_one(f"#{field}", Input)
    line.focus()
    line.value = ""
    await seat.press(*(character if character.isalnum() else "space" for character in text))


async def sign_on(seat: Seat, number: str, password: str | None = None) -> None:
    await type_in(seat, "number", number)
    await type_in(seat, "password", PASSWORDS[number] if password is None else password)
    await seat.press("enter")
    await seat.pilot.pause()


async def tick(seat: Seat) -> None:
    """Wait until the program has looked at the clock again."""
    await asyncio.sleep(1.1)
    await seat.pilot.pause()


def is_covered(seat: Seat) -> bool:
    return isinstance(seat.app.screen, SignOnScreen)


async def open_case(seat: Seat) -> str:
    """Open a case with one answer; return what the screen says of it."""
    await seat.press(*CASE, "down", "down", "1")
    return seat.grid()
