"""Conditions in words, for those who read the rulebook and do not write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Condition, Not, Points, PortionLike, Subject
from rules.language import Catalogue, Language
from rules.model import Book

_WORDS: Final = Catalogue("rules.review", "sentences.yaml")
_RULES: Final = Catalogue("rules")
_FEW: Final = 2
"""So many alternatives read well in a row; more of them are counted off behind a colon."""

Mark: TypeAlias = Callable[[str, str], str]
"""Writes the name and the id of an entry."""


def tell(condition: Condition, book: Book, language: Language, mark: Mark | None = None) -> str:
    """Return `condition` as one sentence without a full stop; ids stand behind the names, as `mark` writes them."""
    return _Teller(book, language, mark or _mark_in(language)).tell(condition)


def outline(
    condition: Condition, book: Book, language: Language, mark: Mark | None = None
) -> Iterator[tuple[int, str]]:
    """Yield `condition` line by line, each with its depth from 0: what has parts of parts is spread out."""
    yield from _Teller(book, language, mark or _mark_in(language)).outline(condition, 0)


def name_of(atom: Atom, book: Book, language: Language) -> str:
    """Return the name of the entry that `atom` speaks of."""
    words = book.words()[atom.subject]
    # The members of a closed set are equal to their text, so one look-up serves both.
    name: str = words[atom.id].name.read(language)
    return name


def _mark_in(language: Language) -> Mark:
    return lambda name, entry: _WORDS("mark", language, name=name, id=entry)


@dataclass(frozen=True, slots=True)
class _Teller:
    book: Book
    language: Language
    mark: Mark

    def tell(self, condition: Condition) -> str:
        match condition:
            case Atom():
                return self._atom(condition)
            case PortionLike():
                return self._portion(condition)
            case AmountFrom(fen):
                return self._fill("amount", yuan=f"{fen // 100:,}")
            case AllOf(parts):
                return self._fill("all.joint").join(self._grouped(part) for part in parts)
            case AnyOf(parts):
                return self._any(parts)
            case Not(part):
                return self._not(part)
            case Points():
                return self._points(condition)

    def outline(self, condition: Condition, depth: int) -> Iterator[tuple[int, str]]:
        match condition:
            case AllOf(parts) if not _is_plain(condition):
                yield from self._spread("all.head", parts, depth)
            case AnyOf(parts) if not _is_plain(condition):
                yield from self._spread("any.head", parts, depth)
            case Not(part) if not _is_plain(condition):
                yield from self._spread("not.head", (part,), depth)
            case _:
                yield depth, self.tell(condition)

    def _spread(self, head: str, parts: Iterable[Condition], depth: int) -> Iterator[tuple[int, str]]:
        yield depth, self._fill(head)
        for part in parts:
            yield from self.outline(part, depth + 1)

    def _grouped(self, part: Condition) -> str:
        said = self.tell(part)
        simple = isinstance(part, Atom | AmountFrom) or (isinstance(part, Not) and isinstance(part.part, Atom))
        return said if simple else self._fill("group", inner=said)

    def _listed(self, parts: Iterable[Condition]) -> str:
        return self._fill("list").join(self._grouped(part) for part in parts)

    def _any(self, parts: tuple[Condition, ...]) -> str:
        if len(parts) <= _FEW:
            return self._fill("any.joint").join(self._grouped(part) for part in parts)
        return self._fill("any.list", parts=self._listed(parts))

    def _not(self, part: Condition) -> str:
        match part:
            case Atom(Subject.SIGN, _, "yes"):
                return self._fill("not.sign", name=self._atom(part))
            case AnyOf(parts):
                return self._fill("not.any", parts=self._listed(parts))
            case AllOf(parts):
                return self._fill("not.all", parts=self._listed(parts))
            case _:
                return self._fill("not.one", part=self._grouped(part))

    def _points(self, points: Points) -> str:
        if all(weight == 1 for _, weight in points.weights):
            names = self._listed(atom for atom, _ in points.weights)
            return self._fill("points.count", least=points.least, parts=names)
        weighed = (self._fill("points.weight", part=self._atom(atom), weight=weight) for atom, weight in points.weights)
        return self._fill("points.sum", least=points.least, parts=self._fill("list").join(weighed))

    def _portion(self, portion: PortionLike) -> str:
        states = [self.mark(self.book.money_states[s].name.read(self.language), s) for s in sorted(portion.states)]
        parts = [states]
        for kind, members in (("paid_from", portion.paid_from), ("payee", portion.payee)):
            names = (_RULES(f"{kind}.{member}", self.language) for member in sorted(members or ()))
            parts.append([self.mark(name, member) for name, member in zip(names, sorted(members or ()), strict=True)])
        told = (self._fill("any.joint").join(names) for names in parts if names)
        return self._fill("portion.all", parts=self._fill("portion.joint").join(told))

    def _atom(self, atom: Atom) -> str:
        name = self.mark(name_of(atom, self.book, self.language), atom.id)
        return self._fill(f"atom.{atom.subject}.{atom.aspect}", name=name)

    def _fill(self, key: str, **details: object) -> str:
        return _WORDS(key, self.language, **details)


def _is_plain(condition: Condition) -> bool:
    """Tell whether no part of it has parts of its own, so that one line holds it."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return all(isinstance(part, Atom | AmountFrom) for part in parts)
        case Not(part):
            return isinstance(part, Atom | PortionLike | Points) or _is_plain(part)
        case _:
            return True
