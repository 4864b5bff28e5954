"""What is looked for in the list of cases: each part narrows it, and a filter without parts is the whole list."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState
from assistant.case.traits import Trait
from rules.facts import Level

SHORTEST_WORD: Final = 2
"""Characters: what is shorter stands in nearly every text."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something about a person by its keyed hash, or a number by its last digits: never the value itself."""

    digest: bytes | None = None
    last_digits: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for. Where several values stand in one part, a case has to have one of them; of the traits, all.

    Times are UTC milliseconds, amounts fen.
    """

    since: int | None = None
    """Opened at that moment or later."""
    until: int | None = None
    """Opened before that moment."""
    outlet: str | None = None
    """The code of the outlet, as it begins the numbers of its cases."""
    tellers: frozenset[str] = frozenset()
    """Opened by one of these staff numbers."""
    state: CaseState | None = None
    levels: frozenset[Level] = frozenset()
    typologies: frozenset[str] = frozenset()
    """One of them is suspected."""
    outcomes: frozenset[Outcome] = frozenset()
    least_fen: int | None = None
    most_fen: int | None = None
    overdue: bool = False
    """A step that is still to be done was due before now."""
    called: bool = False
    """The supervisor was called and has not answered."""
    traits: frozenset[Trait] = frozenset()
    reviews: frozenset[Standing] = frozenset()
    words: tuple[str, ...] = ()
    """Each of them stands in one of the texts of the case; width, case and blanks do not count."""
    noted: Noted | None = None


EVERYTHING: Final = Filter()


def tidy_words(text: str) -> str:
    """Return a text as it is searched: width and case of no account, each run of blanks one space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
