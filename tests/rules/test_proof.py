"""The safety properties are proved for every visit, and where a rulebook breaks one the proof shows the visit."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

import pytest

from rules.advice import Advice, Adviser
from rules.conditions import AllOf, Atom, Not, Subject
from rules.explain import with_yes
from rules.facts import Answer, Facts, Level, MoneyState
from rules.language import Language
from rules.loading import RulebookUnsound
from rules.model import Book, Owner
from rules.proof.advice import AnyAdvice
from rules.proof.judging import holds
from rules.proof.properties import parse_properties, read_properties
from rules.proof.proving import Proof, Prover, Verdict
from rules.proof.solver import Solver
from rules.proof.verdicts import prove
from rules.proof.visit import AnyVisit
from rules.proof.wording import Teller
from tests.rules.edited import altered, without
from tests.rules.visits import every_step, ids

TARGET_SECONDS: Final = 20

Spoil: Any = Callable[[Book], Book]


def stated(claim: str) -> str:
    """Return the text of a file with one property, `claim`, on its third line."""
    return f"properties:\n  tried: {{name: {{zh: 试, en: try}}, basis: practice,\n    {claim}}}\n"


@contextmanager
def proof_of(book: Book, claim: str) -> Iterator[tuple[Proof, Adviser]]:
    """Yield the proof of `claim` for `book`, and the adviser on which a counterexample stands."""
    with closing(Adviser(book)) as adviser:
        (proof,) = Prover(adviser).prove_all(parse_properties(book, stated(claim)))
        yield proof, adviser


def counterexample(book: Book, claim: str) -> tuple[Facts, Advice]:
    """Return the visit that refutes `claim` and the advice really given for it."""
    with proof_of(book, claim) as (proof, adviser):
        assert proof.verdict is Verdict.REFUTED
        assert proof.visit is not None
        return proof.visit, adviser.advise(proof.visit)


def test_the_rulebook_has_every_property_that_is_kept_beside_it(book: Book) -> None:
    start = time.process_time()
    verdicts = prove(book)
    assert len(verdicts.proofs) >= 20
    assert [(proof.property, proof.verdict) for proof in verdicts.failed] == []
    assert verdicts.faults == ()
    assert time.process_time() - start < TARGET_SECONDS


def test_each_property_is_named_in_both_languages_and_names_its_basis(book: Book) -> None:
    properties = read_properties(book) or {}
    assert properties
    assert all(prop.name.zh.strip() and prop.name.en.strip() and prop.basis for prop in properties.values())


def test_the_translation_says_of_a_visit_what_the_adviser_says(book: Book, adviser: Adviser) -> None:
    draw = random.Random(3)  # noqa: S311 (made-up questions need no secrecy)
    visit = AnyVisit(book)
    advice = AnyAdvice(book, visit)
    steps = list(book.steps)
    pairs = [tuple(draw.sample(steps, 2)) for _ in range(14)]
    terms = {(one, other): advice.before(one, other) for one, other in pairs}
    heads = {step: advice.first(step) for step in draw.sample([step for step in steps if book.steps[step].gates], 4)}
    solver = Solver([*advice.definitions, *visit.constraints()])
    clauses = list(advice.fired)
    for number, (one, other) in enumerate(pairs):
        wanted = [terms[one, other], *(advice.fired[clause] for clause in draw.sample(clauses, number % 4))]
        model = solver.find(*wanted) or solver.find(terms[one, other])
        if model is None:
            continue
        real = adviser.advise(visit.facts(model))
        shown = every_step(real)
        assert shown.index(one) < shown.index(other)
        assert {name for name, term in advice.fired.items() if model.eval(term, True)} == set(real.rules)
        assert {step for step, term in advice.advised.items() if model.eval(term, True)} == set(shown)
    for step, head in heads.items():
        if (model := solver.find(head, advice.few())) is not None:
            assert ids(adviser.advise(visit.facts(model)))[0] == step


def test_a_false_claim_is_refuted_by_a_visit_that_breaks_it(book: Book) -> None:
    facts, advice = counterexample(book, 'whenever: "advised:call_110", always: {step: call_110, by: supervisor}')
    assert [step.owner for step in advice.steps if step.id == "call_110"] == [Owner.CUSTOMER]
    assert facts.money


def test_a_counterexample_holds_nothing_that_it_does_not_need(book: Book) -> None:
    facts, advice = counterexample(book, 'whenever: "money:pending", always: "first:cancel_pending_transfer"')
    assert ids(advice)[0] == "end_call_disconnect"
    assert (len(facts.requests), len(facts.answers), len(facts.money)) == (1, 1, 1)
    assert (facts.accounts, facts.clearings, facts.steps, facts.age) == ({}, frozenset(), {}, None)


def test_what_no_visit_can_be_is_proved_never_to_be(book: Book) -> None:
    never = (
        "[on_phone=seen, on_phone=said]",
        "[on_phone, on_phone=no]",
        '["age:elder", "age:young"]',
        '["done:call_110", "refused:call_110"]',
        "[{amount_from: 90000}, {not: {amount_from: 60000}}]",
        '["account:class_2_bound", "account:class_2_bound=unknown"]',
    )
    claims = (
        f"  c{number}: {{name: {{zh: 试, en: try}}, basis: practice, never: {{all: {parts}}}}}\n"
        for number, parts in enumerate(never)
    )
    with closing(Adviser(book)) as adviser:
        proofs = Prover(adviser).prove_all(parse_properties(book, "properties:\n" + "".join(claims)))
        assert [proof.verdict for proof in proofs] == [Verdict.PROVED] * len(never)


def test_an_order_of_steps_is_refuted_by_a_visit_in_which_they_stand_otherwise(book: Book) -> None:
    _, advice = counterexample(book, "always: {in_order: [reset_account_password, move_to_class_1]}")
    assert every_step(advice).index("move_to_class_1") < every_step(advice).index("reset_account_password")


def test_a_step_that_is_put_off_is_advised_but_not_now(book: Book) -> None:
    claim = 'whenever: "advised:region_lock", always: "now:region_lock"'
    _, advice = counterexample(book, claim)
    assert "region_lock" in [step.id for step in advice.deferred]


def test_a_claim_about_amounts_is_refuted_at_the_amount(book: Book) -> None:
    facts, advice = counterexample(book, 'whenever: {amount_from: 50000}, never: "level:ask"')
    assert facts.amount >= 5_000_000
    assert advice.level is not Level.PROCEED


def test_a_claim_about_no_visit_at_all_promises_nothing(book: Book) -> None:
    claim = 'whenever: {all: ["age:elder", "age:young"]}, always: "advised:call_110"'
    with proof_of(book, claim) as (proof, _):
        assert proof.verdict is Verdict.EMPTY


@pytest.mark.parametrize(
    ("broken", "spoil"),
    [
        ("exposed-credentials-are-replaced", lambda book: without(book, "step_rules", "s-passwords")),
        ("police-level-calls", lambda book: without(book, "step_rules", "s-police")),
        ("stops-are-watched", lambda book: without(book, "step_rules", "s-stop-clock")),
        ("class-1-made-safe-first", lambda book: without(book, "orders", "class-1-exposed")),
        ("nothing-into-a-stopped-account", lambda book: altered(book, "steps", "move_to_class_1", not_when=())),
        ("companions-wait-elsewhere", lambda book: without(book, "step_rules", "s-separate")),
        ("victims-call-themselves", lambda book: altered(book, "steps", "call_110", situations=())),
        ("the-police-clear", lambda book: altered(book, "level_rules", "payee-on-list", unless_cleared=())),
        ("listed-payee-holds", lambda book: altered(book, "level_rules", "payee-on-list", level=Level.ASK)),
    ],
)
def test_an_edit_that_breaks_a_property_is_shown_the_visit(book: Book, broken: str, spoil: Spoil) -> None:
    claim = (read_properties(book) or {})[broken]
    with closing(Adviser(spoil(book))) as adviser:
        (proof,) = Prover(adviser).prove_all({broken: claim})
        assert proof.verdict is Verdict.REFUTED
        assert proof.visit is not None
        scene = adviser.reader.read_scene(proof.visit)[1]
        assert holds(claim.breach, scene, adviser.advise(proof.visit))


def test_a_yes_that_lowers_the_level_is_named(book: Book) -> None:
    rule = book.level_rules["payee-on-list"]
    lenient = AllOf((rule.when, Not(Atom(Subject.SIGN, "elderly"))))
    spoilt = altered(book, "level_rules", "payee-on-list", when=lenient)
    with proof_of(spoilt, "monotone: true") as (proof, adviser):
        assert (proof.verdict, proof.sign) == (Verdict.REFUTED, "elderly")
        assert proof.visit is not None
        less = adviser.advise(proof.visit).level
        more = adviser.advise(with_yes(proof.visit, "elderly")).level
        assert more.rank < less.rank


def test_a_counterexample_is_told_in_the_words_of_the_counter(book: Book) -> None:
    facts, advice = counterexample(book, 'whenever: official_caller, always: "money:not_moved"')
    assert facts.answers["official_caller"].value is Answer.YES
    assert MoneyState.NOT_MOVED not in {portion.state for portion in facts.money}
    chinese, english = ("\n".join((*t.visit(facts), *t.advice(advice))) for t in map(Teller, [book] * 2, Language))
    assert "红旗为“是”：对方自称公检法、政府或监管 [official_caller]（客户说）" in chinese
    assert "拨打110报警 [call_110]" in chinese
    assert (
        "Red flags answered yes: Caller claims to be police, court, government or regulator [official_caller]"
        in english
    )


@pytest.mark.parametrize(
    ("claim", "line", "said"),
    [
        ('never: "advised:call_101"', 3, "call_110"),
        ("never: {before: [call_110, move_to_class_i]}", 3, "move_to_class_1"),
        ("never: {only: [elderli]}", 3, "elderly"),
        ("always: offical_caller", 3, "official_caller"),
        ("never: {step: call_110, by: nobody}", 3, "supervisor"),
        ("never: {before: [call_110]}", 3, "['call_110']"),
        ("never: {in_order: [call_110]}", 3, "['call_110']"),
        ("always: {in_order: [call_110, move_to_class_i]}", 3, "move_to_class_1"),
        ('always: {any: ["advised:call_110", {not: {all: ["withheld:move_to_class_i"]}}]}', 3, "move_to_class_1"),
        ("always: {all: []}", 3, "[]"),
        ('always: "level:ask", never: "level:hold"', 2, "monotone"),
        ("whenever: elderly", 2, "monotone"),
    ],
)
def test_a_mistaken_property_is_answered_with_its_place_and_the_mend(
    book: Book, claim: str, line: int, said: str
) -> None:
    with pytest.raises(RulebookUnsound) as refused:
        parse_properties(book, stated(claim))
    (fault,) = refused.value.faults
    assert (fault.file, fault.line) == ("properties.yaml", line)
    assert all(said in fault.sentence(language) for language in Language)
