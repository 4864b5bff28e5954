"""What the tests of exports share: an outlet with everybody in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people.branch import Branch


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    made = Branch.full(tmp_path / "cases.db")
    yield made
    made.store.close()
