"""What is amiss in a sound rulebook: entries nobody uses, words left untranslated, dates passed, rules untried."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from rules.conditions import Atom, Subject, atoms
from rules.language import Catalogue, Language, Text
from rules.model import Book, texts_in
from rules.review.examples import Example

_WORDS: Final = Catalogue("rules.review")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


class FlawKind(StrEnum):
    """The ways in which a sound rulebook may be amiss."""

    SIGN_UNUSED = "sign_unused"
    STEP_UNADVISED = "step_unadvised"
    ORDER_IDLE = "order_idle"
    TYPOLOGY_UNSUSPECTED = "typology_unsuspected"
    TYPOLOGY_UNASKED = "typology_unasked"
    UNTRANSLATED = "untranslated"
    REVIEW_PASSED = "review_passed"
    BASIS_MISSING = "basis_missing"
    SOURCE_UNCITED = "source_uncited"
    RULE_UNTRIED = "rule_untried"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing amiss: its kind, the path of the entry (`signs.hurried`, `level.handover`), what the sentence needs."""

    kind: FlawKind
    entry: str
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def sentence(self, book: Book, language: Language) -> str:
        """Return the entry by name and id, what is amiss and the mend, in one sentence."""
        named = _name(book, self.entry)
        details = {**self.details, "entry": _beside(named, self.entry, language)}
        if "step" in self.details:
            step = self.details["step"]
            details["step"] = _beside(_name(book, f"steps.{step}"), step, language)
        return _WORDS(f"flaw.{self.kind}", language, **details)


def _beside(name: Text | None, word: str, language: Language) -> str:
    if name is None:
        return word
    return f"{name.zh}（{word}）" if language is Language.ZH else f"{name.en} ({word})"


def find_flaws(book: Book, examples: Mapping[str, Example], today: datetime.date) -> Iterator[Flaw]:
    """Yield all that is amiss in `book` on the day `today`, its examples among it; nothing of it makes it unsound."""
    yield from _find_unused(book)
    yield from _find_unasked(book)
    for path, text in texts_in(book):
        if not text.zh.strip() or not text.en.strip() or _CHINESE.search(text.en):
            yield Flaw(
                FlawKind.UNTRANSLATED, ".".join(map(str, path)), {"text": text.zh.strip() or text.en.strip() or "—"}
            )
    yield from _find_overdue(book, today)
    yield from _find_unfounded(book)
    yield from _find_untried(book, examples)


def _find_unused(book: Book) -> Iterator[Flaw]:
    spoken = {atom for clause in book.clauses() for atom in atoms(clause.when)}
    used = {atom.id for atom in spoken if atom.subject is Subject.SIGN}
    yield from (Flaw(FlawKind.SIGN_UNUSED, f"signs.{sign}") for sign in book.signs if sign not in used)
    advised = {step for rule in book.step_rules.values() for step in rule.advises}
    yield from (Flaw(FlawKind.STEP_UNADVISED, f"steps.{step}") for step in book.steps if step not in advised)
    for name, order in book.orders.items():
        for step in (step for tier in order.tiers for step in tier if step not in advised):
            yield Flaw(FlawKind.ORDER_IDLE, f"order.{name}", {"step": step})


def _find_unasked(book: Book) -> Iterator[Flaw]:
    settled = {sign for question in book.questions.values() for sign in question.settles}
    for typology in book.typologies:
        rules = [rule for rule in book.typology_rules.values() if rule.suspects == typology]
        signs = {sign for rule in rules for sign in _signs(book, atoms(rule.when))}
        if not rules:
            yield Flaw(FlawKind.TYPOLOGY_UNSUSPECTED, f"typologies.{typology}")
        elif not signs & settled:
            yield Flaw(FlawKind.TYPOLOGY_UNASKED, f"typologies.{typology}")


def _signs(book: Book, spoken: Iterable[Atom]) -> Iterator[str]:
    """Yield the signs among the atoms, and those behind the findings among them."""
    for atom in spoken:
        if atom.subject is Subject.SIGN:
            yield atom.id
        elif atom.subject is Subject.FINDING:
            yield from _signs(book, atoms(book.findings[atom.id].when))


def _find_overdue(book: Book, today: datetime.date) -> Iterator[Flaw]:
    if book.meta.review_by < today:
        yield Flaw(FlawKind.REVIEW_PASSED, "meta", {"date": book.meta.review_by.isoformat()})
    for path, rule in _reasoned(book):
        if rule.review_by and rule.review_by < today:
            yield Flaw(FlawKind.REVIEW_PASSED, path, {"date": rule.review_by.isoformat()})


def _find_unfounded(book: Book) -> Iterator[Flaw]:
    founded = [*_reasoned(book), *((f"steps.{name}", step) for name, step in book.steps.items())]
    yield from (Flaw(FlawKind.BASIS_MISSING, path) for path, entry in founded if not entry.basis)
    bases = [entry.basis for _, entry in founded if not isinstance(entry.basis, str)]
    cited = {citation.source for basis in bases for citation in basis}
    yield from (Flaw(FlawKind.SOURCE_UNCITED, f"sources.{name}") for name in book.sources if name not in cited)


def _find_untried(book: Book, examples: Mapping[str, Example]) -> Iterator[Flaw]:
    tried = {rule for example in examples.values() for rule in example.rules}
    yield from (Flaw(FlawKind.RULE_UNTRIED, clause.id) for clause in book.clauses() if clause.id not in tried)


_RULES: Final = {
    "finding": "findings",
    "typology": "typology_rules",
    "level": "level_rules",
    "step": "step_rules",
    "order": "orders",
}
"""The sections of the book by the kind of their clauses."""


def _reasoned(book: Book) -> Iterator[tuple[str, Any]]:
    for kind, section in _RULES.items():
        if kind != "order":
            yield from ((f"{kind}.{name}", rule) for name, rule in getattr(book, section).items())


def _name(book: Book, path: str) -> Text | None:
    """Return the name of the entry at `path`, or the reason of a rule; some have neither."""
    section, _, rest = path.partition(".")
    entries: Any = getattr(book, _RULES.get(section, section), {})
    if not isinstance(entries, Mapping):
        return None
    entry = entries.get(rest) or entries.get(rest.partition(".")[0])
    found = next((getattr(entry, part) for part in ("name", "reason", "title") if hasattr(entry, part)), None)
    return found if isinstance(found, Text) else None
