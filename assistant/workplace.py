"""The one place where rulebook, engine and file of cases are put together, for the screen and the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.attendance import NOBODY
from assistant.desk import Desk
from assistant.people.doors import find_door
from assistant.places import find_settings
from assistant.rulebooks.gathering import gather_rulebooks
from assistant.stamps import Clock, read_clock
from assistant.store import Store
from rules.names import Shelf


def open_desk(path: Path, *, actor: str | None = None, clock: Clock = read_clock, names: Path | None = None) -> Desk:
    """Return a desk over the file of cases at `path`; its `leave` gives everything back.

    Without `actor`, whoever the operating system says is there works at it: the member of staff to whom that login is
    bound, or nobody, who has to sign on first. In a file in which nobody is named yet, it is the login itself.

    With `names`, a file to keep the names of the rulebook in, the rulebook is the one published in that file of cases,
    and read when it is first needed; without, it is the one that comes with the program.
    Raises StoreTrouble when the file of cases cannot be used, and RulebookUnsound when the rulebook cannot.
    """
    # The file first: it is the more likely to be missing and the quicker to find so.
    store = Store.open(path)
    try:
        rules = Shelf() if names is None else gather_rulebooks(store, names)
        desk = Desk(store, rules, actor or recognise(store), clock)
        if names is None:
            desk.book  # noqa: B018 (reads it)
    except BaseException:
        store.close()
        raise
    return desk


def recognise(store: Store) -> str:
    """Return the staff number of whoever the operating system, or the bank's directory, says is there; nothing when
    that is nobody's login. Raises SettingsUnfit, DoorUnfit, and the Trouble of a login that cannot be told."""
    login, roster = find_door(_read_directory(store.path)).find_login(), store.roster
    if not roster.members:
        return login
    member = roster.find_login(login)
    return member.number if member else NOBODY


def _read_directory(database: Path) -> str | None:
    # A link that leads nowhere is a file of settings that cannot be read.
    if not os.path.lexists(find_settings(database)):
        # To read settings takes pydantic, for which the first screen does not wait where there are none.
        return None
    from assistant.settings import read_settings

    return read_settings(database).sign_on.directory


@contextmanager
def working_desk(path: Path, *, actor: str | None = None, clock: Clock = read_clock) -> Iterator[Desk]:
    """Open a desk for the length of a block; raises as `open_desk` does."""
    desk = open_desk(path, actor=actor, clock=clock)
    try:
        yield desk
    finally:
        desk.leave()
