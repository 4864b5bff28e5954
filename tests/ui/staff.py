"""An outlet with invented staff: one of each role and a second teller, each with a password of his own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.desk import Desk
from assistant.people.roles import Role
from assistant.people.signing import SignOn
from assistant.settings import Settings
from assistant.stamps import Clock, make_id, read_clock
from assistant.store import Store
from rules.advice import Adviser
from tests.outlet import OUTLET, lay, name_staff

MANAGER: Final = "9001"
SUPERVISOR: Final = "9002"
TELLER: Final = "9003"
COLLEAGUE: Final = "9004"
AUDITOR: Final = "9005"
COMPLIANCE: Final = "9006"
ROLES: Final = {
    MANAGER: Role.OUTLET_MANAGER,
    SUPERVISOR: Role.SUPERVISOR,
    TELLER: Role.TELLER,
    COLLEAGUE: Role.TELLER,
    AUDITOR: Role.AUDITOR,
    COMPLIANCE: Role.COMPLIANCE_OFFICER,
}
PASSWORDS: Final = {number: f"quiet river {number[::-1]} stone" for number in ROLES}
UNSET: Final = COMPLIANCE
"""Has no password."""
BEFORE: Final = 1_763_800_000_000
"""On the day before the one that stands still in the tests."""


def make_staffed(path: Path) -> None:
    """Make a file of cases with everybody in it, who came and chose a password before any test begins."""
    with Store.create(path, OUTLET) as store:
        name_staff(store, ROLES, lambda: BEFORE)
        door = SignOn(store, Settings().sign_on, lambda: BEFORE, make_id)
        for number, password in PASSWORDS.items():
            if number != UNSET:
                door.set_password(number, password)


def staffed_desk(path: Path, adviser: Adviser, actor: str = TELLER, clock: Clock = read_clock) -> Desk:
    """Return a desk over a new file with its staff; whoever asks for it closes the store."""
    lay(path, make_staffed)
    return Desk(Store.open(path), adviser, actor, clock)


def desk_of(actor: str = TELLER) -> Any:
    """Return a fixture `desk`: such a desk at which that person works, closed after the test."""

    @pytest.fixture(name="desk")
    def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
        made = staffed_desk(tmp_path / "cases.db", adviser, actor)
        yield made
        made.store.close()

    return desk
