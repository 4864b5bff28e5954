"""Invented visits: those that a test describes in words, and those that a seed makes up."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from rules.advice import Advice
from rules.facts import (
    RECENT_MS,
    AgeBand,
    Answer,
    Facts,
    Known,
    Level,
    MoneyState,
    PaidFrom,
    PayeeAt,
    Portion,
    Reply,
    StepOutcome,
)
from rules.model import Book

NOON: Final = 1_763_870_400_000
"""2025-11-23 12:00 in Shanghai, in UTC milliseconds."""

_T = TypeVar("_T")


def visit(
    request: str = "help",
    *,
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    known: Known = Known.SEEN,
    money: MoneyState | Sequence[Portion] = (),
    accounts: Mapping[str, bool] | None = None,
    done: Sequence[str] = (),
    refused: Sequence[str] = (),
    cleared: Sequence[str] = (),
    age: AgeBand | None = None,
) -> Facts:
    """Return the facts of a visit at noon; what is left out was not asked."""
    answers = {sign: Reply(Answer.YES, known) for sign in yes} | {sign: Reply(Answer.NO, known) for sign in no}
    looked_up = {
        fact: Reply(Answer.YES if value else Answer.NO, Known.VERIFIED) for fact, value in (accounts or {}).items()
    }
    steps = dict.fromkeys(done, StepOutcome.DONE) | dict.fromkeys(refused, StepOutcome.REFUSED)
    portions = (Portion(money),) if isinstance(money, MoneyState) else tuple(money)
    return Facts(frozenset({request}), answers, portions, age, looked_up, frozenset(cleared), steps, NOON)


def ids(advice: Advice) -> list[str]:
    """Return the advised steps, in their order."""
    return [step.id for step in advice.steps]


def every_step(advice: Advice) -> tuple[str, ...]:
    """Return the steps that are advised now or wait their turn, in their order."""
    return tuple(step.id for step in (*advice.steps, *advice.deferred))


def in_this_order(advice: Advice, *steps: str) -> bool:
    """Tell whether all of `steps` are advised, and in the order in which they are named."""
    places = [ids(advice).index(step) for step in steps]
    return places == sorted(places)


class Chance:
    """Makes up visits of every kind, the sensible and the absurd; the same seed makes up the same ones."""

    def __init__(self, book: Book, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (made-up visits need no secrecy)
        self._requests = list(book.requests)
        self._signs = list(book.signs)
        self._accounts = list(book.accounts)
        self._clearings = list(book.clearings)
        self._steps = list(book.steps)

    def visit(self) -> Facts:
        """Return the next made-up visit."""
        draw = self._random
        return Facts(
            requests=frozenset(self._some(self._requests, 0, 2)),
            answers={sign: self._reply() for sign in self._some(self._signs, 0, draw.choice((2, 6, 25)))},
            money=tuple(self._portion() for _ in range(draw.choice((0, 1, 1, 1, 2, 3)))),
            age=draw.choice((None, *AgeBand)),
            accounts={fact: self._reply() for fact in self._some(self._accounts, 0, 5)},
            clearings=frozenset(self._some(self._clearings, 0, 2) if draw.random() < 0.3 else ()),
            steps={
                step: draw.choice(list(StepOutcome)) for step in self._some(self._steps, 0, draw.choice((3, 12, 57)))
            },
            now=NOON + draw.choice((0, 1, RECENT_MS - 1, RECENT_MS, RECENT_MS + 1, 10 * RECENT_MS)),
        )

    def condition(self, depth: int = 2) -> Any:
        """Return a made-up condition as a rulebook would write it, never wider than the engine takes."""
        draw = self._random
        if depth == 0 or draw.random() < 0.2:
            return self._bare_condition()
        parts = [self.condition(depth - 1) for _ in range(draw.randint(1, 3))]
        return draw.choice(({"all": parts}, {"any": parts}, {"not": parts[0]}))

    def _bare_condition(self) -> Any:
        draw = self._random
        signs = self._some(self._signs, 5, 12)
        states = self._some(list(MoneyState), 1, 3)
        weights = {sign: draw.randint(1, 3) for sign in signs}
        return draw.choice(
            (
                f"{signs[0]}{draw.choice(('', '', '=no', '=seen', '=said', '=verified'))}",
                f"account:{draw.choice(self._accounts)}{draw.choice(('', '=no', '=unknown'))}",
                f"request:{draw.choice(self._requests)}",
                f"money:{states[0]}",
                f"age:{draw.choice(list(AgeBand))}",
                f"cleared:{draw.choice(self._clearings)}",
                f"{draw.choice(('done', 'refused'))}:{draw.choice(self._steps)}",
                f"level:{draw.choice(list(Level))}",
                {"any": [*signs]},
                {"at_least": draw.randint(1, 3), "of": [*signs, f"money:{states[0]}"]},
                {"points": draw.randint(1, sum(weights.values())), "of": weights},
                {"amount_from": draw.choice((1, 50_000, 900_000_000))},
                {"portion": {"state": states, "paid_from": self._some(list(PaidFrom), 1, 2)}},
                {"portion": {"state": states, "payee": self._some(list(PayeeAt), 1, 2)}},
            )
        )

    def _some(self, words: list[_T], least: int, most: int) -> list[_T]:
        return self._random.sample(words, self._random.randint(least, most))

    def _reply(self) -> Reply:
        return Reply(self._random.choice((Answer.YES, Answer.YES, Answer.NO)), self._random.choice(list(Known)))

    def _portion(self) -> Portion:
        draw = self._random
        return Portion(
            state=draw.choice(list(MoneyState)),
            amount=draw.choice((None, 0, 1, 4_999_999, 5_000_000, 5_000_001, 90_000_000_000)),
            when=draw.choice((None, NOON - RECENT_MS, NOON - 1, NOON)),
            paid_from=draw.choice((None, *PaidFrom)),
            payee=draw.choice((None, *PayeeAt)),
        )
