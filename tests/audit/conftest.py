"""What the tests of the audit share: a desk at an outlet with people, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.desk import Desk
from assistant.store import Store
from rules.advice import Adviser
from tests.case.visits import Clock
from tests.outlet import lay
from tests.people.branch import TELLER, make_full


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser, clock: Clock) -> Iterator[Desk]:
    """A teller's desk."""
    path = tmp_path / "cases.db"
    lay(path, make_full)
    with Store.open(path) as store:
        yield Desk(store, adviser, TELLER, clock)
