"""What a property may say: every condition a rule may have, and of the advice which steps, in which order, by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic_core import PydanticCustomError

from rules.conditions import Condition, read_condition
from rules.model import Owner


@dataclass(frozen=True, slots=True)
class Advised:
    """The step is advised, now or when it comes to its turn."""

    step: str


@dataclass(frozen=True, slots=True)
class Now:
    """The step is advised and not put off for others."""

    step: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """The step would be advised but for a contraindication, which says why not."""

    step: str


@dataclass(frozen=True, slots=True)
class First:
    """The step is advised and stands at the head of all."""

    step: str


@dataclass(frozen=True, slots=True)
class Before:
    """The steps are all advised, in this order."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InOrder:
    """Those of the steps that are advised come in this order."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoneBy:
    """Whoever does the step is this one, should it be advised."""

    step: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class Only:
    """No red flag but these is answered with yes."""

    signs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Every:
    """Every part holds."""

    parts: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Fails:
    """The part does not hold."""

    part: Statement


AboutSteps: TypeAlias = Advised | Now | Withheld | First | Before | InOrder | DoneBy
Statement: TypeAlias = Condition | AboutSteps | Only | Every | Some | Fails

_STEP: Final = re.compile(r"(advised|now|withheld|first):([a-z][a-z0-9_]*)")


def read_statement(raw: Any) -> Statement:
    """Return the statement that `raw` (text or a mapping with one key) says; raises PydanticCustomError."""
    if isinstance(raw, str) and (found := _STEP.fullmatch(raw)):
        return _read_about(found[1], found[2])
    if not isinstance(raw, Mapping):
        return read_condition(raw)
    match sorted(raw):
        case ["all"]:
            return Every(_read_parts(raw["all"]))
        case ["any"]:
            return Some(_read_parts(raw["any"]))
        case ["not"]:
            return Fails(read_statement(raw["not"]))
        case ["before"]:
            return Before(_read_words(raw["before"], least=2))
        case ["in_order"]:
            return InOrder(_read_words(raw["in_order"], least=2))
        case ["only"]:
            return Only(frozenset(_read_words(raw["only"])))
        case ["by", "step"]:
            return _read_owner(raw)
    return read_condition(raw)


def parts_of(statement: Statement) -> Iterator[Statement]:
    """Yield every part of `statement` that is itself no `all`, `any` or `not`."""
    match statement:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from parts_of(part)
        case Fails(part):
            yield from parts_of(part)
        case _:
            yield statement


def steps_of(part: Statement) -> tuple[str, ...]:
    """Return the steps of which `part` speaks."""
    match part:
        case Advised(step) | Now(step) | Withheld(step) | First(step) | DoneBy(step):
            return (step,)
        case Before(steps) | InOrder(steps):
            return steps
    return ()


def _read_about(word: str, step: str) -> Advised | Now | Withheld | First:
    match word:
        case "now":
            return Now(step)
        case "withheld":
            return Withheld(step)
        case "first":
            return First(step)
    return Advised(step)


def _read_parts(raw: Any) -> tuple[Statement, ...]:
    if not isinstance(raw, list) or not raw:
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": str(raw)})
    return tuple(read_statement(part) for part in raw)


def _read_words(raw: Any, least: int = 0) -> tuple[str, ...]:
    if not isinstance(raw, list) or len(raw) < least or not all(isinstance(word, str) for word in raw):
        raise PydanticCustomError("condition_form", "not a condition: {raw}", {"raw": str(raw)})
    return tuple(raw)


def _read_owner(raw: Mapping[str, Any]) -> DoneBy:
    owner = raw["by"]
    if not isinstance(raw["step"], str) or owner not in Owner.__members__.values():
        expected = ", ".join(f"'{member}'" for member in Owner)
        raise PydanticCustomError("enum", "{raw} is not one of {expected}", {"raw": owner, "expected": expected})
    return DoneBy(raw["step"], Owner(owner))
