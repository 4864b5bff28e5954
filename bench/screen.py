"""The screen in a real terminal, each figure beside a minimal program in the same run: paint, key, bytes, memory.

`python -m bench.screen [CASES]` makes a file of invented cases (100,000 unless said otherwise; kept for the next run in
the folder for temporary files), plays at 120x36, and prints medians, 95th percentiles and ratios.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from uuid6 import uuid7

from assistant.case.events import Draft, EventKind
from assistant.store import Outlet, Store
from tests.terminal import Terminal

PYTHON: Final = sys.executable
COMMAND: Final = str(Path(PYTHON).with_name("assistant"))
RUNS: Final = 15
KEYS: Final = 60
BATCH: Final = 2_000
OPENED: Final = 1_763_870_400_000

SAME_LIBRARIES: Final = """
import os
os.environ.update(TEXTUAL_DISABLE_KITTY_KEY="1", TEXTUAL_ANIMATIONS="none", TEXTUAL_FPS="120")
import durable_rules_engine, sqlite3, uuid6, yaml
from pydantic import BaseModel
from textual.app import App
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.scroll_view import ScrollView
from textual.widgets import Input, Static
class Line(App):
    def compose(self):
        yield Static("one line", id="line")
    def key_a(self):
        self.query_one("#line", Static).update("after")
    def key_b(self):
        self.query_one("#line", Static).update("before")
Line().run()
"""


def fill(path: Path, cases: int) -> None:
    """Make a file of invented visits: all but the last few closed."""
    partial = path.with_suffix(".part")
    for leftover in (partial, partial.with_name(f"{partial.name}-journal")):
        leftover.unlink(missing_ok=True)
    with Store.create(partial, Outlet("9999", "测量网点（虚构数据）")) as store:
        for start in range(0, cases, BATCH):
            drafts = [draft for number in range(start, min(start + BATCH, cases)) for draft in visit(number, cases)]
            store.append_all(drafts)
    partial.rename(path)


def visit(number: int, cases: int) -> list[Draft]:
    """Return the moves of one invented visit."""
    case_id, at = str(uuid7()), OPENED + number * 60_000
    advice: dict[str, Any] = {"rulebook": "2026.11.1", "level": "ask", "steps": [{"id": "probe_questions"}]}
    moves: list[tuple[EventKind, dict[str, Any]]] = [
        (EventKind.OPENED, {"request": "transfer"}),
        (EventKind.MONEY_RECORDED, {"portion": 1, "state": "not_moved"}),
        (EventKind.ANSWERED, {"sign": "distressed", "value": "yes", "known": "seen"}),
        (EventKind.ADVISED, advice),
        (EventKind.CLOSED, {"outcome": "cleared", "at_risk": 0, "protected": 0, "lost": 0}),
    ]
    return [Draft(str(uuid7()), case_id, at, "bench", *move) for move in moves[: 4 if number >= cases - 3 else 5]]


def clock(act: Callable[[], object]) -> float:
    """Return how long `act` takes, in milliseconds."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def paint(argv: Sequence[str], text: str) -> float:
    """Return the time from the start of a program until `text` stands on its screen, in milliseconds."""

    def start() -> None:
        with Terminal(argv) as terminal:
            terminal.see(text)

    return clock(start)


def pairs(first: Callable[[], float], second: Callable[[], float], runs: int) -> tuple[list[float], list[float]]:
    """Measure two things in turn, the first round of each not counted."""
    measured = [(first(), second()) for _ in range(runs + 1)][1:]
    return [one for one, _ in measured], [other for _, other in measured]


def tell(name: str, ours: list[float], theirs: list[float], unit: str = "ms", goal: str = "") -> None:
    """Print one figure beside its yardstick."""
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    high = sorted(ours)[int(len(ours) * 0.95) - 1]
    print(
        f"{name:<34} {statistics.median(ours):8.1f} {unit} (p95 {high:.1f})"
        f"   yardstick {statistics.median(theirs):8.1f} {unit}   ratio {ratio:.2f}   {goal}"
    )


def key_times(terminal: Terminal, keys: Sequence[tuple[str, str]], runs: int) -> tuple[list[float], list[int]]:
    """Return, for keys pressed in turn, the times until their text stands on the screen, and the bytes each took."""
    times, sizes = [], []
    for number in range(runs):
        key, text = keys[number % len(keys)]
        terminal.rest(0.05)
        before = terminal.received
        start = time.perf_counter()
        terminal.press(key)
        terminal.see(text)
        times.append((time.perf_counter() - start) * 1000)
        terminal.rest(0.05)
        sizes.append(terminal.received - before)
    return times, sizes


def peak_memory(pid: int) -> float:
    """Return the most memory that a process has held, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def measure_keys(path: Path) -> None:
    """Time the answer to a red flag, from the key until the words of the finished advice stand on the screen."""
    with Terminal([COMMAND, "--db", str(path)]) as ours, Terminal([PYTHON, "-c", SAME_LIBRARIES]) as theirs:
        ours.see("9999-")
        theirs.see("one line")
        ours.press("1")
        ours.see("先看这些")
        # A page that has only just come up takes no blank.
        ours.rest(0.5)
        ours.press("o")
        answers = (("2", "暂不提交，暂停当前交易"), ("space", "没有待办步骤"))
        times, sizes = key_times(ours, answers, KEYS)
        yardstick, plain = key_times(theirs, (("a", "after"), ("b", "before")), KEYS)
        tell("key to finished advice", times, yardstick, goal="<= 50 ms, p95 <= 90")
        tell("bytes of one answer", [size / 1024 for size in sizes], [size / 1024 for size in plain], "KiB", "<= 6 KiB")
        memory, least = peak_memory(ours.pid), peak_memory(theirs.pid)
    tell("memory after it", [memory], [least], "MiB", "<= 70 MiB")


def main() -> int:
    """Print the figures."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    path = Path(tempfile.gettempdir()) / f"teller-bench-{cases}.db"
    if not path.exists():
        print(f"made {cases} cases in {clock(lambda: fill(path, cases)) / 1000:.0f} s")
    tell(
        "first paint of the home",
        *pairs(
            lambda: paint([COMMAND, "--db", str(path)], "核实询问"),
            lambda: paint([PYTHON, "-c", SAME_LIBRARIES], "one line"),
            RUNS,
        ),
        goal="ratio <= 1.3",
    )
    version, bare = pairs(
        lambda: clock(lambda: subprocess.run([COMMAND, "--version"], check=True, capture_output=True)),
        lambda: clock(lambda: subprocess.run([PYTHON, "-c", "pass"], check=True)),
        RUNS,
    )
    tell("--version", version, bare, goal="<= 80 ms over bare Python")
    measure_keys(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
