"""A replay in words, for an officer who has to decide on the newer rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from assistant.replay.figures import FEWEST
from assistant.replay.report import BookFigures, Report, Told
from rules.facts import Level
from rules.language import Catalogue, Language
from rules.model import Book, Step

_WORDS: Final = Catalogue("assistant.replay")
_RULES: Final = Catalogue("rules")
_MOST_STEPS: Final = 8


def write_report(report: Report, old: Book, new: Book, language: Language) -> str:
    """Return the report as lines of plain text."""
    return "\n".join(_Writer(report, {**old.steps, **new.steps}, language).lines())


class _Writer:
    def __init__(self, report: Report, steps: Mapping[str, Step], language: Language) -> None:
        self._report = report
        self._steps = steps
        self._language = language

    def lines(self) -> Iterator[str]:
        report = self._report
        yield self._fill("title", old=report.old.rulebook, new=report.new.rulebook)
        yield self._fill("file", path=report.path, cases=report.cases, open=report.open, events=report.events)
        yield self._fill("hash.same" if report.sha256_before == report.sha256_after else "hash.other")
        yield f"  SHA-256 {report.sha256_before}"
        if not report.cases:
            yield self._fill("none")
            return
        yield self._fill("facts")
        for part in (self._changes(), self._levels(), self._work(), self._endings()):
            yield ""
            yield from part

    def _changes(self) -> Iterator[str]:
        report = self._report
        yield self._fill("changed", count=report.changed, share=self._percent(report.changed / report.cases))
        for kind, count in report.differences.items():
            if count:
                yield self._fill("kind", name=self._fill(f"difference.{kind}"), count=count)
            if numbers := report.numbers.get(kind):
                more = "numbers_more" if count > len(numbers) else "numbers"
                yield self._fill(more, numbers=self._join(numbers), count=count - len(numbers))
        if report.disputed:
            yield self._fill("disputed", count=report.disputed)

    def _levels(self) -> Iterator[str]:
        old, new = self._report.old, self._report.new
        yield self._fill("stops", old=old.stops, new=new.stops, more=_signed(new.stops - old.stops))
        for level in Level:
            before, after = old.levels[level], new.levels[level]
            yield self._fill("level", name=self._level(level), old=before, new=after, more=_signed(after - before))
        for first, second, count in self._report.moves:
            yield self._fill("move", old=self._level(first), new=self._level(second), count=count)

    def _work(self) -> Iterator[str]:
        report, old, new = self._report, self._report.old, self._report.new
        each = {"old_each": f"{old.steps / report.cases:.1f}", "new_each": f"{new.steps / report.cases:.1f}"}
        yield self._fill("steps", old=old.steps, new=new.steps, more=_signed(new.steps - old.steps), **each)
        if old.minutes is None or new.minutes is None:
            yield self._fill("minutes_unknown", fewest=FEWEST)
        else:
            more = _signed(new.minutes - old.minutes)
            yield self._fill("minutes", old=old.minutes, new=new.minutes, more=more, kinds=report.paced_steps)
        for key, steps in (("added", report.added), ("removed", report.removed)):
            for step, count in steps[:_MOST_STEPS]:
                name = self._steps[step].name.read(self._language)
                yield self._fill(key, name=name, id=step, count=count)
            if len(steps) > _MOST_STEPS:
                yield self._fill(f"{key}_more", count=len(steps) - _MOST_STEPS)

    def _endings(self) -> Iterator[str]:
        report = self._report
        yield self._fill("endings", frauds=report.frauds, honest=report.honest, unknown=report.unknown)
        for key, book in (("old", report.old), ("new", report.new)):
            yield from self._against(self._fill(key, version=book.rulebook), book)
        yield self._fill("unseen")

    def _against(self, name: str, book: BookFigures) -> Iterator[str]:
        yield self._fill("right", book=name, share=self._share(book.right_stops))
        yield self._fill("caught", book=name, share=self._share(book.caught))

    def _share(self, told: Told) -> str:
        if told.interval is None:
            return self._fill("too_few", part=told.part, whole=told.whole, fewest=FEWEST)
        low, high = self._percent(told.interval.low), self._percent(told.interval.high)
        share = self._percent(told.part / told.whole)
        return self._fill("share", part=told.part, whole=told.whole, share=share, low=low, high=high)

    def _percent(self, share: float) -> str:
        return f"{share:.1%}"

    def _level(self, level: str) -> str:
        return _RULES(f"level.{level}", self._language)

    def _join(self, words: Iterable[str]) -> str:
        return self._fill("comma").join(words)

    def _fill(self, key: str, **details: object) -> str:
        told = {name: f"{value:,}" if isinstance(value, int) else value for name, value in details.items()}
        return _WORDS(key, self._language, **told)


def _signed(number: int) -> str:
    return f"{number:+,}"
