"""How many keys a visit takes: every published visit played on the screens, each by the shortest way a teller has.

Prints, over the visits of `visits.jsonl`, the keys from *new case* to all red flags entered and the first gating step
recorded, against the bound of two keys a flag and six more; and the keys of an ordinary visit from new to closed.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Final

from textual.pilot import Pilot
from textual.widgets import Input

from assistant.store import Outlet, Store
from assistant.workplace import working_desk
from rules.language import Language
from ui.app import CounterApp
from ui.finding import Findable, find
from ui.screens.haste import HASTE_SECONDS, Unhurried
from ui.screens.record import RecordScreen
from ui.screens.teller import TellerScreen
from ui.widgets.rows import Rows

VISITS: Final = Path(__file__).with_name("visits.jsonl")
DIGITS: Final = "1234567890"
MARKS: Final = {"seen": "1", "said": "2", "verified": "3"}


@dataclass(slots=True)
class Fingers:
    """Presses keys and counts them; a text counts by its characters."""

    pilot: Pilot[Any]
    count: int = 0
    pressed: list[str] = field(default_factory=list)

    async def press(self, *keys: str) -> None:
        """Press these keys, an Enter not before a reader would: the screens take none that comes in haste."""
        for key in keys:
            screen = self.pilot.app.screen
            while key in ("enter", "space") and isinstance(screen, Unhurried) and screen.is_hasty():
                await asyncio.sleep(HASTE_SECONDS / 10)
            await self.pilot.press(key)
        self.count += len(keys)
        self.pressed += keys

    @property
    def teller(self) -> TellerScreen:
        """The screen of the case, wherever one stands above it."""
        return next(screen for screen in self.pilot.app.screen_stack if isinstance(screen, TellerScreen))


async def play(app: CounterApp, pilot: Pilot[Any], visit: dict[str, Any]) -> int:
    """Play one visit and return its keys."""
    fingers, book = Fingers(pilot), app.desk.book
    await fingers.press(DIGITS[list(book.requests).index(visit["request"])])
    if visit["request"] == "help":
        await fingers.press(str(list(book.money_states).index(visit["money"][0]) + 1))
    near = [sign for sign in visit["signs"] if book.signs[sign].key]
    for sign in near:
        await fingers.press(str(book.signs[sign].key), MARKS[book.signs[sign].known])
    far = [sign for sign in visit["signs"] if sign not in near]
    if far:
        await enter_far(fingers, far)
    await record_first_gate(fingers)
    answered = fingers.teller.sheet.case.answers
    assert set(answered) == set(visit["signs"]), visit["visit"]
    count = fingers.count
    await pilot.press("escape")
    return count


async def enter_far(fingers: Fingers, signs: list[str]) -> None:
    """Answer red flags without a letter: by arrows where they are near, else in one go on the page that finds them."""
    book = fingers.teller.wording.book
    left = []
    for sign in signs:
        distance = distance_to(fingers.teller.query_one("#flags", Rows), sign)
        if abs(distance) <= 2:
            await fingers.press(*(["down" if distance > 0 else "up"] * abs(distance)), MARKS[book.signs[sign].known])
        else:
            left.append(sign)
    if not left:
        return
    await fingers.press("f7")
    for sign in left:
        word = shortest_word(list(fingers.pilot.app.screen._findables()), sign)  # type: ignore[attr-defined]
        await fingers.press(*word, MARKS[book.signs[sign].known])
    await fingers.press("escape")


def distance_to(rows: Rows, key: str) -> int:
    """Return how many lines away the line of that key is, headings not counted; a large number when it is not there."""
    keys = [row.key for row in rows._rows if not row.heading]
    return keys.index(key) - keys.index(rows.key or keys[0]) if key in keys else 99


def shortest_word(things: list[Findable], sign: str) -> str:
    """Return the shortest word of letters that brings `sign` to the top."""
    for word in words():
        if next(iter(find(word, things)), None) == sign:
            return word
    raise RuntimeError(sign)


def words() -> Iterator[str]:
    """Yield words of one, two and three letters."""
    yield from ascii_lowercase
    yield from (a + b for a in ascii_lowercase for b in ascii_lowercase)
    yield from (a + b + c for a in ascii_lowercase for b in ascii_lowercase for c in ascii_lowercase)


async def record_first_gate(fingers: Fingers) -> None:
    """Record the first gating step as done, with all that it asks to check and to write down."""
    teller, book = fingers.teller, fingers.teller.wording.book
    steps = [step.id for step in teller.sheet.advice.steps if step.step.gates]
    if not steps:
        return
    if teller.sheet.case.next_step == steps[0]:
        await fingers.press("f6")
    else:
        await fingers.press("f5")
        distance = distance_to(teller.query_one("#steps", Rows), steps[0])
        await fingers.press(*(["down"] * distance), "enter")
    while isinstance(fingers.pilot.app.screen, RecordScreen):
        rows = fingers.pilot.app.screen.query_one(Rows)
        kind = (rows.key or "").partition(":")[0]
        if kind == "fact":
            await fingers.press("1")
        elif kind == "field":
            field = next(f for f in book.steps[steps[0]].record if f.id == (rows.key or "").partition(":")[2])
            if not field.required:
                await fingers.press("down")
                continue
            await fingers.press("enter")
            fingers.pilot.app.screen.query_one(Input).focus()
            # The shortest text that may stand there: an amount, and a time of day, are read.
            await fingers.press(*("905" if field.kind == "time" else "1"), "enter")
        else:
            await fingers.press("enter")
    assert steps[0] in teller.sheet.case.steps


async def play_ordinary(pilot: Pilot[Any]) -> int:
    """Play an ordinary visit, one question asked, from new to closed, and return its keys."""
    fingers = Fingers(pilot)
    await fingers.press("1", "f8", "enter")
    return fingers.count


async def measure(path: Path) -> tuple[list[tuple[str, int, int]], int]:
    """Play every visit and return (visit, red flags, keys) of each, and the keys of an ordinary one."""
    played = []
    with working_desk(path, actor="bench") as desk:
        app = CounterApp(desk, Language.ZH)
        async with app.run_test(size=(120, 36)) as pilot:
            for line in VISITS.read_text("utf-8").splitlines():
                visit = json.loads(line)
                played.append((visit["visit"], len(visit["signs"]), await play(app, pilot, visit)))
            ordinary = await play_ordinary(pilot)
    return played, ordinary


def main() -> int:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.db"
        Store.create(path, Outlet("9999", "测量网点（虚构数据）")).close()
        played, ordinary = asyncio.run(measure(path))
    over = sorted(keys - 2 * signs for _, signs, keys in played)
    tail = sorted(keys - 3 * signs for _, signs, keys in played)
    print(f"visits {len(played)}, red flags {sum(signs for _, signs, _ in played)}, keys {sum(k for *_, k in played)}")
    print(f"keys beyond 2 a flag: median {statistics.median(over):.0f} (goal <= 6)")
    print(f"keys beyond 3 a flag: 90th percentile {tail[int(len(tail) * 0.9)]} (goal <= 8)")
    print(f"an ordinary visit from new to closed: {ordinary} keys (goal <= 8)")
    if "-v" in sys.argv:
        for visit, signs, keys in played:
            print(f"{visit} {signs} flags {keys} keys")
    return 0


if __name__ == "__main__":
    sys.exit(main())
