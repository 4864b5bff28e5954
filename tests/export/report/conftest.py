"""What the tests of the monthly report share: a branch with two months behind it, in which commands are given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.desk import Desk
from assistant.store import Store
from rules.advice import Adviser
from tests.case.visits import Clock
from tests.export.giving import Giver
from tests.export.report.staging import AFTERWARDS, make_months
from tests.outlet import lay
from tests.people.branch import MANAGER


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what the machine is set to, and its usual places, out of the tests."""
    for name in ("ASSISTANT_DB", "ASSISTANT_LANG", "ASSISTANT_EXPORTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def months(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Giver:
    """Both months, with the manager giving the commands."""
    path = tmp_path / "cases.db"
    lay(path, make_months)
    giver = Giver(path, capsys)
    giver.turn(MANAGER)
    return giver


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    """The manager's desk over both months, on the day after they are over."""
    path = tmp_path / "still.db"
    lay(path, make_months)
    with Store.open(path) as store:
        yield Desk(store, adviser, MANAGER, Clock(AFTERWARDS))
