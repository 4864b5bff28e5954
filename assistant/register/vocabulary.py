"""The words in which cases are looked for: Chinese, English or the id, whichever somebody types."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState
from assistant.case.traits import Trait
from assistant.register.faults import REGISTER_WORDS
from rules.facts import Level
from rules.language import Catalogue, Text
from rules.model import Book

_CASE: Final = Catalogue("assistant.case")
_NEAR: Final = 0.5
_LEAST: Final = 2
"""Characters of a name by which it is known."""
_NO_HINT: Final = Text("", "")


class Part(StrEnum):
    """What a term can be about."""

    LEVEL = "level"
    TELLER = "teller"
    TYPOLOGY = "typology"
    OUTCOME = "outcome"
    STATE = "state"
    REVIEW = "review"
    OUTLET = "outlet"
    AMOUNT = "amount"
    FROM = "from"
    TO = "to"
    LAST4 = "last4"
    PHONE = "phone"
    ACCOUNT = "account"
    ID_NUMBER = "id_number"


class Flag(StrEnum):
    """What is either looked for or not, beside the traits of a case."""

    OVERDUE = "overdue"
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every name that may be typed, by the id that it means."""

    values: Mapping[Part, Mapping[str, Text]]
    """The values of the parts that have names."""
    keys: Mapping[str, Text]
    flags: Mapping[str, Text]
    """Those of `Flag` and the traits."""

    @classmethod
    def of(cls, book: Book) -> Vocabulary:
        """Return the words for a list that is named by that rulebook."""
        return cls.make(
            {level: word.name for level, word in book.levels.items()},
            {name: word.name for name, word in book.typologies.items()},
        )

    @classmethod
    def make(cls, levels: Mapping[Level, Text], typologies: Mapping[str, Text]) -> Vocabulary:
        """Return the words with these names of the rulebook's own."""
        values: dict[Part, Mapping[str, Text]] = {
            Part.LEVEL: {level.value: levels[level] for level in Level},
            Part.TYPOLOGY: dict(typologies),
            Part.OUTCOME: {outcome.value: _CASE.text(f"outcome.{outcome}") for outcome in Outcome},
            Part.STATE: {state.value: REGISTER_WORDS.text(f"state.{state}") for state in CaseState},
            Part.REVIEW: {standing.value: _CASE.text(f"review.{standing}") for standing in Standing},
        }
        flags = {trait.value: _CASE.text(f"trait.{trait}") for trait in Trait}
        flags |= {flag.value: REGISTER_WORDS.text(f"flag.{flag}") for flag in Flag}
        keys = {part.value: REGISTER_WORDS.text(f"key.{part}") for part in Part}
        return cls(MappingProxyType(values), MappingProxyType(keys), MappingProxyType(flags))

    def find_part(self, word: str) -> Part | None:
        """Return the part of that name."""
        found = find(self.keys, word)
        return Part(found) if found else None

    def find_alone(self, word: str) -> tuple[Part, str] | None:
        """Return the one value of all parts that a word means, None where it is none or may be several."""
        for look in (_find_whole, find):
            found = {(part, value) for part, names in self.values.items() if (value := look(names, word))}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def suggest(self, word: str) -> Text:
        """Return "did you mean ...?" with the nearest of all names."""
        return suggest(
            word, {**self.keys, **self.flags, **{k: v for names in self.values.values() for k, v in names.items()}}
        )


def find(names: Mapping[str, Text], word: str) -> str | None:
    """Return the id that a word means: the id itself, a name, or what only one name holds. Width, case, blanks and
    hyphens do not count."""
    if whole := _find_whole(names, word):
        return whole
    sought = fold(word)
    within = [name for name, text in names.items() if any(sought in fold(one) for one in (name, text.zh, text.en))]
    return within[0] if len(within) == 1 and len(sought) >= _LEAST else None


def _find_whole(names: Mapping[str, Text], word: str) -> str | None:
    sought = fold(word)
    by_id = [name for name in names if sought and fold(name) == sought]
    by_name = [name for name, text in names.items() if sought and sought in (fold(text.zh), fold(text.en))]
    return next(iter(by_id or by_name), None)


def suggest(word: str, names: Mapping[str, Text]) -> Text:
    """Return "did you mean ...?" with the nearest name, or nothing when none is near."""
    known = {each: (text.zh, name) for name, text in names.items() for each in (text.zh, text.en.casefold(), name)}
    near = get_close_matches(word.casefold(), known, 1, _NEAR)
    if not near:
        return _NO_HINT
    hint = REGISTER_WORDS.text("hint")
    return Text(*(text.format(near=shown) for text, shown in zip((hint.zh, hint.en), known[near[0]], strict=True)))


def fold(word: str) -> str:
    """Return a word as it is compared."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", word).casefold()))
