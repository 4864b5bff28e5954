"""What all tests share: how many run side by side, the adviser, and a block in which file modes apply."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

import pytest

from rules.advice import Adviser
from rules.loading import load_book

LEAST_WORKERS: Final = 4
"""A part of the suite's time is waiting for terminals, processes and locks."""
NOBODY: Final = 65534
COLLECT_AFTER: Final = (5000, 20, 50)
"""A screen leaves much garbage; Python's own numbers have the collector look for it all the time."""

# Invented, and the same for every file that a test makes: no test leaves a key of its own on this machine.
os.environ["ASSISTANT_KEY"] = "dGVzdHMgb25seTogYW4gaW52ZW50ZWQga2V5ICEhISE="


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the number of workers for `-n auto`: one a core, and more where there are few."""
    return max(LEAST_WORKERS, os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what lives as long as the run, which is most of what there is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


@pytest.fixture(scope="session")
def adviser() -> Iterator[Adviser]:
    """One for all, since the rulebook does not change under them."""
    made = Adviser(load_book())
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
