"""An outlet with invented staff: one of each role and a second teller, each with a password of his own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import STAFF
from assistant.desk import Desk
from assistant.people.office import Office
from assistant.people.roles import Role
from assistant.people.signing import SignOn
from assistant.settings import Settings
from assistant.stamps import Clock, make_id, read_clock
from assistant.store import Outlet, Store
from rules.advice import Adviser

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


def name_staff(store: Store, clock: Clock = read_clock) -> None:
    """Name everybody, as it is done: the manager himself, the second person by him, the others by two."""

    def draft(number: str, actor: str) -> Draft:
        body = {"number": number, "role": ROLES[number].value}
        return Draft(make_id(), STAFF, clock(), actor, EventKind.MEMBER_NAMED, body)

    store.append(draft(MANAGER, MANAGER))
    store.append(draft(SUPERVISOR, MANAGER))
    asking, deciding = (Office(store, number, clock, make_id) for number in (MANAGER, SUPERVISOR))
    for number in list(ROLES)[2:]:
        request = asking.ask(EventKind.MEMBER_NAMED, {"number": number, "role": ROLES[number].value}, about=STAFF)
        deciding.approve(request.subject)
    door = SignOn(store, Settings().sign_on, clock, make_id)
    for number, password in PASSWORDS.items():
        if number != UNSET:
            door.set_password(number, password)


def staffed_desk(path: Path, adviser: Adviser, actor: str = TELLER, clock: Clock = read_clock) -> Desk:
    """Return a desk over a new file with its staff; whoever asks for it closes the store."""
    store = Store.create(path, Outlet("0312", "示范网点"))
    name_staff(store, clock)
    return Desk(store, adviser, actor, clock)
