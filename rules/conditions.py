"""The language in which a rule says when it holds: one small tree, read from YAML, evaluated twice by separate code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypeVar

from pydantic_core import PydanticCustomError

from rules.facts import Answer, Facts, Known, MoneyState, PaidFrom, PayeeAt, StepOutcome


class Subject(StrEnum):
    """What an atom speaks of; `sign` is the default and is not written."""

    SIGN = "sign"
    REQUEST = "request"
    MONEY = "money"
    AGE = "age"
    ACCOUNT = "account"
    CLEARED = "cleared"
    FINDING = "finding"
    TYPOLOGY = "typology"
    LEVEL = "level"
    DONE = "done"
    REFUSED = "refused"


ASPECTS: Final[Mapping[Subject, frozenset[str]]] = {
    Subject.SIGN: frozenset({"yes", "no", "seen", "said", "verified"}),
    Subject.ACCOUNT: frozenset({"yes", "no", "unknown"}),
}
"""What may stand behind the `=` of an atom; nothing stands for yes."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One fact, such as `on_phone`, `on_phone=seen`, `money:pending`, `account:class_1_exposed=no`, `level:hold`.

    `sign=no` holds only when the no was seen or verified. `level:` holds from that level upwards.
    """

    subject: Subject
    id: str
    aspect: str = "yes"

    def __str__(self) -> str:
        name = self.id if self.subject is Subject.SIGN else f"{self.subject}:{self.id}"
        return name if self.aspect == "yes" else f"{name}={self.aspect}"


@dataclass(frozen=True, slots=True)
class PortionLike:
    """Some portion of the money fits: its state, where it was paid from, where the payee's account is kept."""

    states: frozenset[MoneyState]
    paid_from: frozenset[PaidFrom] | None = None
    payee: frozenset[PayeeAt] | None = None


@dataclass(frozen=True, slots=True)
class AmountFrom:
    """The money spoken of is at least this much, in fen."""

    fen: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; of a sign this is *not asked or no*, so it never clears anything by itself."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Points:
    """The weights of the atoms that hold add up to at least `least`; `at_least` is the same with each weight 1."""

    least: int
    weights: tuple[tuple[Atom, int], ...]


Condition: TypeAlias = Atom | PortionLike | AmountFrom | AllOf | AnyOf | Not | Points

_Member = TypeVar("_Member", bound=StrEnum)

_ATOM: Final = re.compile(r"(?:(?P<subject>[a-z]+):)?(?P<id>[a-z][a-z0-9_]*)(?:=(?P<aspect>[a-z]+))?")


def read_condition(raw: Any) -> Condition:
    """Return the condition that `raw` (text or a mapping with one key) says; raises PydanticCustomError."""
    if isinstance(raw, str):
        return _read_atom(raw)
    if not isinstance(raw, Mapping) or not raw:
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": str(raw)})
    match sorted(raw):
        case ["all"]:
            return AllOf(_read_parts(raw["all"]))
        case ["any"]:
            return AnyOf(_read_parts(raw["any"]))
        case ["not"]:
            return Not(read_condition(raw["not"]))
        case ["portion"]:
            return _read_portion(raw["portion"])
        case ["amount_from"]:
            return AmountFrom(_read_count(raw["amount_from"]) * 100)
        case ["at_least", "of"]:
            return _read_points(raw["at_least"], dict.fromkeys(_strings(raw["of"]), 1))
        case ["of", "points"]:
            return _read_points(raw["points"], raw["of"])
    raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": ", ".join(map(str, raw))})


def atoms(condition: Condition) -> Iterator[Atom]:
    """Yield every atom that stands in `condition`."""
    match condition:
        case Atom():
            yield condition
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from atoms(part)
        case Not(part):
            yield from atoms(part)
        case Points(_, weights):
            for atom, _ in weights:
                yield atom


def amounts(condition: Condition) -> Iterator[int]:
    """Yield every amount, in fen, from which something in `condition` holds."""
    match condition:
        case AmountFrom(fen):
            yield fen
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from amounts(part)
        case Not(part):
            yield from amounts(part)


_RECORDED: Final = {StepOutcome.DONE: Subject.DONE, StepOutcome.REFUSED: Subject.REFUSED}


def true_atoms(facts: Facts) -> Iterator[Atom]:
    """Yield every atom that is true of the bare facts; what is missing is false."""
    for sign, reply in facts.answers.items():
        if reply.value is Answer.YES:
            yield Atom(Subject.SIGN, sign)
            yield Atom(Subject.SIGN, sign, reply.known)
        elif reply.known is not Known.SAID:
            yield Atom(Subject.SIGN, sign, "no")
    for fact in facts.accounts:
        yield Atom(Subject.ACCOUNT, fact, facts.accounts[fact].value)
    for request in facts.requests:
        yield Atom(Subject.REQUEST, request)
    for portion in facts.money:
        yield Atom(Subject.MONEY, portion.at(facts.now))
    if facts.age:
        yield Atom(Subject.AGE, facts.age)
    for clearing in facts.clearings:
        yield Atom(Subject.CLEARED, clearing)
    for step, outcome in facts.steps.items():
        if outcome in _RECORDED:
            yield Atom(_RECORDED[outcome], step)


def _read_atom(raw: str) -> Atom:
    found = _ATOM.fullmatch(raw)
    subject = found["subject"] or Subject.SIGN if found else ""
    if found is None or subject not in Subject.__members__.values():
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": raw})
    aspect = found["aspect"] or "yes"
    if aspect not in ASPECTS.get(Subject(subject), {"yes"}):
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": raw})
    return Atom(Subject(subject), found["id"], aspect)


def _read_parts(raw: Any) -> tuple[Condition, ...]:
    if not isinstance(raw, list) or not raw:
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": str(raw)})
    return tuple(read_condition(part) for part in raw)


def _strings(raw: Any) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(part, str) for part in raw):
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": str(raw)})
    return raw


def _read_count(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": str(raw)})
    return raw


def _read_points(least: Any, weights: Any) -> Points:
    if not isinstance(weights, Mapping) or not weights:
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": str(weights)})
    read = tuple((_read_atom(str(atom)), _read_count(weight)) for atom, weight in weights.items())
    if _read_count(least) > sum(weight for _, weight in read):
        raise PydanticCustomError("points_unreachable", "{least} points can never be reached", {"least": least})
    return Points(least, read)


def _read_portion(raw: Any) -> PortionLike:
    if not isinstance(raw, Mapping) or not {"state"} <= set(raw) <= {"state", "paid_from", "payee"}:
        shown = ", ".join(map(str, raw)) if isinstance(raw, Mapping) else str(raw)
        raise PydanticCustomError("portion_form", "not a portion: {raw}", {"raw": shown})
    return PortionLike(
        _read_members(MoneyState, raw["state"]),
        _read_members(PaidFrom, raw["paid_from"]) if "paid_from" in raw else None,
        _read_members(PayeeAt, raw["payee"]) if "payee" in raw else None,
    )


def _read_members(kind: type[_Member], raw: Any) -> frozenset[_Member]:
    words = _strings(raw)
    for word in words:
        if word not in kind.__members__.values():
            expected = ", ".join(f"'{member}'" for member in kind)
            raise PydanticCustomError("enum", "{raw} is not one of {expected}", {"raw": word, "expected": expected})
    return frozenset(kind(word) for word in words)
