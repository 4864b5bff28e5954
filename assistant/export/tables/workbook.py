"""XLSX for spreadsheets: real numbers and times, texts that stay texts, and a sheet that sums the table up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import SEEK_SET
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from assistant.export.tables.cells import Cells, find_zone, show
from assistant.export.tables.columns import Column, Kind, find_reader
from assistant.export.tables.holding import holding
from assistant.export.tables.layout import Layout, Pages, Row
from assistant.export.tables.words import TABLE_WORDS
from rules.language import Catalogue

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_CASE: Final = Catalogue("assistant.case")
MOST_ROWS: Final = 1_048_576
"""Of a sheet, its head among them."""
LONGEST: Final = 32_767
"""Characters of a cell."""
_DAY_MS: Final = 86_400_000
_FIRST_DAY: Final = 25_569
"""1970-01-01, as spreadsheets count days."""
_MONEY_FORMAT: Final = "#,##0.00"
_TIME_FORMAT: Final = "yyyy-mm-dd hh:mm:ss"
_WIDTHS: Final = {Kind.TIME: 20, Kind.MONEY: 16, Kind.COUNT: 8, Kind.CODES: 28, Kind.CODE: 14, Kind.TEXT: 14}
_WIDE: Final = {"case_id": 38, "number": 17, "next_step": 28}
_SUMMED: Final = ("amount", "at_risk", "protected", "lost")
_COUNTED: Final = ("outcome", "level", "typologies")

Put = Callable[["Worksheet", int, int, Any], object]


def write_xlsx(layout: Layout, pages: Pages, file: BinaryIO) -> int:
    """Write a workbook and return how many cases stand in it."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    # Rows wait in files until the workbook is whole, and so do its parts.
    with holding(layout.folder) as folder:
        tmpdir = str(folder)
        options = {"constant_memory": True, "tmpdir": tmpdir, "strings_to_urls": False, "strings_to_formulas": False}
        sink = _Sink(file)
        book = Workbook(sink, options)
        try:
            count = _Writer(book, layout).write(pages)
            book.close()
        except FileCreateError as error:
            # It is the OSError of a full disk in another guise.
            raise error.args[0] from None
        finally:
            sink.let_go()
            # What is not whole is not put together either.
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
    return count


