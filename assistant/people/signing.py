"""Signing on at a shared machine: staff number and password, with failed attempts slowed, locked and recorded."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, Protocol

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import SIGN_ON, STAFF
from assistant.people.refusals import DoorUnfit, SignOnLocked, SignOnRefused, SignOnSlowed
from assistant.people.roster import HASH, Member
from assistant.settings import SignOnSettings
from assistant.store import Store

SECOND_MS: Final = 1000
MINUTE_MS: Final = 60_000
_SLOWED_FROM: Final = 2
"""One slip of the finger costs nothing."""


class Door(Protocol):
    """Who recognises a member of staff by a password: this file, or a bank's own directory in its place."""

    def recognises(self, number: str, member: Member | None, password: str) -> bool:
        """Tell whether that is the password of that number; it must take as long for one that is not on the staff."""
        ...


class FileDoor:
    """Holds passwords against the hashes in the file of cases (argon2id)."""

    def recognises(self, number: str, member: Member | None, password: str) -> bool:
        """See `Door`; a member without a password is not recognised by one."""
        from assistant.sealing.passwords import verify

        kept = member.password.private.get(HASH) if member and member.password else None
        return verify(password, kept)


def find_door(directory: str | None) -> Door:
    """Return the door that the settings name as `package.module:name`, called without arguments, or that of the file.

    Raises DoorUnfit when there is none of that name: nobody is let in by another door than the one that is meant.
    """
    if directory is None:
        return FileDoor()
    module, _, name = directory.partition(":")
    try:
        door: Door = getattr(import_module(module), name)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise DoorUnfit(directory=directory, problem=type(error).__name__) from error
    return door


class SignOn:
    """Signs people on to one file. Every attempt on a number that is on the staff is recorded."""

    def __init__(
        self,
        store: Store,
        settings: SignOnSettings,
        clock: Callable[[], int],
        make_id: Callable[[], str],
        door: Door | None = None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._make_id = make_id
        self._door = door or find_door(settings.directory)

    def sign_on(self, number: str, password: str) -> Member:
        """Return the member of that number when the password is right.

        One whose password was given out for one use (`must_replace`) has to set another before anything else. Raises
        SignOnRefused, which does not say what was wrong, SignOnSlowed and SignOnLocked.
        """
        member = self._store.roster.members.get(number)
        if member is not None:
            self._check_attempts(number, member)
        right = self._door.recognises(number, member, password)
        if member is None or not member.active or not right:
            if member is not None:
                self._record(number, EventKind.SIGN_ON_FAILED)
            raise SignOnRefused
        self._record(number, EventKind.SIGNED_ON)
        return member

    def set_password(self, number: str, password: str) -> Member:
        """Give oneself another password. Raises PasswordUnfit for a weak one."""
        from assistant.sealing.passwords import check_new, hash_password

        check_new(password, number)
        body = {"number": number}
        self._store.append(
            Draft(
                self._make_id(),
                STAFF,
                self._clock(),
                number,
                EventKind.PASSWORD_SET,
                body,
                {HASH: hash_password(password)},
            )
        )
        return self._store.roster.members[number]

    def _check_attempts(self, number: str, member: Member) -> None:
        since = member.password.seq if member.password else 0
        failures = 0
        last = 0
        for event in self._store.read_log(SIGN_ON + number, self._settings.attempts):
            # A new password lifts the lock: what failed was the one before.
            if event.kind is EventKind.SIGNED_ON or event.seq < since:
                break
            failures += 1
            last = max(last, event.at)
        waited = self._clock() - last
        locked = self._settings.lock_minutes * MINUTE_MS
        if failures >= self._settings.attempts and waited < locked:
            raise SignOnLocked(minutes=-(-(locked - waited) // MINUTE_MS))
        slowed = 2 ** (failures - 1) * SECOND_MS if failures >= _SLOWED_FROM else 0
        if failures < self._settings.attempts and waited < slowed:
            raise SignOnSlowed(seconds=-(-(slowed - waited) // SECOND_MS))

    def _record(self, number: str, kind: EventKind) -> None:
        draft = Draft(self._make_id(), SIGN_ON + number, self._clock(), number, kind, {"by": "password"})
        self._store.append(draft)
