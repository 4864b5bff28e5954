"""What the tests of the case share: a clock that stands still, and a new file for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.desk import Desk
from rules.advice import Adviser
from tests.case.visits import Clock, new_desk


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def desk(path: Path, adviser: Adviser, clock: Clock) -> Iterator[Desk]:
    made = new_desk(path, adviser, clock)
    yield made
    made.store.close()
