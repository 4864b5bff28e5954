"""JSON for programs, as one document or an object a line: codes as they are, fen, and times with their zone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import BinaryIO

from assistant.export.tables.cells import Cells, Quarters, are_plain, narrow, write_narrow
from assistant.export.tables.columns import Column, Kind, find_reader
from assistant.export.tables.layout import Layout, Pages, Row
from assistant.export.tables.loom import Form, Piece, weave


def write_ndjson(layout: Layout, pages: Pages, file: BinaryIO) -> int:
    """Write an object a line for each case and return how many there are."""
    count, write = 0, _find_writer(layout)
    for page in pages:
        file.write(write_narrow("{" + "}\n{".join(write(page)) + "}\n"))
        count += len(page)
    return count


def write_json(layout: Layout, pages: Pages, file: BinaryIO) -> int:
    """Write one object with the stamp and all cases and return how many there are."""
    count, write = 0, _find_writer(layout)
    stamp = json.dumps(layout.stamp.as_json(), ensure_ascii=False, indent=1)
    file.write(f'{{"stamp": {stamp},\n"cases": ['.encode())
    for page in pages:
        file.write(write_narrow((",\n{" if count else "\n{") + "},\n{".join(write(page)) + "}"))
        count += len(page)
    file.write(b"\n]}\n")
    return count


def _find_writer(layout: Layout) -> Callable[[Sequence[Row]], Sequence[str]]:
    """Return what writes rows as the members of objects."""
    quarters = Quarters(layout.zone, precise=True, after='"')
    plainly = [_find_piece(column, quarters, careful=False) for column in layout.columns]
    carefully = [_find_piece(column, quarters, careful=True) for column in layout.columns]
    weave_plain, weave_careful = weave(plainly, layout.sources), weave(carefully, layout.sources)
    own = [layout.find_place(column) for column in layout.columns if column.own and column.kind is Kind.TEXT]

    def write(page: Sequence[Row]) -> Sequence[str]:
        plain = all(are_plain([row[place] for row in page]) for place in own)
        return weave_plain(page) if plain else weave_careful(page)

    return write


def _find_piece(column: Column, quarters: Quarters, *, careful: bool) -> Piece:
    key = f'"{column.program_name}":'
    read = find_reader(column)
    match column.kind:
        case Kind.TIME if column.own:
            return Piece(column.source, Form.PRECISE_MOMENT, quarters, f'{key}"')
        case Kind.TIME:
            return Piece(column.source, Form.MADE, lambda at: "null" if at is None else f'"{quarters.write(at)}', key)
        case Kind.MONEY | Kind.COUNT:
            return Piece(column.source, Form.LOOKED_UP, Cells(json.dumps), key)
        case Kind.CODES:
            return Piece(column.source, Form.LOOKED_UP, Cells(lambda codes: _write_list(read(codes))), key)
        case Kind.TEXT if column.own and not careful:
            return Piece(column.source, Form.QUOTED, before=key)
        case Kind.TEXT if column.person or column.own:
            return Piece(column.source, Form.MADE, _write_text, key)
    return Piece(column.source, Form.LOOKED_UP, Cells(lambda value: _write_text(read(value))), key)


def _write_list(codes: str) -> str:
    return narrow(json.dumps(codes.split(), ensure_ascii=False, separators=(",", ":")))


def _write_text(text: str | None) -> str:
    # Half a character is none in UTF-8, and is written by its code.
    whole = text is None or not any("\ud800" <= each <= "\udfff" for each in text)
    return narrow(json.dumps(text, ensure_ascii=not whole))
