"""What the tests of people share: a new file with its staff for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people.branch import Branch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def branch(path: Path) -> Iterator[Branch]:
    made = Branch.full(path)
    yield made
    made.store.close()
