"""Invented moves, a new file for each test, and the ways in which a machine can be unkind to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import uuid6

from assistant.case.events import Draft, Event, EventKind
from assistant.store import Outlet, Store

ROOT: Final = Path(__file__).parents[2]
NOON: Final = 1_763_870_400_000
"""2025-11-23 12:00 in Shanghai."""


class Moves:
    """Makes the drafts of an invented visit, each with a fresh id and a minute after the one before."""

    def __init__(self) -> None:
        self.now = NOON
        self.case_id = str(uuid6.uuid7())

    def new_case(self) -> str:
        """Let the next moves be those of another case and return its id."""
        self.case_id = str(uuid6.uuid7())
        return self.case_id

    def make(self, kind: EventKind, body: Mapping[str, Any], private: Mapping[str, str] | None = None) -> Draft:
        """Return any move."""
        self.now += 60_000
        return Draft(str(uuid6.uuid7()), self.case_id, self.now, "teller", kind, body, private or {})

    def open(self) -> Draft:
        """Return the opening of the case."""
        return self.make(EventKind.OPENED, {"request": "transfer"})

    def answer(self, sign: str = "on_phone", value: str = "yes") -> Draft:
        """Return an answered red flag."""
        return self.make(EventKind.ANSWERED, {"sign": sign, "value": value, "known": "seen"})

    def note(self, text: str) -> Draft:
        """Return a note, which is private."""
        return self.make(EventKind.NOTED, {}, {"note": text})

    def advise(self, step: str, *, gates: bool = True) -> Draft:
        """Return the advice of one step."""
        return self.make(EventKind.ADVISED, {"rulebook": "1", "level": "hold", "steps": [{"id": step, "gates": gates}]})

    def record(self, step: str, private: Mapping[str, str] | None = None) -> Draft:
        """Return a step recorded as done."""
        return self.make(EventKind.STEP_RECORDED, {"step": step, "outcome": "done"}, private)

    def close(self) -> Draft:
        """Return the closing of the case."""
        return self.make(EventKind.CLOSED, {"outcome": "intercepted", "at_risk": 500, "protected": 500, "lost": 0})


@pytest.fixture
def moves() -> Moves:
    return Moves()


@pytest.fixture
def outlet() -> Outlet:
    return Outlet("0312", "示范网点")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def store(path: Path, outlet: Outlet) -> Iterator[Store]:
    with Store.create(path, outlet) as opened:
        yield opened


@pytest.fixture
def visit(path: Path, outlet: Outlet, moves: Moves) -> tuple[Event, ...]:
    """A file that holds one case of eight events and is closed again."""
    with Store.create(path, outlet) as opened:
        return opened.append_all(
            [
                moves.open(),
                moves.answer("on_phone"),
                moves.answer("secrecy"),
                moves.note("客户神情紧张"),
                moves.advise("call_110"),
                moves.record("call_110", {"reference": "J3101-77"}),
                moves.answer("remote_app", "no"),
                moves.close(),
            ]
        )


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that other users of the machine may enter, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file behind the product's back, with its guards lifted, and put them back afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _, sql in guards:
            raw.execute(sql)


@pytest.fixture
def tamper() -> Callable[[Path], Any]:
    return tampering


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the writer of this folder as another process; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def launch(*words: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("writer.py")), *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        running.append(child)
        return child

    yield launch
    for child in running:
        child.kill()
        child.communicate()
