"""What the tests of the figures share: a branch with many invented visits, and one to make visits at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.advice import Adviser
from tests.figures.crowd import fill
from tests.people.branch import Branch


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Branch]:
    """For reading only; of a module, so that no two processes make it."""
    branch = Branch.full(tmp_path_factory.mktemp("crowd") / "cases.db")
    fill(branch, adviser, seed=6, visits=70)
    yield branch
    branch.store.close()


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    made = Branch.full(tmp_path / "cases.db")
    yield made
    made.store.close()
