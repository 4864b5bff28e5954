"""Parquet for whoever reckons with columns: typed, packed, with the stamp in the file itself. An extra, `parquet`."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO, Final

from assistant.export.tables.columns import Column, Kind, find_reader
from assistant.export.tables.faults import ParquetMissing
from assistant.export.tables.layout import Layout, Pages

ROWS: Final = 25_000
"""Of a group, which readers take or leave as one."""
STAMP_KEY: Final = "stamp"


def load_parquet() -> Any:
    """Return the package that writes Parquet. Raises ParquetMissing."""
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise ParquetMissing from None
    # The one of its own keeps what it was given for the next time, half as much again as a table needs.
    arrow.set_memory_pool(arrow.system_memory_pool())
    return arrow, parquet


def write_parquet(layout: Layout, pages: Pages, file: BinaryIO) -> int:
    """Write a table and return how many cases stand in it. Raises ParquetMissing."""
    arrow, parquet = load_parquet()
    stamp = json.dumps(layout.stamp.as_json(), ensure_ascii=False)
    fields = [arrow.field(column.program_name, _find_type(arrow, column, layout.zone)) for column in layout.columns]
    schema = arrow.schema(fields, metadata={STAMP_KEY: stamp})
    readers = [_find_reader(column) for column in layout.columns]
    places = [layout.find_place(column) for column in layout.columns]
    count, waiting = 0, 0
    pieces: list[Any] = []
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:

        def put() -> None:
            if pieces:
                table = arrow.Table.from_batches(pieces, schema)
                writer.write_table(table, row_group_size=table.num_rows)
                pieces.clear()

        for page in pages:
            columns = list(zip(*page, strict=True))
            arrays = [
                arrow.array(list(map(read, columns[place])), field.type)
                for read, place, field in zip(readers, places, fields, strict=True)
            ]
            pieces.append(arrow.record_batch(arrays, schema=schema))
            waiting += len(page)
            count += len(page)
            if waiting >= ROWS:
                put()
                waiting = 0
        put()
    return count


def _find_reader(column: Column) -> Callable[[Any], Any]:
    read = find_reader(column)
    return (lambda value: read(value).split()) if column.kind is Kind.CODES else read


def _find_type(arrow: Any, column: Column, zone: str) -> Any:
    match column.kind:
        case Kind.TIME:
            return arrow.timestamp("ms", tz=zone)
        case Kind.MONEY | Kind.COUNT:
            return arrow.int64()
        case Kind.CODES:
            return arrow.list_(arrow.string())
        case Kind.TEXT | Kind.CODE:
            return arrow.string()
