"""What changed between two rulebooks, entry by entry and in words: what a second person has to agree to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final, get_args

from pydantic import BaseModel

from rules.conditions import AllOf, AnyOf, Atom, Condition, Not, Points
from rules.facts import Known, Level
from rules.language import Catalogue, Language, Text
from rules.model import Book, Citation, Owner, SignGroup, Urgency, Word
from rules.review.sentences import tell

WORDS: Final = Catalogue("rules.review", "difference.yaml")
_RULES: Final = Catalogue("rules")
_CONDITIONS: Final = get_args(Condition)


class Change(StrEnum):
    """What became of an entry, or of a part of one."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class PartChange:
    """A field of an entry: what it said before and says now. `notes` say of a condition what in it is different."""

    field: str
    """The path within the entry, such as `reason`, `not_when.2.when`, `tiers.1`; numbers count from 1."""
    label: Text
    change: Change
    before: Text | None = None
    after: Text | None = None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry that was added, removed, changed, or moved behind another one of its section."""

    section: str
    section_name: Text
    id: str
    name: Text | None
    change: Change
    parts: tuple[PartChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two rulebooks, and how its values read."""

    book: Book
    shelves: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Book) -> _Side:
        sections = {section: getattr(book, section) for section in type(book).model_fields}
        return cls(book, {section: held for section, held in sections.items() if isinstance(held, Mapping)})

    def read(self, value: object, name: str) -> Text | None:
        """Return the value of the field `name` in words; None where it says nothing."""
        if value is None or value == ():
            return None
        return _both(lambda language: self._say(value, name, language))

    def _say(self, value: Any, name: str, language: Language) -> str:
        match value:
            case Text():
                return value.read(language)
            case bool():
                return WORDS("yes" if value else "no", language)
            case Citation():
                return self._cite(value, language)
            case BaseModel():
                return self._say_entry(value, language)
            case tuple() | list() | frozenset():
                joint = WORDS("mark.list", language)
                return joint.join(self._say(part, name, language) for part in value)
            case Mapping():
                joint = WORDS("mark.list", language)
                return joint.join(f"{key}: {self._say(part, name, language)}" for key, part in value.items())
            case StrEnum():
                return self._name_member(value, language)
        if isinstance(value, _CONDITIONS):
            return tell(value, self.book, language)
        return self._name(str(value), name, language)

    def _say_entry(self, entry: BaseModel, language: Language) -> str:
        said = ((part, getattr(entry, part)) for part in type(entry).model_fields)
        told = [
            WORDS("mark.said", language, label=_label(part).read(language), said=self._say(value, part, language))
            for part, value in said
            if value not in (None, (), False)
        ]
        return WORDS("mark.and", language).join(told)

    def _name(self, word: str, name: str, language: Language) -> str:
        entry = self.shelves.get(_NAMES.get(name, ""), {}).get(word)
        if entry is None:
            return WORDS(f"word.{word}", language) if f"word.{word}" in WORDS else word
        return WORDS("mark.named", language, name=_name_of(entry, language), id=word)

    def _name_member(self, member: StrEnum, language: Language) -> str:
        kind = _MEMBERS.get(type(member))
        if kind and f"{kind}.{member}" in _RULES:
            return _RULES(f"{kind}.{member}", language)
        for words in (self.book.levels, self.book.money_states, self.book.age_bands):
            if isinstance(word := words.get(member), Word):  # type: ignore[call-overload]
                return word.name.read(language)
        return str(member)

    def _cite(self, place: Citation, language: Language) -> str:
        source = self.book.sources.get(place.source)
        title = source.title.read(language) if source else place.source
        return WORDS("mark.cited", language, title=title, source=place.source, article=place.article)


_NAMES: Final[Mapping[str, str]] = {
    "first": "signs",
    "settles": "signs",
    "clears": "clearings",
    "unless_cleared": "clearings",
    "requests": "requests",
    "suspects": "typologies",
    "advises": "steps",
    "tiers": "steps",
    "after": "steps",
    "check_first": "accounts",
}
"""The section whose entries a field names."""

_MEMBERS: Final[Mapping[type, str]] = {
    Owner: "owner", Urgency: "urgency", Known: "known", SignGroup: "group", Level: "level",
}  # fmt: skip


def find_differences(old: Book, new: Book) -> tuple[EntryChange, ...]:
    """Return what changed from `old` to `new`: section by section, what is gone first, then in the order of `new`.

    Nothing is returned for two books that say the same; the order of their entries counts, for it breaks ties.
    """
    return tuple(_Comparison(_Side.of(old), _Side.of(new)).changes())


