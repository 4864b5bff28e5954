"""Gives commands in a file of cases, each by whoever's turn it is, and tells what was said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.case.events import Event, EventKind
from assistant.case.subjects import EXPORT
from assistant.cli import main
from assistant.people.logins import find_login
from assistant.store import Store
from tests.outlet import change
from tests.people.branch import MANAGER, SUPERVISOR


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Giver:
    """A file of cases of a branch, in which commands are given."""

    path: Path
    capsys: pytest.CaptureFixture[str]

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
        status = main((*words, "--db", str(self.path)))
        said = self.capsys.readouterr()
        return Said(status, said.out, said.err)

    def exports(self) -> tuple[Event, ...]:
        """Return what is recorded of exports, newest first."""
        with Store.open(self.path) as store:
            return store.read_log(EXPORT, 1000)
