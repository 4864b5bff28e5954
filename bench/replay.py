"""How long two rulebooks take over a file of invented cases, no two alike, and over the same cases come ten times.

`python -m bench.replay [CASES [PROCESSES]]` makes the files (100,000 cases unless said otherwise; kept for the next run
in the folder for temporary files), changes a copy of the rulebook a little, and prints the seconds of each part.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from uuid6 import uuid7

from assistant.case.events import Draft, EventKind, Outcome
from assistant.replay.comparison import replay
from assistant.replay.stories import find_source, hash_file
from assistant.store import Outlet, Store
from assistant.store.schema import SCHEMA_VERSION
from rules.facts import Facts
from rules.loading import load_book
from rules.model import Book
from tests.rules.visits import Chance

LIMIT_SECONDS: Final = 60
OPENED: Final = 1_763_870_400_000
BATCH: Final = 2_000
MOST_STEPS: Final = 3

_T = TypeVar("_T")


def fill(path: Path, cases: int, book: Book, repeats: int) -> None:
    """Make a file of closed cases, each visit coming `repeats` times."""
    partial = path.with_suffix(".part")
    partial.unlink(missing_ok=True)
    chance, draw = Chance(book, 1), random.Random(1)  # noqa: S311 (invented cases need no secrecy)
    visits = (visit for visit in iter(chance.visit, None) for _ in range(repeats))
    with Store.create(partial, Outlet("9999", "测量网点（虚构数据）")) as store:
        for start in range(0, cases, BATCH):
            batch = range(start, min(start + BATCH, cases))
            store.append_all([draft for number in batch for draft in make_case(number, next(visits), book, draw)])
    partial.rename(path)
    for left in path.parent.glob(f"{partial.name}*"):
        left.unlink()


def make_case(number: int, facts: Facts, book: Book, draw: random.Random) -> Iterator[Draft]:
    """Yield the moves of a case that ends with these facts, with at most three steps among them."""
    case_id, at = str(uuid7()), OPENED + number * 60_000
    for kind, body, private in (*list_moves(facts, book), *list_steps(facts, draw)):
        at += draw.randrange(1_000, 60_000)
        yield Draft(str(uuid7()), case_id, at, "bench", kind, body, private)


def list_moves(facts: Facts, book: Book) -> Iterator[tuple[EventKind, dict[str, Any], dict[str, str]]]:
    """Yield the moves by which the facts become known."""
    requests = sorted(facts.requests) or list(book.requests)[:1]
    yield EventKind.OPENED, {"request": requests[0]}, {}
    if len(requests) > 1:
        yield EventKind.REQUESTED, {"requests": requests}, {}
    for place, portion in enumerate(facts.money, 1):
        parts = {name: getattr(portion, name) for name in ("state", "amount", "when", "paid_from", "payee")}
        yield EventKind.MONEY_RECORDED, {"portion": place} | {k: v for k, v in parts.items() if v is not None}, {}
    for sign, reply in facts.answers.items():
        yield EventKind.ANSWERED, {"sign": sign, "value": reply.value, "known": reply.known}, {}
    for fact, reply in facts.accounts.items():
        yield EventKind.ACCOUNT_ANSWERED, {"fact": fact, "value": reply.value, "known": reply.known}, {}
    if facts.age:
        yield EventKind.AGE_NOTED, {"band": facts.age}, {}
    for clearing in sorted(facts.clearings):
        yield EventKind.CLEARED, {"clearing": clearing}, {"by": "虚构", "how": "虚构"}


def list_steps(facts: Facts, draw: random.Random) -> Iterator[tuple[EventKind, dict[str, Any], dict[str, str]]]:
    """Yield an advice, what became of some of its steps, and an ending drawn by lot."""
    steps = dict(list(facts.steps.items())[:MOST_STEPS])
    advice = {"rulebook": "2026.11.1", "level": "ask", "steps": [{"id": step} for step in steps]}
    yield EventKind.ADVISED, advice, {}
    for step, outcome in steps.items():
        yield EventKind.STEP_RECORDED, {"step": step, "outcome": outcome, "reason": "does_not_fit"}, {}
    ending = draw.choice(list(Outcome))
    yield EventKind.CLOSED, {"outcome": ending, "at_risk": 0, "protected": 0, "lost": 0}, {}


def change(book: Book) -> Book:
    """Return the book with its first reason to hold deleted."""
    rules = dict(book.level_rules)
    del rules[next(name for name, rule in rules.items() if rule.level == "hold")]
    return book.model_copy(update={"level_rules": rules})


def clock(work: Callable[[], _T]) -> tuple[float, _T]:
    """Return how many seconds `work` takes, and what it gives."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def measure(path: Path, old: Book, new: Book, processes: int | None) -> float:
    """Print what a replay over the file takes and return it in seconds.

    The seconds of all processors together tell what a machine that does nothing else would need.
    """
    hashing, digest = clock(lambda: hash_file(path))
    worked = read_processors()
    seconds, counts = clock(lambda: replay(find_source(path), old, new, lambda done, total: None, processes=processes))
    worked = read_processors() - worked
    assert hash_file(path) == digest
    whole = seconds + 2 * hashing
    changes = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.differences.items()))
    print(f"{path.name}: {counts.cases} cases, {path.stat().st_size / 2**20:.0f} MiB; {changes}")
    print(f"  {whole:.1f} s with both hashes (limit {LIMIT_SECONDS} s); {worked:.1f} s of the processors")
    return whole


def read_processors() -> float:
    """Return the seconds that this process and those it waited for have spent on processors."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> int:
    """Print the figures; exit status 1 when one is above its limit."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else None
    old = load_book()
    new, slowest = change(old), 0.0
    for repeats, name in ((1, "unlike"), (10, "alike")):
        path = Path(tempfile.gettempdir()) / f"teller-replay-{SCHEMA_VERSION}-{name}-{cases}.db"
        if not path.exists():
            seconds, _ = clock(lambda path=path, repeats=repeats: fill(path, cases, old, repeats))  # type: ignore[misc]
            print(f"made {path.name} in {seconds:.0f} s")
        slowest = max(slowest, measure(path, old, new, processes))
    return 0 if slowest <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
