"""What an event can be about, beside a case: each kind of subject has a name of its own."""

from __future__ import annotations

from typing import Final

STAFF: Final = "staff"
OUTLET: Final = "outlet"
RULEBOOK: Final = "rulebook"
REQUEST: Final = "request:"
"""Of a request, with an id of its own behind it."""
ACCESS: Final = "access:"
"""Of who looked at a case, with the id of the case behind it."""
SIGN_ON: Final = "sign-on:"
"""Of who signed on, with the staff number behind it."""


def is_case(subject: str) -> bool:
    """Tell whether a subject is a case."""
    return subject not in (STAFF, OUTLET, RULEBOOK) and ":" not in subject


def is_log(subject: str) -> bool:
    """Tell whether a subject is only written down, so that nothing is folded from it."""
    return subject in (OUTLET, RULEBOOK) or subject.startswith((ACCESS, SIGN_ON))
