"""What the records of one case raise: questions to whoever reviews it, read off the times of its events alone.

A signal is no finding. There is an innocent answer to each of them, and the sentence that shows it asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

from assistant.case.case import Case
from assistant.case.clocks import read_clocks
from assistant.case.events import Event, EventKind, Reason, list_counting
from assistant.sheet import POLICE_CALL
from rules.facts import StepOutcome

AT_ONCE_MS: Final = 2_000
"""Nobody asks anything of a customer and hears the answer in less."""
FLAGS: Final = 10
"""So many red flags are more than one asks for at a glance, such as a telephone at the ear and a companion beside."""
STEPS: Final = 3
"""Two steps may be two words to the customer; of three within two seconds, one at least was done before."""
CALL_MS: Final = 5_000
"""No call and no conversation is over sooner: dialling alone takes as long."""
QUICK_MS: Final = 1_000
"""What takes a call, and is done so soon after it was advised, was done before, or is not done yet."""
TALKING: Final = frozenset(
    {
        POLICE_CALL,
        "consult_96110",
        "contact_family",
        "verify_independently",
        "supervisor_interview",
        "probe_questions",
        "stop_other_banks",
        "protective_stop_by_police",
        "follow_up_call",
    }
)
"""The steps of the rulebook that are a call or a conversation."""
NEEDS: Final = MappingProxyType(
    {
        "protective_stop_by_police": (POLICE_CALL,),
        "emergency_stop_application": (POLICE_CALL,),
        "report_onward_flow": ("emergency_stop_application",),
    }
)
"""The steps of the rulebook that cannot be done before others: the police are asked by a call, the application carries
the number they gave, and money is traced onward by that application."""
GATES: Final = 3
"""Fewer gating steps than this are quickly settled one after the other."""
GATES_MS: Final = 10_000
"""A gating step with its record takes some seconds to write down even when it was done before."""
CLOSING_MS: Final = 30_000
"""What was settled earlier than this before the closing was not settled for its sake."""
OPEN_MS: Final = 60_000
"""A gating step that was open for less had no time to be done one by one."""
CLOCK_MS: Final = 60_000
"""The clocks of two machines at one counter may differ by as much."""
ONE_PRESS_MS: Final = 50
"""What one answered question settles is written down within this."""
MOST_SETTLED: Final = 8
"""No question of a rulebook settles more red flags at once."""


class SignalCode(StrEnum):
    """What was seen."""

    FLAGS_AT_ONCE = "flags_at_once"
    """Ten red flags were answered within two seconds."""
    STEPS_AT_ONCE = "steps_at_once"
    """Steps were recorded as done within two seconds, or two at the very same moment."""
    TOO_SOON = "too_soon"
    """What takes a call was recorded as done within a second of being advised."""
    CANNOT_BOTH_FIT = "cannot_both_fit"
    """Two calls were recorded as done closer together than either takes."""
    BEFORE_ITS_TURN = "before_its_turn"
    """A step was recorded as done before one without which it cannot be."""
    POLICE_FIRST = "police_first"
    """A step was left to the police before the call to them was recorded."""
    GATES_AT_CLOSING = "gates_at_closing"
    """The gating steps had long been open, and were settled all at once just before the closing."""
    CLOCK_BACK = "clock_back"
    """Something was recorded at an earlier time than what had been recorded before it."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What was seen, in which events (their numbers), and what its sentence says beside: ids of steps, counts,
    seconds."""

    code: SignalCode
    events: tuple[int, ...]
    details: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


def find_signals(case: Case) -> tuple[Signal, ...]:
    """Return what the records of a case raise, in the order of the events; what was taken back does not count."""
    story = list_counting(case.history)
    done = [event for event in story if _is_done(event)]
    at_once = tuple(_find_steps(done))
    asked = {number for signal in at_once for number in signal.events}
    found = (
        *_find_flags(story),
        *at_once,
        *_find_too_soon(story),
        *(signal for signal in _find_cramped(done) if not asked.issuperset(signal.events)),
        *_find_before_turn(story),
        *_find_gates(story),
        *_find_clock(case.history),
    )
    return tuple(sorted(found, key=lambda signal: signal.events))


def _is_done(event: Event) -> bool:
    return event.kind is EventKind.STEP_RECORDED and event.body["outcome"] == StepOutcome.DONE


def _find_flags(story: Sequence[Event]) -> Iterator[Signal]:
    settled = set(_walk_settled(story))
    flags = [
        event
        for event in story
        if event.kind is EventKind.ANSWERED and event.body.get("value") and event.seq not in settled
    ]
    for run in _find_runs(flags, AT_ONCE_MS):
        if (count := len({event.body["sign"] for event in run})) >= FLAGS:
            yield _signal(SignalCode.FLAGS_AT_ONCE, run, count=count)


def _walk_settled(story: Sequence[Event]) -> Iterator[int]:
    """Yield the numbers of the answers that one question settled, with which they were saved."""
    for place, event in enumerate(story):
        if event.kind is not EventKind.QUESTION_ASKED:
            continue
        for answer in story[max(0, place - MOST_SETTLED) : place][::-1]:
            if answer.kind is not EventKind.ANSWERED or not 0 <= event.at - answer.at <= ONE_PRESS_MS:
                break
            yield answer.seq


def _find_steps(done: Sequence[Event]) -> Iterator[Signal]:
    for run in _find_runs(done, AT_ONCE_MS):
        moments = [event.at for event in run]
        if len(run) >= STEPS or len(set(moments)) < len(moments):
            yield _signal(SignalCode.STEPS_AT_ONCE, run, count=len(run))


def _find_too_soon(story: Sequence[Event]) -> Iterator[Signal]:
    for place, event in enumerate(story):
        if not _is_done(event) or event.body["step"] not in TALKING:
            continue
        step = str(event.body["step"])
        since = read_clocks(story[:place]).since.get(step)
        if since is not None and event.at - since <= QUICK_MS:
            yield Signal(SignalCode.TOO_SOON, (event.seq,), {"step": step})


def _find_cramped(done: Sequence[Event]) -> Iterator[Signal]:
    calls: dict[str, list[Event]] = {}
    for event in done:
        if event.body["step"] in TALKING:
            calls.setdefault(event.actor, []).append(event)
    for records in calls.values():
        for first, second in pairwise(records):
            if first.body["step"] != second.body["step"] and abs(second.at - first.at) < CALL_MS:
                steps = {"first": str(first.body["step"]), "second": str(second.body["step"])}
                yield _signal(SignalCode.CANNOT_BOTH_FIT, (first, second), **steps)


def _find_before_turn(story: Sequence[Event]) -> Iterator[Signal]:
    """Yield what was recorded while that without which it cannot be had no record, and was done only later."""
    early: dict[str, list[tuple[SignalCode, Event]]] = {}
    recorded: set[str] = set()
    for event in story:
        if event.kind is not EventKind.STEP_RECORDED:
            continue
        step = str(event.body["step"])
        for code, earlier in early.pop(step, ()) if _is_done(event) else ():
            yield _signal(code, (earlier, event), step=str(earlier.body["step"]), before=step)
        for code, needed in _list_needed(event):
            if needed != step and needed not in recorded:
                early.setdefault(needed, []).append((code, event))
        recorded.add(step)


def _list_needed(event: Event) -> Iterator[tuple[SignalCode, str]]:
    """Yield the steps without which what an event records cannot be."""
    if _is_done(event):
        for needed in NEEDS.get(str(event.body["step"]), ()):
            yield SignalCode.BEFORE_ITS_TURN, needed
    elif event.body.get("reason") == Reason.POLICE_TOOK_OVER:
        yield SignalCode.POLICE_FIRST, POLICE_CALL


def _find_gates(story: Sequence[Event]) -> Iterator[Signal]:
    """Yield the closings just before which all gating steps of the advice were settled at once."""
    last: dict[str, Event] = {}
    steps: list[Any] = []
    for place, event in enumerate(story):
        if event.kind is EventKind.ADVISED:
            steps = event.body.get("steps") or []  # type: ignore[assignment]
        elif event.kind is EventKind.STEP_RECORDED:
            last[str(event.body["step"])] = event
        elif event.kind is EventKind.CLOSED:
            gates = sorted((last[step["id"]] for step in steps if step.get("gates") and step["id"] in last), key=_seq)
            if len(gates) >= GATES and _is_for_closing(gates, event, story[:place]):
                yield _signal(SignalCode.GATES_AT_CLOSING, gates, count=len(gates))


def _is_for_closing(gates: Sequence[Event], closed: Event, before: Sequence[Event]) -> bool:
    first, last = gates[0].at, gates[-1].at
    if last - first > GATES_MS or closed.at - last > CLOSING_MS:
        return False
    since = read_clocks(before).since
    return all(first - since.get(str(gate.body["step"]), first) >= OPEN_MS for gate in gates)


def _find_clock(history: Sequence[Event]) -> Iterator[Signal]:
    latest = history[0]
    for event in history[1:]:
        if latest.at - event.at > CLOCK_MS:
            yield _signal(SignalCode.CLOCK_BACK, (latest, event))
        latest = max(latest, event, key=lambda one: one.at)


def _find_runs(events: Iterable[Event], span: int) -> Iterator[list[Event]]:
    """Yield the longest runs of events by one person of which the first and the last are no further apart than `span`,
    none of them part of another."""
    people: dict[str, list[Event]] = {}
    for event in events:
        people.setdefault(event.actor, []).append(event)
    for own in people.values():
        first = covered = 0
        for last, event in enumerate(own):
            while abs(event.at - own[first].at) > span:
                first += 1
            ends = last + 1 == len(own) or abs(own[last + 1].at - own[first].at) > span
            if ends and last + 1 > covered:
                covered = last + 1
                yield own[first:covered]


def _seq(event: Event) -> int:
    return event.seq


def _signal(code: SignalCode, events: Sequence[Event], **details: str | int) -> Signal:
    """Return a signal whose sentence also says how many seconds lie between the first event and the last."""
    moments = [event.at for event in events]
    span = max(1, (max(moments) - min(moments) + 999) // 1000)
    return Signal(code, tuple(event.seq for event in events), MappingProxyType({"seconds": span, **details}))
