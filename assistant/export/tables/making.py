"""A table of cases leaves: from what was asked for to a whole file, recorded and in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Final

from assistant.case.events import RevealReason
from assistant.confidence import needs_to_know
from assistant.export.delivery import Delivered, Target, Written, deliver
from assistant.export.stamp import Order, Stamp
from assistant.export.tables import comma, lines, parquet, workbook
from assistant.export.tables.columns import Column, list_persons
from assistant.export.tables.faults import NothingToReveal, OutletElsewhere
from assistant.export.tables.layout import STAMPLESS, Layout, Pages, TableForm
from assistant.export.tables.question import name_filter, write_filter
from assistant.export.tables.rows import Asked, Rows
from assistant.export.tables.wordbook import Wordbook
from assistant.people.bodies import Leaving
from assistant.people.permissions import Move, State
from assistant.register.filters import Filter
from assistant.register.vocabulary import Vocabulary
from rules.language import Language

if TYPE_CHECKING:
    from assistant.desk import Desk
    from rules.model import Book

Write = Callable[[Layout, Pages, BinaryIO], int]

_WRITERS: Final[Mapping[TableForm, Write]] = MappingProxyType(
    {
        TableForm.CSV: comma.write_csv,
        TableForm.XLSX: workbook.write_xlsx,
        TableForm.JSON: lines.write_json,
        TableForm.NDJSON: lines.write_ndjson,
        TableForm.PARQUET: parquet.write_parquet,
    }
)


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What table is asked for. `codes` leaves codes what they are in spreadsheets, and `bom` puts a mark in front of
    CSV by which they know UTF-8; `reason` is why what is about persons is wanted in full."""

    filter: Filter
    columns: tuple[Column, ...]
    form: TableForm
    language: Language
    codes: bool = False
    bom: bool = True
    reason: RevealReason | None = None


def export_cases(
    desk: Desk,
    query: TableQuery,
    books: tuple[Book, ...],
    target: Target,
    tell: Callable[[int], None] = lambda done: None,
) -> Delivered:
    """Have the cases that fit leave as a table; `tell` hears how many are written.

    The first of the `books` names the codes, all of them say what is confidential. Raises NothingToReveal,
    OutletElsewhere, TooManyInFull, ParquetMissing, and what `deliver` and reading the cases raise.
    """
    _check(desk, query)
    order = _make_order(desk, query, books)
    rows = Rows(desk, Asked(query.filter, query.columns, query.reason), books, tell)

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        words = Wordbook(None if query.codes else books[0], query.language)
        folder = target.path.parent if target.path else None
        asked = order.filter
        if not query.codes:
            asked = name_filter(asked, Vocabulary.of(books[0]), query.language)
        layout = Layout(
            query.columns, rows.sources, stamp, words, query.language, query.codes, query.bom, asked, folder
        )
        count = _WRITERS[query.form](layout, rows.read(stamp.seq), file)
        return Written(count, tuple(rows.revealed))

    placed = replace(target, stamp_beside=target.path is not None and query.form in STAMPLESS)
    return deliver(desk, order, placed, write)


def _check(desk: Desk, query: TableQuery) -> None:
    desk.demand(Move.EXPORT)
    if query.reason is not None:
        desk.demand(Move.EXPORT_IN_FULL)
        if not list_persons(query.columns):
            raise NothingToReveal
    here = desk.store.outlet.code
    if query.filter.outlet not in (None, here):
        raise OutletElsewhere(asked=query.filter.outlet, outlet=here)
    if query.form is TableForm.PARQUET:
        parquet.load_parquet()


def _make_order(desk: Desk, query: TableQuery, books: tuple[Book, ...]) -> Order:
    names = tuple(column.name for column in query.columns)
    return Order(
        what=Leaving.TABLE,
        form=query.form.value,
        language=query.language,
        filter=write_filter(query.filter, desk.store.outlet.zone),
        columns=names,
        reason=query.reason,
        confidential="next_step" in names and needs_to_know(desk.store.roster, desk.actor, State.OPEN),
        rulebooks=(books[0].meta.version,),
    )
