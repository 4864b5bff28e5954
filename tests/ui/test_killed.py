"""The program is killed while a teller works: what the screen had shown as saved is in the case opened again."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Final

import pytest

from assistant.case.case import Case
from assistant.case.events import EventKind
from assistant.store import Outlet, Store
from rules.loading import load_book
from rules.model import Book
from tests.terminal import Gone, Terminal
from tests.ui.teller import Teller

ROUNDS_A_CASE: Final = 10
LONGEST_SECONDS: Final = 0.5
"""How far into a play the blow may fall, counted from the moment that the case stands on the screen."""
MOST_SECONDS: Final = 10.0

# A red flag may have a letter of its own between its mark and its name.
_MARKED: Final = re.compile(r"^[ ›](\[.{1,2}\])(?: [A-Z](?= ))? *(\S.*?)(?: {2,}|…|$)")
_VALUES: Final = {"[是]": "yes", "[否]": "no"}


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Store.create(tmp_path / "cases.db", Outlet("0312", "示范网点")).close()
    return tmp_path / "cases.db"


def read_marks(lines: list[str], names: dict[str, str]) -> dict[str, str]:
    """Return the mark before each of `names` (name to id) that stands on the screen, by id."""
    found = {}
    for line in lines:
        # Flags stand at the left, steps in the middle of a wide screen.
        for part in (line, line[_middle(line) :]):
            marked = _MARKED.match(part)
            if marked and marked[2] in names:
                found[names[marked[2]]] = marked[1]
    return found


def _middle(line: str) -> int:
    """Return the index at which the steps begin, behind the 64 cells of the flags; a Chinese character fills two."""
    cells = 0
    for index, character in enumerate(line):
        if cells >= 64:
            return index
        cells += 2 if ord(character) > 0x2E7F else 1
    return len(line)


class Counter:
    """One file of cases at which the program is killed again and again."""

    def __init__(self, path: Path, book: Book, dice: random.Random) -> None:
        self.path = path
        self.dice = dice
        self.signs = {sign.name.zh: name for name, sign in book.signs.items()}
        self.steps = {step.name.zh: name for name, step in book.steps.items()}
        self.number = ""
        self.answers: set[tuple[str, str]] = set()
        self.records: set[str] = set()
        self.answers_seen = 0
        self.records_seen = 0
        self.lost_at: float | None = None
        self.longest = LONGEST_SECONDS

    def play_until(self, blow: signal.Signals | None, *, fresh: bool) -> None:
        """Take the case up (or begin one), work on it, and let the blow fall at some moment; then look at the file.

        None takes the terminal away, without any signal of ours.
        """
        with Teller(self.path) as teller:
            teller.see("新案件")
            teller.press(*(("1",) if fresh else ("home", "enter")))
            teller.see("Esc 首页", "已保存")
            teller.rest(0.05)
            self.answers, self.records = set(), set()
            self.number = teller.find(r"案件 (\S+)")
            self._comes_back(teller)
            after = self.dice.uniform(0.02, self.longest)
            self.lost_at = None if blow else time.monotonic() + after
            timer = Timer(after, os.kill, (teller.pid, blow or 0))
            timer.start()
            with suppress(Gone):
                self._work(teller, fresh=fresh)
            timer.join()
            # Nobody can catch a kill; the others end the program as a shell expects it.
            assert teller.end() == (-blow if blow is signal.SIGKILL else 128 + (blow or signal.SIGHUP))
            self._look(teller)
            self._is_kept()

    def play_on(self, blow: signal.Signals, enough: Callable[[], bool]) -> None:
        """Let later and later blows fall until enough was seen: a busy machine gets nowhere in the usual time."""
        while not enough() and self.longest < MOST_SECONDS:
            self.longest *= 2
            self.play_until(blow, fresh=True)

    def _work(self, teller: Teller, *, fresh: bool) -> None:
        if fresh:
            teller.answer("对方自称公检法", "2", "[是]")
        while True:
            if self.dice.random() < 0.5 and teller.shows("▸ "):
                self._record(teller)
            for _ in range(self.dice.randint(1, 6)):
                way = self.dice.choice(("down", "down", "up"))
                # A burst, several keys at once, as they come over a slow line.
                Terminal.press(teller, way, self.dice.choice(("1", "2", "3", "0", "y", "n")))
                teller.rest(self.dice.uniform(0, 0.02))
            if self.dice.random() < 0.2:
                teller.press(self.dice.choice(("space", "backspace")))
            if not teller.pump(0):
                raise Gone("killed", teller.text())
            self._look(teller)
            if self.lost_at and time.monotonic() > self.lost_at:
                teller.hang_up()
                raise Gone("lost", teller.text())

    def _record(self, teller: Teller) -> None:
        teller.press("f6")
        teller.see("登记步骤")
        while "已办理" not in teller.at():
            before = teller.at()
            if before.startswith("["):
                teller.press("0")
            else:
                teller.press("enter")
                teller.see("回车确定，Esc取消")
                # An amount, a number and a time of day alike.
                teller.type("0801")
                teller.press("enter")
            teller.see_cursor_leave(before)
        teller.press("enter")
        teller.see("Esc 首页")

    def _case(self) -> Case:
        with Store.open(self.path) as store:
            return store.case(store.find(self.number))

    def _comes_back(self, teller: Teller) -> None:
        """The very answers and records of the file stand on the screen."""
        case = self._case()
        marks = read_marks(teller.lines(), self.signs)
        assert len(marks) > 10
        words = {"yes": "[是]", "no": "[否]"}
        for sign, mark in marks.items():
            reply = case.answers.get(sign)
            assert mark == (words[reply.value] if reply else "[  ]"), f"{sign}:\n{teller.text()}"
        # Of a list longer than the screen, what is seen of it.
        seen = read_marks(teller.lines(), self.steps).items()
        assert {step for step, mark in seen if mark == "[✓]"} == {step for step, _ in seen if step in case.steps}

    def _look(self, teller: Teller) -> None:
        """Keep in mind what the screen shows as saved."""
        marks = read_marks(teller.lines(), self.signs).items()
        self.answers |= {(sign, _VALUES[mark]) for sign, mark in marks if mark in _VALUES}
        self.records |= {step for step, mark in read_marks(teller.lines(), self.steps).items() if mark == "[✓]"}

    def _is_kept(self) -> None:
        """Every answer and record that the screen showed at any moment is in the file."""
        bodies = {kind: [e.body for e in self._case().history if e.kind is kind] for kind in EventKind}
        assert self.answers <= {(body["sign"], body.get("value")) for body in bodies[EventKind.ANSWERED]}
        assert self.records <= {body["step"] for body in bodies[EventKind.STEP_RECORDED]}
        self.answers_seen += len(self.answers)
        self.records_seen += len(self.records)


@pytest.mark.parametrize("kills", [6, pytest.param(20, marks=pytest.mark.long)])
def test_kills_lose_no_answer_that_was_shown_as_saved(path: Path, book: Book, kills: int) -> None:
    counter = Counter(path, book, random.Random(20261124))  # noqa: S311 (the moments of the kills)
    for number in range(kills):
        counter.play_until(signal.SIGKILL, fresh=number % ROUNDS_A_CASE == 0)
    counter.play_on(signal.SIGKILL, lambda: counter.answers_seen > 2 * kills and counter.records_seen > 0)
    assert counter.answers_seen > 2 * kills
    assert counter.records_seen > 0
    with Store.open(path) as store:
        assert sum(1 for _ in store.walk_chain()) == store.head().seq


@pytest.mark.parametrize("blow", [pytest.param(signal.SIGHUP, marks=pytest.mark.long), signal.SIGTERM])
def test_a_lost_terminal_or_a_shutdown_loses_no_answer_either(path: Path, book: Book, blow: signal.Signals) -> None:
    counter = Counter(path, book, random.Random(blow))  # noqa: S311 (the moments of the kills)
    for number in range(2):
        counter.play_until(blow, fresh=number == 0)
    counter.play_on(blow, lambda: counter.answers_seen > 0)
    assert counter.answers_seen > 0


@pytest.mark.long
def test_two_hundred_kills_hang_ups_and_lost_terminals_lose_nothing_shown_as_saved(path: Path, book: Book) -> None:
    counter = Counter(path, book, random.Random(20261126))  # noqa: S311 (the moments of the blows)
    for number in range(200):
        blow = counter.dice.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGHUP, None))
        counter.play_until(blow, fresh=number % ROUNDS_A_CASE == 0)
    assert counter.answers_seen > 200
    assert counter.records_seen > 20
    with Store.open(path) as store:
        assert sum(1 for _ in store.walk_chain()) == store.head().seq
