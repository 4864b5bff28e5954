"""One paper card a request, for the day the power fails: what to ask, what to tick, what to do, on one A4 page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rules.advice import Adviser
from rules.document.pen import RULES, Pen, escape
from rules.document.scenes import CardStep, Scene, list_steps, play_flags, play_money
from rules.facts import Level
from rules.language import Language
from rules.model import Owner

_MOST_QUESTIONS: Final = 6
_BOX: Final = "☐"


def write_cards(adviser: Adviser, language: Language, phones: Mapping[Owner, str] | None = None) -> str:
    """Return a card for each request as Markdown; `phones` are the bank's own numbers."""
    pen = Pen(adviser.book, language)
    lines = [line for request in adviser.book.requests for line in _write_card(pen, adviser, request, phones or {})]
    return "\n".join([*lines, ""])


def _write_card(pen: Pen, adviser: Adviser, request: str, phones: Mapping[Owner, str]) -> Iterator[str]:
    flags, money = play_flags(adviser, request), play_money(adviser, request)
    yield from pen.heading(2, pen.fill("card.title", name=pen.read(pen.book.requests[request].name)))
    yield pen.fill("card.edition", version=pen.book.meta.version, published=pen.book.meta.published.isoformat())
    yield from ("", pen.fill("card.head"), "", pen.fill("card.phones", **_list_phones(pen, phones)))
    yield from pen.heading(3, pen.fill("card.ask"))
    yield from _write_questions(pen, request)
    yield from pen.heading(3, pen.fill("card.tick"))
    yield from _write_flags(pen, [*money, *flags])
    yield from ("", pen.fill("card.several"))
    yield from pen.heading(3, pen.fill("card.do"))
    yield from _write_steps(pen, list_steps(flags, money))
    yield from ("", pen.fill("card.sign"))


def _list_phones(pen: Pen, phones: Mapping[Owner, str]) -> dict[str, str]:
    blank = pen.fill("card.blank")
    own = (Owner.SUPERVISOR, Owner.OUTLET_MANAGER, Owner.HEAD_OFFICE)
    return {owner.value: escape(phones[owner]) if owner in phones else blank for owner in own}


def _write_questions(pen: Pen, request: str) -> Iterator[str]:
    questions = pen.book.questions.values()
    own = [question for question in questions if request in question.requests]
    asked = [*own, *(question for question in questions if not question.requests)]
    for number, question in enumerate(asked[:_MOST_QUESTIONS], 1):
        yield f"{number}. {pen.read(question.ask)}"


def _write_flags(pen: Pen, scenes: list[Scene]) -> Iterator[str]:
    """Yield the flags two abreast, the gravest first."""
    head = f"{pen.fill('column.sign')} | {pen.fill('card.level')}"
    yield f"| {head} | {head} |"
    yield "| --- | --- | --- | --- |"
    cells = [f"{_BOX} {_name(pen, scene)} | {_level(pen, scene.advice.level)}" for scene in scenes]
    half = (len(cells) + 1) // 2
    for row, left in enumerate(cells[:half]):
        right = cells[half + row] if half + row < len(cells) else " | "
        yield f"| {left} | {right} |"


def _name(pen: Pen, scene: Scene) -> str:
    if scene.flags:
        return pen.read(pen.book.signs[scene.flags[0]].name)
    return pen.fill("card.money", name=pen.read(pen.book.money_states[scene.money].name))


def _level(pen: Pen, level: Level) -> str:
    return RULES(f"level.{level}", pen.language)


def _write_steps(pen: Pen, steps: list[CardStep]) -> Iterator[str]:
    yield f"| {' | '.join(pen.fill(f'card.{column}') for column in ('step', 'from', 'who', 'words', 'time'))} |"
    yield f"|{' --- |' * 5}"
    for number, advised in enumerate(steps, 1):
        step = pen.book.steps[advised.id]
        words = pen.fill("quote", text=pen.read(step.say)) if step.say else ""
        owner = RULES(f"owner.{step.owner}", pen.language)
        yield f"| {_BOX} {number} {pen.read(step.do)} | {_when(pen, advised)} | {owner} | {words} | |"


def _when(pen: Pen, advised: CardStep) -> str:
    if advised.money:
        return pen.fill("card.money", name=pen.read(pen.book.money_states[advised.money].name))
    if not advised.flags:
        return _level(pen, advised.level)
    names = pen.fill("list").join(pen.read(pen.book.signs[flag].name) for flag in advised.flags[:1])
    return pen.fill("card.at_flag", names=names)