class _Sink:
    """The file, until it is let go of: a package that was not finished still writes its end when it is disposed of, and
    by then there may be no file, or no room in it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file: BinaryIO | None = file

    def let_go(self) -> None:
        """Let whatever is still written be written nowhere."""
        self._file = None

    def write(self, content: bytes) -> int:
        return self._file.write(content) if self._file else len(content)

    def seek(self, place: int, whence: int = SEEK_SET) -> int:
        return self._file.seek(place, whence) if self._file else place

    def tell(self) -> int:
        return self._file.tell() if self._file else 0

    def flush(self) -> None:
        if self._file:
            self._file.flush()


class _Writer:
    def __init__(self, book: Workbook, layout: Layout) -> None:
        self._book, self._layout = book, layout
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._money = book.add_format({"num_format": _MONEY_FORMAT})
        self._time = book.add_format({"num_format": _TIME_FORMAT})
        self._count = book.add_format({"num_format": "#,##0"})
        self._zone = find_zone(layout.zone)
        self._puts = [(layout.find_place(column), self._find_put(column)) for column in layout.columns]
        self._tally = _Tally(layout)
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=layout.stamp.at)
        book.set_properties(
            {
                "title": self._say("title", code=layout.stamp.outlet),
                "author": layout.stamp.by,
                "comments": f"{layout.stamp.export}\n{layout.stamp.checkpoint}",
                "created": moment.replace(tzinfo=None),
            }
        )

    def write(self, pages: Pages) -> int:
        summary, sheet, number, line, count = self._add_sheet("summary"), self._begin(1), 1, 1, 0
        for page in pages:
            self._tally.add(page)
            for row in page:
                if line == MOST_ROWS:
                    self._end(sheet, line)
                    number, line = number + 1, 1
                    sheet = self._begin(number)
                for column, (place, put) in enumerate(self._puts):
                    if row[place] is not None:
                        put(sheet, line, column, row[place])
                line, count = line + 1, count + 1
        self._end(sheet, line)
        self._sum_up(summary, count)
        return count

    def _add_sheet(self, key: str, **details: object) -> Worksheet:
        return self._book.add_worksheet(self._say(f"sheet.{key}", **details))

    def _begin(self, number: int) -> Worksheet:
        sheet = self._add_sheet("cases") if number == 1 else self._add_sheet("more_cases", number=number)
        for place, column in enumerate(self._layout.columns):
            sheet.set_column(place, place, _WIDE.get(column.name, _WIDTHS[column.kind]))
        sheet.freeze_panes(1, 0)
        for place, title in enumerate(self._layout.titles()):
            sheet.write_string(0, place, show(title), self._head)
        return sheet

    def _end(self, sheet: Worksheet, line: int) -> None:
        sheet.autofilter(0, 0, line - 1, len(self._layout.columns) - 1)

    def _find_put(self, column: Column) -> Put:
        """Return what puts a value of a column into a cell."""
        match column.kind:
            case Kind.TIME:
                return lambda sheet, line, place, at: sheet.write_number(line, place, self._reckon(at), self._time)
            case Kind.MONEY:
                return lambda sheet, line, place, fen: sheet.write_number(line, place, fen / 100, self._money)
            case Kind.COUNT:
                return lambda sheet, line, place, count: sheet.write_number(line, place, count, self._count)
            case Kind.TEXT:
                return lambda sheet, line, place, text: sheet.write_string(line, place, _fit(text))
        read, words = find_reader(column), self._layout.words
        name = words.join if column.kind is Kind.CODES else words.name
        names = Cells(lambda value: _fit(name(column.name, code)) if (code := read(value)) else "")
        return lambda sheet, line, place, value: names[value] and sheet.write_string(line, place, names[value])

    def _reckon(self, at: int) -> float:
        """Return a moment (UTC milliseconds) as spreadsheets count time, on the clock of the outlet."""
        seconds = at // 1000 + self._zone.find_distance(at)
        return _FIRST_DAY + seconds * 1000 / _DAY_MS

    def _sum_up(self, sheet: Worksheet, count: int) -> None:
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 60)
        sheet.write_string(0, 0, self._say("title", code=self._layout.stamp.outlet), self._head)
        line = 2
        for key, value in self._list_stamp():
            sheet.write_string(line, 0, self._say(f"stamp.{key}"))
            sheet.write_string(line, 1, _fit(value))
            line += 1
        sheet.write_string(line + 1, 0, self._say("stamp.cases"), self._head)
        sheet.write_number(line + 1, 1, count, self._count)
        line += 2
        for column, fen in self._tally.sums.items():
            sheet.write_string(line, 0, column.title(self._layout.language))
            sheet.write_number(line, 1, fen / 100, self._money)
            line += 1
        for column, counted in self._tally.counts.items():
            line += 1
            sheet.write_string(line, 0, column.title(self._layout.language), self._head)
            for code, number in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
                line += 1
                name = self._layout.words.name(column.name, code) if code else self._say("none")
                sheet.write_string(line, 0, _fit(name))
                sheet.write_number(line, 1, number, self._count)
            line += 1
        sheet.write_string(line + 1, 0, self._say("suspected_note"))

    def _list_stamp(self) -> Iterator[tuple[str, str]]:
        stamp, order = self._layout.stamp, self._layout.stamp.order
        yield "outlet", f"{stamp.outlet} {stamp.outlet_name}"
        yield "by", stamp.by
        yield "at", f"{stamp.when} ({stamp.zone})"
        yield "filter", self._layout.asked or self._say("every_case")
        reason = _CASE(f"reveal_reason.{order.reason}", self._layout.language) if order.reason else ""
        yield "persons", self._say("in_full", reason=reason) if reason else self._say("masked")
        yield "rulebooks", ", ".join(order.rulebooks)
        yield "export", stamp.export
        yield "checkpoint", stamp.checkpoint

    def _say(self, key: str, **details: object) -> str:
        return TABLE_WORDS(key, self._layout.language, **details)


class _Tally:
    """What the sheet in front says of all cases together."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        named = {column.name: column for column in layout.columns}
        self.sums = {named[name]: 0 for name in _SUMMED if name in named}
        self.counts: dict[Column, Counter[str]] = {named[name]: Counter() for name in _COUNTED if name in named}

        self._readers = {column: find_reader(column) for column in self.counts}

    def add(self, page: Sequence[Row]) -> None:
        for column in self.sums:
            place = self._layout.find_place(column)
            self.sums[column] += sum(row[place] or 0 for row in page)
        for column, counted in self.counts.items():
            place, read = self._layout.find_place(column), self._readers[column]
            for row in page:
                codes = read(row[place]) or ""
                counted.update((codes.split() or ("",)) if column.kind is Kind.CODES else (codes,))


def _fit(text: str) -> str:
    """Return a text as a cell takes it, with the mark of what was left out where it is too long."""
    shown = show(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
