"""Finding a thing by its name as one types: Chinese, pinyin, pinyin initials or English, in any mixture."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rules.language import Text


@dataclass(frozen=True, slots=True)
class Findable:
    """A thing with its name in both languages; `order` decides between equal matches, the lower first."""

    key: str
    name: Text
    order: int = 0


def find(query: str, things: Iterable[Findable]) -> list[str]:
    """Return the keys of the things that fit `query`, the best first; all of them, in their order, for an empty one.

    Full-width letters count as plain ones; blanks and case do not count.
    """
    wanted = fold(query)
    found: list[tuple[int, int, str]] = []
    for thing in things:
        rank = 0 if not wanted else _rank(wanted, thing.name)
        if rank is not None:
            found.append((rank, thing.order, thing.key))
    return [key for _, _, key in sorted(found)]


def fold(text: str) -> str:
    """Return `text` as it is compared; what cannot be seen, such as a pasted control character, is left out."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in plain if character.isprintable() and character != " ")


def _rank(wanted: str, name: Text) -> int | None:
    """Return how well the name fits (0 best), or None: from its start before from within, Chinese before English."""
    chinese = fold(name.zh)
    if wanted in chinese:
        return 0 if chinese.startswith(wanted) else 1
    starts = [place for place in range(len(chinese)) if _spells(wanted, chinese[place:])]
    if starts:
        return 0 if starts[0] == 0 else 2
    words, letters = _words(name.en), "".join(_words(wanted))
    if not letters:
        return None
    if any(word.startswith(letters) for word in words):
        return 1 if words[0].startswith(letters) else 2
    return 3 if letters in "".join(words) else None


def _words(english: str) -> list[str]:
    """Return the words of a name in small letters, without hyphens and quotation marks."""
    return "".join(character if character.isalnum() else " " for character in english.lower()).split()


def _spells(wanted: str, chinese: str) -> bool:
    """Tell whether `wanted` spells the characters from the first on, each by its syllable, a beginning of the last one,
    or its initial."""
    if not wanted:
        return True
    if not chinese:
        return False
    here, rest = chinese[0], chinese[1:]
    if here == wanted[0] and _spells(wanted[1:], rest):
        return True
    for syllable in _syllables().get(here, ()):
        if syllable.startswith(wanted):
            return True
        if wanted.startswith(syllable) and _spells(wanted[len(syllable) :], rest):
            return True
        if wanted[0] == syllable[0] and _spells(wanted[1:], rest):
            return True
    return False


@cache
def _syllables() -> Mapping[str, tuple[str, ...]]:
    readings: dict[str, list[str]] = {}
    for syllable, characters in _read_lines():
        for character in characters:
            readings.setdefault(character, []).append(syllable)
    return {character: tuple(syllables) for character, syllables in readings.items()}


def _read_lines() -> Iterator[tuple[str, str]]:
    for line in files("ui").joinpath("pinyin.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            syllable, _, characters = line.partition(" ")
            yield syllable, characters
