"""All that a monthly report is made of: counted once, from the events alone, and held to what may leave the outlet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.export.report.month import Month
from assistant.export.report.notable import Notable, find_notable
from assistant.figures.counting import find_hidden, list_advising
from assistant.figures.gathering import Query, Tell, gather_facts
from assistant.figures.report import Figures, make_figures
from assistant.figures.tally import Hidden, Tally
from assistant.people.permissions import Move

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.figures.period import Period
    from rules.model import Book


@dataclass(frozen=True, slots=True)
class Material:
    """The figures of a month and of the one before, and the cases to look at.

    They are as those see them who need not know of a suspicious transaction report, whoever asks: a report is passed
    on, and who will read it is not known.
    """

    month: Month
    figures: Figures
    before: Figures
    notable: tuple[Notable, ...]


def gather_material(desk: Desk, book: Book, month: Month, tell: Tell) -> Material:
    """Return what the report of a month is made of. `book`, and the one that comes with the program, say what is
    confidential.

    Raises the NotPermitted of whoever may not read figures, and the StoreTrouble that keeps the file from being read.
    """
    desk.demand(Move.READ_FIGURES)
    hidden = _find_hidden(book, desk.rulebooks.book)
    return Material(
        month=month,
        figures=_count(desk, book, month.period, hidden, tell),
        before=_count(desk, book, month.before.period, hidden, tell),
        notable=find_notable(desk, month.period, hidden),
    )


def _find_hidden(*books: Book) -> Hidden:
    found = [find_hidden(book) for book in books]
    return Hidden(
        steps=frozenset().union(*(one.steps for one in found)), rules=frozenset().union(*(one.rules for one in found))
    )


def _count(desk: Desk, book: Book, period: Period, hidden: Hidden, tell: Tell) -> Figures:
    query = Query(period)
    source, cases = gather_facts(desk.store.path, query, tell)
    tally = Tally(source.zone, list_advising(book), hidden)
    for facts in cases:
        tally.add(facts)
    return make_figures(tally, query, source, desk.store.outlet.code)
