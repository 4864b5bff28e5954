"""What must not be known of a case leaves no trace in what is shown of it."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.case.case import Case
from assistant.case.concealment import conceal
from assistant.case.events import Event, EventKind, JsonValue

HIDDEN = frozenset({"str_referral"})
BARE: dict[str, JsonValue] = {"rulebook": "1", "level": "proceed"}
REPORT: dict[str, JsonValue] = {"id": "str_referral"}


def advised(seq: int, **more: Any) -> Event:
    return Event(f"e{seq}", "c", seq, "t1", EventKind.ADVISED, {**BARE, **more}, seq=seq)


@pytest.mark.parametrize(
    "second",
    [
        {"steps": [REPORT]},
        {"withheld": [{"step": "str_referral", "rule": "r1"}]},
        {"rules": ["r1"]},
        {"steps": [REPORT], "withheld": [{"step": "str_referral", "rule": "r1"}], "rules": ["r1"]},
    ],
)
def test_advice_that_differs_in_the_hidden_step_alone_is_not_shown_twice(second: dict[str, Any]) -> None:
    opened = Event("e1", "c", 1, "t1", EventKind.OPENED, {"request": "transfer", "number": "0312-1123-001"}, seq=1)
    whole = Case.of((opened, advised(2), advised(3, **second)))
    shown = conceal(whole, HIDDEN, frozenset({"r1"}))
    assert [event.seq for event in shown.history] == [1, 2]
    assert dict(shown.history[1].body) == BARE
