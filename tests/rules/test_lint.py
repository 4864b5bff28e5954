"""What is amiss in a sound rulebook is found, named and told with the mend, in both languages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final

import pytest

from rules.conditions import Atom, Subject
from rules.language import Language, Text
from rules.model import Book, Citation, Source, Step
from rules.review.examples import Example, load_examples
from rules.review.lint import Flaw, FlawKind, find_flaws

TODAY: Final = datetime.date(2026, 11, 24)


@pytest.fixture(scope="module")
def examples(book: Book) -> Mapping[str, Example]:
    return load_examples(book)


@pytest.fixture(scope="module")
def known(book: Book, examples: Mapping[str, Example]) -> frozenset[str]:
    """What is amiss in the book as it is."""
    return frozenset(map(str, find_flaws(book, examples, TODAY)))


def changed(book: Book, section: str, **entries: object) -> Book:
    """Return the book with entries of a section put in or replaced."""
    return book.model_copy(update={section: {**getattr(book, section), **entries}})


def new(book: Book, examples: Mapping[str, Example], known: frozenset[str], today: datetime.date = TODAY) -> list[Flaw]:
    """Return what is amiss in `book` and was not before."""
    return [flaw for flaw in find_flaws(book, examples, today) if str(flaw) not in known]


def test_the_rulebook_of_the_product_uses_translates_and_tries_all_that_it_holds(
    book: Book, examples: Mapping[str, Example]
) -> None:
    kinds = {flaw.kind for flaw in find_flaws(book, examples, TODAY)}
    assert kinds <= {FlawKind.SOURCE_UNCITED}


def test_a_sign_in_no_rule_is_found(book: Book, examples: Mapping[str, Example], known: frozenset[str]) -> None:
    wider = changed(book, "signs", whistling=book.signs["hurried"])
    (flaw,) = new(wider, examples, known)
    assert (flaw.kind, flaw.entry) == (FlawKind.SIGN_UNUSED, "signs.whistling")
    assert flaw.sentence(wider, Language.ZH) == (
        "红旗“催促办理、赶时间（signs.whistling）”没有任何规则用到：请写入一条规则，或删去"
    )


def test_a_step_that_no_rule_advises_is_found_and_so_is_the_order_that_places_it(
    book: Book, examples: Mapping[str, Example], known: frozenset[str]
) -> None:
    rules = {name: rule for name, rule in book.step_rules.items() if "trace_courier" not in rule.advises}
    idle = book.model_copy(update={"step_rules": rules})
    flaws = {flaw.kind: flaw for flaw in new(idle, examples, known)}
    assert flaws[FlawKind.STEP_UNADVISED].entry == "steps.trace_courier"
    assert flaws[FlawKind.ORDER_IDLE].sentence(idle, Language.EN) == (
        "the order “order.handed-over” places the step “Trace the courier (trace_courier)”, "
        "which no rule advises: remove it"
    )


def test_a_typology_that_nothing_suspects_or_no_question_settles_is_found(
    book: Book, examples: Mapping[str, Example], known: frozenset[str]
) -> None:
    silent = changed(book, "typologies", gossip=book.typologies["mule"])
    assert [(flaw.kind, flaw.entry) for flaw in new(silent, examples, known)] == [
        (FlawKind.TYPOLOGY_UNSUSPECTED, "typologies.gossip")
    ]
    rule = book.typology_rules["t-mule"].model_copy(
        update={"suspects": "gossip", "when": Atom(Subject.SIGN, "near_closing")}
    )
    suspected = changed(silent, "typology_rules", **{"t-mule": rule})
    assert FlawKind.TYPOLOGY_UNASKED in {flaw.kind for flaw in new(suspected, examples, known)}
    behind = rule.model_copy(update={"when": Atom(Subject.FINDING, "controlled")})
    asked = changed(silent, "typology_rules", **{"t-mule": behind})
    assert FlawKind.TYPOLOGY_UNASKED not in {flaw.kind for flaw in new(asked, examples, known)}


@pytest.mark.parametrize(
    "text", [Text("催促", "催促"), Text("催促", " "), Text("", "In a hurry"), Text("催促", "急 hurry")]
)
def test_a_missing_or_repeated_translation_is_found(
    book: Book, examples: Mapping[str, Example], known: frozenset[str], text: Text
) -> None:
    untold = changed(book, "signs", hurried=book.signs["hurried"].model_copy(update={"name": text}))
    (flaw,) = new(untold, examples, known)
    assert (flaw.kind, flaw.entry) == (FlawKind.UNTRANSLATED, "signs.hurried.name")
    situations = book.steps["call_110"].situations
    last = situations[-1].model_copy(update={"do": text})
    unsaid = book.steps["call_110"].model_copy(update={"situations": (*situations[:-1], last)})
    (flaw,) = new(changed(book, "steps", call_110=unsaid), examples, known)
    assert (flaw.kind, flaw.entry) == (FlawKind.UNTRANSLATED, f"steps.call_110.situations.{len(situations) - 1}.do")


def test_a_passed_review_date_is_found_on_the_day_after(
    book: Book, examples: Mapping[str, Example], known: frozenset[str]
) -> None:
    day = book.meta.review_by
    assert new(book, examples, known, day) == []
    (flaw,) = new(book, examples, known, day + datetime.timedelta(days=1))
    assert (flaw.kind, flaw.entry) == (FlawKind.REVIEW_PASSED, "meta")
    rule = book.level_rules["threats"].model_copy(update={"review_by": datetime.date(2026, 11, 1)})
    late = changed(book, "level_rules", threats=rule)
    assert new(late, examples, known, datetime.date(2026, 11, 1)) == []
    (flaw,) = new(late, examples, known)
    assert "客户受到威胁，须由公安机关处置（level.threats）”应在2026-11-01前复审" in flaw.sentence(book, Language.ZH)


def test_a_missing_basis_and_a_source_nobody_cites_are_found(
    book: Book, examples: Mapping[str, Example], known: frozenset[str]
) -> None:
    step: Step = book.steps["call_110"].model_copy(update={"basis": ()})
    (flaw,) = new(changed(book, "steps", call_110=step), examples, known)
    assert (flaw.kind, flaw.entry) == (FlawKind.BASIS_MISSING, "steps.call_110")
    source: Source = book.sources["yinfa-2016-86"]
    dusty = changed(book, "sources", dusty=source)
    (flaw,) = new(dusty, examples, known)
    assert (flaw.kind, flaw.entry) == (FlawKind.SOURCE_UNCITED, "sources.dusty")
    cited = book.steps["call_110"].model_copy(update={"basis": (Citation(source="dusty", article="1"),)})
    assert new(changed(dusty, "steps", call_110=cited), examples, known) == []


def test_a_rule_without_an_example_is_found(book: Book, examples: Mapping[str, Example], known: frozenset[str]) -> None:
    untried = changed(book, "level_rules", fresh=book.level_rules["threats"])
    (flaw,) = new(untried, examples, known)
    assert (flaw.kind, flaw.entry) == (FlawKind.RULE_UNTRIED, "level.fresh")
    assert flaw.sentence(untried, Language.EN).startswith("no example speaks for the rule “The customer is threatened")
