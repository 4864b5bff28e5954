"""How fast a million cases leave as tables, beside Python's own modules writing the same rows in the same run.

`python -m bench.export [CASES [FORMAT ...]]` makes the file (kept for the next run in the folder for temporary files; a
million cases take some ten minutes), and then, in turns and each in a program of its own, has the cases written by this
program and by a plain loop: `SELECT` and the csv module, `SELECT` and the json module, `SELECT` and XlsxWriter with
constant memory (of a tenth of the cases). It prints the processor's time and the clock's, the ratio of the least of
several runs, and by how much the memory grew above a program that has only opened the file. Exit status 1 when a goal
is missed.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Final

from assistant.sealing.keyplaces import KEY_VARIABLE
from bench.invented import KEY, find_file

CASES: Final = 1_000_000
ROUNDS: Final = 5
RATIO: Final = 1.3
MEMORY_MIB: Final = 80
FORMS: Final = ("csv", "ndjson", "xlsx", "json", "parquet")
SHARE: Final = {"xlsx": 10}
"""Of which only a part of the cases is written: one in so many."""
COLUMNS: Final = (
    "case_id, number, opened_at, changed_at, opened_by, state, keeping, request, level, typologies, next_step, due_at, "
    "called_at, amount_fen, outcome, at_risk_fen, protected_fen, lost_fen, traits, review, reviewer, events"
)


def write_plainly(path: Path, form: str, limit: int, target: Path) -> int:
    """Write the cases as a plain loop does and return how many there are."""
    raw = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    rows = raw.execute(f"SELECT {COLUMNS} FROM cases ORDER BY opened_seq DESC LIMIT ?", (limit,))  # noqa: S608
    names = COLUMNS.split(", ")
    if form == "csv":
        with target.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows(rows)
    elif form == "ndjson":
        with target.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(dict(zip(names, row, strict=True))) + "\n")
    else:
        from xlsxwriter import Workbook

        with Workbook(str(target), {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, names)
            for line, row in enumerate(rows, start=1):
                sheet.write_row(line, 0, row)
    return limit


def write_ours(path: Path, form: str, limit: int, target: Path) -> int:
    """Have the cases leave as the command has them leave, all but for the event, and return how many there are."""
    from assistant.cli.rulebook import read_book
    from assistant.desk import Desk
    from assistant.export.delivery import Delivered, Target, Written
    from assistant.export.stamp import make_stamp
    from assistant.export.tables import making
    from assistant.export.tables.columns import USUAL
    from assistant.export.tables.layout import TableForm
    from assistant.register.filters import EVERYTHING, Filter
    from assistant.store import Store
    from rules.language import Language
    from rules.names import Shelf

    def deliver(desk: Desk, order: Any, target: Target, write: Callable[[Any, BinaryIO], Written]) -> Delivered:
        stamp = make_stamp(desk, order)
        assert target.path is not None
        with target.path.open("w+b") as file:
            written = write(stamp, file)
        return Delivered(stamp, written.count, "", 0)

    # The file is kept for the next run, and every event would change it.
    making.deliver = deliver  # type: ignore[attr-defined]
    with Store.open(path, read_only=True) as store:
        desk = Desk(store, Shelf(), "10001")
        book = read_book(store, Language.ZH)
        wanted = EVERYTHING
        if limit < store.count_cases():
            (first,) = (
                sqlite3.connect(path)
                .execute(
                    "SELECT min(opened_at) FROM (SELECT opened_at FROM cases ORDER BY opened_seq DESC LIMIT ?)",
                    (limit,),
                )
                .fetchone()
            )
            wanted = Filter(since=first)
        idle, start, busy = read_memory(), time.perf_counter(), time.process_time()
        query = making.TableQuery(wanted, USUAL, TableForm(form), Language.ZH)
        count = making.export_cases(desk, query, (book,), Target(path=target)).count
        tell(time.perf_counter() - start, time.process_time() - busy, count, read_memory() - idle)
    return count


def read_memory() -> int:
    """Return the most that this process ever held in memory, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def tell(wall: float, busy: float, count: int, memory: int) -> None:
    """Print what was measured for the program that asked."""
    print(json.dumps({"wall": wall, "busy": busy, "count": count, "memory": memory}))


def run_alone(path: Path, form: str, whose: str, limit: int) -> dict[str, float]:
    """Return what a program of its own measured of one way to write."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.export", "--one", str(path), form, whose, str(limit)],
        capture_output=True,
        check=True,
    )
    measured: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return measured


def measure_one(path: Path, form: str, whose: str, limit: int) -> None:
    """Write in this program and print what it took."""
    with tempfile.TemporaryDirectory(prefix="assistant-export") as folder:
        target = Path(folder) / f"cases.{form}"
        if whose == "ours":
            write_ours(path, form, limit, target)
            return
        idle, start, busy = read_memory(), time.perf_counter(), time.process_time()
        count = write_plainly(path, form, limit, target)
        tell(time.perf_counter() - start, time.process_time() - busy, count, read_memory() - idle)


def compare(path: Path, form: str, cases: int) -> bool:
    """Measure a format in turns with the plain loop, if there is one; print the line and tell whether goals are met."""
    limit = cases // SHARE.get(form, 1)
    plain = form in ("csv", "ndjson", "xlsx")
    runs: dict[str, list[dict[str, float]]] = {"ours": [], "plain": []}
    for turn in range(ROUNDS):
        order = ("ours", "plain") if turn % 2 else ("plain", "ours")
        for whose in order:
            if whose == "ours" or plain:
                runs[whose].append(run_alone(path, form, whose, limit))
    ours, memory = find_least(runs["ours"], "busy"), max(run["memory"] for run in runs["ours"]) / 1024
    met = memory <= MEMORY_MIB
    line = f"{form:<8} {runs['ours'][0]['count']:>9,.0f} cases  ours {ours:6.2f} s"
    line += f" (clock {find_least(runs['ours'], 'wall'):6.2f})  {runs['ours'][0]['count'] / ours:>9,.0f}/s"
    if plain:
        theirs = find_least(runs["plain"], "busy")
        met = met and ours / theirs <= RATIO
        line += f"  plain {theirs:6.2f} s (clock {find_least(runs['plain'], 'wall'):6.2f})"
        line += f"  ratio {ours / theirs:.2f} (goal {RATIO})"
    print(f"{line}  memory +{memory:.0f} MiB (goal {MEMORY_MIB})  {'met' if met else 'MISSED'}", flush=True)
    return met


def find_least(runs: list[dict[str, float]], name: str) -> float:
    """Return the least of one measure: whatever else this machine does only ever adds to it."""
    return min(run[name] for run in runs)


def main(arguments: list[str]) -> int:
    """Print a line for each format; exit status 1 when a goal is missed."""
    os.environ[KEY_VARIABLE] = KEY
    if arguments[:1] == ["--one"]:
        measure_one(Path(arguments[1]), arguments[2], arguments[3], int(arguments[4]))
        return 0
    cases = int(arguments[0]) if arguments else CASES
    # In a program of its own: the memory that it takes is not that of the export.
    subprocess.run([sys.executable, "-m", "bench.invented", str(cases)], check=True)
    path = find_file(cases)
    return 0 if all([compare(path, form, cases) for form in arguments[1:] or FORMS]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
