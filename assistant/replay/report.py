"""What a replay found, as plain values: for programs as JSON, for people through `assistant.replay.words`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.replay.figures import FEWEST, FRAUDS, HONEST, Counts, Difference, Interval, Share
from rules.facts import Level
from rules.model import Book


@dataclass(frozen=True, slots=True)
class Told:
    """A share, and its 95 % interval where there are cases enough."""

    part: int
    whole: int
    interval: Interval | None

    @classmethod
    def of(cls, part: int, whole: int) -> Told:
        """Return so many of so many, with what can be said of it."""
        return cls(part, whole, Share(part, whole).interval)


@dataclass(frozen=True, slots=True)
class BookFigures:
    """The sums of one rulebook over all cases."""

    rulebook: str
    levels: Mapping[str, int]
    stops: int
    """Cases on hold or above."""
    steps: int
    minutes: int | None
    """Of the steps whose pace is known, at the median pace of the saved cases; None when no pace is known."""
    right_stops: Told
    """Of the stopped cases with a known ending, those that were frauds."""
    caught: Told
    """Of the saved frauds, those that were stopped."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the newer rulebook would have done differently in the cases of a file."""

    path: str
    events: int
    """How far the file was read: the number of its last event."""
    sha256_before: str
    sha256_after: str
    cases: int
    open: int
    differences: Mapping[Difference, int]
    """Cases by what is different, each in one kind."""
    numbers: Mapping[Difference, tuple[str, ...]]
    """The first cases of each kind, by number."""
    moves: tuple[tuple[str, str, int], ...]
    """Level before, level after, cases; those that moved only, by level."""
    added: tuple[tuple[str, int], ...]
    """Step and in how many cases it is new, the most frequent first."""
    removed: tuple[tuple[str, int], ...]
    frauds: int
    honest: int
    unknown: int
    """Closed cases whose ending says neither."""
    disputed: int
    paced_steps: int
    """Kinds of steps whose pace is known from at least 30 recordings."""
    old: BookFigures
    new: BookFigures

    @property
    def changed(self) -> int:
        """Cases in which anything is different."""
        return self.cases - self.differences[Difference.NONE]


def make_report(counts: Counts, old: Book, new: Book, path: str, events: int, digests: tuple[str, str]) -> Report:
    """Return the report on a replay; `digests` are the SHA-256 of the file before and after."""
    paces = find_paces(counts.paces)
    frauds, honest = _sum(counts.outcomes, FRAUDS), _sum(counts.outcomes, HONEST)
    still_open = counts.outcomes["open"]
    return Report(
        path=path,
        events=events,
        sha256_before=digests[0],
        sha256_after=digests[1],
        cases=counts.cases,
        open=still_open,
        differences={kind: counts.differences[kind] for kind in Difference},
        numbers={kind: tuple(counts.numbers.get(kind, ())) for kind in Difference if kind is not Difference.NONE},
        moves=tuple((a, b, counts.moves[(a, b)]) for a in Level for b in Level if a is not b and counts.moves[(a, b)]),
        added=_rank(counts.added),
        removed=_rank(counts.removed),
        frauds=frauds,
        honest=honest,
        unknown=counts.cases - still_open - frauds - honest,
        disputed=counts.disputed,
        paced_steps=len(paces),
        old=_sum_up(old, counts, 0, paces, frauds),
        new=_sum_up(new, counts, 1, paces, frauds),
    )


def find_paces(recorded: Counter[tuple[str, int]]) -> dict[str, int]:
    """Return the median seconds of each step that was recorded at least 30 times."""
    by_step: dict[str, Counter[int]] = {}
    for (step, seconds), times in recorded.items():
        by_step.setdefault(step, Counter())[seconds] += times
    return {step: _median(paces) for step, paces in sorted(by_step.items()) if paces.total() >= FEWEST}


def _median(values: Counter[int]) -> int:
    """Return the lower median."""
    seen, half = 0, (values.total() + 1) // 2
    for value in sorted(values):
        seen += values[value]
        if seen >= half:
            return value
    raise ValueError(values)


def _sum_up(book: Book, counts: Counts, place: int, paces: Mapping[str, int], frauds: int) -> BookFigures:
    stops, steps = counts.stops[place], counts.steps[place]
    right = _sum(stops, FRAUDS)
    seconds = sum(times * paces.get(step, 0) for step, times in steps.items())
    return BookFigures(
        rulebook=book.meta.version,
        levels={level.value: counts.levels[place][level] for level in Level},
        stops=stops.total(),
        steps=steps.total(),
        minutes=round(seconds / 60) if paces else None,
        right_stops=Told.of(right, right + _sum(stops, HONEST)),
        caught=Told.of(right, frauds),
    )


def _sum(counts: Counter[str], names: Iterable[str]) -> int:
    return sum(counts[name] for name in names)


def _rank(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
