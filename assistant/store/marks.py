"""What is small in the row of a case, as bits of one number: whatever is looked for together is one comparison.

For each thing that has one of several values, a row has the bit of its own value set and no other. A row fits when none
of the bits that are not wanted is set, and all of those that must be are: `marks & watched = required`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zlib import crc32

from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState, CaseSummary, Keeping
from assistant.case.traits import Trait
from rules.facts import Level

BITS: Final = MappingProxyType({trait: 1 << place for place, trait in enumerate(Trait)})
"""How the traits of a case stand in the column of their own."""


class Part(StrEnum):
    """A thing of which a case has one value, or none."""

    STATE = "state"
    KEEPING = "keeping"
    LEVEL = "level"
    OUTCOME = "outcome"
    REVIEW = "review"


_VALUES: Final = MappingProxyType(
    {
        Part.STATE: tuple(CaseState),
        Part.KEEPING: (None, *Keeping),
        Part.LEVEL: (None, *Level),
        Part.OUTCOME: (None, *Outcome),
        Part.REVIEW: (None, *Standing),
    }
)
_FLAGS: Final = ("called", "due", *Trait)
_PLACES: Final = (*((part, value) for part, values in _VALUES.items() for value in values), *_FLAGS)
_BIT: Final = MappingProxyType({place: 1 << at for at, place in enumerate(_PLACES)})
_TYPOLOGIES_FROM: Final = 32
_TYPOLOGY_BITS: Final = 31


@dataclass(frozen=True, slots=True)
class Mask:
    """The bits that are looked at, and those of them that must be set."""

    watched: int = 0
    required: int = 0

    def only(self, part: Part, values: Collection[str | None]) -> Mask:
        """Return the mask that also asks for one of these values."""
        unwanted = sum(_BIT[part, value] for value in _VALUES[part] if value not in values)
        return Mask(self.watched | unwanted, self.required)

    def flagged(self, flag: str) -> Mask:
        """Return the mask that also asks for a trait, or for what is `called` or `due`."""
        bit = _BIT[flag]
        return Mask(self.watched | bit, self.required | bit)


def mark(summary: CaseSummary) -> int:
    """Return the marks of a case."""
    found = _BIT[Part.STATE, summary.state] | _BIT[Part.KEEPING, summary.keeping]
    found |= _BIT[Part.LEVEL, summary.level] | _BIT[Part.OUTCOME, summary.outcome] | _BIT[Part.REVIEW, summary.review]
    for flag in summary.traits:
        found |= _BIT[flag]
    if summary.called_at is not None:
        found |= _BIT["called"]
    if summary.due_at is not None:
        found |= _BIT["due"]
    return found | mark_typologies(summary.typologies)


def read_part(part: Part, marks: int) -> str | None:
    """Return which value of a thing the marks of a case say it has."""
    found: str | None = next(value for value in _VALUES[part] if marks & _BIT[part, value])
    return found


def read_traits(marks: int) -> tuple[str, ...]:
    """Return the traits that the marks of a case say it has, by name."""
    return tuple(sorted(trait.value for trait in Trait if marks & _BIT[trait]))


SMALL: Final = (1 << _TYPOLOGIES_FROM) - 1
"""All bits but those of the typologies."""


def mark_typologies(typologies: Iterable[str]) -> int:
    """Return the bits of these typologies. Two may share one: a row that has the bit must still be looked at."""
    found = 0
    for typology in typologies:
        found |= 1 << (_TYPOLOGIES_FROM + crc32(typology.encode()) % _TYPOLOGY_BITS)
    return found
