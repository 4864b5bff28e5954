"""Proportion: what people come for every day is asked about and let go, and a cleared customer is served at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.advice import MOST_STEPS, Adviser
from rules.facts import AgeBand, Facts, Level, MoneyState, Portion, StepOutcome
from rules.language import read_yaml
from rules.model import Book
from tests.rules.visits import Chance, visit

WRITTEN: Final[Mapping[str, Mapping[str, Any]]] = read_yaml(
    Path(__file__).with_name("ordinary_visits.yaml").read_text("utf-8")
)
MEAN_STEPS: Final = 4
ONE_IN: Final = 10
"""At most one ordinary visit in so many is held for the supervisor."""


def read(name: str) -> Facts:
    """Return the facts of the ordinary visit of that name."""
    told = WRITTEN[name]
    portion = Portion(MoneyState(told["money"]), told["yuan"] * 100 if "yuan" in told else None)
    return replace(visit(told["request"], yes=tuple(told["signs"])), money=(portion,))


@pytest.mark.parametrize("name", WRITTEN)
def test_an_ordinary_visit_is_never_a_matter_for_the_police(adviser: Adviser, name: str) -> None:
    advice = adviser.advise(read(name))
    assert advice.level is not Level.POLICE
    assert "call_110" not in {step.id for step in advice.steps}


@pytest.mark.parametrize("name", WRITTEN)
def test_an_ordinary_visit_is_served_at_once_when_its_purpose_is_shown_to_be_known(adviser: Adviser, name: str) -> None:
    clearings = frozenset({"known_pattern", "purpose_documented", "family_confirmed", "identity_verified"})
    advice = adviser.advise(replace(read(name), clearings=clearings))
    assert advice.level in (Level.PROCEED, Level.ASK)
    assert not [step.id for step in advice.steps if step.step.needs_both]


def test_few_ordinary_visits_are_held_and_little_is_asked_of_the_others(adviser: Adviser) -> None:
    advices = [adviser.advise(read(name)) for name in WRITTEN]
    held = [advice for advice in advices if advice.level.rank >= Level.HOLD.rank]
    assert len(held) * ONE_IN <= len(WRITTEN)
    assert sum(len(advice.steps) for advice in advices) <= MEAN_STEPS * len(advices)


@given(
    st.sampled_from(
        ["transfer", "cash_withdrawal", "cash_deposit", "deposit_break", "account_opening", "gold_purchase"]
    ),
    st.sampled_from(AgeBand),
    st.sets(st.sampled_from(["elderly", "out_of_area", "large_cash", "below_threshold"])),
    st.integers(0, 10**12),
)
def test_age_origin_and_amount_never_stop_anybody(
    adviser: Adviser, request: str, age: AgeBand, signs: set[str], fen: int
) -> None:
    facts = replace(visit(request, yes=tuple(signs)), age=age, money=(Portion(MoneyState.NOT_MOVED, fen),))
    assert adviser.advise(facts).level.rank < Level.HOLD.rank


@pytest.mark.parametrize("mood", ["distressed", "hurried", "near_closing", "vulnerable"])
@pytest.mark.parametrize("size", ["all_savings", "early_break", "large_cash", "out_of_pattern"])
def test_a_mood_and_the_size_of_the_customers_own_errand_are_a_reason_to_ask_and_not_to_stop(
    adviser: Adviser, mood: str, size: str
) -> None:
    advice = adviser.advise(
        visit("deposit_break", yes=(mood, size, "insists_on_cash", "elderly"), money=MoneyState.NOT_MOVED)
    )
    assert advice.level is Level.ASK


@pytest.mark.parametrize("seed", range(40))
def test_a_list_is_never_longer_than_a_teller_can_follow_unless_nothing_of_it_can_be_put_off(
    adviser: Adviser, book: Book, seed: int
) -> None:
    facts = Chance(book, seed).visit()
    advice = adviser.advise(facts)
    waiting = [step for step in advice.steps if step.id not in facts.steps]
    assert len(waiting) <= MOST_STEPS or not book.spare_steps() & {step.id for step in waiting}
    assert not any(step.step.gates for step in advice.deferred)
    assert len(waiting) >= MOST_STEPS or not advice.deferred


def test_what_was_put_off_comes_when_there_is_room_for_it(adviser: Adviser) -> None:
    signs = (
        "on_phone",
        "gather_in_own_account",
        "hostile_to_questions",
        "ignored_warnings",
        "credentials_given",
        "elderly",
    )
    facts = visit("own_transfer", yes=signs, money=MoneyState.NOT_MOVED)
    advice = adviser.advise(facts)
    put_off = {step.id for step in advice.deferred}
    assert put_off
    done = dict.fromkeys([step.id for step in advice.steps][: len(put_off)], StepOutcome.DONE)
    after = adviser.advise(replace(facts, steps=done))
    assert put_off <= {step.id for step in after.steps}
