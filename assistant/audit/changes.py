"""What one advice says otherwise than another, and the rules by which it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.case.bodies import Advised, Withheld
from assistant.case.events import Event
from rules.facts import Level
from rules.language import Text
from rules.model import Book

_KINDS: Final = ("level", "typology", "step")


@dataclass(frozen=True, slots=True)
class Change:
    """From an older advice to a newer one; of a pair, the older comes first, and None stands for no advice at all."""

    level: tuple[Level | None, Level] | None
    suspected: tuple[str, ...]
    unsuspected: tuple[str, ...]
    first: tuple[str | None, str | None] | None
    """The one next action."""
    added: tuple[str, ...]
    gone: tuple[str, ...]
    withheld: tuple[Withheld, ...]
    allowed: tuple[str, ...]
    """Steps that are no longer withheld."""

    def __bool__(self) -> bool:
        """Whether anything is different for whoever acts on it; the order of the later steps is not."""
        return bool(
            self.level
            or self.suspected
            or self.unsuspected
            or self.first
            or self.added
            or self.gone
            or self.withheld
            or self.allowed
        )


def read_advice(event: Event) -> Advised:
    """Return the advice that an event of the kind `advised` records."""
    return Advised.model_validate(event.body)


def compare_advice(older: Advised | None, newer: Advised, next_steps: tuple[str | None, str | None]) -> Change:
    """Return what `newer` says otherwise than `older`; `next_steps` are the one next action by each of them."""
    steps_before = [step.id for step in older.steps] if older else []
    steps_after = [step.id for step in newer.steps]
    held_before = [held.step for held in older.withheld] if older else []
    held_after = [held.step for held in newer.withheld]
    typologies = older.typologies if older else ()
    level_before = older.level if older else None
    return Change(
        level=None if level_before is newer.level else (level_before, newer.level),
        suspected=_leave_out(newer.typologies, typologies),
        unsuspected=_leave_out(typologies, newer.typologies),
        first=None if next_steps[0] == next_steps[1] else next_steps,
        added=_leave_out(steps_after, steps_before),
        gone=_leave_out(steps_before, steps_after),
        withheld=tuple(held for held in newer.withheld if held.step not in held_before),
        allowed=_leave_out(held_before, held_after),
    )


def list_reasons(book: Book, change: Change, newer: Advised) -> Iterator[tuple[str, Text | None]]:
    """Yield the rules by which the newer advice came to say what it says otherwise, each with its reason.

    The reason is None of a rule that only another rulebook knows, which then may or may not have to do with it.
    """
    for name in sorted(newer.rules, key=_find_place):
        if _bears_on(name, book, change, newer):
            yield name, book.find_reason(name)
    for held in change.withheld:
        yield held.rule, book.find_reason(held.rule)


def _find_place(name: str) -> int:
    """Return where a rule stands in what is told: the level first, then the suspicions, then the steps."""
    kind = name.partition(".")[0]
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _bears_on(name: str, book: Book, change: Change, newer: Advised) -> bool:
    """Tell whether that rule has to do with what the newer advice says otherwise."""
    kind, _, rule = name.partition(".")
    if kind == "level":
        level = book.level_rules.get(rule)
        return change.level is not None and (level is None or level.level is newer.level)
    if kind == "typology":
        suspicion = book.typology_rules.get(rule)
        return suspicion is not None and suspicion.suspects in change.suspected
    advising = book.step_rules.get(rule) if kind == "step" else None
    return advising is not None and not set(change.added).isdisjoint(advising.advises)


def _leave_out(names: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in others)
