"""Two invented months of an outlet, with everything in them that a monthly report speaks of; no person in it exists."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any, Final

import uuid6

from assistant.case.events import Draft, EventKind, Outcome, Reason
from assistant.case.subjects import OUTLET as OUTLET_SUBJECT
from tests.case.visits import MINUTE, NOON, SECOND
from tests.people.branch import DAY, MANAGER, SUPERVISOR, TELLER, Branch

MONTH: Final = "2025-11"
DAYS: Final = ("--since", "2025-11-01", "--until", "2025-11-30")
DAYS_BEFORE: Final = ("--since", "2025-10-01", "--until", "2025-10-31")
AFTERWARDS: Final = NOON + 9 * DAY
"""2025-12-02 at noon, when the report of November is made."""
REFERRAL: Final = "str_referral"
REFERRING: Final = "step.s-mule"
"""The rule of the rulebook that advises the step."""
NAME: Final = "欧阳虚构"
ACCOUNT: Final = "6222021234567890128"
HOSTILE: Final = "示范|网点 <b>*一*</b>"
"""What the outlet is called."""

_FIRST: Final = {"2025-10": NOON - 53 * DAY, "2025-11": NOON - 22 * DAY}
_VISITS: Final = {"2025-10": 20, "2025-11": 45}
_LEVELS: Final = ("proceed", "ask", "ask", "hold", "police")
_TYPOLOGIES: Final = ("official_impersonation", "investment", "task_rebate")
_STEPS: Final = {
    "proceed": (),
    "ask": ("probe_questions",),
    "hold": ("probe_questions", "pause_transaction"),
    "police": ("pause_transaction", "call_110"),
}
_RULES: Final = {
    "proceed": (),
    "ask": ("level.flag-present", "step.s-ask"),
    "hold": ("level.flag-present", "step.s-ask", "step.s-pause"),
    "police": ("level.safe-account", "step.s-pause", "step.s-police"),
}
_OUTCOMES: Final = {
    "proceed": (Outcome.CLEARED,),
    "ask": (Outcome.CLEARED, Outcome.INTERCEPTED, Outcome.LEFT),
    "hold": (Outcome.CLEARED, Outcome.INTERCEPTED, Outcome.NOT_INTERCEPTED),
    "police": (Outcome.PASSED_TO_POLICE, Outcome.INTERCEPTED, Outcome.PARTLY_INTERCEPTED),
}


def make_months(path: Path) -> None:
    """Make the file with both months in it."""
    made = Branch.full(path)
    asked = made.office(MANAGER).ask(EventKind.OUTLET_RENAMED, {"name": HOSTILE}, about=OUTLET_SUBJECT)
    made.office(SUPERVISOR).approve(asked.subject)
    draw = Random(7)  # noqa: S311 (nothing is kept secret by it)
    for month, first in _FIRST.items():
        for place in range(_VISITS[month]):
            made.clock.now = first - 4 * 60 * MINUTE + draw.randrange(29) * DAY + draw.randrange(9 * 60) * MINUTE
            _Visit(made, draw, place).play()
    made.clock.now = AFTERWARDS
    made.store.close()


class _Visit:
    def __init__(self, branch: Branch, draw: Random, place: int) -> None:
        self._branch, self._draw, self._place = branch, draw, place
        self._id = str(uuid6.uuid7())
        self._actor = SUPERVISOR if place % 5 == 0 else TELLER
        self._level = draw.choice(_LEVELS)
        self._refers = place % 10 == 3
        self._drafts: list[Draft] = []

    def play(self) -> None:
        self._open()
        for step in _STEPS[self._level]:
            self._branch.clock.wait(self._draw.choice((20, 50, 400)) * SECOND)
            self._record(step)
        if self._refers:
            self._branch.clock.wait(60 * MINUTE)
            self._append(EventKind.STEP_RECORDED, {"step": REFERRAL, "outcome": "done"}, actor=SUPERVISOR)
        self._branch.clock.wait(self._draw.randrange(1, 30) * MINUTE)
        if self._place % 9:
            self._close()
        self._save()

    def _save(self) -> None:
        self._branch.store.append_all(self._drafts)
        self._drafts = []

    def _open(self) -> None:
        steps: list[dict[str, Any]] = [{"id": step, "minutes": 5} for step in _STEPS[self._level]]
        rules = list(_RULES[self._level])
        if self._refers:
            steps, rules = [*steps, {"id": REFERRAL, "minutes": 5}], [*rules, REFERRING]
        typologies = [self._draw.choice(_TYPOLOGIES)] if self._level in ("hold", "police") else []
        advice = {"rulebook": "1", "level": self._level, "typologies": typologies, "steps": steps, "rules": rules}
        money = {"portion": 1, "state": "not_moved", "amount": self._draw.randrange(1, 900) * 1_000_00 + 37}
        self._append(EventKind.OPENED, {"request": "transfer"})
        self._append(EventKind.MONEY_RECORDED, money)
        if self._level != "proceed":
            self._append(EventKind.ANSWERED, {"sign": "official_caller", "value": "yes", "known": "said"})
        self._append(EventKind.ADVISED, advice)
        customer = {"party": "customer"}
        self._append(EventKind.PARTICULARS_NOTED, {**customer, "field": "name"}, {"value": NAME})
        self._append(EventKind.PARTICULARS_NOTED, {**customer, "field": "account"}, {"value": ACCOUNT})

    def _record(self, step: str) -> None:
        reason = self._draw.choice((None, None, Reason.DOES_NOT_FIT, Reason.CUSTOMER_LEFT))
        body: dict[str, Any] = {"step": step, "outcome": "not_applicable" if reason else "done"}
        self._append(EventKind.STEP_RECORDED, body | ({"reason": reason.value} if reason else {}))

    def _close(self) -> None:
        risk = self._draw.randrange(1, 900) * 1_000_00 + 37
        outcome = self._draw.choice(_OUTCOMES[self._level])
        if outcome is Outcome.CLEARED and self._level in ("hold", "police"):
            self._agree()
        lost = self._draw.choice((0, 0, risk // 2))
        body = {"outcome": outcome.value, "at_risk": risk, "protected": risk - lost, "lost": lost}
        self._append(EventKind.CLOSED, body)

    def _agree(self) -> None:
        self._save()
        other = SUPERVISOR if self._actor != SUPERVISOR else MANAGER
        body = {"matter": "release"}
        asked = self._branch.office(self._actor).ask(EventKind.AUTHORISED, body, about=self._id)
        self._branch.office(other).approve(asked.subject)

    def _append(
        self, kind: EventKind, body: dict[str, Any], private: dict[str, str] | None = None, *, actor: str = ""
    ) -> None:
        self._drafts.append(self._branch.draft(self._id, kind, body, actor or self._actor, private))
