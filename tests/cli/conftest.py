"""Ways to give a command, inside this process or as a program of its own, and the pages to compare its text with.

The pages stand in `golden/`, for people to read; `GOLDEN=write pytest tests/cli` writes them anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import pytest

from assistant.cli import main
from assistant.demo.player import make_demo
from assistant.demo.script import read_script

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = Path(__file__).with_name("golden")
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
    for name in ("ASSISTANT_DB", "ASSISTANT_LANG", "ASSISTANT_RULES", "ASSISTANT_OVERLAY"):
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
            timeout=60,
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
    return path


@pytest.fixture
def page() -> Callable[[str, str], str]:
    """Return the page of that name; with GOLDEN=write, after writing it."""

    def read(name: str, text: str) -> str:
        path = PAGES / name
        if os.environ.get("GOLDEN") == "write":
            path.write_text(text, "utf-8")
        return path.read_text("utf-8")

    return read
