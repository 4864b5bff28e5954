"""A branch in which all sorts of cases were had, made once; each file of cases that is laid out is a copy of it."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any, Final

import uuid6

from assistant.case.events import Draft, EventKind, JsonValue, Outcome
from assistant.people.logins import find_login
from assistant.people.permissions import State
from assistant.stamps import make_id
from assistant.store import Store
from tests.case.visits import NOON
from tests.outlet import lay, make_outlet
from tests.people.branch import COMPLIANCE, DAY, SUPERVISOR, TELLER, Branch

CASES: Final = 40
REFERRAL: Final = "str_referral"
NAME: Final = "虚构甲"
ID_NUMBER: Final = "110105195309174734"
ACCOUNT: Final = "6217003847251906389"
PHONE: Final = "+8613917462850"
HOSTILE: Final = (
    '=HYPERLINK("http://example.invalid","x")',
    "+1-1",
    "-2+3",
    "@SUM(1,2)",
    "＝1+1",
    "＠甲",
    "\t=1+1",
    "\u200b=1+1",
    "\x01=1+1",
    "甲\x00\x07\x1b[31m乙",
    "甲\u202e乙\u2066丙",
    '引"号,逗号;分号\r\n换行',
    "1234567890123456789",
    "0012",
    "_x0041_ &amp; <b>",
    "𠮷㐂\ufffe\U0001f600",
    " 空 白 ",
    "长" * 40_000,
)
"""What somebody may have been called, typed or pasted."""
_LEVELS: Final = ("proceed", "ask", "hold", "police")
_TYPOLOGIES: Final = ("official_impersonation", "investment", "task_rebate", "mule")
_FACTS: Final = ((NAME, "name"), (ID_NUMBER, "id_number"), (ACCOUNT, "account"), (PHONE, "phone"))


def lay_branch(path: Path) -> None:
    """Lay the file of cases of the whole branch at `path`."""
    lay(path, _make_branch)


def lay_hostile(path: Path) -> None:
    """Lay a file in which nobody is named, and people and customers are called what nobody is."""
    lay(path, _make_hostile)


def _make_branch(path: Path) -> None:
    made = Branch.full(path)
    _Crowd(made).fill()
    made.bind(COMPLIANCE, find_login())
    made.store.close()


class _Crowd:
    def __init__(self, branch: Branch) -> None:
        self._branch, self._draw = branch, Random(11)  # noqa: S311 (nothing is kept secret by it)

    def fill(self) -> None:
        for place in range(CASES):
            self._branch.clock.now += self._draw.randrange(DAY) + 1
            self._have(place)
        self._branch.case_in(State.RESTRICTED)
        self._branch.case_in(State.ERASED)

    def _have(self, place: int) -> None:
        branch, draw, case_id = self._branch, self._draw, str(uuid6.uuid7())
        actor = TELLER if place % 3 else SUPERVISOR
        level = draw.choice(_LEVELS)
        steps: list[dict[str, Any]] = [{"id": "call_110", "minutes": 30}] if level in _LEVELS[2:] else []
        steps += [{"id": REFERRAL, "minutes": 5}] if place % 4 == 0 else []
        advice = {"rulebook": "1", "level": level, "steps": steps, "typologies": self._suspect()}
        money = {"portion": 1, "state": "not_moved", "amount": draw.choice((1, 99, 50_000_00, 12_345_678_901))}
        moves = [
            branch.draft(case_id, EventKind.OPENED, {"request": draw.choice(("transfer", "help"))}, actor),
            branch.draft(case_id, EventKind.MONEY_RECORDED, money, actor),
            branch.draft(case_id, EventKind.ADVISED, advice, actor),
        ]
        for value, field in _FACTS[: place % 5]:
            noted = {"party": "customer", "field": field}
            moves.append(branch.draft(case_id, EventKind.PARTICULARS_NOTED, noted, actor, {"value": value}))
        for step in steps if place % 8 else ():
            branch.clock.wait(draw.choice((1_000, 3_600_000)))
            body = {"step": step["id"], "outcome": "done"}
            moves.append(branch.draft(case_id, EventKind.STEP_RECORDED, body, actor, {"reference": "虚构登记"}))
        if place % 5 == 0:
            moves.append(branch.draft(case_id, EventKind.SUPERVISOR_CALLED, {"wanted": "second_interview"}, TELLER))
        if place % 3:
            moves.append(self._close(case_id, actor))
        branch.store.append_all(moves)
        if place % 2 and branch.store.case(case_id).summary().review:
            branch.append(case_id, EventKind.REVIEW_CLAIMED, {}, COMPLIANCE)

    def _suspect(self) -> list[str]:
        return self._draw.sample(_TYPOLOGIES, self._draw.randrange(3))

    def _close(self, case_id: str, actor: str) -> Draft:
        risk = self._draw.choice((0, 500, 70_000, 12_345_678_901))
        lost = self._draw.choice((0, risk))
        outcome = self._draw.choice((Outcome.INTERCEPTED, Outcome.NOT_INTERCEPTED, Outcome.LEFT, Outcome.UNRESOLVED))
        body = {"outcome": outcome.value, "at_risk": risk, "protected": risk - lost, "lost": lost}
        return self._branch.draft(case_id, EventKind.CLOSED, body, actor)


def _make_hostile(path: Path) -> None:
    make_outlet(path)
    with Store.open(path) as store:
        for place, value in enumerate(HOSTILE):
            case_id, actor, at = str(uuid6.uuid7()), value[:60], NOON + place * 1_000
            advice: dict[str, JsonValue] = {"rulebook": "1", "level": "ask", "steps": [{"id": "probe_questions"}]}
            moves: list[tuple[EventKind, dict[str, JsonValue], dict[str, str]]] = [
                (EventKind.OPENED, {"request": "transfer"}, {}),
                (EventKind.ADVISED, advice, {}),
                (EventKind.PARTICULARS_NOTED, {"party": "customer", "field": "name"}, {"value": value}),
                (EventKind.PARTICULARS_NOTED, {"party": "payee", "field": "account"}, {"value": value}),
            ]
            store.append_all(Draft(make_id(), case_id, at, actor, *move) for move in moves)
