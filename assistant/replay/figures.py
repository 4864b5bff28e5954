"""What a replay counts, and how sure a share of so many cases is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from assistant.case.events import Outcome
from assistant.figures.shares import find_interval

FEWEST: Final = 30
"""Below so many cases a share says nothing and is not worked out."""
MOST_NAMED: Final = 10
"""So many cases of a kind are named by their numbers."""

FRAUDS: Final = frozenset({Outcome.INTERCEPTED, Outcome.PARTLY_INTERCEPTED, Outcome.NOT_INTERCEPTED})
"""The endings that say it was a fraud. What was passed to the police, left or stayed unresolved says nothing."""
HONEST: Final = frozenset({Outcome.CLEARED})


class Difference(StrEnum):
    """What the newer rulebook does differently in a case; the first of these that is true."""

    STOP_MORE = "stop_more"
    STOP_LESS = "stop_less"
    HIGHER = "higher"
    LOWER = "lower"
    STEPS = "steps"
    ORDER = "order"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Interval:
    """The bounds of a share, 0 to 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of Wilson; None for too few cases."""
        return None if self.whole < FEWEST else Interval(*find_interval(self.part, self.whole))


@dataclass(slots=True)
class Counts:
    """The sums over some cases of what the two books say of them; `[0]` is the older book, `[1]` the newer one."""

    cases: int = 0
    levels: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Cases by their level in the older and the newer book."""
    stops: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    """Stopped cases by outcome; an open case has the outcome `open`."""
    outcomes: Counter[str] = field(default_factory=Counter)
    steps: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    """How often each step is advised."""
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    differences: Counter[Difference] = field(default_factory=Counter)
    numbers: dict[Difference, list[str]] = field(default_factory=dict)
    """The first cases of each kind, by number."""
    paces: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How often a step was recorded as done so many seconds after the entry before it."""
    disputed: int = 0
    """Cases in which the two readings of one rulebook differed."""

    def add(self, other: Counts) -> None:
        """Take in the sums over further cases."""
        self.cases += other.cases
        self.disputed += other.disputed
        for name in ("moves", "outcomes", "added", "removed", "differences", "paces"):
            getattr(self, name).update(getattr(other, name))
        for name in ("levels", "stops", "steps"):
            for mine, others in zip(getattr(self, name), getattr(other, name), strict=True):
                mine.update(others)
        for kind, numbers in other.numbers.items():
            named = self.numbers.setdefault(kind, [])
            named += numbers[: MOST_NAMED - len(named)]
