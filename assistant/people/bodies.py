"""The checked bodies of what happens around the cases: staff, requests, access, rulebooks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field, StrictInt

from assistant.case.bodies import Body, Milliseconds
from assistant.case.events import EventKind, Look, RevealReason
from assistant.people.first import NUMBER
from assistant.people.roles import Role

Number: TypeAlias = Annotated[str, Field(pattern=NUMBER)]
"""A staff number."""
Login: TypeAlias = Annotated[str, Field(pattern=r"^[^\s/:\x00-\x1f]{1,64}$")]
RequestId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
Digest: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Named(Body):
    """Somebody works here from now on; the name is the private text `name`."""

    number: Number
    role: Role
    login: Login | None = None
    request: RequestId | None = None


class RoleChanged(Body):
    """A member of staff has another role."""

    number: Number
    role: Role
    request: RequestId | None = None


class OfMember(Body):
    """A member of staff was suspended or restored, or the password was reset or set (its hash: private `hash`)."""

    number: Number
    request: RequestId | None = None


class LoginBound(Body):
    """The OS login of a member; None when it is bound no longer."""

    number: Number
    login: Login | None = None
    request: RequestId | None = None


class SignedOn(Body):
    """Somebody signed on, or tried to; `by` is `login` or `password`."""

    by: str = "password"


class Accessed(Body):
    """Somebody looked at a case: how, and with which coded reason."""

    how: Look
    reason: RevealReason | None = None


class Asked(Body):
    """Somebody asks for an event; `body` is its body as JSON text."""

    kind: EventKind
    about: str
    body: str


class Settled(Body):
    """A request was approved, declined or withdrawn; why, if it was said, is the private text `why`."""


class EmergencyUsed(Body):
    """What takes two was done by one, with nobody in reach; another looks at it by `review_by`."""

    review_by: Milliseconds
    reason: str


class EmergencyReviewed(Body):
    """Another looked at an emergency and found it right or wrong."""

    upheld: bool


class OutletRenamed(Body):
    """The outlet has another name."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    request: RequestId | None = None


class RulebookPublished(Body):
    """A rulebook is in force from now on. It lies in the file under its digest; `results` is what its trial found."""

    digest: Digest
    version: str
    author: Number
    results: Mapping[str, StrictInt | str | bool | None] = Field(default_factory=dict)
    rollback: bool = False
    request: RequestId | None = None


class RetentionOrdered(Body):
    """Cases whose term was over when it was asked for are to be restricted or erased: those closed before the
    moments named here, on which nothing happened after the event `up_to`. The counts are what was found then."""

    up_to: Annotated[StrictInt, Field(ge=0)]
    restrict_before: Milliseconds
    erase_before: Milliseconds
    restrict: Annotated[StrictInt, Field(ge=0)]
    erase: Annotated[StrictInt, Field(ge=0)]
    request: RequestId | None = None


BODIES: Final[Mapping[EventKind, type[Body]]] = MappingProxyType(
    {
        EventKind.MEMBER_NAMED: Named,
        EventKind.ROLE_CHANGED: RoleChanged,
        EventKind.MEMBER_SUSPENDED: OfMember,
        EventKind.MEMBER_RESTORED: OfMember,
        EventKind.LOGIN_BOUND: LoginBound,
        EventKind.PASSWORD_RESET: OfMember,
        EventKind.PASSWORD_SET: OfMember,
        EventKind.SIGNED_ON: SignedOn,
        EventKind.SIGN_ON_FAILED: SignedOn,
        EventKind.ACCESSED: Accessed,
        EventKind.ASKED: Asked,
        EventKind.APPROVED: Settled,
        EventKind.DECLINED: Settled,
        EventKind.WITHDRAWN: Settled,
        EventKind.EMERGENCY_USED: EmergencyUsed,
        EventKind.EMERGENCY_REVIEWED: EmergencyReviewed,
        EventKind.OUTLET_RENAMED: OutletRenamed,
        EventKind.RULEBOOK_PUBLISHED: RulebookPublished,
        EventKind.RETENTION_ORDERED: RetentionOrdered,
    }
)


def check_body(kind: EventKind, body: Mapping[str, Any]) -> None:
    """Raise pydantic.ValidationError when `body` does not fit its kind."""
    BODIES[kind].model_validate({key: value for key, value in body.items() if key != "private"})
