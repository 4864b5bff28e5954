"""The cases of a table as whoever takes it may see them: without what is not his business, and persons masked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from assistant.case.events import RevealReason
from assistant.case.summary import CaseState, Keeping
from assistant.confidence import find_confidential, needs_to_know
from assistant.export.tables.columns import MARKS, Column, list_persons
from assistant.export.tables.faults import TooManyInFull
from assistant.export.tables.layout import Pages, Row
from assistant.particulars.fields import Field, Party
from assistant.people.permissions import Move, State
from assistant.people.reader import Reader
from assistant.register.filters import Filter
from assistant.store.cases import COLUMNS, write_row
from assistant.store.marks import Part, read_part

if TYPE_CHECKING:
    from assistant.desk import Desk
    from rules.model import Book

Particulars = Mapping[tuple[Party, Field], str]

MOST_IN_FULL: Final = 1_000
"""Cases of which what is about persons leaves in full, in one table."""
_TOLD: Final = ("case_id", MARKS)
"""What has to be known of a case to tell what of it may be seen."""
_PLACES: Final = {column: place for place, column in enumerate((*COLUMNS, MARKS))}
_KEPT: Final = {Keeping.RESTRICTED: State.RESTRICTED, Keeping.ERASED: State.ERASED}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases, with which columns, and why what is about persons is wanted in full, if it is."""

    filter: Filter
    columns: tuple[Column, ...]
    reason: RevealReason | None = None


@dataclass
class Rows:
    """The rows for whoever works at a desk; `books` say what is confidential. Gone through once."""

    desk: Desk
    asked: Asked
    books: tuple[Book, ...]
    tell: Callable[[int], None] = lambda done: None
    """Hears how many cases were read."""
    revealed: list[str] = field(default_factory=list)
    """The cases of which something about a person was shown in full."""

    def __post_init__(self) -> None:
        self._persons = list_persons(self.asked.columns)
        self._hidden = frozenset(name for book in self.books for name in find_confidential(book))
        self._veil = _Veil(self.desk, self.asked.filter, self.books, self._hidden)
        read = [column.source for column in self.asked.columns if column.person is None]
        self._read = tuple(dict.fromkeys((*(_TOLD if self._veil.covers or self._persons else ()), *read)))

    @property
    def sources(self) -> tuple[str, ...]:
        """What stands in each row, in that order."""
        return ("opened_seq", *self._read, *(column.source for column in self._persons))

    def read(self, up_to: int) -> Pages:
        """Yield the cases opened up to that event, newest first.

        Raises TooManyInFull, WordTooShort, a NotPermitted and a StoreTrouble.
        """
        store, actor, wanted = self.desk.store, self.desk.actor, self.asked.filter
        count = 0
        for page in store.extract_cases(wanted, self._read, up_to, actor=actor, confidential=self._hidden):
            rows: Sequence[Row] = self._veil.draw(page, self._read) if self._veil.covers else page
            if not rows:
                continue
            count += len(rows)
            if self.asked.reason is not None and count > MOST_IN_FULL:
                raise TooManyInFull(most=f"{MOST_IN_FULL:,}")
            yield self._add_persons(rows) if self._persons else rows
            self.tell(count)

    def _add_persons(self, rows: Sequence[Row]) -> Sequence[Row]:
        place = 1 + self._read.index("case_id")
        persons = self._read_persons([row[place] for row in rows])
        return [
            (*row, *(one.get(column.person) for column in self._persons if column.person))
            for row, one in zip(rows, persons, strict=True)
        ]

    def _read_persons(self, case_ids: Sequence[str]) -> list[Particulars]:
        noted = self.desk.store.find_noted(case_ids)
        return [self._read_particulars(case_id) if case_id in noted else {} for case_id in case_ids]

    def _read_particulars(self, case_id: str) -> Particulars:
        """Return what is noted about the persons of a case; in full only where it may be shown so."""
        case = self.desk.store.case(case_id)
        if self.asked.reason is None or not self.desk.may(Move.REVEAL, case):
            return self.desk.read_masked(case)
        values = self.desk.read_in_full(case)
        wanted = {column.person for column in self._persons}
        if wanted & values.keys():
            self.revealed.append(case_id)
        return values


class _Veil:
    """Keeps from somebody what concerns a suspicious transaction report, in the cases where it is not his business."""

    def __init__(self, desk: Desk, wanted: Filter, books: tuple[Book, ...], hidden: frozenset[str]) -> None:
        self._desk, self._wanted, self._books = desk, wanted, books
        roster = desk.store.roster
        self._known = frozenset(state for state in State if needs_to_know(roster, desk.actor, state))
        self.covers = not self._known.issuperset((State.OPEN, State.CLOSED, State.RESTRICTED, State.ERASED))
        """Whether there are such cases at all."""
        self._names = hidden | {name for book in books for name in _list_rules(book, hidden)}

    def draw(self, rows: Sequence[Row], sources: Sequence[str]) -> Sequence[Row]:
        """Return rows, which hold the `sources` behind the number of their opening, as they may be seen."""
        place, marks = (1 + sources.index(name) for name in _TOLD)
        asked = [row[place] for row in rows if _find_state(row[marks]) not in self._known]
        touched = self._desk.store.find_naming(asked, self._names)
        if not touched:
            return rows
        reader = Reader(self._desk.store, self._desk.actor)
        shown = (self._conceal(row, row[place], sources, reader) if row[place] in touched else row for row in rows)
        return [row for row in shown if row is not None]

    def _conceal(self, row: Row, case_id: str, sources: Sequence[str], reader: Reader) -> Row | None:
        """Return the row of a case without it; None where only what is left out made the case fit."""
        summary = reader.see(self._desk.store.case(case_id), lambda: self._books).summary()
        wanted = self._wanted
        overdue = summary.due_at is not None and summary.due_at < self._desk.clock()
        if (
            not wanted.traits <= summary.traits
            or (wanted.reviews and summary.review not in wanted.reviews)
            or (wanted.overdue and not overdue)
        ):
            return None
        whole = write_row(replace(summary, opened_seq=row[0]))
        return (row[0], *(whole[_PLACES[source]] for source in sources))


def _find_state(marks: int) -> State:
    """Return the state of a case in the table of permissions."""
    if keeping := read_part(Part.KEEPING, marks):
        return _KEPT[Keeping(keeping)]
    return State.CLOSED if read_part(Part.STATE, marks) == CaseState.CLOSED else State.OPEN


def _list_rules(book: Book, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the names of the rules that speak of hidden steps, as advice records them."""
    return (f"step.{name}" for name, rule in book.step_rules.items() if hidden.intersection(rule.advises))
