"""Times one answer at the counter, part by part, beside yardsticks in the same run: `python -m bench.tick [ROUNDS]`.

The parts are those of the way of one answer: the move is checked and drafted, advised on, appended together with the
advice where that changed, the next question is chosen, and the screen painted. The yardsticks are the same rows through
bare sqlite3 with the same durability, a plain interpreter of the same conditions, and the smallest program that shows
one changed line. But for the last all take turns, so that a busy moment of the machine falls on them alike. It tells
and does not judge.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import uuid6

import ui  # noqa: F401 (first, because it sets how often Textual draws a frame, and Textual reads that on import)

# isort: split
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from assistant.case.bodies import write_body
from assistant.case.case import Case
from assistant.case.events import Draft, Event, EventKind
from assistant.desk import Desk, foresee
from assistant.sheet import Sheet, write_advice
from assistant.store import Outlet, Store
from bench.advise import parts_of
from bench.append import ANSWERS_A_CASE, CASE, insert_bare, make_draft, open_bare
from rules.advice import Adviser
from rules.language import Language
from rules.loading import load_book
from rules.questions import rank_questions
from ui.app import CounterApp
from ui.screens.teller import TellerScreen
from ui.widgets.flag_rows import list_first_flags

ROUNDS: Final = 200
WARM_UP: Final = 10
CASES: Final = 300
ANSWERS: Final = 12
"""How many red flags are answered in one visit before the next customer comes."""

PARTS: Final = {
    "move": None,
    "append": "append, bare",
    "advise": "interpreter",
    "ask next": None,
    "paint": "one line painted",
}
"""The parts of one answer, each with its yardstick where it has one."""


class OneLine(App[None]):
    """The least that a program can paint."""

    def compose(self) -> ComposeResult:
        yield Static("0")


class Times:
    """What each part took, in milliseconds, round after round."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    def run(self, name: str, part: Callable[[], Any]) -> Any:
        """Time `part` under `name` and return what it returned."""
        start = time.perf_counter()
        made = part()
        self.taken.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        return made

    async def paint(self, name: str, screen: Screen[Any], draw: Callable[[], object]) -> None:
        """Time `draw` until the frame that shows it has been painted."""
        painted = asyncio.Event()
        start = time.perf_counter()
        draw()
        screen.call_after_refresh(painted.set)
        await painted.wait()
        self.taken.setdefault(name, []).append((time.perf_counter() - start) * 1000)

    def middle(self, name: str) -> float:
        """Return the median of a part, the warm-up left out."""
        return median(self.taken[name][WARM_UP:])

    def late(self, name: str) -> float:
        """Return the 95th percentile of a part."""
        return quantiles(self.taken[name][WARM_UP:], n=20)[-1]


