"""Who works at the outlet: the fold over the events of its staff, read without pydantic, for the first screen waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from assistant.case.events import Draft, Event, EventKind
from assistant.people.refusals import StaffUnfit
from assistant.people.roles import Role

CHANGES: Final = frozenset(
    {
        EventKind.MEMBER_NAMED,
        EventKind.ROLE_CHANGED,
        EventKind.MEMBER_SUSPENDED,
        EventKind.MEMBER_RESTORED,
        EventKind.LOGIN_BOUND,
        EventKind.PASSWORD_RESET,
    }
)
"""The kinds that take two from the second person on."""

APPROVERS: Final = frozenset({Role.SUPERVISOR, Role.OUTLET_MANAGER, Role.COMPLIANCE_OFFICER})
"""Who may be the second person in a change of staff."""
_LEAST_APPROVERS: Final = 2
HASH: Final = "hash"
"""The private text of an event that sets a password or gives one out."""
NAME: Final = "name"
"""The private text of the event that names a member."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff. `login` is the name by which the operating system knows the person, if it is bound."""

    number: str
    role: Role
    login: str | None = None
    password: Event | None = None
    """The event that set the password, which may be the one that named the member; the hash is its private text
    `hash`."""
    named: Event | None = None
    """The event that named the member; None once the name was erased."""
    left: Event | None = None
    """The event that suspended the member, who is not active until restored."""

    @property
    def active(self) -> bool:
        """Whether the member may work now."""
        return self.left is None

    @property
    def sealed(self) -> tuple[Event, ...]:
        """The events that hold what is sealed about the member: the name, and the hash of the password."""
        found = {event.seq: event for event in (self.named, self.password) if event and event.private}
        return tuple(found.values())

    @property
    def name(self) -> str:
        """The person's name, opened anew whenever it is read; empty when none was given or it was erased."""
        return self.named.private.get(NAME, "") if self.named else ""

    @property
    def must_replace(self) -> bool:
        """Whether the password was given out for one use."""
        return self.password is not None and self.password.kind is not EventKind.PASSWORD_SET


def _nobody() -> Mapping[str, Member]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Roster:
    """All who ever worked here, by staff number. Made by `Roster.of` and `Roster.after` only."""

    members: Mapping[str, Member] = field(default_factory=_nobody)

    @classmethod
    def of(cls, history: Iterable[Event]) -> Roster:
        """Return the roster after `history`, oldest event first."""
        roster = cls()
        for event in history:
            roster = roster.after(event)
        return roster

    @property
    def active(self) -> tuple[Member, ...]:
        """Those who may work now."""
        return tuple(member for member in self.members.values() if member.active)

    def find_login(self, login: str) -> Member | None:
        """Return the active member to whom that OS login is bound."""
        return next((member for member in self.active if member.login == login), None)

    def after(self, event: Event) -> Roster:
        """Return the roster with `event` at its end."""
        number = str(event.body["number"])
        member = self.members.get(number)
        if event.kind is EventKind.MEMBER_NAMED:
            password = event if HASH in event.private else None
            changed = Member(number, Role(str(event.body["role"])), _read_login(event), password, event)
        elif member is None:
            return self
        else:
            changed = _CHANGE[event.kind](member, event)
        return Roster(MappingProxyType({**self.members, number: changed}))

    def admit(self, draft: Draft) -> None:
        """Raise StaffUnfit when the change does not fit what is there."""
        number = str(draft.body.get("number", ""))
        member = self.members.get(number)
        naming = draft.kind is EventKind.MEMBER_NAMED
        # Whoever reads them aloud, or writes them on paper, takes ABC and abc for one person.
        if naming and number.casefold() in map(str.casefold, self.members):
            raise StaffUnfit("known", number=number)
        if not naming and member is None:
            raise StaffUnfit("unknown", number=number)
        login = draft.body.get("login")
        if login and any(other.login == login and other.number != number for other in self.active):
            raise StaffUnfit("login_taken", login=login)
        if not self.members and (draft.body.get("role") != Role.OUTLET_MANAGER or draft.actor != number):
            raise StaffUnfit("first_manager")
        leaving = draft.kind is EventKind.MEMBER_SUSPENDED or draft.body.get("role", Role.OUTLET_MANAGER) != (
            Role.OUTLET_MANAGER
        )
        if member and leaving and [left.number for left in self._managers()] == [number]:
            raise StaffUnfit("last_manager", number=number)
        if member in self._approvers() and len(self._approvers()) == _LEAST_APPROVERS and _leaves_approvers(draft):
            # One alone could approve nothing, and who is alone on the staff needs nobody's approval.
            raise StaffUnfit("two_approvers", number=number)

    def _managers(self) -> list[Member]:
        return [member for member in self.active if member.role is Role.OUTLET_MANAGER]

    def _approvers(self) -> list[Member]:
        return [member for member in self.active if member.role in APPROVERS]

    def takes_two(self, draft: Draft) -> bool:
        """Tell whether this change of staff needs a second person: all do, once there is one."""
        return draft.kind in CHANGES and len(self.active) > 1


def _leaves_approvers(draft: Draft) -> bool:
    suspended = draft.kind is EventKind.MEMBER_SUSPENDED
    return suspended or (draft.kind is EventKind.ROLE_CHANGED and draft.body.get("role") not in APPROVERS)


def _read_login(event: Event) -> str | None:
    login = event.body.get("login")
    return str(login) if login else None


def _set_password(member: Member, event: Event) -> Member:
    return replace(member, password=event)


_CHANGE: Final[Mapping[EventKind, Callable[[Member, Event], Member]]] = {
    EventKind.ROLE_CHANGED: lambda member, event: replace(member, role=Role(str(event.body["role"]))),
    EventKind.MEMBER_SUSPENDED: lambda member, event: replace(member, left=event),
    EventKind.MEMBER_RESTORED: lambda member, event: replace(member, left=None),
    EventKind.LOGIN_BOUND: lambda member, event: replace(member, login=_read_login(event)),
    EventKind.PASSWORD_RESET: _set_password,
    EventKind.PASSWORD_SET: _set_password,
    EventKind.MEMBER_ERASED: lambda member, event: replace(member, named=None, password=None),
}
