"""What all tests share: how many run side by side and where, the adviser, and a block in which file modes apply."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings

from rules import loading
from rules.advice import Adviser
from rules.model import Book

LEAST_WORKERS: Final = 4
"""A part of the suite's time is waiting for terminals, processes and locks."""
NOBODY: Final = 65534
EXAMPLES: Final = {"suite": 50, "long": 500}
"""How often hypothesis makes something up for a test that names no number; `--hypothesis-profile=long` for the many."""
FILES_KEPT: Final = 64
BOOKS_KEPT: Final = 4
COLLECT_AFTER: Final = (5000, 20, 50)
"""A screen leaves much garbage; Python's own numbers have the collector look for it all the time."""

LONGEST: Final = frozenset(
    {"test_the_two_cases", "test_rules_screen", "test_rules_publish", "test_rules_test", "test_rules_check"}
    | {"test_leaks", "test_killed", "test_processes", "test_shared_machine", "test_any_order", "test_proof"}
)
"""The modules whose tests take long each: they come first, so that at the end no process waits for one of them."""
MEMORY: Final = Path("/dev/shm")  # noqa: S108 (pytest makes a folder of its own there)
ROOM: Final = 2**30
"""Bytes that must be free in it: many times what a run needs."""

# Until all is collected: hardly anything that is imported is ever garbage.
gc.disable()

for name, number in EXAMPLES.items():
    # No example is wrong for being slow: other work may run on the machine.
    settings.register_profile(name, max_examples=number, deadline=None)
settings.load_profile("suite")


def is_fit(folder: Path) -> bool:
    """Tell whether tests may have their files there: with room for all, and where a file may be a program."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC


# Each save waits for the disk several times, and no test cuts the power: only the disk itself would be tested.
if is_fit(MEMORY):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# Invented, and the same for every file that a test makes: no test leaves a key of its own on this machine.
os.environ["ASSISTANT_KEY"] = "dGVzdHMgb25seTogYW4gaW52ZW50ZWQga2V5ICEhISE="


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the number of workers for `-n auto`: one a core, and more where there are few."""
    return max(LEAST_WORKERS, os.cpu_count() or 1)


def pytest_sessionstart() -> None:
    """Let whoever reads a rulebook in this process take over what another has read of the same text.

    It is most of what a short command does, and what was read cannot be changed. Other text is read anew.
    """
    read = loading.read_entries

    @lru_cache(BOOKS_KEPT)
    def read_book(misfits: Callable[[Any], Any], *files: tuple[str, str]) -> Book:
        return read(dict(files), Book, misfits)

    def read_once(texts: Mapping[str, str], model: type[Any], misfits: Callable[[Any], Any]) -> Any:
        return read_book(misfits, *texts.items()) if model is Book else read(texts, model, misfits)

    patch = pytest.MonkeyPatch()
    patch.setattr(loading, "_parse", lru_cache(FILES_KEPT)(loading._parse))
    patch.setattr(loading, "read_entries", read_once)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep in one process the tests of a module that share what is made once for them: else each process makes it."""
    if isinstance(item, pytest.Function):
        made = [found[-1] for found in item._fixtureinfo.name2fixturedefs.values()]
        if any(fixture.scope == "module" for fixture in made):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what lives as long as the run, which is most of what there is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


@pytest.fixture(scope="session")
def adviser() -> Iterator[Adviser]:
    """One for all, since the rulebook does not change under them."""
    made = Adviser(loading.load_book())
    yield made
    made.close()


@pytest.fixture
def unprivileged() -> Callable[[], AbstractContextManager[None]]:
    """A block that runs as a user to whom file modes apply."""

    @contextmanager
    def become() -> Iterator[None]:
        before = os.geteuid()
        if before == 0:
            os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(before)

    return become
