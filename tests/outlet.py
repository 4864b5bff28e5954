"""An invented outlet and its people: named as it is done, and laid down again for each test that wants the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from assistant.case.events import Draft, EventKind, JsonValue
from assistant.case.subjects import STAFF
from assistant.people.office import Office
from assistant.people.roles import Role
from assistant.stamps import Clock, make_id, read_clock
from assistant.store import Outlet, Store

OUTLET: Final = Outlet("0312", "示范网点")


def name_staff(
    store: Store, roles: Mapping[str, Role], clock: Clock = read_clock, logins: Mapping[str, str] | None = None
) -> None:
    """Name everybody: the first, a manager, himself, the second by him, the others by these two."""
    manager, second, *_ = roles
    for number, role in roles.items():
        body: dict[str, JsonValue] = {"number": number, "role": role.value}
        if logins:
            body["login"] = logins[number]
        if number == manager:
            store.append(Draft(make_id(), STAFF, clock(), manager, EventKind.MEMBER_NAMED, body))
        else:
            change(store, EventKind.MEMBER_NAMED, body, manager, second, clock)


def change(
    store: Store, kind: EventKind, body: Mapping[str, JsonValue], by: str, second: str, clock: Clock = read_clock
) -> None:
    """Have a change of staff made by one, and approved by another where it takes two."""
    asked = Office(store, by, clock, make_id).change(kind, body)
    if asked is not None:
        Office(store, second, clock, make_id).approve(asked.subject)


def make_outlet(path: Path) -> None:
    """Make a file of cases in which nobody is named yet."""
    Store.create(path, OUTLET).close()


def lay(path: Path, make: Callable[[Path], None] = make_outlet) -> None:
    """Lay the file of cases at `path` that `make` makes: it is made once, and after that copied."""
    path.touch(0o600, exist_ok=False)
    path.write_bytes(_make_once(make))


@cache
def _make_once(make: Callable[[Path], None]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.db"
        make(path)
        return path.read_bytes()
