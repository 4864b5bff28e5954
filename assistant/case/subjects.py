"""What an event can be about, beside a case: each kind of subject has a name of its own."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from assistant.case.events import EventKind

STAFF: Final = "staff"
OUTLET: Final = "outlet"
RULEBOOK: Final = "rulebook"
RETENTION: Final = "retention"
EXPORT: Final = "export"
"""Of what left the program."""
REQUEST: Final = "request:"
"""Of a request, with an id of its own behind it."""
ACCESS: Final = "access:"
"""Of who looked at a case, with the id of the case behind it."""
EVERY_CASE: Final = "access:every"
"""Of who had all cases read at once."""
SIGN_ON: Final = "sign-on:"
"""Of who signed on, with the staff number behind it."""

_SINGLE: Final = frozenset({STAFF, OUTLET, RULEBOOK, RETENTION, EXPORT})

HOMES: Final = MappingProxyType(
    {
        EventKind.ACCESSED: ACCESS,
        EventKind.MEMBER_NAMED: STAFF,
        EventKind.ROLE_CHANGED: STAFF,
        EventKind.MEMBER_SUSPENDED: STAFF,
        EventKind.MEMBER_RESTORED: STAFF,
        EventKind.LOGIN_BOUND: STAFF,
        EventKind.PASSWORD_RESET: STAFF,
        EventKind.PASSWORD_SET: STAFF,
        EventKind.MEMBER_ERASED: STAFF,
        EventKind.SIGNED_ON: SIGN_ON,
        EventKind.SIGN_ON_FAILED: SIGN_ON,
        EventKind.ASKED: REQUEST,
        EventKind.APPROVED: REQUEST,
        EventKind.DECLINED: REQUEST,
        EventKind.WITHDRAWN: REQUEST,
        EventKind.EMERGENCY_USED: REQUEST,
        EventKind.EMERGENCY_REVIEWED: REQUEST,
        EventKind.REQUEST_ERASED: REQUEST,
        EventKind.OUTLET_RENAMED: OUTLET,
        EventKind.RULEBOOK_PUBLISHED: RULEBOOK,
        EventKind.RETENTION_ORDERED: RETENTION,
        EventKind.EXPORTED: EXPORT,
    }
)
"""On which subject, or which sort of it, the events of a kind are; those of the kinds not named are on a case."""


def is_case(subject: str) -> bool:
    """Tell whether a subject is a case."""
    return subject not in _SINGLE and ":" not in subject


def is_log(subject: str) -> bool:
    """Tell whether a subject is only written down, so that nothing is folded from it."""
    return subject in (OUTLET, RULEBOOK, RETENTION, EXPORT) or subject.startswith((ACCESS, SIGN_ON))


def belongs(kind: EventKind, subject: str) -> bool:
    """Tell whether an event of this kind can be on that subject."""
    home = HOMES.get(kind)
    if home is None:
        return is_case(subject)
    return subject.startswith(home) and subject != home if home.endswith(":") else subject == home
