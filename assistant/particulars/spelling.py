"""A number can be spelled in many ways: a text is flattened to one of them, character for character, to be searched."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final

_DIGITS: Final = ("〇零○", "一幺壹", "二贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
_READ: Final = {numeral: str(digit) for digit, numerals in enumerate(_DIGITS) for numeral in numerals}
NUMERALS: Final = "".join(_READ)
"""The Chinese numerals that stand for a digit each."""
BETWEEN: Final = "[ .,/_、·()-]"
"""What may stand between the digits of a number in a flattened text, as a part of a regular expression."""
_NUMERAL_DIGITS: Final = str.maketrans(_READ)
_PARTING: Final = dict.fromkeys("，、。；;", "、") | dict.fromkeys("·•‧∙⋅・", "·")
_DASHES: Final = frozenset("\u2212ー〜")
_UNSEEN: Final = frozenset({"Cf", "Mn", "Me", "Cc"})
_MOST_KEPT: Final = 20_000


class _Table(dict[int, str]):
    """The one character for each, by its code; made once for those that are there often."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        made = self[code] = self._make(chr(code))
        return made


def flatten(text: str) -> str:
    """Return `text` with one half-width character in the place of each, so that places in it stay the same.

    Digits of any script are ASCII's, blanks of any width and what cannot be seen are blanks, dashes are hyphens, raised
    dots are `·`, and what else parts words in Chinese is `、`. Chinese numerals stay what they are, for they are words
    as well: see `read_numerals`.
    """
    return text.translate(_FLAT)


def read_numerals(text: str) -> str:
    """Return `text` with digits in the place of Chinese numerals."""
    return text.translate(_NUMERAL_DIGITS)


def flatten_letters(text: str) -> str:
    """Return `text` flattened, with small letters without accents in the place of letters."""
    return flatten(text).translate(_LETTERS)


def _flatten(character: str) -> str:
    kind = unicodedata.category(character)
    if character.isspace() or kind in _UNSEEN:
        return " "
    if kind == "Pd" or character in _DASHES:
        return "-"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    folded = unicodedata.normalize("NFKC", character)
    # As it was typed first: folded, the comma that parts words is the one that parts thousands.
    if parting := _PARTING.get(character, _PARTING.get(folded)):
        return parting
    return folded if len(folded) == 1 and folded.isascii() else character


def _bare(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    small = parts[0].casefold()
    return small if len(small) == 1 and all(map(unicodedata.combining, parts[1:])) else character


_FLAT: Final = _Table(_flatten)
_LETTERS: Final = _Table(_bare)
