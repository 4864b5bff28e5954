"""Makes a counterexample small: whatever can be left out without losing the point is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from rules.facts import Facts, Portion

_MANY: Final = 4

Shows: TypeAlias = Callable[[Facts], bool]
"""Tells whether a visit still shows what it was found for."""


def shrink(facts: Facts, shows: Shows) -> Facts:
    """Return a visit from which nothing more can be taken while it `shows` the point, as `facts` does."""
    while (smaller := next((less for less in _take_away(facts) if shows(less)), None)) is not None:
        facts = smaller
    return facts


def _take_away(facts: Facts) -> Iterator[Facts]:
    for name in ("steps", "answers", "accounts"):
        for fewer in _fewer(getattr(facts, name)):
            changed: dict[str, Any] = {name: fewer}
            yield replace(facts, **changed)
    for clearing in sorted(facts.clearings):
        yield replace(facts, clearings=facts.clearings - {clearing})
    if facts.age:
        yield replace(facts, age=None)
    if len(facts.requests) > 1:
        for request in sorted(facts.requests):
            yield replace(facts, requests=facts.requests - {request})
    for number, portion in enumerate(facts.money):
        others = facts.money[:number], facts.money[number + 1 :]
        yield replace(facts, money=(*others[0], *others[1]))
        for plainer in _plainer(portion):
            yield replace(facts, money=(*others[0], plainer, *others[1]))


def _fewer(held: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield halves first, for from a visit with many answers most can go."""
    if len(held) > _MANY:
        yield dict(list(held.items())[::2])
        yield dict(list(held.items())[1::2])
    for key in held:
        yield {other: value for other, value in held.items() if other != key}


def _plainer(portion: Portion) -> Iterator[Portion]:
    if portion.amount is not None:
        yield replace(portion, amount=None)
    if portion.paid_from is not None:
        yield replace(portion, paid_from=None)
    if portion.payee is not None:
        yield replace(portion, payee=None)
