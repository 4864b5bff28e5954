"""What the tests of tables share: a branch in which all sorts of cases were had, and commands given in it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from assistant.case.events import EventKind
from assistant.cli import main
from assistant.people.logins import find_login
from assistant.store import Store
from tests.export.tables.staging import lay_branch, lay_hostile
from tests.outlet import change
from tests.people.branch import MANAGER, SUPERVISOR


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended; what it printed as bytes."""

    status: int
    out: bytes
    err: str


@dataclass
class Counter:
    """A file of cases at which commands are given, and the folder in which exports are put."""

    path: Path
    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def turn(self, number: str) -> None:
        """Let the commands from now on be given by that one."""
        login = find_login()
        with Store.open(self.path) as store:
            if before := store.roster.find_login(login):
                change(store, EventKind.LOGIN_BOUND, {"number": before.number}, MANAGER, SUPERVISOR)
            change(store, EventKind.LOGIN_BOUND, {"number": number, "login": login}, MANAGER, SUPERVISOR)

    def give(self, *words: str) -> Said:
        """Give a command."""
        self.capsys.readouterr()
        buffer = io.BytesIO()
        out = io.TextIOWrapper(buffer, "utf-8")
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.chdir(self.folder)
            status = main((*words, "--db", str(self.path)))
            out.flush()
        return Said(status, buffer.getvalue(), self.capsys.readouterr().err)

    def export(self, name: str, *words: str) -> Path:
        """Have cases exported into a file of that name, whose ending is the format, and return it."""
        path = self.folder / name
        said = self.give("export", "cases", "--format", path.suffix[1:], "-o", str(path), *words)
        assert (said.status, said.out) == (0, b""), said.err
        return path

    def left(self) -> set[str]:
        """Return the names of what lies in the folder of exports."""
        return {path.name for path in self.folder.iterdir()}


Lay: TypeAlias = Callable[[Callable[[Path], None]], Counter]


@pytest.fixture
def lay_out(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lay:
    """Lays out a file of cases, and a folder for exports beside it."""
    for name in ("ASSISTANT_DB", "ASSISTANT_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    folder = tmp_path / "out"
    folder.mkdir()

    def lay(make: Callable[[Path], None]) -> Counter:
        path = tmp_path / "cases.db"
        make(path)
        return Counter(path, folder, capsys, monkeypatch)

    return lay


@pytest.fixture
def counter(lay_out: Lay) -> Counter:
    """The branch, where it is the compliance officer's turn, who may see everything."""
    return lay_out(lay_branch)


@pytest.fixture
def hostile(lay_out: Lay) -> Counter:
    """A file in which people and customers are called what nobody is."""
    return lay_out(lay_hostile)
