"""Trying the examples kept with a rulebook: each is put to the real adviser, and what falls short is told in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rules.advice import Advice, AdvisedStep, Adviser
from rules.conditions import Atom
from rules.language import Catalogue, Language, Text
from rules.model import Book
from rules.review.examples import Case, Example, Expected, Money, lay_out

_WORDS: Final = Catalogue("rules.review")
_NAMES: Final = Catalogue("rules")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something that did not follow as it should; `kind` and `details` pick the sentence."""

    kind: str
    details: Mapping[str, Text | str]

    def sentence(self, language: Language) -> str:
        """Return what was expected and what came."""
        details = {name: d.read(language) if isinstance(d, Text) else d for name, d in self.details.items()}
        return _WORDS(f"shortfall.{self.kind}", language, **details)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case of an example; nothing in `shortfalls` means that all followed as it should."""

    id: str
    example: Example
    case: Case
    shortfalls: tuple[Shortfall, ...]
    rules: tuple[str, ...]
    """The clauses that held."""

    @property
    def passed(self) -> bool:
        """Whether all followed as it should."""
        return not self.shortfalls

    def sentence(self, book: Book, language: Language) -> str:
        """Return the example, the visit, what was expected, what came and which rules held, in one paragraph."""
        joint = "；" if language is Language.ZH else "; "
        return _WORDS(
            "outcome",
            language,
            id=self.id,
            name=self.example.name.read(language),
            given=joint.join(_tell(fact, book, language) for fact in self.case.given),
            said=joint.join(shortfall.sentence(language) for shortfall in self.shortfalls),
            rules=("、" if language is Language.ZH else ", ").join(self.rules) or "—",
        )


def run_examples(book: Book, examples: Mapping[str, Example]) -> tuple[Outcome, ...]:
    """Put every case of every example to an adviser on `book`; raises TooWide when the engine cannot take the book."""
    with closing(Adviser(book)) as adviser:
        return tuple(
            try_case(adviser, name, example, case) for name, example in examples.items() for case in example.cases()
        )


def try_case(adviser: Adviser, name: str, example: Example, case: Case) -> Outcome:
    """Put one case to the adviser."""
    advice = adviser.advise(lay_out(case.given, adviser.book))
    shortfalls = [*_judge_rules(adviser.book, example, case, advice), *_judge(adviser.book, case.expected, advice)]
    if case.variation:
        shortfalls += _judge(adviser.book, case.variation, advice)
    return Outcome(name, example, case, tuple(shortfalls), advice.rules)


def _judge_rules(book: Book, example: Example, case: Case, advice: Advice) -> Iterator[Shortfall]:
    silent = [rule for rule in example.rules if rule not in advice.rules]
    if case.hold:
        yield from (Shortfall("rule_silent", {"rule": name_rule(book, rule)}) for rule in silent)
    elif not silent:
        yield from (Shortfall("rule_holds", {"rule": name_rule(book, rule)}) for rule in example.rules)
    if advice.disagreement:
        yield Shortfall("disagreement", {"rules": ", ".join(advice.disagreement)})


def _judge(book: Book, expected: Expected, advice: Advice) -> Iterator[Shortfall]:
    if expected.level and expected.level is not advice.level:
        told = {"expected": _NAMES.text(f"level.{expected.level}"), "found": _NAMES.text(f"level.{advice.level}")}
        yield Shortfall("level", told)
    yield from _judge_steps(book, expected, advice)
    yield from _judge_order(book, expected, advice)
    yield from _judge_wording(book, expected, advice)
    yield from _judge_suspicions(book, expected, advice)


def _advised(advice: Advice) -> Mapping[str, AdvisedStep]:
    """Return every advised step by its id, in order; one that waits its turn is advised all the same."""
    return {step.id: step for step in (*advice.steps, *advice.deferred)}


def _judge_steps(book: Book, expected: Expected, advice: Advice) -> Iterator[Shortfall]:
    advised = set(_advised(advice))
    held_back = {step.id for step in advice.withheld}
    for kind, steps in (
        ("step_missing", [step for step in expected.steps if step not in advised]),
        ("step_unwanted", [step for step in expected.not_steps if step in advised]),
        ("step_not_withheld", [step for step in expected.withheld if step not in held_back]),
    ):
        for step in steps:
            yield Shortfall(kind, {"step": _step(book, step)})


def _judge_order(book: Book, expected: Expected, advice: Advice) -> Iterator[Shortfall]:
    order = list(_advised(advice))
    if expected.first and expected.first not in order[:1]:
        found = _step(book, order[0]) if order else _WORDS.text("nothing")
        yield Shortfall("first", {"expected": _step(book, expected.first), "found": found})
    for chain in expected.before:
        for step in chain:
            if step not in order:
                yield Shortfall("step_missing", {"step": _step(book, step)})
        there = [step for step in chain if step in order]
        for earlier, later in pairwise(there):
            if order.index(earlier) > order.index(later):
                yield Shortfall("order", {"earlier": _step(book, earlier), "later": _step(book, later)})


def _judge_wording(book: Book, expected: Expected, advice: Advice) -> Iterator[Shortfall]:
    advised = _advised(advice)
    for step in [*expected.owner, *expected.words]:
        if step not in advised:
            yield Shortfall("step_missing", {"step": _step(book, step)})
    for step, owner in expected.owner.items():
        if step in advised and advised[step].owner is not owner:
            told = {"expected": _NAMES.text(f"owner.{owner}"), "found": _NAMES.text(f"owner.{advised[step].owner}")}
            yield Shortfall("owner", {"step": _step(book, step), **told})
    for step, words in expected.words.items():
        if step in advised and words not in advised[step].do.zh:
            yield Shortfall("words", {"step": _step(book, step), "expected": words, "found": advised[step].do})


def _judge_suspicions(book: Book, expected: Expected, advice: Advice) -> Iterator[Shortfall]:
    suspected = [suspicion.typology for suspicion in advice.suspicions]
    if expected.typology and expected.typology not in suspected[:1]:
        found = _typology(book, suspected[0]) if suspected else _WORDS.text("nothing")
        yield Shortfall("typology", {"expected": _typology(book, expected.typology), "found": found})
    for typology in expected.typologies:
        if typology not in suspected:
            yield Shortfall("typology_missing", {"typology": _typology(book, typology)})
    for typology in expected.not_typologies:
        if typology in suspected:
            yield Shortfall("typology_unwanted", {"typology": _typology(book, typology)})


def _beside(name: Text, word: str) -> Text:
    return Text(f"{name.zh}（{word}）", f"{name.en} ({word})")


def _step(book: Book, step: str) -> Text:
    return _beside(book.steps[step].name, step) if step in book.steps else Text(step, step)


def _typology(book: Book, typology: str) -> Text:
    return (
        _beside(book.typologies[typology].name, typology) if typology in book.typologies else Text(typology, typology)
    )


def name_rule(book: Book, clause: str) -> Text:
    """Return the id of a clause with what it says beside it; an unknown one is its id alone."""
    kind, _, name = clause.partition(".")
    sections = {"finding": book.findings, "typology": book.typology_rules}
    sections |= {"level": book.level_rules, "step": book.step_rules}
    if name in sections.get(kind, {}):
        return _beside(sections[kind][name].reason, clause)
    step, _, number = name.rpartition(".")
    if kind == "not_when" and step in book.steps and int(number) < len(book.steps[step].not_when):
        return _beside(book.steps[step].not_when[int(number)].reason, clause)
    return Text(clause, clause)


def _tell(fact: Atom | Money, book: Book, language: Language) -> str:
    joint = "，" if language is Language.ZH else ", "
    if isinstance(fact, Money):
        words = [book.money_states[fact.state].name.read(language)]
        words += [_NAMES(f"paid_from.{fact.paid_from}", language)] if fact.paid_from else []
        words += [_NAMES(f"payee.{fact.payee}", language)] if fact.payee else []
        words += [_WORDS("yuan", language, count=f"{fact.yuan:,}")] if fact.yuan is not None else []
        words += [_WORDS("hours", language, count=fact.hours)] if fact.hours is not None else []
        return joint.join(words)
    entry = book.words()[fact.subject].get(fact.id)
    named = f"{entry.name.read(language)} ({fact})" if entry else str(fact)
    kind = f"fact.{fact.subject}"
    said = _WORDS(kind, language, name=named) if kind in _WORDS else named
    if fact.aspect == "no":
        return _WORDS("fact.denied", language, name=said)
    return said
