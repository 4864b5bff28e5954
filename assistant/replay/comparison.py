"""Two rulebooks side by side over saved cases, on every core at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from assistant.replay.figures import MOST_NAMED, Counts, Difference
from assistant.replay.lens import Lens, Likeness
from assistant.replay.stories import Source, Story, list_cases, read_stories
from assistant.replay.touched import find_touched
from rules.advice import Advice, Adviser
from rules.errors import Trouble
from rules.explain import Evidence, Reader, Scene
from rules.facts import Facts, Level
from rules.model import Book

CHUNK: Final = 500
"""Cases that are counted at a stretch."""
ENOUGH_FOR_ONE: Final = 4 * CHUNK
"""Up to so many cases, starting further processes takes longer than it saves."""
OPEN: Final = "open"
"""Stands for the outcome of a case that has none yet."""

Chunk: TypeAlias = tuple[str, str]
"""The ids of the first and the last case of a stretch."""

Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many of how many cases are done."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one book says of a visit, as far as it is compared."""

    level: Level
    steps: tuple[str, ...]
    """All that are advised in the end, those that wait for others among them."""
    disputed: bool

    @property
    def stops(self) -> bool:
        """The teller does not carry out what was asked for."""
        return self.level.rank >= Level.HOLD.rank


class _Terse(Reader):
    """Names no evidence, which nobody looks at here and which takes longer to find than the reading itself."""

    def evidence(self, clause: str, scene: Scene) -> tuple[Evidence, ...]:
        """Return nothing."""
        return ()


class Trial:
    """Both rulebooks ready to advise; visits that are the same to both are read once."""

    def __init__(self, old: Book, new: Book) -> None:
        self._advisers = (Adviser(old), Adviser(new))
        for adviser in self._advisers:
            adviser.reader = _Terse(adviser.book)
        self._lens = Lens((old, new))
        self._touched = find_touched(old, new)
        self._known: dict[Likeness, tuple[Verdict, Verdict]] = {}

    def judge(self, facts: Facts) -> tuple[Verdict, Verdict]:
        """Return what the older and the newer book say of a visit."""
        seen = self._lens.see(facts)
        if seen not in self._known:
            self._known[seen] = self._judge_anew(facts)
        return self._known[seen]

    def _judge_anew(self, facts: Facts) -> tuple[Verdict, Verdict]:
        older, newer = self._advisers
        advice = older.advise(facts)
        old = _shorten(advice)
        alike = not old.disputed and self._is_untouched(advice.rules)
        # Of the newer book the quicker of the two readings will do: the engine has just been found to agree with it.
        if alike and self._is_untouched(newer.reader.read(facts).fired):
            return old, old
        return old, _shorten(newer.advise(facts))

    def _is_untouched(self, fired: Iterable[str]) -> bool:
        return self._touched is not None and self._touched.isdisjoint(fired)

    def count(self, stories: Iterable[Story]) -> Counts:
        """Return the sums over `stories`."""
        counts = Counts()
        for story in stories:
            _count(counts, story, self.judge(story.facts))
        return counts

    def close(self) -> None:
        """Give the engines' memory back."""
        for adviser in self._advisers:
            adviser.close()


def replay(source: Source, old: Book, new: Book, tell: Tell, *, processes: int | None = None) -> Counts:
    """Return the sums over all cases of `source`; `processes` is by default one for each core this program may use.

    An interrupt ends the other processes and passes on. Raises TooWide for a book that the engine cannot take, and the
    StoreTrouble that kept the file from being read.
    """
    with source.reading() as raw:
        ids = list_cases(raw, source)
    chunks = [(part[0], part[-1]) for part in _split(ids)]
    cores = processes or (1 if len(ids) <= ENOUGH_FOR_ONE else _count_cores())
    counts = Counts()
    tell(0, len(ids))
    # Here in any case: what is wrong with a book has to come to light before others start on it.
    with closing(Trial(old, new)) as trial:
        parts = _run_here(source, trial, chunks) if cores == 1 else _run_apart(source, old, new, chunks, cores)
        for part in parts:
            counts.add(part)
            tell(counts.cases, len(ids))
    return counts


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run_here(source: Source, trial: Trial, chunks: Iterable[Chunk]) -> Iterator[Counts]:
    with source.reading() as raw:
        for first, last in chunks:
            yield trial.count(read_stories(raw, source, first, last))


def _run_apart(source: Source, old: Book, new: Book, chunks: Iterable[Chunk], cores: int) -> Iterator[Counts]:
    # Not by fork: the engine is C with state of its own, and the copy of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, context, _begin, (source, old, new)) as pool:
        try:
            # Ctrl+C reaches every process of the terminal; held back while the others start, it stays so with them.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                parts = pool.map(_count_chunk, chunks)
            finally:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            for part in parts:
                if isinstance(part, Failure):
                    raise part.kind(**part.details)
                yield part
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Failure:
    """A trouble on its way from one process to another, which an exception with named details does not survive."""

    kind: type[Trouble]
    details: Mapping[str, object]


_at_work: list[tuple[Trial, Source]] = []
"""In a process of its own: what it works with."""


def _begin(source: Source, old: Book, new: Book) -> None:
    _at_work.append((Trial(old, new), source))


def _count_chunk(chunk: Chunk) -> Counts | Failure:
    trial, source = _at_work[0]
    try:
        with source.reading() as raw:
            return trial.count(read_stories(raw, source, *chunk))
    except Trouble as trouble:
        return Failure(type(trouble), trouble.details)


def _split(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while part := list(islice(rest, CHUNK)):
        yield part


def _shorten(advice: Advice) -> Verdict:
    steps = tuple(step.id for step in (*advice.steps, *advice.deferred))
    return Verdict(advice.level, steps, bool(advice.disagreement))


def _count(counts: Counts, story: Story, verdicts: tuple[Verdict, Verdict]) -> None:
    outcome = story.outcome.value if story.outcome else OPEN
    counts.cases += 1
    counts.outcomes[outcome] += 1
    counts.disputed += any(verdict.disputed for verdict in verdicts)
    for place, verdict in enumerate(verdicts):
        counts.levels[place][verdict.level] += 1
        counts.stops[place][outcome] += verdict.stops
        counts.steps[place].update(verdict.steps)
    counts.paces.update((step, pace // 1000) for step, pace in story.paces)
    old, new = verdicts
    counts.moves[(old.level.value, new.level.value)] += 1
    counts.added.update(set(new.steps) - set(old.steps))
    counts.removed.update(set(old.steps) - set(new.steps))
    kind = find_difference(old, new)
    counts.differences[kind] += 1
    if kind is not Difference.NONE:
        named = counts.numbers.setdefault(kind, [])
        named += [story.number][: MOST_NAMED - len(named)]


def find_difference(old: Verdict, new: Verdict) -> Difference:
    """Return what the newer verdict does differently."""
    if old.stops is not new.stops:
        return Difference.STOP_MORE if new.stops else Difference.STOP_LESS
    if old.level is not new.level:
        return Difference.HIGHER if new.level.rank > old.level.rank else Difference.LOWER
    if set(old.steps) != set(new.steps):
        return Difference.STEPS
    return Difference.NONE if old.steps == new.steps else Difference.ORDER
