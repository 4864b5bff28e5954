"""The sections of the page of figures: each a table whose numbers stand beside a picture of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rich.cells import cell_len

from assistant.figures.report import Figures, Group, Share, Spread
from assistant.figures.words import FigureWriter, write_seconds
from ui.breaking import break_text
from ui.widgets.charts import PICTURE, Column, Piece, draw_bar, draw_columns, draw_interval

Line: TypeAlias = tuple[Piece, ...]

SECTIONS: Final = ("money", "typologies", "clock", "speed", "rule_figures", "step_figures")
"""In the order of their keys."""
WIDE_FROM: Final = 98
"""The width from which a row has room for all its numbers and a picture of them."""
LEAST_PICTURE: Final = 6
LONGEST_BAR: Final = 40
NAME_CELLS: Final = (26, 48)
"""So much of a row a name may always take, narrow and wide, whatever stands behind it."""
MOST_DAYS: Final = 62
"""More days than these are told by the month."""
LEAST_HOUR: Final = 3
"""Cells that an hour takes at least."""
HOURS_HIGH: Final = 5
_GAP: Final = Piece(" ")
_INDENT: Final = "   "


@dataclass(frozen=True, slots=True)
class Sections:
    """The figures of one period in words and pictures, `width` cells wide."""

    figures: Figures
    writer: FigureWriter
    width: int

    def tell(self, section: str) -> Iterator[Line]:
        """Yield the lines of a section."""
        figures = self.figures
        match section:
            case _ if not figures.cases:
                yield from self._told(self.writer.write("no_cases"))
            case "money":
                yield from self._money()
                yield from self._groups("level", figures.by_level)
                yield from self._groups("outcome", figures.by_outcome)
            case "typologies":
                yield from self._groups("typology", figures.by_typology)
                yield from self._groups("outlet", figures.by_outlet)
            case "clock":
                yield from self._hours()
                yield from self._days()
            case "speed":
                yield from self._speed()
            case "rule_figures":
                yield from self._rules()
            case "step_figures":
                yield from self._steps()

    @property
    def _wide(self) -> bool:
        return self.width >= WIDE_FROM

    def _head(self, name: str) -> str:
        return self.writer.write(f"head.{name}")

    def _heading(self, section: str) -> Line:
        return (Piece(self.writer.write(f"section.{section}"), "heading"),)

    def _money(self) -> Iterator[Line]:
        amounts = self.figures.amounts
        values = {"at_risk": amounts.at_risk_fen, "protected": amounts.protected_fen, "lost": amounts.lost_fen}
        yield self._heading("money")
        rows = [(self._head(name), self.writer.amount(value)) for name, value in values.items()]
        yield from self._table([], rows, list(values.values()))
        yield ()

    def _groups(self, kind: str, groups: Iterable[Group]) -> Iterator[Line]:
        shown = [group for group in groups if group.cases]
        # What was at risk is what was protected, what was lost and what nobody knows: the first to go where it is
        # narrow.
        money = ("at_risk", "protected", "lost") if self._wide else ("protected", "lost")
        rows = [
            (
                self.writer.name_group(kind, group.key),
                f"{group.cases:,}",
                *(self.writer.amount(getattr(group, f"{name}_fen")) for name in money),
            )
            for group in shown
        ]
        yield self._heading(kind)
        heads = ["", *map(self._head, ("cases", *money))]
        yield from self._table(heads, rows, [group.cases for group in shown])
        yield ()

    def _hours(self) -> Iterator[Line]:
        """Yield the hours from the first with a case to the last as upright columns, or where these are too wide as
        rows."""
        busy = [place for place, group in enumerate(self.figures.by_hour) if group.cases]
        groups = self.figures.by_hour[busy[0] : busy[-1] + 1]
        counts = [f"{group.cases:,}" if group.cases else "" for group in groups]
        cells = max(LEAST_HOUR, *(len(count) + 1 for count in counts))
        if cells * len(groups) > self.width:
            yield from self._groups("hour", groups)
            return
        yield self._heading("hour")
        for line in draw_columns([group.cases for group in groups], cells, HOURS_HIGH):
            yield (Piece(line, PICTURE),)
        number, hour = Column(cells, right=True), Column(cells, right=True, role="muted")
        yield tuple(map(number.place, counts))
        yield tuple(hour.place(group.key) for group in groups)
        yield ()

    def _days(self) -> Iterator[Line]:
        days = self.figures.by_day
        if len(days) <= MOST_DAYS:
            yield from self._groups("day", days[::-1])
            return
        months: dict[str, list[Group]] = {}
        for day in days[::-1]:
            months.setdefault(day.key[:7], []).append(day)
        yield from self._groups("month", [_add_up(month, found) for month, found in months.items()])

    def _speed(self) -> Iterator[Line]:
        figures, write, stops = self.figures, self.writer.write, self.figures.stops
        yield self._heading("times")
        yield from self._spreads(first_step=figures.to_first_step, police=figures.to_police)
        yield from self._told(write("time.unit"), "muted")
        yield ()
        yield self._heading("stops")
        yield from self._spreads(false_stop=stops.false_time, ordinary=stops.ordinary_time)
        yield ()
        counts = {"confirmed": stops.confirmed, "false": stops.false, "unknown": stops.unknown}
        yield from self._told(write("stops.counted", cases=stops.cases, **counts))
        yield from self._told(write("stops.share", share=self.writer.share(stops.false_share)))
        if picture := self._interval(stops.false_share, LONGEST_BAR):
            yield (picture,)
        yield from self._told(write("stops.alone", count=stops.released_alone))

    def _spreads(self, **spreads: Spread) -> Iterator[Line]:
        rows = [
            (
                self.writer.write(f"time.{name}"),
                f"{spread.cases:,}",
                *map(write_seconds, (spread.median_seconds, spread.p90_seconds, spread.total_seconds)),
            )
            for name, spread in spreads.items()
        ]
        heads = ["", *map(self._head, ("cases", "median", "p90", "total"))]
        yield from self._table(heads, rows, [spread.median_seconds or 0 for spread in spreads.values()])

    def _rules(self) -> Iterator[Line]:
        names = ("fired", "confirmed", "refuted", *(("unknown",) if self._wide else ()))
        rows = [
            (rule.rule, *(f"{getattr(rule, name):,}" for name in names), self.writer.share(rule.right))
            for rule in self.figures.rules
        ]
        columns = self._measure([["", *map(self._head, (*names, "right"))], *rows], lefts=1)
        yield self._heading("rules")
        for note in ("judged", "share"):
            yield from self._told(self.writer.write(f"note.{note}"), "muted")
        yield _place(columns, ["", *map(self._head, (*names, "right"))], "muted")
        for rule, row in zip(self.figures.rules, rows, strict=True):
            picture = self._interval(rule.right, self._room(columns))
            yield (*_place(columns, row), *((_GAP, picture) if picture else ()))
            yield from self._told(self.writer.name_rule(rule.rule), "muted", _INDENT)
            if rule.overridden:
                reasons = self.writer.reasons(rule.overridden)
                yield from self._told(self.writer.write("overridden.rule", reasons=reasons), "bad", _INDENT)

    def _steps(self) -> Iterator[Line]:
        heads = ["", *map(self._head, ("advised", "done", "overridden"))]
        rows = [
            (
                self.writer.name_step(step.step),
                *(f"{count:,}" for count in (step.advised, step.done, sum(step.overridden.values()))),
            )
            for step in self.figures.steps
        ]
        columns = self._measure([heads, *rows])
        most = max((step.advised for step in self.figures.steps), default=0)
        yield self._heading("steps")
        yield from self._told(self.writer.write("overridden.cases", count=self.figures.overridden_cases), "muted")
        yield _place(columns, heads, "muted")
        for step, row in zip(self.figures.steps, rows, strict=True):
            yield (*_place(columns, row), *self._bar(step.advised, most, columns))
            if step.set_aside:
                reasons = self.writer.reasons(step.set_aside)
                yield from self._told(self.writer.write("overridden.step", reasons=reasons), "muted", _INDENT)

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], values: Sequence[int]) -> Iterator[Line]:
        """Yield rows in columns, each with a bar for its value where there is room for one."""
        columns = self._measure([heads, *rows] if heads else rows)
        if heads:
            yield _place(columns, heads, "muted")
        most = max(values, default=0)
        for row, value in zip(rows, values, strict=True):
            yield (*_place(columns, row), *self._bar(value, most, columns))

    def _measure(self, rows: Sequence[Sequence[str]], lefts: int = 0) -> list[Column]:
        """Return columns as wide as their words, the first as far as the numbers and the least of pictures leave it
        room, or a name may always be; all between it and the last `lefts` stand at the right."""
        widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        left = self.width - sum(width + 1 for width in widths[1:]) - 1 - LEAST_PICTURE
        first = min(widths[0], max(left, NAME_CELLS[self._wide]))
        last = len(widths) - lefts
        return [Column(first), *(Column(width, right=place < last) for place, width in enumerate(widths[1:], 1))]

    def _room(self, columns: Sequence[Column]) -> int:
        """Return how many cells are left for a picture."""
        left = self.width - sum(column.width + 1 for column in columns)
        return min(left, LONGEST_BAR) if left >= LEAST_PICTURE else 0

    def _bar(self, value: int, most: int, columns: Sequence[Column]) -> Line:
        room = self._room(columns)
        return (_GAP, Piece(draw_bar(value, most, room), PICTURE)) if room else ()

    def _interval(self, share: Share, width: int) -> Piece | None:
        if share.low is None or share.high is None or not width:
            return None
        return Piece(draw_interval(share.low, share.part / share.whole, share.high, width), PICTURE)

    def _told(self, text: str, role: str = "plain", indent: str = "") -> Iterator[Line]:
        """Yield a text in as many lines as it needs."""
        for line in break_text(text, self.width - len(indent)) if text else ():
            yield (Piece(indent + line, role),)


def _place(columns: Sequence[Column], row: Sequence[str], role: str = "plain") -> Line:
    pieces = [column.place(word) for column, word in zip(columns, row, strict=True)]
    return tuple(part for piece in pieces for part in (Piece(piece.text, role), _GAP))[:-1]


def _add_up(key: str, groups: Sequence[Group]) -> Group:
    names = ("cases", "at_risk_fen", "protected_fen", "lost_fen")
    return Group(key=key, **{name: sum(getattr(group, name) for group in groups) for name in names})
