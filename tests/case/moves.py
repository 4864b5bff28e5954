"""What a move leaves behind, told apart from the product: two answers that exclude each other, and bodies that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from assistant.case.events import EventKind
from rules.facts import Answer

BOUND: Final = "class_2_bound"
OVER_CAP: Final = "class_2_over_cap"
NOTHING: Final[dict[str, Any]] = {}

AFTER_CLOSING: Final = frozenset({EventKind.NOTED, EventKind.STEP_RECORDED, EventKind.OPENED, EventKind.REOPENED})
"""The kinds of which a closed case admits some, or says no in other words."""

BODIES: Final[dict[EventKind, list[dict[str, Any]]]] = {
    EventKind.REQUESTED: [{"requests": ["transfer"]}],
    EventKind.ANSWERED: [{"sign": "on_phone", "value": "yes", "known": "seen"}, {"sign": "on_phone"}],
    EventKind.AGE_NOTED: [{"band": "elder"}],
    EventKind.ACCOUNT_ANSWERED: [{"fact": "class_1_exposed", "value": "no", "known": "verified"}],
    EventKind.MONEY_RECORDED: [{"portion": 1, "state": "pending"}],
    EventKind.MONEY_REMOVED: [{"portion": 1}],
    EventKind.CLEARED: [{"clearing": "police_cleared"}],
    EventKind.CLEARING_WITHDRAWN: [{"clearing": "police_cleared"}],
    EventKind.QUESTION_ASKED: [{"question": "purpose"}, {"question": "purpose", "set_aside": True}],
    EventKind.TIME_NOTED: [NOTHING],
    EventKind.TAKEN_BACK: [{"event": "0"}],
    EventKind.ADVISED: [{"rulebook": "1", "level": "proceed"}],
    EventKind.CLOSED: [{"outcome": "left", "at_risk": 0, "protected": 0, "lost": 0}],
}


def answered_with(fact: str, value: Answer | None, before: Mapping[str, Answer]) -> Iterator[tuple[str, Answer | None]]:
    """Yield what one answer about an account leaves on record, oldest first: of these two at most one is a yes."""
    beside: list[tuple[str, Answer | None]] = []
    if fact == BOUND and value is Answer.YES:
        beside = [(OVER_CAP, Answer.NO)]
    elif fact == BOUND and before.get(BOUND) is Answer.YES and before.get(OVER_CAP) is Answer.NO:
        beside = [(OVER_CAP, None)]
    elif fact == OVER_CAP and value is Answer.YES and before.get(BOUND) is not Answer.NO:
        beside = [(BOUND, Answer.NO)]
    yield from (one for one in beside if one[0] in before)
    yield fact, value
    yield from (one for one in beside if one[0] not in before)


def put(mapping: str, key: Any, value: Any, state: dict[str, Any]) -> None:
    state[mapping] = {name: kept for name, kept in state[mapping].items() if name != key}
    if value is not None:
        state[mapping][key] = value
