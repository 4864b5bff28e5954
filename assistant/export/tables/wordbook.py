"""What the codes in a table are called: by the rulebook in force and the catalogues, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState, Keeping
from assistant.case.traits import Trait
from assistant.export.tables.words import TABLE_WORDS
from rules.language import Catalogue, Language

if TYPE_CHECKING:
    from rules.model import Book

_CASE: Final = Catalogue("assistant.case")
_PLAIN: Final = Catalogue("assistant.plain")


class Wordbook:
    """Names codes by the column in which they stand; without a rulebook every code stays what it is."""

    def __init__(self, book: Book | None, language: Language) -> None:
        self._names = _list_names(book, language) if book else {}
        self.mark = TABLE_WORDS("mark", language) if book else TABLE_WORDS("code_mark", language)
        """What stands between several in one cell."""

    def name(self, column: str, code: str) -> str:
        """Return the name of a code, or the code itself when only an older rulebook knew it."""
        return self._names.get(column, {}).get(code, code)

    def join(self, column: str, codes: str) -> str:
        """Return the names of several codes, which are parted by blanks, as they stand in one cell."""
        return self.mark.join(self.name(column, code) for code in codes.split())


def _list_names(book: Book, language: Language) -> Mapping[str, Mapping[str, str]]:
    def read(shelf: Mapping[Any, Any]) -> Mapping[str, str]:
        return {str(name): entry.name.read(language) for name, entry in shelf.items()}

    return {
        "state": {state.value: _PLAIN(f"state.{state}", language) for state in CaseState},
        "keeping": {keeping.value: _PLAIN(f"state.{keeping}", language) for keeping in Keeping},
        "request": read(book.requests),
        "level": read(book.levels),
        "typologies": read(book.typologies),
        "next_step": read(book.steps),
        "outcome": {outcome.value: _CASE(f"outcome.{outcome}", language) for outcome in Outcome},
        "traits": {trait.value: _CASE(f"trait.{trait}", language) for trait in Trait},
        "review": {standing.value: _CASE(f"review.{standing}", language) for standing in Standing},
    }
