"""What the tests of the screens share: one adviser for all, since the rulebook does not change under them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.desk import Desk
from rules.advice import Adviser
from rules.loading import load_book
from tests.ui.pilot import new_desk


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the look that this machine's user chose out of the tests, and the faults they make out of its log."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("ASSISTANT_THEME", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def adviser() -> Iterator[Adviser]:
    made = Adviser(load_book())
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    made = new_desk(tmp_path / "cases.db", adviser)
    yield made
    made.store.close()