@dataclass(frozen=True, slots=True)
class _Comparison:
    old: _Side
    new: _Side

    def changes(self) -> Iterator[EntryChange]:
        for section in type(self.new.book).model_fields:
            before, after = getattr(self.old.book, section), getattr(self.new.book, section)
            if isinstance(after, Mapping):
                yield from self._compare_sections(section, before, after)
            elif parts := tuple(self._compare(before, after, "")):
                yield EntryChange(section, _title(section), section, None, Change.CHANGED, parts)

    def _compare_sections(
        self, section: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Iterator[EntryChange]:
        for name in before:
            if name not in after:
                parts = tuple(self._list(before[name], self.old))
                yield self._entry(section, name, before[name], Change.REMOVED, parts)
        moved = _find_moved([name for name in before if name in after], [name for name in after if name in before])
        earlier = ""
        for name, entry in after.items():
            if name not in before:
                yield self._entry(section, name, entry, Change.ADDED, tuple(self._list(entry, self.new)))
            elif parts := tuple(self._compare(before[name], entry, "")):
                yield self._entry(section, name, entry, Change.CHANGED, parts)
            if name in moved:
                place = PartChange("", WORDS.text("place.label"), Change.MOVED, None, self._say_place(section, earlier))
                yield self._entry(section, name, entry, Change.MOVED, (place,))
            earlier = name

    def _entry(
        self, section: str, name: str, entry: BaseModel, change: Change, parts: tuple[PartChange, ...]
    ) -> EntryChange:
        return EntryChange(section, _title(section), str(name), _title_of(entry), change, parts)

    def _say_place(self, section: str, earlier: str) -> Text:
        if not earlier:
            return WORDS.text("place.first")
        entry = self.new.shelves[section][earlier]
        return _both(lambda language: WORDS("place.behind", language, name=_name_of(entry, language), id=earlier))

    def _list(self, entry: BaseModel, side: _Side) -> Iterator[PartChange]:
        """Yield every field of an entry that only one of the books has."""
        for name in type(entry).model_fields:
            value = getattr(entry, name)
            if value in (None, (), False):
                continue
            said, label = side.read(value, name), _label(name)
            if side is self.old:
                yield PartChange(name, label, Change.REMOVED, said, None)
            else:
                yield PartChange(name, label, Change.ADDED, None, said)

    def _compare(self, before: BaseModel, after: BaseModel, path: str) -> Iterator[PartChange]:
        for name in type(after).model_fields:
            yield from self._compare_values(getattr(before, name), getattr(after, name), name, f"{path}{name}")

    def _compare_values(self, before: Any, after: Any, name: str, path: str) -> Iterator[PartChange]:
        if before == after:
            return
        if isinstance(before, tuple) and isinstance(after, tuple):
            yield from self._compare_lists(before, after, name, path)
        elif isinstance(before, Mapping) and isinstance(after, Mapping):
            for key in dict.fromkeys([*before, *after]):
                yield from self._compare_values(before.get(key), after.get(key), name, f"{path}.{key}")
        elif type(before) is type(after) and isinstance(after, BaseModel):
            yield from self._compare(before, after, f"{path}.")
        else:
            both_conditions = isinstance(before, _CONDITIONS) and isinstance(after, _CONDITIONS)
            notes = tuple(self._tell_apart(before, after)) if both_conditions else ()
            yield self._part(path, before, after, name, notes)

    def _part(self, path: str, before: Any, after: Any, name: str, notes: tuple[Text, ...] = ()) -> PartChange:
        said, says = self.old.read(before, name), self.new.read(after, name)
        change = Change.CHANGED if said and says else Change.ADDED if says else Change.REMOVED
        return PartChange(path, _label(path), change, said, says, notes)

    def _compare_lists(
        self, before: tuple[Any, ...], after: tuple[Any, ...], name: str, path: str
    ) -> Iterator[PartChange]:
        """Words are compared as a set and then by their order; parts that have a shape of their own, place by place."""
        if all(isinstance(part, str) for part in (*before, *after)):
            gone, come = [x for x in before if x not in after], [x for x in after if x not in before]
            for part in gone:
                yield self._part(path, part, None, name)
            for part in come:
                yield self._part(path, None, part, name)
            if [x for x in before if x in after] != [x for x in after if x in before]:
                yield PartChange(path, _label(path), Change.MOVED, None, self.new.read(after, name))
            return
        for first, last, start, end in _find_unlike(before, after):
            for place in range(max(last - first, end - start)):
                old = before[first + place] if first + place < last else None
                new = after[start + place] if start + place < end else None
                number = (start if new is not None else first) + place + 1
                yield from self._compare_values(old, new, name, f"{path}.{number}")

    def _tell_apart(self, before: Condition, after: Condition) -> Iterator[Text]:
        """Yield what in a condition is different, where that can be said shorter than by both conditions whole."""
        match before, after:
            case (Points(), Points()):
                yield from self._tell_points(before, after)
            case (AllOf(old), AnyOf(new)) if set(old) == set(new):
                yield WORDS.text("condition.now_any")
            case (AnyOf(old), AllOf(new)) if set(old) == set(new):
                yield WORDS.text("condition.now_all")
            case (AllOf(), _) | (_, AllOf()):
                yield from self._tell_parts("all", _parts_of(AllOf, before), _parts_of(AllOf, after))
            case (AnyOf(), _) | (_, AnyOf()):
                yield from self._tell_parts("any", _parts_of(AnyOf, before), _parts_of(AnyOf, after))
            case (Not(part), _) if part == after:
                yield WORDS.text("condition.now_true")
            case (_, Not(part)) if part == before:
                yield WORDS.text("condition.now_not")

    def _tell_parts(self, kind: str, before: tuple[Condition, ...], after: tuple[Condition, ...]) -> Iterator[Text]:
        gone, come = [x for x in before if x not in after], [x for x in after if x not in before]
        if len(gone) == len(come) == 1 and not isinstance(gone[0], Atom) and not isinstance(come[0], Atom):
            yield from self._tell_apart(gone[0], come[0])
            return
        for part in gone:
            yield self._note(f"condition.{kind}_without", part, self.old)
        for part in come:
            yield self._note(f"condition.{kind}_with", part, self.new)

    def _tell_points(self, before: Points, after: Points) -> Iterator[Text]:
        if before.least != after.least:
            yield _fill("condition.least", before=before.least, after=after.least)
        old, new = dict(before.weights), dict(after.weights)
        for atom in old:
            if atom not in new:
                yield self._note("condition.any_without", atom, self.old)
        for atom, weight in new.items():
            if atom not in old:
                yield self._note("condition.any_with", atom, self.new)
            elif old[atom] != weight:
                yield self._note("condition.weight", atom, self.new, before=old[atom], after=weight)

    def _note(self, key: str, part: Condition, side: _Side, **details: object) -> Text:
        return _both(lambda language: WORDS(key, language, said=tell(part, side.book, language), **details))


def _parts_of(kind: type[AllOf] | type[AnyOf], condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, kind) else (condition,)


def _find_moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the fewest names that must be taken out for the others to stand in the same order in both."""
    return {after[place] for _, _, start, end in _find_unlike(before, after) for place in range(start, end)}


def _find_unlike(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches (from, to, from, to) in which two lists differ."""
    known: list[Any] = []
    for part in (*before, *after):
        if part not in known:
            known.append(part)
    # By number, because not every part can be hashed.
    first, second = ([known.index(part) for part in parts] for parts in (before, after))
    for kind, *stretch in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind != "equal":
            yield stretch[0], stretch[1], stretch[2], stretch[3]


def _title(section: str) -> Text:
    return WORDS.text(f"section.{section}") if f"section.{section}" in WORDS else Text(section, section)


def _label(path: str) -> Text:
    """Return the name of a field; of a path, that of each of its parts, with the numbers and keys among them."""
    found = [WORDS.text(f"field.{part}") if f"field.{part}" in WORDS else Text(part, part) for part in path.split(".")]
    return Text("".join(part.zh for part in found), " ".join(part.en for part in found))


def _title_of(entry: BaseModel) -> Text | None:
    """Return what an entry is called; a rule has no name and goes by its reason, a question by its words."""
    values = (getattr(entry, name, None) for name in ("name", "title", "reason", "ask"))
    return next((value for value in values if isinstance(value, Text)), None)


def _name_of(entry: BaseModel, language: Language) -> str:
    title = _title_of(entry)
    return title.read(language) if title else ""


def _fill(key: str, **details: object) -> Text:
    return _both(lambda language: WORDS(key, language, **details))


def _both(say: Callable[[Language], str]) -> Text:
    return Text(say(Language.ZH), say(Language.EN))
