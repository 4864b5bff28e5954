"""What a rulebook holds in vain is found by proof, and two rulebooks are proved to be alike or shown to differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import pytest

from rules.advice import Advice, Adviser
from rules.conditions import AllOf, AnyOf, Atom, Not, Subject, read_condition
from rules.facts import Facts
from rules.language import Language
from rules.model import Book
from rules.proof.idle import Idle, Vain, find_idle
from rules.proof.likeness import equivalent, find_difference
from rules.proof.wording import Teller
from tests.rules.edited import added, altered, without


def shown(advice: Advice) -> tuple[object, ...]:
    """Return what two rulebooks must agree on."""
    steps = [(step.id, step.owner) for step in (*advice.steps, *advice.deferred)]
    return advice.level, {suspicion.typology for suspicion in advice.suspicions}, steps


def advice_of(book: Book, facts: Facts) -> Advice:
    adviser = Adviser(book)
    try:
        return adviser.advise(facts)
    finally:
        adviser.close()


@pytest.fixture(scope="module")
def in_vain(book: Book) -> set[Idle]:
    """What is found in a rulebook with several slips in it, none of which touches another: each look proves it all."""
    never = read_condition({"all": ["screen_sharing", {"not": "finding:credentials_exposed"}]})
    spoilt = added(book, "step_rules", "s-notice", "s-never", when=never)
    narrower = read_condition({"all": ["money:pending", "elderly"]})
    spoilt = added(spoilt, "step_rules", "s-cancel-transfer", "s-narrower", when=narrower)
    listed = read_condition("payee_listed")
    spoilt = added(spoilt, "level_rules", "fears-a-scam", "timid", when=listed, unless_cleared=("police_cleared",))
    twin = read_condition({"all": ["payee_listed", "elderly"]})
    spoilt = added(spoilt, "level_rules", "payee-on-list", "twin", when=twin)
    leading = [name for name, rule in book.step_rules.items() if "trace_courier" in rule.advises]
    spoilt = without(spoilt, "step_rules", *leading)
    call = book.steps["call_110"]
    spoilt = altered(spoilt, "steps", "call_110", situations=(*call.situations, call.situations[0]))
    return set(find_idle(spoilt))


def test_a_rule_whose_parts_exclude_one_another_never_fires(in_vain: set[Idle]) -> None:
    assert Idle(Vain.NEVER_FIRES, "step.s-never") in in_vain


def test_a_rule_implied_by_another_with_the_same_step_is_pointless(in_vain: set[Idle]) -> None:
    assert Idle(Vain.POINTLESS, "step.s-narrower", ("step.s-cancel-transfer",)) in in_vain
    assert Idle(Vain.POINTLESS, "step.s-cancel-transfer", ("step.s-narrower",)) not in in_vain


def test_a_level_that_a_higher_one_always_overtakes_is_pointless(in_vain: set[Idle]) -> None:
    assert Idle(Vain.POINTLESS, "level.timid", ("level.payee-on-list",)) in in_vain
    assert Idle(Vain.POINTLESS, "level.twin", ("level.payee-on-list",)) in in_vain
    assert "level.payee-on-list" not in {idle.entry for idle in in_vain}


def test_a_step_that_no_rule_leads_to_is_unreachable(in_vain: set[Idle]) -> None:
    assert Idle(Vain.UNREACHABLE, "steps.trace_courier") in in_vain


def test_words_that_an_earlier_situation_hides_are_never_spoken(in_vain: set[Idle]) -> None:
    assert Idle(Vain.NEVER_SPOKEN, "situation.call_110.3") in in_vain


def test_a_rule_that_two_others_cover_together_names_those_two(book: Book) -> None:
    spoilt = book
    for name, when in (("s-one", "elderly"), ("s-two", "hurried"), ("s-both", {"any": ["elderly", "hurried"]})):
        spoilt = added(spoilt, "step_rules", "s-cancel-transfer", name, when=read_condition(when))
    assert Idle(Vain.POINTLESS, "step.s-both", ("step.s-one", "step.s-two")) in set(find_idle(spoilt))


def test_a_contraindication_that_always_holds_withholds_the_step_for_ever(book: Book) -> None:
    held = (
        book.steps["stop_other_banks"]
        .not_when[0]
        .model_copy(update={"when": Not(Atom(Subject.ACCOUNT, "accounts_at_other_banks", "no"))})
    )
    spoilt = altered(book, "steps", "stop_other_banks", not_when=(held,))
    found = {idle for idle in find_idle(spoilt) if "stop_other_banks" in idle.entry}
    always = Idle(Vain.ALWAYS_WITHHOLDS, "not_when.stop_other_banks.0")
    assert found == {Idle(Vain.UNREACHABLE, "steps.stop_other_banks"), always}
    both = altered(book, "steps", "report_loss", not_when=(*book.steps["report_loss"].not_when, held))
    assert Vain.NEVER_FIRES not in {idle.kind for idle in find_idle(both)}


def test_what_is_in_vain_is_told_by_name_and_id_in_both_languages(book: Book) -> None:
    idle = Idle(Vain.POINTLESS, "step.s-courier", ("step.s-police",))
    chinese, english = (Teller(book, language).idle(idle) for language in Language)
    assert "s-courier" in chinese
    assert "s-police" in chinese
    assert "删去也不会改变建议" in chinese
    assert "without it no advice would change" in english


def test_a_rulebook_is_like_itself_however_its_conditions_are_written(book: Book) -> None:
    when = book.findings["money_gone"].when
    assert isinstance(when, AnyOf)
    turned = AnyOf(tuple(reversed(when.parts)))
    doubled = Not(Not(AllOf((turned, turned))))
    assert equivalent(book, altered(book, "findings", "money_gone", when=doubled))


def without_first_tier(book: Book) -> Book:
    return altered(book, "orders", "credited", tiers=book.orders["credited"].tiers[1:])


SPOILT: Final[Mapping[str, Callable[[Book], Book]]] = {
    "a step that awaits nothing": partial(altered, section="steps", entry="stop_pay_class_2", after=()),
    "another typology": partial(altered, section="typology_rules", entry="t-handover", suspects="romance"),
    "an order cut short": without_first_tier,
    "a finding narrowed": partial(
        altered, section="findings", entry="money_gone", when=read_condition("money:credited_recent")
    ),
    "a level not cleared": partial(altered, section="level_rules", entry="threats", unless_cleared=()),
    "a step in any situation": partial(altered, section="steps", entry="cancel_pending_transfer", situations=()),
    "an order at another time": partial(
        altered, section="orders", entry="credited", when=read_condition("money:credited_older")
    ),
}
IN_THE_SUITE: Final = 3


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(spoil, id=name, marks=() if number < IN_THE_SUITE else pytest.mark.long)
        for number, (name, spoil) in enumerate(SPOILT.items())
    ],
)
def test_rulebooks_that_differ_are_told_apart_by_a_visit(book: Book, spoil: Callable[[Book], Book]) -> None:
    other = spoil(book)
    facts = find_difference(book, other)
    assert facts is not None
    assert shown(advice_of(book, facts)) != shown(advice_of(other, facts))


def test_an_order_that_changes_no_place_is_no_difference(book: Book) -> None:
    tiers = book.orders["credited"].tiers
    assert equivalent(book, altered(book, "orders", "credited", tiers=(*tiers, ())))