class Bench:
    """One desk over a file with some hundred cases, and the bare twin of that file."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.create(folder / "cases.db", Outlet("0312", "示范网点"))
        for first in range(0, CASES * ANSWERS_A_CASE, ANSWERS_A_CASE):
            case_id = str(uuid6.uuid7())
            self.store.append_all(make_draft(turn, case_id) for turn in range(first, first + ANSWERS_A_CASE))
        self.desk = Desk(self.store, Adviser(load_book()), "teller")
        self.twin = open_bare(folder / "bare.db")
        self.reader = sqlite3.connect(folder / "cases.db", isolation_level=None)
        self.twin.execute("ATTACH ? AS ours", (str(folder / "cases.db"),))
        for table in ("events", "private_texts", "subject_keys", "cases"):
            self.twin.execute(f"INSERT INTO main.{table} SELECT * FROM ours.{table}")  # noqa: S608 (names from here)
        self.twin.execute("DETACH ours")
        self.times = Times()
        self.owed: tuple[list[Any], list[Any], list[Any], tuple[Any, ...]] | None = None

    def rows(self, events: tuple[Event, ...]) -> tuple[list[Any], list[Any], list[Any], tuple[Any, ...]]:
        """Return the rows of a saved move: its events, their private texts, their key, the case as it is afterwards."""
        read, first = self.reader.execute, events[0].seq
        rows = read("SELECT * FROM events WHERE seq >= ? ORDER BY seq", (first,)).fetchall()
        texts = read("SELECT * FROM private_texts WHERE seq >= ?", (first,)).fetchall()
        case = (rows[0][2],)
        keys = read("SELECT * FROM subject_keys WHERE subject = ?", case).fetchall()
        return rows, texts, keys, read(CASE, case).fetchone()

    def open_case(self) -> Sheet:
        """Open a case, unclocked, and put its events into the twin."""
        self.catch_up()
        sheet = self.desk.open("transfer")
        insert_bare(self.twin, *self.rows(sheet.case.history))
        return sheet

    def catch_up(self) -> None:
        """Put the move that the twin still lacks into it, clocked."""
        if self.owed is not None:
            rows, self.owed = self.owed, None
            self.times.run("append, bare", lambda: insert_bare(self.twin, *rows))

    def answer(self, turn: int, case: Case, sign: str, value: str) -> Sheet:
        """Answer a red flag the way the desk does, each part clocked, and return what the screen then shows.

        The bare rows follow at once in one turn and before the next move in the other: whichever comes first after the
        screen was painted finds disk and caches cold, and that must not always be the same one.
        """
        times, store = self.times, self.store
        self.catch_up()

        def move() -> tuple[Draft, Case]:
            body = {"sign": sign, "value": value, "known": "seen"}
            moment = time.time_ns() // 1_000_000
            draft = Draft(str(uuid6.uuid7()), case.id, moment, "teller", EventKind.ANSWERED, body)
            case.admit(draft)
            return draft, case.after(foresee(draft))

        draft, after = times.run("move", move)
        advice = times.run("advise", lambda: self.desk.adviser.advise(after.facts))
        times.run("interpreter", parts_of(self.desk.adviser, after.facts)["interpreter"])
        drafts = [draft]
        recorded = write_advice(advice)
        if recorded != after.advice:
            written = write_body(recorded)
            drafts.append(Draft(str(uuid6.uuid7()), case.id, draft.at, "teller", EventKind.ADVISED, written))
        self.owed = self.rows(times.run("append", lambda: store.append_all(drafts)))
        if turn % 2:
            self.catch_up()
        saved = store.case(case.id)
        book, reader = self.desk.book, self.desk.adviser.reader
        times.run("ask next", lambda: rank_questions(book, reader, saved.facts, saved.questions))
        return Sheet(saved, advice)


async def measure(bench: Bench, rounds: int) -> None:
    """Answer red flags on the screen, `rounds` times, after a warm-up."""
    app = CounterApp(bench.desk, Language.ZH)
    async with app.run_test(size=(120, 36)) as pilot:
        sheet = bench.open_case()
        teller = TellerScreen(sheet)
        await app.push_screen(teller)
        await pilot.pause()
        signs = list_first_flags(bench.desk.book, sheet.case) + tuple(bench.desk.book.signs)
        for turn in range(rounds + WARM_UP):
            number = turn % ANSWERS
            if number == 0:
                sheet = bench.open_case()
            value = "no" if number % 3 else "yes"
            sheet = teller.visit.sheet = bench.answer(turn, sheet.case, signs[number], value)
            await bench.times.paint("paint", teller, teller.redraw)


async def measure_least(times: Times, rounds: int) -> None:
    """Paint one changed line as often: an own program, because a task knows only one of them."""
    plain = OneLine()
    async with plain.run_test(size=(120, 36)):
        line = plain.query_one(Static)
        for turn in range(rounds + WARM_UP):
            await times.paint("one line painted", plain.screen, partial(line.update, str(turn)))


def tell(times: Times) -> None:
    """Print the table."""
    print(f"{'part':<10} {'median ms':>10} {'p95 ms':>8}   {'yardstick':<18} {'median ms':>10} {'ratio':>6}")
    for part, yardstick in PARTS.items():
        line = f"{part:<10} {times.middle(part):>10.3f} {times.late(part):>8.3f}"
        if yardstick:
            beside = times.middle(yardstick)
            line += f"   {yardstick:<18} {beside:>10.3f} {times.middle(part) / beside:>6.2f}"
        print(line)
    print(f"{'sum':<10} ", end="")
    total = [sum(taken) for taken in zip(*(times.taken[part] for part in PARTS), strict=True)][WARM_UP:]
    print(f"{median(total):>9.3f} {quantiles(total, n=20)[-1]:>8.3f}")


def main(arguments: list[str]) -> int:
    """Print the table of one run; the exit status is always 0."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        asyncio.run(measure(bench, rounds))
        bench.catch_up()
        asyncio.run(measure_least(bench.times, rounds))
        bench.reader.close()
        bench.twin.close()
        bench.store.close()
        bench.desk.adviser.close()
    tell(bench.times)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
