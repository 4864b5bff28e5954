"""How much saving one answer costs beside the same rows put into bare sqlite3 with the same durability, in one run."""

from __future__ import annotations

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

from assistant.case.events import Draft, EventKind
from assistant.store import Outlet, Store
from assistant.store.cases import COLUMNS
from assistant.store.connection import choose_journal
from assistant.store.schema import EVENTS, EVENTS_BY_CASE, PRIVATE_TEXTS, REGISTER, REGISTER_INDEXES, SUBJECT_KEYS

LIMIT: Final = 1.5
ANSWERS_A_CASE: Final = 20
_EVENT: Final = "SELECT seq, id, case_id, at, actor, kind, body, prev, hash FROM events WHERE seq = ?"
_TEXTS: Final = "SELECT seq, field, sealed FROM private_texts WHERE seq = ?"
_KEY: Final = "SELECT subject, wrapped FROM subject_keys WHERE subject = ?"
_COLUMNS: Final = (*COLUMNS, "marks")
CASE: Final = f"SELECT {', '.join(_COLUMNS)} FROM cases WHERE case_id = ?"  # noqa: S608 - own names
_OPEN: Final = f"INSERT INTO cases ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_CHANGE: Final = "UPDATE cases SET changed_at = ?, events = ? WHERE opened_seq = ?"
"""What an answer changes in the row of its case."""


def open_bare(path: Path) -> sqlite3.Connection:
    """Return a bare connection with the same tables, indexes, journal and syncing, and none of the guards or checks."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute(f"PRAGMA journal_mode = {choose_journal(sqlite3.sqlite_version_info)}")
    raw.execute("PRAGMA synchronous = FULL")
    for statement in (EVENTS, EVENTS_BY_CASE, PRIVATE_TEXTS, SUBJECT_KEYS, REGISTER, *REGISTER_INDEXES):
        raw.execute(statement)
    return raw


def insert_bare(
    raw: sqlite3.Connection, events: list[Any], texts: list[Any], keys: list[Any], case: tuple[Any, ...]
) -> None:
    """Put the rows of one saved move into the bare file, in one transaction; `case` is the row as it is afterwards, and
    `keys` the key of the case, if it is not there yet."""
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", events)
    raw.executemany("INSERT INTO private_texts VALUES (?, ?, ?)", texts)
    raw.executemany("INSERT OR IGNORE INTO subject_keys VALUES (?, ?)", keys)
    columns = dict(zip(_COLUMNS, case, strict=True))
    if columns["events"] == len(events):
        raw.execute(_OPEN, case)
    else:
        changed = raw.execute(_CHANGE, (columns["changed_at"], columns["events"], columns["opened_seq"])).rowcount
        if changed != 1:
            raise RuntimeError(changed)
    raw.execute("COMMIT")


def make_draft(turn: int, case_id: str) -> Draft:
    """Return the next move of an invented case: its opening, then answers, each with a note of the teller."""
    private = {"note": f"客户称对方自称公安，第{turn}次询问"}
    if turn % ANSWERS_A_CASE == 0:
        kind, body = EventKind.OPENED, {"request": "transfer"}
    else:
        kind, body = EventKind.ANSWERED, {"sign": f"sign_{turn % ANSWERS_A_CASE}", "value": "yes", "known": "seen"}
    return Draft(str(uuid6.uuid7()), case_id, time.time_ns() // 1_000_000, "teller", kind, dict(body), private)


def clock(work: Callable[[], object]) -> float:
    """Return how many milliseconds `work` takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure(folder: Path, turns: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each append and of each bare insert of the same rows, taken in turns."""
    ours, bare = [], []
    twin = open_bare(folder / "bare.db")
    with Store.create(folder / "cases.db", Outlet("0312", "示范网点")) as store:
        reader = sqlite3.connect(folder / "cases.db", isolation_level=None)
        case_id = ""
        for turn in range(turns):
            case_id = str(uuid6.uuid7()) if turn % ANSWERS_A_CASE == 0 else case_id
            draft = make_draft(turn, case_id)
            ours.append(clock(partial(store.append, draft)))
            event = reader.execute(_EVENT, (turn + 1,)).fetchone()
            texts = reader.execute(_TEXTS, (turn + 1,)).fetchall()
            keys = reader.execute(_KEY, (case_id,)).fetchall()
            case = reader.execute(CASE, (case_id,)).fetchone()
            bare.append(clock(partial(insert_bare, twin, [event], texts, keys, case)))
        reader.close()
    twin.close()
    return ours, bare


def main() -> int:
    """Print both medians and their ratio; exit status 1 when the ratio is above its limit."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = measure(Path(folder), turns)
    ratio = median(ours) / median(bare)
    for name, times in (("append", ours), ("bare sqlite3", bare)):
        print(f"{name:<14} median {median(times):.3f} ms  p99 {quantiles(times, n=100)[98]:.3f} ms  ({turns} saves)")
    print(f"{'ratio':<14} {ratio:.2f}  (limit {LIMIT})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
