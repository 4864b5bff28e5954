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
"""Two Chinese characters of which one is the same."""
_NEAR_LATIN: Final = 0.7
"""Letters are few, and half of them stand in any word."""
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
    former: Mapping[Part, Mapping[str, Text]]
    """Values by names that they had, which are understood and not shown."""

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
        former = {Part.REVIEW: {Standing.RETURNED.value: REGISTER_WORDS.text("also.review_returned")}}
        return cls(MappingProxyType(values), MappingProxyType(keys), MappingProxyType(flags), MappingProxyType(former))

    def find_part(self, word: str) -> Part | None:
        """Return the part of that name."""
        found = find(self.keys, word)
        return Part(found) if found else None

    def find_alone(self, word: str) -> tuple[Part, str] | None:
        """Return the one value of all parts that a word means, None where it is none or may be several."""
        for look, places in ((find_whole, self.values), (find_whole, self.former), (find, self.values)):
            found = {(part, value) for part, names in places.items() if (value := look(names, word))}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def find_value(self, part: Part, word: str) -> str | None:
        """Return the value of a part that has names which a word means."""
        return find(self.values[part], word) or find_whole(self.former.get(part, {}), word)

    def suggest(self, word: str, others: Mapping[str, Text]) -> Text:
        """Return "did you mean ...?" with the nearest of all names and the `others`."""
        values = {k: v for names in self.values.values() for k, v in names.items()}
        return suggest(word, {**self.keys, **self.flags, **values, **others})


def find(names: Mapping[str, Text], word: str) -> str | None:
    """Return the id that a word means: the id itself, a name, or what only one name holds. Width, case, blanks and
    hyphens do not count."""
    if whole := find_whole(names, word):
        return whole
    sought = fold(word)
    within = [name for name, text in names.items() if any(sought in fold(one) for one in (name, text.zh, text.en))]
    return within[0] if len(within) == 1 and len(sought) >= _LEAST else None


def find_whole(names: Mapping[str, Text], word: str) -> str | None:
    """Return the id that a word is, or is a name of."""
    sought = fold(word)
    by_id = [name for name in names if sought and fold(name) == sought]
    by_name = [name for name, text in names.items() if sought and sought in (fold(text.zh), fold(text.en))]
    return next(iter(by_id or by_name), None)


def suggest(word: str, names: Mapping[str, Text]) -> Text:
    """Return "did you mean ...?" with the nearest name, or nothing when none is near; never the word itself."""
    known = {each: (text.zh, name) for name, text in names.items() for each in (text.zh, text.en.casefold(), name)}
    other = [each for each in known if fold(each) != fold(word)]
    near = get_close_matches(word.casefold(), other, 1, _NEAR_LATIN if word.isascii() else _NEAR)
    if not near:
        return _NO_HINT
    hint = REGISTER_WORDS.text("hint")
    return Text(*(text.format(near=shown) for text, shown in zip((hint.zh, hint.en), known[near[0]], strict=True)))


def fold(word: str) -> str:
    """Return a word as it is compared."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", word).casefold()))
