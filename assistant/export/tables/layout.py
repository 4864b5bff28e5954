"""How a table is laid out: what every format has to know of it beside the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.export.tables.columns import Column
from assistant.export.tables.wordbook import Wordbook
from rules.language import Language

if TYPE_CHECKING:
    from assistant.export.stamp import Stamp

Row: TypeAlias = Sequence[Any]
Pages: TypeAlias = Iterator[Sequence[Row]]
"""A few hundred cases each, with what stands in the sources of the layout."""


class TableForm(StrEnum):
    """A format; the name is the ending of its files."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"


SHEETS = frozenset({TableForm.CSV, TableForm.XLSX})
"""The formats in which people read names and yuan, where programs read codes and fen."""
STAMPLESS = frozenset({TableForm.CSV, TableForm.NDJSON})
"""The formats that have no place for a stamp."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A table: its columns, its stamp, how its codes are called, and by which clock its times are told."""

    columns: tuple[Column, ...]
    sources: tuple[str, ...]
    """What stands in a row, in that order: the columns are read from there."""
    stamp: Stamp
    words: Wordbook
    language: Language
    codes: bool = False
    """Codes are left as they are, and columns called by their names for programs."""
    bom: bool = True
    """A mark in front by which spreadsheets know UTF-8."""
    asked: str = ""
    """Which cases, as a line in the words of the table; empty for all."""
    folder: Path | None = None
    """On whose disk there is room for what has to wait until it is written; None for the usual one."""

    @property
    def zone(self) -> str:
        """The time zone of the outlet."""
        return self.stamp.zone

    def find_place(self, column: Column) -> int:
        """Return where in a row the source of a column stands."""
        return self.sources.index(column.source)

    def titles(self) -> list[str]:
        """Return what stands over the columns of a spreadsheet."""
        return [column.sheet_name if self.codes else column.title(self.language) for column in self.columns]
