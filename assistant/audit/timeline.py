"""The timeline of one case, to the second: who asked, saw, said, verified, advised, did, refused or skipped what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.audit.changes import compare_advice, read_advice
from assistant.audit.departures import DepartureCode, find_departures
from assistant.audit.sentences import Sentences
from assistant.case import bodies
from assistant.case.bodies import read_body
from assistant.case.case import Case
from assistant.case.events import Event, EventKind, find_taken_back
from assistant.people.requests import Request

if TYPE_CHECKING:
    from assistant.particulars.known import Known


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline. Of each event there is one of depth 0, and those of depth 1 below it say more."""

    seq: int
    """The number of the event."""
    at: int
    """UTC milliseconds."""
    actor: str
    kind: EventKind
    text: str
    depth: int = 0


_SILENT: Final = frozenset({DepartureCode.NOT_RECORDED})
"""Departures that would only repeat, step by step, what a list of steps shows."""


def tell_case(
    case: Case,
    sentences: Sentences,
    requests: Iterable[Request] = (),
    looks: Iterable[Event] = (),
    *,
    texts: bool = False,
) -> tuple[Line, ...]:
    """Return the timeline of a case as the reader may see it, oldest first.

    `requests` and `looks` are told among the events of the case. With `texts` what people wrote down is told below the
    events, with every number about a person masked, and the names that the case knows; what else stands in it is not,
    and so not everybody is to see it.
    """
    told = _Timeline(case, sentences, texts=texts)
    asked = (told.tell_request(request, event) for request in requests for event in request.history)
    groups = [*told.tell_case(), *asked, *map(told.tell_look, looks)]
    return tuple(line for group in sorted(groups, key=lambda group: group[0].seq) for line in group)


class _Timeline:
    def __init__(self, case: Case, sentences: Sentences, *, texts: bool) -> None:
        self._case = case
        self._sentences = sentences
        self._known = _read_known(case) if texts else None
        self._events = {event.id: event for event in case.history}

    def tell_case(self) -> Iterator[list[Line]]:
        """Yield the lines of each event of the case."""
        gone = find_taken_back(self._case.history)
        departures: dict[int, list[str]] = {}
        for departure in find_departures(self._case):
            if departure.code not in _SILENT:
                departures.setdefault(departure.seq, []).append(self._sentences.mark_departure(departure))
        then = Case()
        for event in self._case.history:
            before, then = then, then.after(event)
            undone = self._sentences.undone if event.id in gone else ""
            details = [*departures.get(event.seq, ()), *self._tell_more(before, then), *self._tell_texts(event)]
            yield _write(event, self._tell(event, then) + undone, details)

    def tell_request(self, request: Request, event: Event) -> list[Line]:
        """Return the lines of one event of a request about the case."""
        return _write(event, self._sentences.tell_request(request, event), self._tell_texts(event))

    def tell_look(self, event: Event) -> list[Line]:
        """Return the line of a look at the case."""
        return _write(event, self._sentences.tell_look(event), ())

    def _tell(self, event: Event, then: Case) -> str:
        if event.kind is EventKind.TAKEN_BACK:
            return self._sentences.tell_taking_back(self._events[str(event.body["event"])])
        if event.kind is EventKind.ADVISED and then.advised_steps:
            return self._sentences.tell_advice(read_advice(event), then.next_step)
        return self._sentences.writer.tell(event)

    def _tell_more(self, before: Case, then: Case) -> Iterator[str]:
        """Yield what the last event says beside its sentence."""
        match read_body(then.history[-1]):
            case bodies.Advised() as newer:
                change = compare_advice(before.advice, newer, (before.next_step, then.next_step))
                yield from self._sentences.tell_change(change, said=True)
                yield from self._sentences.tell_reasons(change, newer)
            case bodies.Closed() as closed:
                yield self._sentences.tell_amounts(closed)

    def _tell_texts(self, event: Event) -> Iterator[str]:
        if self._known is not None:
            yield from self._sentences.tell_texts(event, self._known)


def _read_known(case: Case) -> Known:
    # Nobody waits for it who reads no texts.
    from assistant.particulars.known import Known

    return Known.of(case)


def _write(event: Event, text: str, details: Iterable[str]) -> list[Line]:
    first = Line(event.seq, event.at, event.actor, event.kind, text)
    return [first, *(Line(event.seq, event.at, event.actor, event.kind, detail, 1) for detail in details)]
