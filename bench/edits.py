"""The edits of a rulebook that an officer may make by mistake, each at a place that chance picks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeAlias

from rules.conditions import AllOf, AnyOf, Atom, Condition, Not, Points, Subject
from rules.facts import LEVELS
from rules.model import Book

Maker: TypeAlias = Callable[[Condition], Iterator[Condition]]
"""Yields every way to spoil the top of a condition."""

CONDITIONED: Final = ("findings", "typology_rules", "level_rules", "step_rules", "orders")


@dataclass(frozen=True, slots=True)
class Edit:
    """A rulebook with one thing changed in it."""

    kind: str
    what: str
    book: Book


Kind: TypeAlias = Callable[[Book, random.Random], Edit]


def _with(book: Book, section: str, name: str, entry: Any) -> Book:
    held: Mapping[str, Any] = getattr(book, section)
    entries = {other: (entry if other == name else kept) for other, kept in held.items()}
    return book.model_copy(update={section: {other: kept for other, kept in entries.items() if kept is not None}})


def _changed(book: Book, section: str, name: str, **fields: Any) -> Book:
    return _with(book, section, name, getattr(book, section)[name].model_copy(update=fields))


def _with_condition(book: Book, section: str, name: str, when: Condition) -> Book:
    return _changed(book, section, name, when=when)


def _with_part(book: Book, step: str, field: str, number: int, when: Condition) -> Book:
    listed = getattr(book.steps[step], field)
    changed = listed[number].model_copy(update={"when": when})
    return _changed(book, "steps", step, **{field: (*listed[:number], changed, *listed[number + 1 :])})


def _conditions(book: Book) -> Iterator[tuple[str, Condition, Callable[[Condition], Book]]]:
    """Yield every condition with its place and the way to put another one there."""
    for section in CONDITIONED:
        for name, entry in getattr(book, section).items():
            yield f"{section}.{name}", entry.when, partial(_with_condition, book, section, name)
    for name, step in book.steps.items():
        for field in ("not_when", "situations"):
            listed = getattr(step, field)
            for number, part in enumerate(listed):
                yield f"steps.{name}.{field}.{number}", part.when, partial(_with_part, book, name, field, number)


def _spoilt(condition: Condition, spoil: Maker) -> Iterator[Condition]:
    """Yield `condition` with one of its nodes spoilt, in every way there is."""
    yield from spoil(condition)
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for number, part in enumerate(parts):
                for other in _spoilt(part, spoil):
                    yield replace(condition, parts=(*parts[:number], other, *parts[number + 1 :]))
        case Not(part):
            yield from (Not(other) for other in _spoilt(part, spoil))


def _of_conditions(kind: str, spoil: Maker) -> Kind:
    def edit(book: Book, draw: random.Random) -> Edit:
        places = [(place, when, put) for place, when, put in _conditions(book) if next(_spoilt(when, spoil), None)]
        place, when, put = draw.choice(places)
        ways = list(_spoilt(when, spoil))
        number = draw.randrange(len(ways))
        return Edit(kind, f"{kind} {place} #{number}: {_told(ways[number])}", put(ways[number]))

    return edit


def _told(condition: Condition) -> str:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return f"{type(condition).__name__}({', '.join(map(_told, parts))})"
        case Not(part):
            return f"Not({_told(part)})"
        case Points(least, weights):
            return f"Points({least}: {', '.join(f'{atom} {weight}' for atom, weight in weights)})"
    return str(condition)


def _swap_operator(condition: Condition) -> Iterator[Condition]:
    match condition:
        case AllOf(parts) if len(parts) > 1:
            yield AnyOf(parts)
        case AnyOf(parts) if len(parts) > 1:
            yield AllOf(parts)
        case Not(part):
            yield part


def _drop_part(condition: Condition) -> Iterator[Condition]:
    match condition:
        case AllOf(parts) | AnyOf(parts) if len(parts) > 1:
            for number in range(len(parts)):
                yield replace(condition, parts=(*parts[:number], *parts[number + 1 :]))
        case Points(least, weights) if len(weights) > 1:
            for number in range(len(weights)):
                left = (*weights[:number], *weights[number + 1 :])
                if sum(weight for _, weight in left) >= least:
                    yield Points(least, left)


def _shift_points(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Points(least, weights):
            if least > 1:
                yield Points(least - 1, weights)
            if sum(weight for _, weight in weights) > least:
                yield Points(least + 1, weights)


def _turn_answer(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Atom(Subject.ACCOUNT | Subject.SIGN, _, "yes"):
            yield replace(condition, aspect="no")
        case Atom(Subject.ACCOUNT | Subject.SIGN, _, "no"):
            yield replace(condition, aspect="yes")


def _change_level(book: Book, draw: random.Random) -> Edit:
    name = draw.choice(list(book.level_rules))
    level = draw.choice([level for level in LEVELS if level is not book.level_rules[name].level])
    return Edit("changed level", f"level of {name}: {level}", _changed(book, "level_rules", name, level=level))


def _delete_rule(book: Book, draw: random.Random) -> Edit:
    sections = ("typology_rules", "level_rules", "step_rules", "orders")
    section, name = draw.choice([(section, name) for section in sections for name in getattr(book, section)])
    return Edit("deleted rule", f"deleted {section}.{name}", _with(book, section, name, None))


def _drop_listed(kind: str, section: str, field: str) -> Kind:
    """Drop one item of a list that entries of `section` hold."""

    def edit(book: Book, draw: random.Random) -> Edit:
        entries: Mapping[str, Any] = getattr(book, section)
        places = [(name, number) for name, entry in entries.items() for number in range(len(getattr(entry, field)))]
        name, number = draw.choice(places)
        listed = getattr(entries[name], field)
        left = (*listed[:number], *listed[number + 1 :])
        whole = section == "step_rules" and not left
        spoilt = _with(book, section, name, None) if whole else _changed(book, section, name, **{field: left})
        return Edit(kind, f"{kind} {section}.{name}.{field}.{number}: {str(listed[number])[:60]}", spoilt)

    return edit


def _drop_from_tier(book: Book, draw: random.Random) -> Edit:
    name, tier, step = draw.choice(
        [
            (name, number, step)
            for name, order in book.orders.items()
            for number, tier in enumerate(order.tiers)
            for step in tier
        ]
    )
    tiers = book.orders[name].tiers
    left = tuple(other for other in tiers[tier] if other != step)
    new = (*tiers[:tier], left, *tiers[tier + 1 :])
    return Edit("dropped from tier", f"order {name} without {step}", _changed(book, "orders", name, tiers=new))


def _swap_tiers(book: Book, draw: random.Random) -> Edit:
    name = draw.choice(list(book.orders))
    tiers = list(book.orders[name].tiers)
    at = draw.randrange(len(tiers) - 1)
    tiers[at], tiers[at + 1] = tiers[at + 1], tiers[at]
    what = f"order {name}: tiers {at} and {at + 1} swapped"
    return Edit("swapped tiers", what, _changed(book, "orders", name, tiers=tuple(tiers)))


KINDS: Final[tuple[Kind, ...]] = (
    _of_conditions("swapped operator", _swap_operator),
    _of_conditions("dropped part", _drop_part),
    _change_level,
    _delete_rule,
    _drop_listed("dropped step", "step_rules", "advises"),
    _drop_listed("dropped not_when", "steps", "not_when"),
    _of_conditions("shifted points", _shift_points),
    _of_conditions("turned answer", _turn_answer),
    _drop_listed("dropped clearing", "level_rules", "unless_cleared"),
    _drop_listed("dropped after", "steps", "after"),
    _drop_from_tier,
    _swap_tiers,
    _drop_listed("dropped situation", "steps", "situations"),
)
