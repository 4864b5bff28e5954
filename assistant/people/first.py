"""The first person in a file of cases: the outlet manager, who names himself."""

from __future__ import annotations

import re
from typing import Final

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import STAFF
from assistant.naming import LONGEST_NUMBER
from assistant.people.roles import Role

_UNFIT: Final = re.compile(r"[^0-9A-Za-z._-]")


def propose_number(login: str) -> str:
    """Return a staff number made of an OS login; "" where nothing in it will do."""
    return _UNFIT.sub("", login).lstrip("._-")[:LONGEST_NUMBER]


def draft_manager(number: str, login: str, event_id: str, at: int) -> Draft:
    """Return the event by which the outlet manager, known to the system by `login`, names himself; `at` is UTC
    milliseconds."""
    body = {"number": number, "role": Role.OUTLET_MANAGER.value, "login": login}
    return Draft(event_id, STAFF, at, number, EventKind.MEMBER_NAMED, body)
