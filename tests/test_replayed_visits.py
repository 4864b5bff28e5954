"""What two rulebooks make of a visit: read once where it is the same to both, and counted by how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

import pytest

from assistant.case.events import Outcome
from assistant.replay.comparison import Trial, Verdict, find_difference
from assistant.replay.figures import FRAUDS, HONEST, Counts, Difference, Share
from bench.replay import change
from rules.advice import Advice, Adviser
from rules.conditions import read_condition
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
from rules.loading import load_book
from rules.model import Book, Urgency
from tests.rules.visits import NOON, Chance, every_step


@pytest.fixture(scope="module")
def books() -> tuple[Book, Book]:
    """The rulebook of the product, and one without its first reason to hold."""
    book = load_book()
    return book, change(book)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (("ask", "a b"), ("hold", "a b"), Difference.STOP_MORE),
        (("police", "a b"), ("proceed", "a"), Difference.STOP_LESS),
        (("hold", "a b"), ("police", "b"), Difference.HIGHER),
        (("ask", "a b"), ("proceed", "b"), Difference.LOWER),
        (("ask", "a b"), ("ask", "a c"), Difference.STEPS),
        (("ask", "a b"), ("ask", "b a"), Difference.ORDER),
        (("ask", "a b"), ("ask", "a b"), Difference.NONE),
    ],
)
def test_a_case_counts_as_the_gravest_way_in_which_the_books_differ(
    old: tuple[str, str], new: tuple[str, str], kind: Difference
) -> None:
    older, newer = (Verdict(Level(level), tuple(named.split()), False) for level, named in (old, new))
    assert find_difference(older, newer) is kind


ASKED: Final = (
    "secrecy=verified", "elderly=no", "done:pause_transaction", "refused:pause_transaction", "age:elder",
    "account:class_2_involved", "account:class_2_involved=unknown", "cleared:family_confirmed",
    {"portion": {"state": ["credited_older"], "payee": ["other_bank"]}},
    {"portion": {"state": ["credited_recent"], "payee": ["this_bank"]}}, {"not": {"amount_from": 50000}},
    {"any": [{"amount_from": 90000}, "request:help"]},
)  # fmt: skip
"""What a rule may ask of a visit, each in its own way."""


def vary(facts: Facts) -> Iterator[Facts]:
    """Yield `facts` and visits that differ from them in one thing alone."""
    yield facts
    for known in Known:
        yield replace(facts, answers={**facts.answers, "secrecy": Reply(Answer.YES, known)})
        yield replace(facts, answers={**facts.answers, "elderly": Reply(Answer.NO, known)})
    for value in Answer:
        yield replace(facts, accounts={"class_2_involved": Reply(value, Known.VERIFIED)})
    for outcome in StepOutcome:
        yield replace(facts, steps={"pause_transaction": outcome})
    yield from (replace(facts, money=(replace(facts.money[0], payee=payee),)) for payee in PayeeAt)
    for yuan in (49_999, 50_000, 90_000):
        yield replace(facts, money=(replace(facts.money[0], amount=yuan * 100),))
    yield from (replace(facts, requests=frozenset({request})) for request in ("help", "transfer"))
    yield replace(facts, now=facts.now + RECENT_MS + 1)
    yield replace(facts, answers={}, age=None, accounts={}, clearings=frozenset(), steps={})


def test_no_visit_is_taken_for_another_that_a_rule_tells_apart(books: tuple[Book, Book]) -> None:
    facts = Facts(
        frozenset({"transfer"}),
        {"secrecy": Reply(Answer.YES, Known.SAID), "elderly": Reply(Answer.NO, Known.SAID)},
        (Portion(MoneyState.CREDITED_RECENT, 5_000_000, NOON, PaidFrom.HERE, PayeeAt.OTHER_BANK),),
        AgeBand.ELDER,
        clearings=frozenset({"family_confirmed"}),
        now=NOON,
    )
    like = next(iter(books[0].step_rules.values()))
    free = [name for name, step in books[0].steps.items() if not step.not_when and not step.after][: len(ASKED)]
    rules = {
        f"asks-{number}": like.model_copy(update={"when": read_condition(asked), "advises": (free[number],)})
        for number, asked in enumerate(ASKED)
    }
    old, new = (book.model_copy(update={"step_rules": rules}) for book in books)
    told = set()
    with closing(Trial(old, new)) as trial, closing(Adviser(old)) as adviser:
        for other in vary(facts):
            advice = adviser.advise(other)
            assert trial.judge(other)[0].steps == every_step(advice), other
            told.add(tuple(sorted(every_step(advice))))
    assert {step for advised in told for step in advised} == set(free)
    assert all(any(step not in advised for advised in told) for step in free)


VISITS: Final = 100
EDITS: Final[Mapping[str, Mapping[str, Any]]] = {
    "orders turned round": {"orders": None},
    "a level lowered": {"level_rules": {"safe-account": {"level": Level.ASK}}},
    "a condition widened": {"level_rules": {"threats": {"when": read_condition({"any": ["threatened", "hurried"]})}}},
    "a finding narrowed": {"findings": {"controlled": {"when": read_condition("companion_speaks")}}},
    "a typology moved": {"typology_rules": {"t-handover": {"suspects": "mule"}}},
    "a step more": {"step_rules": {"s-ask": {"advises": ("probe_questions", "call_110")}}},
    "a step's urgency": {"steps": {"call_110": {"urgency": Urgency.FOLLOW_UP, "not_when": ()}}},
    "an order's tiers": {"orders": {"handed-over": {"tiers": (("call_110",),)}}},
}


@pytest.fixture(scope="module")
def visits(books: tuple[Book, Book]) -> list[tuple[Facts, Advice]]:
    """Made-up visits with what the rulebook of the product advises."""
    chance = Chance(books[0], 3)
    with closing(Adviser(books[0])) as adviser:
        return [(facts, adviser.advise(facts)) for facts in (chance.visit() for _ in range(VISITS))]


@pytest.mark.parametrize("name", EDITS)
def test_a_visit_that_touches_nothing_of_an_edit_is_rightly_read_once(
    books: tuple[Book, Book], visits: list[tuple[Facts, Advice]], name: str
) -> None:
    old, new = books[0], books[0]
    for section, entries in EDITS[name].items():
        if entries is None:
            new = new.model_copy(update={section: dict(reversed(getattr(new, section).items()))})
            continue
        changed = {entry: getattr(new, section)[entry].model_copy(update=dict(f)) for entry, f in entries.items()}
        new = new.model_copy(update={section: {**getattr(new, section), **changed}})
    different = 0
    with closing(Trial(old, new)) as trial, closing(Adviser(new)) as newer:
        for facts, first in visits:
            second = newer.advise(facts)
            judged = trial.judge(facts)
            assert [(verdict.level, verdict.steps) for verdict in judged] == [
                (first.level, every_step(first)),
                (second.level, every_step(second)),
            ]
            different += judged[0] != judged[1]
    assert 0 < different < VISITS


def test_the_interval_is_that_of_wilson() -> None:
    """Against Newcombe (1998), Statistics in Medicine 17:857-872, whose third method it is: 81 of 263, 15 of 148."""
    first, second = Share(81, 263).interval, Share(15, 148).interval
    assert first is not None
    assert second is not None
    assert (round(first.low, 4), round(first.high, 4)) == (0.2553, 0.3662)
    assert (round(second.low, 4), round(second.high, 4)) == (0.0624, 0.1605)
    assert Share(1, 29).interval is None


def test_sums_of_parts_name_the_first_cases_only() -> None:
    counts, part = Counts(), Counts(cases=8, numbers={Difference.STEPS: [str(n) for n in range(8)]})
    part.stops[0]["cleared"], part.levels[1]["hold"], part.moves["ask", "hold"] = 3, 5, 1
    counts.add(part)
    counts.add(part)
    assert counts.cases == 16
    assert (counts.stops[0]["cleared"], counts.levels[1]["hold"], counts.moves["ask", "hold"]) == (6, 10, 2)
    assert counts.numbers[Difference.STEPS] == [*"01234567", "0", "1"]


def test_every_ending_of_a_case_is_a_fraud_honest_or_says_neither() -> None:
    assert {outcome for outcome in Outcome if "intercepted" in outcome} == FRAUDS
    assert set(Outcome) - FRAUDS > HONEST
