"""What a case knows of its persons is masked in its texts as it is in its own place, however it is spelled there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from assistant.particulars.fields import Field
from assistant.particulars.free_text import Found, Mask, find_masks, put_masks
from assistant.particulars.masking import mask
from assistant.particulars.spelling import BETWEEN, flatten, flatten_letters, read_numerals

if TYPE_CHECKING:
    from assistant.case.case import Case

_APART: Final = "[ ·.-]{0,2}"
"""What may stand between the letters of a name: blanks, and what foreign names are parted by."""
_LETTER: Final = r"[^\W\d_\u2e80-\U0003ffff]"
"""Of a script that parts its words."""
_SHORT: Final = 8
"""What has fewer characters may stand within another number by chance."""
_LETTERLIKE: Final = frozenset({"Co", "Cn"})
"""A rare character may stand where this version of Unicode has none, or in a bank's private range."""


class Known:
    """The names and numbers of the persons of a case, to be found in its texts.

    A name of one letter is not looked for: it is a surname, which a mask shows as well. Blanks and dots within a name
    count for nothing, nor do capitals and accents; a part of a name is another name.
    """

    def __init__(self, noted: Iterable[tuple[Field, str]] = ()) -> None:
        values = sorted(dict.fromkeys(noted), key=lambda one: -len(one[1]))
        numbers = [one for one in values if one[0] is not Field.NAME]
        names = [one for one in values if one[0] is Field.NAME]
        self._numbers = _Sought(numbers, _spell_number, read_numerals)
        self._names = _Sought(names, _spell_name, flatten_letters)

    @classmethod
    def of(cls, case: Case) -> Known:
        """Return what is noted in a case; what was corrected is erased, and nobody knows it."""
        noted = ((field, event.private.get("value")) for (_, field), event in case.particulars.items())
        return cls((field, value) for field, value in noted if value is not None)

    def mask(self, text: str) -> str:
        """Return `text` with a mask in the place of whatever is known, and of each number that looks like a person's;
        the rest stays as it is."""
        return put_masks(text, self.find(text))

    def find(self, text: str) -> list[Mask]:
        """Return what `mask` puts masks in the place of, in order and not overlapping."""
        flat = flatten(text)
        numbers = self._numbers.find(flat)
        flat = _cover(flat, numbers)
        names = self._names.find(flat)
        found = (*numbers, *names, *find_masks(_cover(flat, names)))
        return sorted(found, key=lambda one: one[0].start)


class _Sought:
    """Values, each with a pattern of the ways in which it may be spelled in a flattened text, as `read` reads that."""

    def __init__(
        self, values: Iterable[tuple[Field, str]], spell: Callable[[str], str], read: Callable[[str], str]
    ) -> None:
        ways = [(field, mask(field, value), spell(value)) for field, value in values]
        # A public number is nobody's.
        self._ways = [(field, shown, pattern) for field, shown, pattern in ways if pattern and "*" in shown]
        self._pattern = re.compile("|".join(f"({pattern})" for _, _, pattern in self._ways), re.IGNORECASE)
        self._read = read

    def find(self, flat: str) -> list[Mask]:
        """Return where they stand in a flattened text, in order and not overlapping."""
        return list(self._find(flat)) if self._ways else []

    def _find(self, flat: str) -> Iterator[Mask]:
        end = 0
        for match in self._pattern.finditer(self._read(flat)):
            if match.start() < end or match.lastindex is None:
                continue
            field, shown, _ = self._ways[match.lastindex - 1]
            start, end = match.span() if field is Field.NAME else _widen(flat, *match.span())
            yield Found(start, end, field), shown


def _spell_number(value: str) -> str:
    characters = value.removeprefix("+")
    if len(characters) < _SHORT:
        return f"(?<![0-9A-Z]){re.escape(characters)}(?![0-9A-Z])"
    spelled = f"{BETWEEN}{{0,3}}".join(map(re.escape, characters.removeprefix("0")))
    return f"(?:0{BETWEEN}{{0,3}})?{spelled}" if characters.startswith("0") else spelled


def _spell_name(value: str) -> str:
    letters = [
        letter for letter in flatten_letters(value) if letter.isalpha() or unicodedata.category(letter) in _LETTERLIKE
    ]
    if len(letters) < 2:
        return ""
    before, behind = (bool(re.match(_LETTER, letter)) for letter in (letters[0], letters[-1]))
    spelled = _APART.join(map(re.escape, letters))
    return f"{f'(?<!{_LETTER})' if before else ''}{spelled}{f'(?!{_LETTER})' if behind else ''}"


def _widen(flat: str, start: int, end: int) -> tuple[int, int]:
    """Return where the digits begin and end amid which a number stands: the rest of them might be read as another."""
    while start > 0 and flat[start - 1] in "0123456789":
        start -= 1
    while end < len(flat) and flat[end] in "0123456789":
        end += 1
    return start, end


def _cover(flat: str, masks: Iterable[Mask]) -> str:
    return put_masks(flat, ((found, "|" * (found.end - found.start)) for found, _ in masks))
