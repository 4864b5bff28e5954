"""Signing on at a shared machine: staff number and password, with failed attempts slowed, locked and recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import SIGN_ON, STAFF
from assistant.people.doors import Door, find_door
from assistant.people.refusals import SignOnLocked, SignOnRefused, SignOnSlowed
from assistant.people.roster import HASH, Member
from assistant.store import Store

if TYPE_CHECKING:
    from assistant.settings import SignOnSettings

SECOND_MS: Final = 1000
MINUTE_MS: Final = 60_000
_SLOWED_FROM: Final = 2
"""One slip of the finger costs nothing."""


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
        """Give oneself another password. Raises PasswordUnfit for a weak one, and for the one that there is."""
        from assistant.sealing.passwords import check_new, hash_password

        member = self._store.roster.members.get(number)
        check_new(password, number, member.password.private.get(HASH) if member and member.password else None)
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
