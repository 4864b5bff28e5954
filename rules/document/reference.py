"""The chapters of the rulebook to look things up in: requests, questions, red flags, words, sources and all ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rules.document.pen import RULES, Pen, escape
from rules.language import Text
from rules.model import SignGroup

_CHAPTERS: Final[Mapping[str, str]] = {
    "requests": "requests",
    "typologies": "typologies",
    "typology_rules": "typologies",
    "levels": "levels",
    "level_rules": "levels",
    "findings": "findings",
    "steps": "steps",
    "step_rules": "steps",
    "orders": "orders",
    "questions": "questions",
    "signs": "signs",
    "money_states": "words",
    "accounts": "words",
    "age_bands": "words",
    "clearings": "words",
    "sources": "sources",
}
"""In which chapter the entries of a section stand."""


def write_requests(pen: Pen) -> Iterator[str]:
    """Yield what customers come for, where the money then is, and what to look at and ask first."""
    for name, request in pen.book.requests.items():
        yield from pen.heading(3, pen.title(request.name, name))
        yield from pen.item("money", pen.named(pen.book.money_states, [request.money]))
        yield from pen.item("first", pen.named(pen.book.signs, request.first))
        asked = [question for question in pen.book.questions.values() if name in question.requests]
        if asked:
            yield from pen.head("questions")
        for question in asked:
            yield f"  - {pen.fill('quote', text=pen.read(question.ask))}"


def write_questions(pen: Pen) -> Iterator[str]:
    """Yield the questions and what each of them settles."""
    for name, question in pen.book.questions.items():
        yield from pen.heading(3, f"`{name}`")
        yield from pen.item("ask", pen.fill("quote", text=pen.read(question.ask)))
        yield from pen.item("settles", pen.named(pen.book.signs, question.settles))
        yield from pen.item("clears", pen.named(pen.book.clearings, question.clears))
        requests = pen.named(pen.book.requests, question.requests)
        yield from pen.item("requests", requests or pen.fill("every_request"))


def write_signs(pen: Pen) -> Iterator[str]:
    """Yield the red flags, group by group."""
    for group in SignGroup:
        yield from pen.heading(3, RULES(f"group.{group}", pen.language))
        yield from _start_table(pen, ("sign", "id", "known", "quiet", "also"))
        for name, sign in pen.book.signs.items():
            if sign.group is group:
                also = pen.fill("list").join(pen.read(text) for text in sign.also)
                known = RULES(f"known.{sign.known}", pen.language)
                quiet = pen.read(sign.quiet) if sign.quiet else ""
                yield f"| {pen.read(sign.name)} | `{name}` | {known} | {quiet} | {also} |"


def write_words(pen: Pen) -> Iterator[str]:
    """Yield the other words that a condition may name."""
    book = pen.book
    for label, entries in (("money_states", book.money_states), ("ages", book.age_bands)):
        yield from pen.heading(3, pen.fill(f"label.{label}"))
        yield from (f"- {pen.read(word.name)} `{name}`" for name, word in entries.items())
    yield from pen.heading(3, pen.fill("label.accounts"))
    for name, fact in book.accounts.items():
        yield f"- {pen.read(fact.name)} `{name}`"
        yield from pen.item("ask", pen.read(fact.ask), 1)
    yield from pen.heading(3, pen.fill("label.clearings"))
    for name, clearing in book.clearings.items():
        yield f"- {pen.read(clearing.name)} `{name}`"
        yield from pen.item("say", pen.fill("quote", text=pen.read(clearing.say)), 1)


def write_sources(pen: Pen) -> Iterator[str]:
    """Yield the laws, notices and rulings, each with its number, its dates and what is used of it."""
    for name, source in pen.book.sources.items():
        yield from pen.heading(3, pen.title(source.title, name))
        yield from ("", pen.source(name), "")
        for article, text in source.articles.items():
            yield f"- **{escape(article)}** {pen.read(text)}"


def write_index(pen: Pen) -> Iterator[str]:
    """Yield every id by the alphabet, with what it is and the chapter where it stands."""
    yield from _start_table(pen, ("id", "name", "kind", "place"))
    ids = ((name, section) for section in _CHAPTERS for name in getattr(pen.book, section))
    for name, section in sorted((str(name), section) for name, section in ids):
        text = _describe(pen, getattr(pen.book, section)[name])
        chapter = pen.link(pen.fill(f"chapter.{_CHAPTERS[section]}"))
        yield f"| `{name}` | {text} | {pen.fill(f'kind.{section}')} | {chapter} |"


def _describe(pen: Pen, entry: Any) -> str:
    for field in ("name", "title", "reason", "ask"):
        if isinstance(text := getattr(entry, field, None), Text):
            return pen.read(text)
    return ""


def _start_table(pen: Pen, columns: Iterable[str]) -> Iterator[str]:
    heads = [pen.fill(f"column.{column}") for column in columns]
    yield from ("", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}")
