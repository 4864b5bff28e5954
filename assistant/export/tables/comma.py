"""CSV for spreadsheets: every cell as the csv module would write it, but each that comes often is written only once."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from assistant.export.tables.cells import Cells, Quarters, Yuan, are_plain, defuse, narrow, write_narrow
from assistant.export.tables.columns import Column, Kind, find_reader
from assistant.export.tables.layout import Layout, Pages
from assistant.export.tables.loom import Form, Piece, weave

_END: Final = "\r\n"
_QUOTED: Final = ',"\r\n'


def write_csv(layout: Layout, pages: Pages, file: BinaryIO) -> int:
    """Write a table and return how many cases stand in it."""
    count = 0
    if layout.bom:
        file.write(codecs.BOM_UTF8)
    file.write((",".join(_quote(defuse(title)) for title in layout.titles()) + _END).encode())
    weave_plain = weave(list(_list_pieces(layout, careful=False)), layout.sources)
    weave_careful = weave(list(_list_pieces(layout, careful=True)), layout.sources)
    own = [layout.find_place(column) for column in layout.columns if column.own and column.kind is Kind.TEXT]
    alone = len(layout.columns) == 1
    for page in pages:
        plain = all(are_plain([row[place] for row in page]) for place in own)
        lines = weave_plain(page) if plain else weave_careful(page)
        if alone:
            # A row of one empty cell would be an empty line, which readers pass over.
            lines = [line or '""' for line in lines]
        file.write(write_narrow(_END.join(lines) + _END))
        count += len(lines)
    return count


def _list_pieces(layout: Layout, *, careful: bool) -> Iterator[Piece]:
    """Yield how the columns are written, with a look at every single text where it takes care."""
    yuan, quarters = Yuan(), Quarters(layout.zone)
    for column in layout.columns:
        match column.kind:
            case Kind.TIME:
                always = Piece(column.source, Form.MOMENT, quarters)
                yield always if column.own else Piece(column.source, Form.MADE, quarters.write)
            case Kind.MONEY:
                yield Piece(column.source, Form.LOOKED_UP, yuan)
            case Kind.COUNT:
                yield Piece(column.source, Form.AS_IT_IS)
            case Kind.CODE | Kind.CODES:
                yield Piece(column.source, Form.LOOKED_UP, _name_codes(column, layout))
            case Kind.TEXT if column.person or (column.own and careful):
                yield Piece(column.source, Form.MADE, _write_text)
            case Kind.TEXT:
                yield Piece(column.source, Form.AS_IT_IS if column.own else Form.LOOKED_UP, Cells(_write_text))


def _name_codes(column: Column, layout: Layout) -> Cells:
    read, words = find_reader(column), layout.words
    name = words.join if column.kind is Kind.CODES else words.name
    return Cells(lambda value: _write_text(name(column.name, code) if (code := read(value)) else ""))


def _write_text(text: str | None) -> str:
    return narrow(_quote(defuse(text))) if text else ""


def _quote(cell: str) -> str:
    if not any(each in cell for each in _QUOTED):
        return cell
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=_END).writerow([cell])
    return line.getvalue().removesuffix(_END)
