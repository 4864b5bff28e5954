"""Who is there: the one interface to whatever knows the people, be it this file or a directory of the bank."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, runtime_checkable

from assistant.people.logins import find_login
from assistant.people.refusals import DoorUnfit
from assistant.people.roster import HASH, Member


@runtime_checkable
class Door(Protocol):
    """Recognises people in two ways: by how they signed on to the machine, or by a staff number and its password."""

    def find_login(self) -> str:
        """Return the login of whoever is at the keyboard, to which a staff number may be bound; "" for nobody known.

        Raises a Trouble when it cannot be told; nothing is opened then.
        """
        ...

    def recognises(self, number: str, member: Member | None, password: str) -> bool:
        """Tell whether that is the password of that number; it must take as long for one that is not on the staff."""
        ...


class FileDoor:
    """Takes the word of the operating system, and holds passwords against the hashes in the file of cases (argon2id).

    A bank's directory may be a class of this one that changes only one of the two.
    """

    def find_login(self) -> str:
        """See `Door` and `logins.find_login`."""
        return find_login()

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
        door = getattr(import_module(module), name)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise DoorUnfit(directory=directory, problem=type(error).__name__) from error
    if not isinstance(door, Door):
        raise DoorUnfit(directory=directory, problem="find_login, recognises")
    return door
