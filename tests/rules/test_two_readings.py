"""The engine and the independent reader find the same, and what they find obeys the laws of the rulebook."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules.advice import Adviser
from rules.facts import (
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
from rules.model import Book, StepRule
from tests.rules.visits import NOON, Chance, ids

PARTS = 8
VISITS = 20_000

BOOK = load_book()
ADVISER = Adviser(BOOK)
GONE = {MoneyState.CREDITED_RECENT, MoneyState.CREDITED_OLDER}
HARMLESS = ("elderly", "out_of_area", "large_cash", "below_threshold")
"""Signs of who somebody is and of how much money it is."""


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_the_engine_and_the_reader_agree_on_every_made_up_visit(adviser: Adviser, part: int) -> None:
    chance = Chance(adviser.book, seed=part)
    heard: set[str] = set()
    for _ in range(VISITS // PARTS):
        facts = chance.visit()
        found = adviser.engine.read(facts).fired
        assert found == adviser.reader.read(facts).fired, facts
        heard |= found
    unheard = set(adviser.reader.clauses) - heard
    assert len(unheard) * 20 <= len(adviser.reader.clauses), f"the made-up visits say nothing of {unheard}"


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 12))])
def test_they_agree_on_made_up_rulebooks_too(book: Book, seed: int) -> None:
    chance = Chance(book, seed)
    why = {"advises": ["call_110"], "reason": {"zh": "甲", "en": "A"}, "basis": "practice"}
    rules = {f"r{n}": StepRule.model_validate({"when": chance.condition(), **why}) for n in range(120)}
    adviser = Adviser(book.model_copy(update={"step_rules": rules}))
    heard: set[str] = set()
    for _ in range(100):
        facts = chance.visit()
        found = adviser.engine.read(facts).fired
        assert found == adviser.reader.read(facts).fired, facts
        heard |= found
    assert len([name for name in rules if f"step.{name}" in heard]) >= len(rules) // 2
    adviser.close()


replies = st.builds(Reply, st.sampled_from(Answer), st.sampled_from(Known))
portions = st.builds(
    Portion,
    st.sampled_from(MoneyState),
    st.none() | st.integers(0, 10_000_000_000),
    st.none() | st.integers(NOON - 400_000_000, NOON),
    st.none() | st.sampled_from(PaidFrom),
    st.none() | st.sampled_from(PayeeAt),
)
visits = st.builds(
    Facts,
    requests=st.frozensets(st.sampled_from(list(BOOK.requests)), max_size=2),
    answers=st.dictionaries(st.sampled_from(list(BOOK.signs)), replies, max_size=12),
    money=st.lists(portions, max_size=3).map(tuple),
    age=st.none() | st.sampled_from(AgeBand),
    accounts=st.dictionaries(st.sampled_from(list(BOOK.accounts)), replies, max_size=5),
    clearings=st.frozensets(st.sampled_from(list(BOOK.clearings)), max_size=2),
    steps=st.dictionaries(st.sampled_from(list(BOOK.steps)), st.sampled_from(StepOutcome), max_size=4),
    now=st.just(NOON),
)
signs = st.sampled_from(list(BOOK.signs))
law = settings(suppress_health_check=[HealthCheck.too_slow])


def states(facts: Facts) -> set[MoneyState]:
    return {portion.at(facts.now) for portion in facts.money}


@law
@given(visits)
def test_the_same_facts_give_the_same_advice(facts: Facts) -> None:
    first = ADVISER.advise(facts)
    assert first.disagreement == ()
    assert ADVISER.advise(replace(facts)) == first


@law
@given(visits, signs, st.sampled_from(Known))
def test_one_more_yes_never_lowers_the_level(facts: Facts, sign: str, known: Known) -> None:
    before = ADVISER.advise(facts).level
    after = ADVISER.advise(replace(facts, answers={**facts.answers, sign: Reply(Answer.YES, known)})).level
    assert after.rank >= before.rank


@law
@given(visits, signs)
def test_a_no_that_was_merely_said_is_as_if_not_asked(facts: Facts, sign: str) -> None:
    unasked = {name: reply for name, reply in facts.answers.items() if name != sign}
    said_no = {**unasked, sign: Reply(Answer.NO, Known.SAID)}
    assert ADVISER.advise(replace(facts, answers=said_no)) == ADVISER.advise(replace(facts, answers=unasked))


@law
@given(visits, st.sampled_from(list(BOOK.clearings)))
def test_a_verified_clearing_never_raises_the_level(facts: Facts, clearing: str) -> None:
    before = ADVISER.advise(facts).level
    after = ADVISER.advise(replace(facts, clearings=facts.clearings | {clearing})).level
    assert after.rank <= before.rank


@law
@given(
    st.sampled_from(sorted(set(BOOK.requests) - {"help"})),
    st.sets(st.sampled_from(HARMLESS)),
    st.sampled_from(Known),
    st.none() | st.sampled_from(AgeBand),
    st.integers(0, 10**14),
)
def test_age_origin_and_amount_together_never_reach_hold(
    request: str, yes: set[str], known: Known, age: AgeBand | None, amount: int
) -> None:
    answers = {sign: Reply(Answer.YES, known) for sign in yes}
    money = (Portion(BOOK.requests[request].money, amount),)
    advice = ADVISER.advise(Facts(frozenset({request}), answers, money, age, now=NOON))
    assert advice.level.rank < Level.HOLD.rank


@law
@given(visits)
def test_every_step_appears_once_and_behind_what_it_awaits(facts: Facts) -> None:
    steps = ids(ADVISER.advise(facts))
    assert len(set(steps)) == len(steps)
    for place, step in enumerate(steps):
        assert not set(BOOK.steps[step].after) & set(steps[place:])


@law
@given(visits)
def test_no_step_is_advised_and_withheld_at_once(facts: Facts) -> None:
    advice = ADVISER.advise(facts)
    assert not set(ids(advice)) & {held.id for held in advice.withheld}


@law
@given(visits)
def test_every_conclusion_has_a_reason_that_holds(facts: Facts) -> None:
    advice = ADVISER.advise(facts)
    reasons = [advice.because] if advice.level is not Level.PROCEED else []
    reasons += [suspicion.because for suspicion in advice.suspicions] + [step.because for step in advice.steps]
    assert all(reasons)
    assert {because.rule for because_of in reasons for because in because_of} <= set(advice.rules)
    assert {held.rule for held in advice.withheld} <= set(advice.rules)


@law
@given(visits, signs)
def test_the_police_level_always_brings_the_call(facts: Facts, sign: str) -> None:
    advice = ADVISER.advise(replace(facts, answers={**facts.answers, sign: Reply(Answer.YES, Known.SEEN)}))
    assume(advice.level is Level.POLICE)
    assert "call_110" in ids(advice)


@law
@given(visits, portions.filter(lambda portion: portion.state in GONE))
def test_credited_money_brings_the_call_and_the_emergency_stop(facts: Facts, gone: Portion) -> None:
    facts = replace(facts, money=(*facts.money, gone))
    advice = ADVISER.advise(facts)
    assert "call_110" in ids(advice)
    if "emergency_stop_application" not in ids(advice):
        assert "emergency_stop_application" in {held.id for held in advice.withheld}
        credited = [portion.payee for portion in facts.money if portion.at(facts.now) in GONE]
        assert PayeeAt.PAYMENT_ACCOUNT in credited
        assert not {PayeeAt.THIS_BANK, PayeeAt.OTHER_BANK} & set(credited)


@law
@given(visits, st.sampled_from(Known))
def test_money_told_to_be_gathered_is_never_moved_to_class_1(facts: Facts, known: Known) -> None:
    told = {**facts.answers, "gather_in_own_account": Reply(Answer.YES, known)}
    steps = ids(ADVISER.advise(replace(facts, answers=told)))
    assert not {"move_to_class_1", "close_class_2", "bind_class_1", "upgrade_class_2"} & set(steps)


@law
@given(visits)
def test_an_exposed_class_1_account_is_made_safe_before_the_move(facts: Facts) -> None:
    exposed = {**facts.accounts, "class_1_exposed": Reply(Answer.YES, Known.VERIFIED)}
    missing = {**facts.answers, "money_missing": Reply(Answer.YES, Known.SEEN)}
    steps = ids(ADVISER.advise(replace(facts, accounts=exposed, answers=missing, steps={})))
    assume("move_to_class_1" in steps)
    move = steps.index("move_to_class_1")
    for safeguard in ("suspend_non_counter", "reset_account_password", "reset_ebank_password"):
        assert steps.index(safeguard) < move
