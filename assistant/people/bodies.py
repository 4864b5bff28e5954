"""The checked bodies of what happens around the cases: staff, requests, access, rulebooks."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, Field, StrictInt, ValidationError

from assistant.case.bodies import BODIES as CASE_BODIES
from assistant.case.bodies import Body, Milliseconds
from assistant.case.events import EventKind, Look, RevealReason
from assistant.naming import LONGEST_OUTLET, NUMBER, is_login, is_name
from assistant.people.refusals import RecordUnfit
from assistant.people.roles import Role
from assistant.people.roster import NAME
from rules.language import Text


def _check_login(text: str) -> str:
    if not is_login(text):
        raise ValueError
    return text


def _check_outlet(text: str) -> str:
    if not is_name(text, LONGEST_OUTLET):
        raise ValueError
    return text


Number: TypeAlias = Annotated[str, Field(pattern=NUMBER)]
"""A staff number."""
Login: TypeAlias = Annotated[str, AfterValidator(_check_login)]
RequestId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
Count: TypeAlias = Annotated[StrictInt, Field(ge=0)]
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
    """A member of staff was suspended or restored, or the password was reset or set (its hash: private `hash`), or
    name and password of one who left long ago were erased."""

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

    name: Annotated[str, AfterValidator(_check_outlet)]
    request: RequestId | None = None


class RulebookPublished(Body):
    """A rulebook is in force from now on. It lies in the file under its digest; `results` is what its trial found."""

    digest: Digest
    version: str
    author: Number
    results: Mapping[str, StrictInt | str | bool | None] = Field(default_factory=dict)
    rollback: bool = False
    request: RequestId | None = None


class RequestErased(Body):
    """What was written in a request was erased, by an order of retention."""

    request: RequestId


class RetentionOrdered(Body):
    """What had passed its term when it was asked for is to be restricted or erased: the cases closed, the members of
    staff suspended and the requests settled before the moments named here, on which nothing happened after the event
    `up_to`. The counts are what was found then."""

    up_to: Count
    restrict_before: Milliseconds
    erase_before: Milliseconds
    staff_before: Milliseconds
    requests_before: Milliseconds
    restrict: Count
    erase: Count
    staff: Count
    requests: Count
    request: RequestId | None = None


class Leaving(StrEnum):
    """What left the program."""

    TABLE = "table"
    """The rows of many cases."""
    DOCUMENT = "document"
    """A document of one case."""
    REPORT = "report"
    """Figures of the outlet."""


class Exported(Body):
    """Something left the program, by the digest of its bytes; the id of the event stands in it. `filter` holds no word
    that was looked for and no number; `seq` and `hash` say how far the chain had come."""

    what: Leaving
    name: str = ""
    """Which document or report."""
    form: str
    filter: str = ""
    columns: tuple[str, ...] = ()
    case: str | None = None
    count: Count
    reason: RevealReason | None = None
    """Why what is about a person stands in it in full; None where it is masked."""
    confidential: bool = False
    """It speaks of a suspicious transaction report."""
    rulebooks: tuple[str, ...] = ()
    seq: Count
    hash: Digest
    sha256: Digest
    size: Count


BODIES: Final[Mapping[EventKind, type[Body]]] = MappingProxyType(
    {
        EventKind.MEMBER_NAMED: Named,
        EventKind.ROLE_CHANGED: RoleChanged,
        EventKind.MEMBER_SUSPENDED: OfMember,
        EventKind.MEMBER_RESTORED: OfMember,
        EventKind.LOGIN_BOUND: LoginBound,
        EventKind.PASSWORD_RESET: OfMember,
        EventKind.PASSWORD_SET: OfMember,
        EventKind.MEMBER_ERASED: OfMember,
        EventKind.SIGNED_ON: SignedOn,
        EventKind.SIGN_ON_FAILED: SignedOn,
        EventKind.ACCESSED: Accessed,
        EventKind.ASKED: Asked,
        EventKind.APPROVED: Settled,
        EventKind.DECLINED: Settled,
        EventKind.WITHDRAWN: Settled,
        EventKind.EMERGENCY_USED: EmergencyUsed,
        EventKind.EMERGENCY_REVIEWED: EmergencyReviewed,
        EventKind.REQUEST_ERASED: RequestErased,
        EventKind.OUTLET_RENAMED: OutletRenamed,
        EventKind.RULEBOOK_PUBLISHED: RulebookPublished,
        EventKind.RETENTION_ORDERED: RetentionOrdered,
        EventKind.EXPORTED: Exported,
    }
)


_WORDS: Final = RecordUnfit.catalogue


def check_body(kind: EventKind, body: Mapping[str, Any], private: Mapping[str, str]) -> None:
    """Raise RecordUnfit, in words, when a body does not fit its kind, or the name among its private texts is none."""
    form = BODIES.get(kind) or CASE_BODIES.get(kind)
    if form is None:
        raise RecordUnfit(problem=kind.value)
    try:
        form.model_validate({key: value for key, value in body.items() if key != "private"})
    except ValidationError as error:
        raise RecordUnfit(problem=_tell_problem(error)) from None
    if kind is EventKind.MEMBER_NAMED and NAME in private and not is_name(private[NAME]):
        raise RecordUnfit(problem=_WORDS.text("part.member_name"))


def _tell_problem(error: ValidationError) -> Text:
    part = ".".join(map(str, error.errors()[0]["loc"]))
    key = f"part.{part}"
    return _WORDS.text(key) if key in _WORDS else Text(part, part)
