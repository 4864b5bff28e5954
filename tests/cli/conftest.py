"""Ways to give a command, inside this process or as a program of its own, and the pages to compare its text with.

The pages stand in `golden/`, for people to read; `GOLDEN=write pytest tests/cli` writes them anew.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import pytest

from assistant.case.events import EventKind, JsonValue
from assistant.cli import main
from assistant.demo.player import make_demo
from assistant.demo.script import read_script
from assistant.people.logins import find_login
from assistant.people.roles import Role
from assistant.store import Store
from tests.outlet import OUTLET, change, lay, name_staff

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = Path(__file__).with_name("golden")
UNTOUCHED: Final = "untouched.db"
NOON: Final = 1_763_870_400_000
"""2025-11-23 12:00 in Shanghai."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str


class Give(Protocol):
    """Gives a command inside this process."""

    def __call__(self, *words: str) -> Said: ...


class Start(Protocol):
    """Gives a command as a program of its own."""

    def __call__(self, *words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Said: ...


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what the machine is set to, and its usual places, out of the tests."""
    for name in ("ASSISTANT_DB", "ASSISTANT_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def give(capsys: pytest.CaptureFixture[str]) -> Give:
    def call(*words: str) -> Said:
        capsys.readouterr()
        status = main(words)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return call


@pytest.fixture
def start() -> Start:
    def call(*words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Said:
        run = subprocess.run(
            [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main())", *words],
            input=stdin,
            capture_output=True,
            timeout=300,
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1", **(env or {})},
        )
        return Said(run.returncode, run.stdout.decode(), run.stderr.decode())

    return call


class Edit(Protocol):
    """Edits a file of a rulebook in the first place where it says `old`, and gives its folder back."""

    def __call__(self, file: str, old: str, new: str) -> Path: ...


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the built-in rulebook in a folder of the officer's own."""
    return Path(shutil.copytree(ROOT / "rules" / "book", tmp_path / "book"))


@pytest.fixture
def edit(copy: Path) -> Edit:
    def write(file: str, old: str, new: str) -> Path:
        text = (copy / file).read_text("utf-8")
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1), "utf-8")
        return copy

    return write


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented cases as of a fixed noon; for reading only."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, read_script(), NOON)
    shutil.copy(path, path.with_name(UNTOUCHED))
    return path


@pytest.fixture
def untouched_demo(demo_file: Path, tmp_path: Path) -> Path:
    """The same, in which no test before has looked at a case."""
    return Path(shutil.copy(demo_file.with_name(UNTOUCHED), tmp_path / "demo.db"))


@pytest.fixture
def page() -> Callable[[str, str], str]:
    """Return the page of that name; with GOLDEN=write, after writing it."""

    def read(name: str, text: str) -> str:
        path = PAGES / name
        if os.environ.get("GOLDEN") == "write":
            path.write_text(text, "utf-8")
        return path.read_text("utf-8")

    return read


class Team:
    """A file of cases with a person of every role, none of them known by an OS login but the one whose turn it is."""

    MANAGER: Final = "1001"
    SUPERVISOR: Final = "2002"
    TELLER: Final = "3003"
    OTHER: Final = "3004"
    COMPLIANCE: Final = "4004"
    AUDITOR: Final = "5005"
    ROLES: Final = {
        MANAGER: Role.OUTLET_MANAGER,
        SUPERVISOR: Role.SUPERVISOR,
        TELLER: Role.TELLER,
        OTHER: Role.TELLER,
        COMPLIANCE: Role.COMPLIANCE_OFFICER,
        AUDITOR: Role.AUDITOR,
    }

    def __init__(self, path: Path) -> None:
        self.path = path
        lay(path, make_team)

    def turn(self, number: str) -> None:
        """Let the commands from now on be given by that member: the one to whom this OS login is bound."""
        login = find_login()
        with Store.open(self.path) as store:
            if before := store.roster.find_login(login):
                self._change(store, EventKind.LOGIN_BOUND, {"number": before.number})
            if number:
                self._change(store, EventKind.LOGIN_BOUND, {"number": number, "login": login})

    def _change(self, store: Store, kind: EventKind, body: dict[str, JsonValue]) -> None:
        change(store, kind, body, self.MANAGER, self.SUPERVISOR)


def make_team(path: Path) -> None:
    """Make a file of cases with the whole team."""
    with Store.create(path, OUTLET) as store:
        name_staff(store, Team.ROLES)


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    """A file with people, which every command takes without being told."""
    path = tmp_path / "team.db"
    monkeypatch.setenv("ASSISTANT_DB", str(path))
    return Team(path)


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what puts lines on standard input, which is no terminal here."""

    def put(lines: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))

    return put
