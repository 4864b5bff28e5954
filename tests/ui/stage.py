"""The screens without a terminal: opened on a file of their own, led to a page by keys, looked at cell by cell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from rich.segment import Segment
from textual.app import App
from textual.pilot import Pilot

from assistant.case.case import Case
from assistant.desk import Desk
from assistant.store import Store
from assistant.workplace import recognise
from rules.advice import Adviser
from rules.language import Language
from rules.loading import load_book
from tests.outlet import lay
from tests.ui.pilot import press
from ui.app import CounterApp
from ui.looks import Look
from ui.widgets.rows import Rows

CASE: Final = ("9", "2")
"""Opens a case of a customer who asks for help because money was moved in their own name."""

NOTED: Final = (
    *(*CASE, "f2", "end", "enter"),
    *("enter", *"王小明", "enter", "down"),
    *("enter", *"11010519491231002X", "enter", "down"),
    *("enter", *"6222020200112233", "enter"),
)
"""Leads to the persons of a case and notes an invented customer."""

PAGES: Final = {
    "home": (),
    "choice": ("9",),
    "teller": CASE,
    "answered": (*CASE, "1", "down", "2", "down", "0"),
    "steps": (*CASE, "f5"),
    "facts": (*CASE, "f2"),
    "persons": NOTED,
    "revealed": (*NOTED, "f6", "2"),
    "ask": (*CASE, "f2", "enter"),
    "record": (*CASE, "f6"),
    "closing": (*CASE, "f8"),
    "why": (*CASE, "1", "down", "1", "f4"),
    "question": (*CASE, "f3"),
    "find": (*CASE, "f7", "m"),
    "words": (*CASE, "f9"),
    "slip": (*CASE, "f9", "f9"),
    "help": (*CASE, "f1"),
    "palette": (*CASE, "ctrl+p"),
    "export": (*CASE, "ctrl+e"),
    "rules": ("f4", "down", "down", "down"),
}
"""Every page and the keys that lead to it from the start."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What stands on the screen: `lines` as drawn, each a list of segments with their final styles."""

    lines: list[list[Segment]]

    def text(self) -> str:
        """Return the characters alone."""
        return "\n".join("".join(segment.text for segment in line) for line in self.lines)

    def words(self) -> Iterator[Segment]:
        """Yield the segments in which something can be read."""
        for line in self.lines:
            for segment in line:
                if segment.text.strip() and not all("▀" <= character <= "▟" for character in segment.text.strip()):
                    yield segment


@asynccontextmanager
async def on_stage(
    path: Path,
    *keys: str,
    look: Look | None = None,
    language: Language = Language.ZH,
    size: tuple[int, int] = (120, 36),
) -> AsyncIterator[tuple[CounterApp, Pilot[int]]]:
    """Open the screens over the file at `path`, made where it is missing, and press `keys`."""
    if not path.exists():
        lay(path)
    with Store.open(path) as store:
        app = CounterApp(Desk(store, _adviser(), recognise(store)), language, look)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await press(pilot, *keys)
            yield app, pilot


def case_of(app: CounterApp) -> Case:
    """Return the one case of the file, as the file has it."""
    return app.desk.store.case(app.desk.store.list()[0].case_id)


def at(app: App[Any]) -> str | None:
    """Return the key of the line under the cursor of the topmost list."""
    return app.screen.query_one(Rows).key


@cache
def _adviser() -> Adviser:
    return Adviser(load_book())


def look_at(app: App[Any]) -> Sight:
    """Return what is drawn of the topmost screen; of a panel over a page only the panel."""
    screen = app.screen
    region = screen.children[0].region if screen.is_modal else screen.region
    strips = screen._compositor.render_strips()[region.y : region.bottom]
    return Sight([list(strip.crop(region.x, region.right)) for strip in strips])
