"""The columns that a table of cases can have: each with the name that programs know it by, and what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final

from assistant.export.tables.faults import ColumnTwice, ColumnUnknown
from assistant.export.tables.words import TABLE_WORDS
from assistant.particulars.fields import ASKED, Field, Party
from assistant.quoting import clip
from assistant.register.vocabulary import find, fold
from assistant.store.marks import SMALL, Part, read_part, read_traits
from rules.language import Language, Text

_PARTED: Final = re.compile("[,，、]")
_UNIT: Final = re.compile("（元）$")
_LEAST: Final = 2
_MOST_NEAR: Final = 4
MARKS: Final = "marks"
"""Where all stands that is small: one number is read in the place of six texts."""


class Kind(StrEnum):
    """What stands in a column; None stands in any of them for nothing."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    """Fen, a whole number."""
    TIME = "time"
    """UTC milliseconds."""
    CODE = "code"
    """A member of a closed set, or the id of something in the rulebook."""
    CODES = "codes"
    """Several of them, parted by blanks."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `source` is the one of the table of cases that it is read from, unless it is about a `person`."""

    name: str
    kind: Kind
    source: str
    person: tuple[Party, Field] | None = None
    own: bool = False
    """Every case has something of its own in it."""

    @property
    def program_name(self) -> str:
        """The name for programs that reckon in fen."""
        return f"{self.name}_fen" if self.kind is Kind.MONEY else self.name

    @property
    def sheet_name(self) -> str:
        """The name for spreadsheets, in which money stands in yuan."""
        return f"{self.name}_yuan" if self.kind is Kind.MONEY else self.name

    def title(self, language: Language) -> str:
        """Return what stands over the column for people."""
        if self.person is not None:
            party, field = self.person
            return TABLE_WORDS(
                "person",
                language,
                party=TABLE_WORDS(f"party.{party}", language),
                field=TABLE_WORDS(f"field.{field}", language),
            )
        return TABLE_WORDS(f"column.{self.name}", language)


def _plain(name: str, kind: Kind, source: str = "", *, own: bool = False) -> Column:
    return Column(name, kind, source or name, own=own)


USUAL: Final = (
    _plain("case_id", Kind.TEXT, own=True),
    _plain("number", Kind.TEXT, own=True),
    _plain("opened_at", Kind.TIME, own=True),
    _plain("changed_at", Kind.TIME, own=True),
    _plain("opened_by", Kind.TEXT),
    _plain("request", Kind.CODE),
    _plain("state", Kind.CODE, MARKS),
    _plain("keeping", Kind.CODE, MARKS),
    _plain("level", Kind.CODE, MARKS),
    _plain("outcome", Kind.CODE, MARKS),
    _plain("traits", Kind.CODES, MARKS),
    _plain("review", Kind.CODE, MARKS),
    _plain("reviewer", Kind.TEXT),
    _plain("typologies", Kind.CODES),
    _plain("next_step", Kind.CODE),
    _plain("due_at", Kind.TIME),
    _plain("called_at", Kind.TIME),
    _plain("amount", Kind.MONEY, "amount_fen"),
    _plain("at_risk", Kind.MONEY, "at_risk_fen"),
    _plain("protected", Kind.MONEY, "protected_fen"),
    _plain("lost", Kind.MONEY, "lost_fen"),
    _plain("events", Kind.COUNT),
)
"""The columns of a table for which none are named."""
PERSONS: Final = tuple(
    Column(f"{party}_{field}", Kind.TEXT, f"{party}_{field}", (party, field))
    for party, fields in ASKED.items()
    for field in fields
)
"""Those that are there only when they are named."""
COLUMNS: Final = {column.name: column for column in (*USUAL, *PERSONS)}
_SPELLINGS: Final = COLUMNS | {
    spelled: column for column in USUAL for spelled in (column.program_name, column.sheet_name)
}


def read_columns(words: str | None) -> tuple[Column, ...]:
    """Return the columns that are named, parted by commas: by their ids, by what stands over them in either language,
    or by what only one of these holds; the usual ones for None. Raises ColumnUnknown and ColumnTwice."""
    if words is None:
        return USUAL
    titles = {name: Text(column.title(Language.ZH), column.title(Language.EN)) for name, column in COLUMNS.items()}
    found: dict[str, Column] = {}
    for word in _PARTED.split(words):
        column = _SPELLINGS.get(word.strip().casefold()) or COLUMNS.get(find(titles, word) or "")
        if column is None:
            bare = [_UNIT.sub("", title.zh) for title in titles.values()]
            columns = Text("、".join(bare), ", ".join(COLUMNS))
            raise ColumnUnknown(word=clip(word.strip()), hint=_suggest(word, titles), columns=columns)
        if column.name in found:
            raise ColumnTwice(word=clip(word.strip()))
        found[column.name] = column
    return tuple(found.values())


def _suggest(word: str, titles: Mapping[str, Text]) -> Text:
    """Return "did you mean ...?" with the columns whose names hold the word, or else come near it."""
    spelled = {fold(one): name for name, title in titles.items() for one in (name, title.zh, title.en)}
    sought = fold(word)
    within = [name for one, name in spelled.items() if len(sought) >= _LEAST and sought in one]
    near = [spelled[one] for one in get_close_matches(sought, list(spelled), _MOST_NEAR)]
    names = list(dict.fromkeys(within or near))[:_MOST_NEAR]
    if not names:
        return Text("", "")
    shown = names if word.isascii() else [_UNIT.sub("", titles[name].zh) for name in names]
    hint = TABLE_WORDS.text("hint")
    return Text(hint.zh.format(near="”或“".join(shown)), hint.en.format(near='" or "'.join(names)))


class Small(dict[int, str | None]):
    """What stands in a column that is read from the marks, by those: the same text each time, which is quick."""

    def __init__(self, column: str) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, marks: int) -> str | None:
        traits = self._column == "traits"
        found = self[marks] = " ".join(read_traits(marks)) if traits else read_part(Part(self._column), marks)
        return found


def find_reader(column: Column) -> Callable[[Any], Any]:
    """Return what reads the value of a column from what stands in its source."""
    if column.source != MARKS:
        return lambda value: value
    small = Small(column.name)
    return lambda marks: small[marks & SMALL]


def list_persons(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Return those of the columns that are about persons."""
    return tuple(column for column in columns if column.person is not None)
