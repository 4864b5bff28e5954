"""How long the supervisor's list takes among a thousand, a hundred thousand and a million cases, beside bare sqlite3.

`python -m bench.audit [CASES ...]` makes the files (kept for the next run in the folder for temporary files; a million
cases take half an hour), asks each question several times in an order that is drawn, and prints for each group the
median, the 95th percentile of all answers, the worst question's own 95th percentile, and the goal. Exit status 1 when a
goal is missed. `CASES` may be the path of a file as well.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Final, TypeAlias

from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState
from assistant.case.traits import Trait
from assistant.particulars.fields import Field
from assistant.people.permissions import State
from assistant.register.filters import EVERYTHING, Filter
from assistant.register.scope import WHOLE, Scope
from assistant.sealing.keyplaces import KEY_VARIABLE
from assistant.store import Store
from assistant.store.connection import Connection
from assistant.store.keys import MasterKeys
from assistant.store.listing import Question, list_page
from assistant.store.seals import Seals
from bench.append import clock
from bench.invented import COMMON, FIRST, KEY, RARE, TELLERS, TYPOLOGIES, YEARS_MS, find_file, write_phone
from rules.facts import Level

COUNTS: Final = (1_000, 100_000, 1_000_000)
ROUNDS: Final = 5
COMBINATIONS: Final = 200
NOW: Final = FIRST + YEARS_MS
DAY: Final = 86_400_000
SUPERVISOR: Final = Scope(frozenset({State.OPEN, State.CLOSED, State.ERASED}))
A_TELLER: Final = Scope(frozenset({State.OPEN}), frozenset({State.CLOSED}), TELLERS[-1], frozenset({"str_referral"}))

Answer: TypeAlias = Callable[[], object]


@dataclass(frozen=True)
class Group:
    """Questions with one goal: 95 of 100 answers within so many milliseconds."""

    name: str
    goal: float
    questions: tuple[tuple[str, Answer], ...]


class Desk:
    """The file as it is asked."""

    def __init__(self, path: Path) -> None:
        self.store = Store.open(path, read_only=True)
        self._connection = Connection(path, read_only=True)
        with self._connection.reading() as raw:
            db_id, key_check = raw.execute("SELECT db_id, key_check FROM meta").fetchone()
            (self.newest,) = raw.execute("SELECT max(opened_seq) FROM cases").fetchone()
        self._seals = Seals(lambda: MasterKeys().keyring.load(db_id, key_check))

    def ask(self, wanted: Filter, scope: Scope = WHOLE, before: int | None = None) -> Answer:
        """Return what answers a question by a page of fifty cases."""
        return lambda: list_page(self._connection.reading, self._seals, Question(wanted, NOW, scope, before))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        self.store.close()


def list_singles() -> Iterator[tuple[str, Filter]]:
    """Yield each filter of one part, with values that are common, rare, or not there."""
    for days in (1, 7, 30, 365):
        yield f"last {days} days", Filter(since=NOW - days * DAY)
        yield f"{days} days and more ago", Filter(until=NOW - days * DAY)
    yield "a week two years ago", Filter(since=NOW - 730 * DAY, until=NOW - 723 * DAY)
    yield "first day", Filter(until=FIRST + DAY)
    for teller in (*TELLERS, "nobody"):
        yield f"teller {teller}", Filter(tellers=frozenset({teller}))
    yield "two tellers", Filter(tellers=frozenset(TELLERS[-2:]))
    for state in CaseState:
        yield state, Filter(state=state)
    for level in Level:
        yield level, Filter(levels=frozenset({level}))
    yield "hold or police", Filter(levels=frozenset({Level.HOLD, Level.POLICE}))
    for typology in (*TYPOLOGIES, "unheard_of"):
        yield typology, Filter(typologies=frozenset({typology}))
    for outcome in Outcome:
        yield outcome, Filter(outcomes=frozenset({outcome}))
    for yuan in (0, 1_000, 10_000, 50_000, 500_000, 2_000_000, 10**9):
        yield f"amount >= {yuan}", Filter(least_fen=yuan * 100)
        yield f"amount <= {yuan}", Filter(most_fen=yuan * 100)
    yield "overdue", Filter(overdue=True)
    yield "called", Filter(called=True)
    for trait in Trait:
        yield trait, Filter(traits=frozenset({trait}))
    for standing in Standing:
        yield f"review {standing}", Filter(reviews=frozenset({standing}))


def list_saved() -> Iterator[tuple[str, Filter]]:
    """Yield what a supervisor, a compliance officer and an auditor may keep."""
    yield "to review", Filter(reviews=frozenset({Standing.DUE, Standing.ANSWERED}))
    yield "sent back", Filter(reviews=frozenset({Standing.RETURNED}))
    yield "open, overdue", Filter(state=CaseState.OPEN, overdue=True)
    yield "police this week", Filter(levels=frozenset({Level.POLICE}), since=NOW - 7 * DAY)
    yield "losses of a month", Filter(traits=frozenset({Trait.LOSS}), since=NOW - 30 * DAY)
    yield "overrides above 50,000", Filter(traits=frozenset({Trait.OVERRIDE}), least_fen=5_000_000)
    yield "released though held", Filter(levels=frozenset({Level.HOLD}), outcomes=frozenset({Outcome.CLEARED}))
    yield "emergencies", Filter(traits=frozenset({Trait.EMERGENCY}))
    yield "a teller's overrides", Filter(tellers=frozenset({TELLERS[3]}), traits=frozenset({Trait.OVERRIDE}))
    yield "mules not reported", Filter(typologies=frozenset({"mule"}), outcomes=frozenset({Outcome.LEFT}))
    yield "large and unresolved", Filter(least_fen=50_000_000, outcomes=frozenset({Outcome.UNRESOLVED}))
    yield "late, last quarter", Filter(traits=frozenset({Trait.LATE}), since=NOW - 91 * DAY)


def draw_combination(draw: random.Random) -> Filter:
    """Return a filter of two parts to six."""
    singles = [wanted for _, wanted in list_singles()]
    found = EVERYTHING
    for part in draw.sample(singles, draw.randrange(2, 7)):
        given = {
            name: getattr(part, name) for name in Filter.__slots__ if getattr(part, name) != getattr(EVERYTHING, name)
        }
        found = replace(found, **given)
    return found


def list_groups(desk: Desk, path: Path) -> Iterator[Group]:
    """Yield everything that is asked."""
    bare = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    newest = "SELECT * FROM cases ORDER BY opened_seq DESC LIMIT 50"
    draw = random.Random(3)  # noqa: S311 (nothing here is secret)

    def ask_all(named: Iterable[tuple[str, Filter]], scope: Scope = SUPERVISOR) -> tuple[tuple[str, Answer], ...]:
        return tuple((name, desk.ask(wanted, scope)) for name, wanted in named)

    yield Group("bare sqlite3, newest 50", 100, (("", lambda: bare.execute(newest).fetchall()),))
    yield Group("first page", 100, (("", desk.ask(EVERYTHING, SUPERVISOR)),))
    yield Group("first page of a teller", 100, (("", desk.ask(EVERYTHING, A_TELLER)),))
    places = [draw.randrange(desk.newest) for _ in range(50)]
    yield Group("deep pages", 100, tuple((str(at), desk.ask(EVERYTHING, SUPERVISOR, at)) for at in places))
    yield Group("single filters", 100, ask_all(list_singles()))
    yield Group("single filters of a teller", 100, ask_all(list_singles(), A_TELLER))
    yield Group("saved filters", 100, ask_all(list_saved()))
    drawn = [(str(wanted), wanted) for wanted in (draw_combination(draw) for _ in range(COMBINATIONS))]
    yield Group("combinations", 500, ask_all(drawn))
    words = (*COMMON, RARE, "户账", "安全户账", "转公安", "麒麟瑞兽", "安全账户转账", "核实劝阻")
    yield Group("texts", 200, ask_all((word, Filter(words=(word,))) for word in words))
    within = (Filter(words=(COMMON[0],), levels=frozenset({level})) for level in Level)
    yield Group("texts in a combination", 500, ask_all((str(wanted), wanted) for wanted in within))
    phones = [write_phone(draw.randrange(200_000)) for _ in range(30)]
    yield Group("by phone", 100, tuple((phone, finding(desk, phone)) for phone in phones))
    yield Group("by last digits", 100, tuple((phone, finding_digits(desk, phone[-4:])) for phone in phones))


def finding(desk: Desk, phone: str) -> Answer:
    """Return what looks up a phone number."""
    return lambda: desk.store.find_same(Field.PHONE, phone)


def finding_digits(desk: Desk, digits: str) -> Answer:
    """Return what looks up last digits."""
    return lambda: desk.store.find_last_digits(digits)


def measure(group: Group, draw: random.Random) -> bool:
    """Ask all questions of a group several times, print the line, and tell whether the goal is met."""
    rounds = max(ROUNDS, 40 // len(group.questions))
    order = [question for question in group.questions for _ in range(rounds)]
    draw.shuffle(order)
    times: dict[str, list[float]] = {}
    for name, answer in order:
        times.setdefault(name, []).append(clock(answer))
    every = [time for some in times.values() for time in some]
    slowest = max(times, key=lambda name: median(times[name]))
    reached = quantiles(every, n=20)[-1]
    met = reached <= group.goal
    print(
        f"{group.name:<28} {len(times):>4} questions  median {median(every):8.2f}  p95 {reached:8.2f}  "
        f"most {max(every):8.2f}  goal {group.goal:>4.0f} ms {'met' if met else 'MISSED':<6}  "
        f"slowest: {slowest[:90]} {median(times[slowest]):.1f}",
        flush=True,
    )
    return met


def read_memory() -> int:
    """Return the most that this process ever held in memory, in MiB."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


def main(arguments: list[str]) -> int:
    """Print the lines of each file; exit status 1 when a goal is missed."""
    os.environ[KEY_VARIABLE] = KEY
    met = True
    for given in arguments or map(str, COUNTS):
        if given.isdigit():
            # In a program of its own: the memory that it takes is not that of the list.
            subprocess.run([sys.executable, "-m", "bench.invented", given], check=True)
        path = find_file(int(given)) if given.isdigit() else Path(given).absolute()
        with closing(Desk(path)) as desk:
            print(f"\n{path.name}, {path.stat().st_size / 2**20:.0f} MiB, memory {read_memory()} MiB")
            draw = random.Random(1)  # noqa: S311 (nothing here is secret)
            met = all([measure(group, draw) for group in list_groups(desk, path)]) and met
            print(f"memory at most {read_memory()} MiB")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
