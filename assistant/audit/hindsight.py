"""What the rulebook of today would have said at each advice of a saved case; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.audit.changes import Change, compare_advice, read_advice
from assistant.case.bodies import Advised
from assistant.case.case import Case
from assistant.case.events import Event, EventKind
from assistant.replay.comparison import Verdict, find_difference
from assistant.replay.figures import Difference
from assistant.sheet import write_advice
from rules.advice import Adviser


@dataclass(frozen=True, slots=True)
class Passage:
    """A row of advices in which today's rulebook differs in the same way. Times are UTC milliseconds."""

    seq: int
    """Of the first of them."""
    at: int
    until: int
    """Of the last."""
    advices: int
    change: Change
    """From what was advised to what today's rulebook says."""


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A case under today's rulebook."""

    rulebook: str
    """The version of today's."""
    recorded: tuple[str, ...]
    """The versions by which the case was advised, the first one first."""
    advices: int
    """How many were compared."""
    passages: tuple[Passage, ...]
    """Only where something is different."""
    difference: Difference
    """The same in one word, of the advice that stood last."""


def replay_case(
    case: Case, adviser: Adviser, shown: Case | None = None, hidden: frozenset[str] = frozenset()
) -> Hindsight:
    """Return what `adviser` says otherwise at each advice of the whole `case`, on the facts as they stood then.

    `shown` is the case as the reader may see it, without the steps `hidden`; nothing of those is told on either side.
    """
    pairs = tuple(_advise_again(case, adviser, shown or case, hidden))
    return Hindsight(
        rulebook=adviser.book.meta.version,
        recorded=tuple(dict.fromkeys(pair.old.rulebook for pair in pairs)),
        advices=len(pairs),
        passages=tuple(_gather_passages(pairs)),
        difference=find_difference(_judge(pairs[-1].old), _judge(pairs[-1].new)) if pairs else Difference.NONE,
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    event: Event
    old: Advised
    new: Advised
    change: Change


def _advise_again(case: Case, adviser: Adviser, shown: Case, hidden: frozenset[str]) -> Iterator[_Pair]:
    """Yield each advice that the reader may know of, as it was recorded and as it would be."""
    told = {event.id: event for event in shown.history if event.kind is EventKind.ADVISED}
    moves: list[Event] = []
    for event in case.history:
        # Advice is no fact, and folding it takes as long again.
        if event.kind is not EventKind.ADVISED:
            moves.append(event)
        elif event.id in told:
            then, old = Case.of(moves), read_advice(told[event.id])
            new = _leave_out(write_advice(adviser.advise(then.facts)), hidden)
            next_steps = replace(then, advice=old).next_step, replace(then, advice=new).next_step
            yield _Pair(event, old, new, compare_advice(old, new, next_steps))


def _leave_out(advice: Advised, hidden: frozenset[str]) -> Advised:
    return advice.model_copy(
        update={
            "steps": tuple(step for step in advice.steps if step.id not in hidden),
            "withheld": tuple(held for held in advice.withheld if held.step not in hidden),
        }
    )


def _gather_passages(pairs: Iterable[_Pair]) -> Iterator[Passage]:
    for change, group in groupby(pairs, key=lambda pair: pair.change):
        events = [pair.event for pair in group]
        if change:
            yield Passage(events[0].seq, events[0].at, events[-1].at, len(events), change)


def _judge(advice: Advised) -> Verdict:
    return Verdict(advice.level, tuple(step.id for step in advice.steps), bool(advice.disagreement))
