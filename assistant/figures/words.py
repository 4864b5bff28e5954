"""The figures in words, the same on paper, in a terminal and on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.amounts import write_amount
from assistant.case.events import Reason
from assistant.figures.period import WORDS
from assistant.figures.report import Figures, Group, RuleFigures, Share, Spread, StepFigures
from assistant.plain.columns import GAP, measure
from assistant.plain.requests import name_step
from assistant.plain.times import write_length
from rules.language import Catalogue, Language
from rules.model import Book

_RULES: Final = Catalogue("rules")
_CASE: Final = Catalogue("assistant.case")
_UNKNOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class FigureWriter:
    """Names what figures count, by one rulebook and in one language; what the rulebook does not know keeps its id."""

    book: Book
    language: Language

    def write(self, key: str, **details: object) -> str:
        """Return a text about figures; numbers are written with their thousands apart."""
        told = {name: f"{value:,}" if isinstance(value, int) else value for name, value in details.items()}
        return WORDS(key, self.language, **told)

    def name_group(self, kind: str, key: str) -> str:
        """Return the name of a group of cases: of a level, an outcome, a typology; an hour, a day or an outlet is its
        own."""
        if not key:
            return self.write(f"none.{kind}")
        if kind == "level":
            return _RULES(f"level.{key}", self.language)
        if kind == "outcome":
            return _CASE(f"outcome.{key}", self.language)
        if kind == "typology" and key in self.book.typologies:
            return self.book.typologies[key].name.read(self.language)
        return f"{key}:00" if kind == "hour" else key

    def name_step(self, step: str) -> str:
        """Return the name of a step."""
        return name_step(self.book, self.language, step)

    def name_rule(self, rule: str) -> str:
        """Return why a rule says what it says, or nothing for one that the rulebook does not know."""
        reason = self.book.find_reason(rule)
        return reason.read(self.language) if reason else ""

    def amount(self, fen: int) -> str:
        """Return an amount of money."""
        return write_amount(fen, self.language)

    def share(self, share: Share) -> str:
        """Return a share with its interval, or that there are too few cases to say."""
        if share.low is None or share.high is None:
            return self.write("share.too_few", part=share.part, whole=share.whole)
        percent = {"share": share.part / share.whole, "low": share.low, "high": share.high}
        told = {name: f"{value:.0%}" for name, value in percent.items()}
        return self.write("share.known", part=share.part, whole=share.whole, **told)

    def reasons(self, counted: Mapping[Reason, int]) -> str:
        """Return reasons with their numbers."""
        named = (
            self.write("overridden.reasons", reason=_CASE(f"reason.{reason}", self.language), count=count)
            for reason, count in counted.items()
        )
        return self.write("comma").join(named)

    def period(self, figures: Figures) -> str:
        """Return the days that figures are about."""
        since, until = figures.since, figures.until
        if since is None and until is None:
            return self.write("period.all")
        kind = "until" if since is None else "since" if until is None else "between"
        return self.write(f"period.{kind}", since=since, until=until)

    def teller(self, figures: Figures) -> str:
        """Return whose cases figures are about."""
        return self.write("teller.one", number=figures.teller) if figures.teller else self.write("teller.all")


def write_seconds(seconds: int | None) -> str:
    """Return a length of time as minutes and seconds, or hours, minutes and seconds; a dash where there is none."""
    return _UNKNOWN if seconds is None else write_length(seconds)


def write_figures(figures: Figures, book: Book, language: Language) -> str:
    """Return the figures as lines of plain text, in columns."""
    return "\n".join(_Page(figures, FigureWriter(book, language)).lines())


class _Page:
    def __init__(self, figures: Figures, writer: FigureWriter) -> None:
        self._figures = figures
        self._writer = writer

    def lines(self) -> Iterator[str]:
        figures, write = self._figures, self._writer.write
        period, teller = self._writer.period(figures), self._writer.teller(figures)
        yield write("title", outlet=figures.outlet, period=period, teller=teller)
        yield write("counted", cases=figures.cases, open=figures.open, up_to=figures.up_to)
        if not figures.cases:
            yield write("no_cases")
            return
        money = figures.amounts
        amounts = (money.at_risk_fen, money.protected_fen, money.lost_fen)
        yield from self._titled(
            "money", [self._heads("at_risk", "protected", "lost"), ("", *map(self._writer.amount, amounts))]
        )
        for kind in ("level", "outcome", "typology", "outlet", "hour", "day"):
            groups: tuple[Group, ...] = getattr(figures, f"by_{kind}")
            yield from self._titled(kind, self._group_rows(kind, groups))
        yield from self._titled("times", self._time_rows(first_step=figures.to_first_step, police=figures.to_police))
        yield f"  {write('time.unit')}"
        yield from self._stops()
        yield from self._titled("rules", self._rule_rows(figures.rules), 5)
        yield from (f"  {write(f'note.{name}')}" for name in ("judged", "share"))
        yield from self._titled("steps", self._step_rows(figures.steps), 3)
        yield f"  {write('overridden.cases', count=figures.overridden_cases)}"

    def _titled(self, section: str, rows: Iterable[Sequence[str]], numbers: int = 4) -> Iterator[str]:
        yield ""
        yield self._writer.write(f"section.{section}")
        yield from (f"  {line}" for line in set_numbers(rows, numbers))

    def _heads(self, *names: str) -> tuple[str, ...]:
        return "", *(self._writer.write(f"head.{name}") for name in names)

    def _group_rows(self, kind: str, groups: Iterable[Group]) -> Iterator[Sequence[str]]:
        yield self._heads("cases", "at_risk", "protected", "lost")
        for group in groups:
            if group.cases:
                amounts = (group.at_risk_fen, group.protected_fen, group.lost_fen)
                yield self._writer.name_group(kind, group.key), f"{group.cases:,}", *map(self._writer.amount, amounts)

    def _time_rows(self, **spreads: Spread) -> Iterator[Sequence[str]]:
        yield self._heads("cases", "median", "p90", "total")
        for name, spread in spreads.items():
            lengths = (spread.median_seconds, spread.p90_seconds, spread.total_seconds)
            yield self._writer.write(f"time.{name}"), f"{spread.cases:,}", *map(write_seconds, lengths)

    def _stops(self) -> Iterator[str]:
        stops, write = self._figures.stops, self._writer.write
        rows = self._time_rows(false_stop=stops.false_time, ordinary=stops.ordinary_time)
        yield from self._titled("stops", rows)
        counts = {"confirmed": stops.confirmed, "false": stops.false, "unknown": stops.unknown}
        yield f"  {write('stops.counted', cases=stops.cases, **counts)}"
        yield f"  {write('stops.share', share=self._writer.share(stops.false_share))}"
        yield f"  {write('stops.alone', count=stops.released_alone)}"

    def _rule_rows(self, rules: Iterable[RuleFigures]) -> Iterator[Sequence[str]]:
        yield self._heads("fired", "confirmed", "refuted", "unknown", "overridden", "right", "reason")
        for rule in rules:
            counts = (rule.fired, rule.confirmed, rule.refuted, rule.unknown, sum(rule.overridden.values()))
            told = self._writer.share(rule.right), self._writer.name_rule(rule.rule)
            yield rule.rule, *(f"{count:,}" for count in counts), *told

    def _step_rows(self, steps: Iterable[StepFigures]) -> Iterator[Sequence[str]]:
        yield self._heads("advised", "done", "overridden", "set_aside")
        for step in steps:
            counts = (step.advised, step.done, sum(step.overridden.values()))
            told = self._writer.reasons(step.set_aside)
            yield self._writer.name_step(step.step), *(f"{count:,}" for count in counts), told


def set_numbers(rows: Iterable[Sequence[str]], numbers: int) -> Iterator[str]:
    """Yield `rows`, all of one length, in columns: so many behind the first are set from the right, the others from the
    left."""
    lines = [tuple(row) for row in rows]
    widths = [max(map(measure, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = []
        for place, (word, width) in enumerate(zip(line, widths, strict=True)):
            blank = " " * (width - measure(word))
            cells.append(blank + word if 0 < place <= numbers else word + blank)
        yield GAP.join(cells).rstrip()
