"""A program that is told to end, or killed, while it makes a table: what it had begun is put away, at once or by the
next export."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from xlsxwriter import Workbook

from assistant.case.subjects import EXPORT
from assistant.export.tables.layout import TableForm
from assistant.store import Store
from tests.export.tables.conftest import Counter

ROOT: Final = Path(__file__).parents[3]
PROGRAM: Final = """\
import os, sys
from xlsxwriter import Workbook
from assistant.cli import main
from assistant.export.tables.rows import Rows

number, words, read, close = int(sys.argv[1]), sys.argv[2:], Rows.read, Workbook.close

def read_and_stop(self, up_to):
    yield from read(self, up_to)
    if "xlsx" not in words:
        os.kill(os.getpid(), number)

def close_and_stop(self):
    # By now all rows wait in files.
    os.kill(os.getpid(), number)
    close(self)

Rows.read, Workbook.close = read_and_stop, close_and_stop
sys.exit(main(words))
"""
"""The command `assistant`, which gets a signal when all cases are read and the table is not yet whole."""


def stop(counter: Counter, number: int, form: TableForm, target: str) -> subprocess.CompletedProcess[bytes]:
    """Have a table made by a program that gets a signal meanwhile; what is to wait on the disk waits in the folder."""
    words = ["export", "cases", "--format", form, "-o", target, "--db", str(counter.path)]
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(int(number)), *words],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(counter.folder), "PYTHONUTF8": "1"},
        capture_output=True,
        timeout=60,
    )


def count_exports(counter: Counter) -> int:
    with Store.open(counter.path) as store:
        return len(store.read_log(EXPORT))


@pytest.mark.parametrize(
    ("number", "form", "name"),
    [
        (signal.SIGTERM, TableForm.XLSX, "cases.xlsx"),
        (signal.SIGHUP, TableForm.XLSX, "-"),
        (signal.SIGHUP, TableForm.CSV, "cases.csv"),
        (signal.SIGINT, TableForm.PARQUET, "cases.parquet"),
    ],
)
def test_told_to_end_it_leaves_nothing_and_says_how_it_ended(
    counter: Counter, number: signal.Signals, form: TableForm, name: str
) -> None:
    run = stop(counter, number, form, name if name == "-" else str(counter.folder / name))
    assert (run.returncode, run.stdout, run.stderr) == (128 + number, b"", b"")
    assert counter.left() == set()
    assert count_exports(counter) == 0


def test_with_hangups_ignored_it_goes_on_to_the_end(counter: Counter) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        run = stop(counter, signal.SIGHUP, TableForm.XLSX, str(counter.folder / "cases.xlsx"))
    finally:
        signal.signal(signal.SIGHUP, before)
    assert run.returncode == 0, run.stderr
    assert counter.left() == {"cases.xlsx"}


@pytest.mark.parametrize("name", ["cases.xlsx", "-"])
def test_what_a_program_that_was_killed_left_the_next_export_deletes(
    counter: Counter, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = name if name == "-" else str(counter.folder / name)
    assert stop(counter, signal.SIGKILL, TableForm.XLSX, target).returncode == -signal.SIGKILL
    held = [path for path in counter.folder.iterdir() if path.is_dir()]
    assert [oct(path.stat().st_mode & 0o777) for path in held] == ["0o700"]
    assert len(list(held[0].iterdir())) > 1
    monkeypatch.setattr("tempfile.tempdir", str(counter.folder))
    assert counter.give("export", "cases", "--format", "xlsx", "-o", target).status == 0
    left = {path.name for path in counter.folder.iterdir() if path.is_dir() or path.stat().st_size}
    assert left == {name} - {"-"}


def test_what_another_program_still_needs_is_left_alone(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    close = Workbook.close
    seen: list[set[str]] = []

    def close_later(book: Workbook) -> None:
        if not seen:
            seen.append(counter.left())
            counter.export("between.csv")
        close(book)

    monkeypatch.setattr(Workbook, "close", close_later)
    counter.export("cases.xlsx")
    assert len(seen[0]) == 2
    assert counter.left() == {"cases.xlsx", "between.csv", "between.csv.stamp.json"}


def test_a_disk_that_is_full_at_the_very_end_is_told_as_such(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workbook, "_store_workbook", fill_disk)
    said = counter.give("export", "cases", "--format", "xlsx", "-o", "cases.xlsx", "--lang", "en")
    assert (said.status, counter.left()) == (3, set())
    assert "the disk is full" in said.err
    assert count_exports(counter) == 0


FILLED: Final = """\
import resource, sys
from xlsxwriter import Workbook
from assistant.cli import main

close = Workbook.close

def fill_and_close(self):
    # By now all rows wait in files; the package is longer.
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    close(self)

Workbook.close = fill_and_close
sys.exit(main(sys.argv[1:]))
"""
"""The command `assistant` on a disk that takes no more of a workbook than its beginning."""


def test_a_disk_that_is_full_amid_a_workbook_is_told_in_one_sentence(counter: Counter) -> None:
    words = ["export", "cases", "--format", "xlsx", "-o", str(counter.folder / "cases.xlsx"), "--db", str(counter.path)]
    run = subprocess.run([sys.executable, "-c", FILLED, *words], cwd=ROOT, capture_output=True, timeout=60)
    assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (3, b"", 1), run.stderr
    assert "文件超过了允许的大小" in run.stderr.decode()
    assert counter.left() == set()
    assert count_exports(counter) == 0


def fill_disk(book: Workbook) -> None:
    raise OSError(28, os.strerror(28))
