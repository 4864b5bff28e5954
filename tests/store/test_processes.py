"""Several tellers save into one file at once, and any of them may die at any moment."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any, TypeAlias

import pytest

from assistant.store import Outlet, Store

Start: TypeAlias = Callable[..., "Popen[str]"]


def read_saved(path: Path) -> set[str]:
    """Return the id of every event in the file, having verified the chain and the table of cases."""
    with Store.open(path) as store:
        assert store.warnings == []
        whole = sum(1 for _ in store.walk_chain())
        cases = store.list(limit=100_000)
        saved = {event.id for case in cases for event in store.read_case(case.case_id)}
        assert len(saved) == whole
        return saved


def test_eight_tellers_save_into_one_file(path: Path, outlet: Outlet, start: Start) -> None:
    Store.create(path, outlet).close()
    acknowledged = await_all(start("write", path, 15) for _ in range(8))
    assert len(acknowledged) == 8 * 15 * 2
    assert read_saved(path) == set(acknowledged)
    with Store.open(path) as store:
        assert len({case.number for case in store.list(limit=1000)}) == 8 * 15


def await_all(children: Any) -> list[str]:
    """Wait for the processes, which must end well, and return what they printed, by line."""
    said: list[str] = []
    for child in list(children):
        out, err = child.communicate(timeout=120)
        assert (child.returncode, err) == (0, "")
        said += out.split()
    return said


def kill_writers(path: Path, start: Start, rounds: int) -> list[str]:
    """Kill two writers at random moments, again and again, and return all they had acknowledged."""
    acknowledged: list[str] = []
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    for _ in range(rounds):
        children = [start("write", path, 100_000) for _ in range(2)]
        pipes = [child.stdout for child in children if child.stdout]
        said = [pipe.readline() for pipe in pipes]
        time.sleep(chance.uniform(0, 0.15))
        for child in children:
            child.kill()
        said += [line for pipe in pipes for line in pipe]
        # A line without its end was cut off by the kill.
        acknowledged += [line.strip() for line in said if line.endswith("\n")]
        # Opening is what finds a file that a kill left broken.
        Store.open(path).close()
    assert set(acknowledged) <= read_saved(path)
    return acknowledged


def test_what_was_acknowledged_survives_a_kill_at_any_moment(path: Path, outlet: Outlet, start: Start) -> None:
    Store.create(path, outlet).close()
    assert len(kill_writers(path, start, 4)) >= 8


@pytest.mark.long
def test_what_was_acknowledged_survives_fifty_kills(path: Path, outlet: Outlet, start: Start) -> None:
    Store.create(path, outlet).close()
    assert len(kill_writers(path, start, 50)) >= 100


def test_of_several_first_starts_at_once_one_makes_the_file(path: Path, start: Start) -> None:
    moment = time.time() + 1.5
    said = await_all(start("create", path, moment) for _ in range(6))
    assert sorted(said) == ["found"] * 5 + ["made"]
    assert read_saved(path) == set()
