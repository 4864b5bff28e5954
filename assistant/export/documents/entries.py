"""What several documents tell in the same rows: the money, the steps, the answers, who agreed, the times."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from assistant.audit.changes import read_advice
from assistant.audit.page import write_span
from assistant.case.events import EventKind
from assistant.case.review import COMMENT
from assistant.case.subjects import REQUEST
from assistant.confidence import find_confidential
from assistant.export.documents.writings import Written, list_written, show_text
from assistant.people.requests import REQUEST_KEY, WHY
from rules.facts import StepOutcome

if TYPE_CHECKING:
    from assistant.case.events import Event
    from assistant.export.documents.view import View
    from assistant.people.requests import Request
    from rules.facts import Portion

_JUDGED: Final = frozenset({EventKind.REVIEW_APPROVED, EventKind.REVIEW_RETURNED, EventKind.REVIEW_ANSWERED})
REVIEWING: Final = _JUDGED | {EventKind.REVIEW_CLAIMED, EventKind.EMERGENCY_REVIEWED}
"""What colleagues say of a case among themselves: it answers no complaint, and is nothing that the customer did."""
_CALLS: Final = frozenset({EventKind.SUPERVISOR_CALLED, EventKind.SUPERVISOR_ANSWERED})


@dataclass(frozen=True, slots=True)
class Sum:
    """A portion of the money."""

    number: str
    """Its number in the case."""
    state: str
    """Where it is now."""
    amount: str | None
    """How much; blank where it is not known."""
    when: str | None
    """When it left, on the outlet's clock; blank where it is not known."""
    paid_from: str | None
    """From what it was paid; blank where it is not known."""
    payee: str | None
    """Who keeps the payee's account; blank where it is not known."""


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step that was recorded."""

    name: str
    """What the step is called."""
    outcome: str
    """What became of it, with the colleague who took part and the reason why it was not done."""
    when: str
    """When it was recorded, on the outlet's clock."""
    clock: str
    """The same without the day, where it is that of the opening."""
    by: str
    """The staff number of whoever recorded it."""
    done: bool
    """Whether it was done."""
    refused: bool
    """Whether the customer refused it."""
    written: tuple[Written, ...]
    """What was written down with it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that matters."""

    name: str
    """What happened."""
    when: str
    """When, on the outlet's clock."""
    clock: str
    """The same without the day, where it is that of the opening."""
    since: str
    """How long after the opening, as hours, minutes and seconds."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Something a second person had to do with the case."""

    when: str
    """When, on the outlet's clock."""
    clock: str
    """The same without the day, where it is that of the opening."""
    by: str
    """The staff number of whoever did it."""
    what: str
    """What happened: asked for, agreed, declined, done alone in an emergency, called, answered."""
    why: str
    """The reason that was written; empty where none was."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a reviewer said of the case."""

    when: str
    """When, on the outlet's clock."""
    by: str
    """The staff number of the reviewer."""
    what: str
    """The verdict on type, level and steps, with the reasons as codes."""
    comment: str
    """What was written about it; empty where nothing was."""


def tell_clock(view: View, at: int) -> str:
    """Return a moment (UTC milliseconds) as the outlet's clock showed it, with the day where it is not that of the
    opening."""
    day, _, clock = view.writer.time(at).partition(" ")
    opened = view.writer.time(view.case.history[0].at)
    return clock if opened.startswith(day) else f"{day} {clock}"


def speaks_of_referral(view: View) -> bool:
    """Tell whether anything of a suspicious transaction report is in the case as it may be shown."""
    hidden = find_confidential(view.book)
    return any(not hidden.isdisjoint(_list_named(event)) for event in view.case.history)


def list_sums(view: View) -> tuple[Sum, ...]:
    """Return the portions of the money."""
    return tuple(tell_sum(view, number, portion) for number, portion in sorted(view.case.money.items()))


def tell_sum(view: View, number: int, portion: Portion) -> Sum:
    """Return one portion of the money."""
    writer = view.writer
    return Sum(
        number=str(number),
        state=writer.name(view.book.money_states, portion.state),
        amount=None if portion.amount is None else writer.amount(portion.amount),
        when=None if portion.when is None else writer.time(portion.when),
        paid_from=writer.rule(f"paid_from.{portion.paid_from}") if portion.paid_from else None,
        payee=writer.rule(f"payee.{portion.payee}") if portion.payee else None,
    )


def list_steps(view: View) -> tuple[StepEntry, ...]:
    """Return the steps that were recorded, in the order of their records."""
    return tuple(tell_step(view, step) for step, _ in sorted(view.case.steps.items(), key=lambda one: one[1].at))


def tell_step(view: View, step: str) -> StepEntry:
    """Return one step that was recorded."""
    writer, record = view.writer, view.case.steps[step]
    reason = writer.bracket(writer.code(f"reason.{record.reason}")) if record.reason else ""
    return StepEntry(
        name=writer.name(view.book.steps, step),
        outcome=writer.outcome(record.outcome, record.colleague) + reason,
        when=writer.time(record.at),
        clock=tell_clock(view, record.at),
        by=record.actor,
        done=record.outcome is StepOutcome.DONE,
        refused=record.outcome is StepOutcome.REFUSED,
        written=list_written(view, step, record),
    )


def list_waiting(view: View, told: Container[str | None] = ()) -> tuple[str, ...]:
    """Return the names of the advised steps of which there is no record, but for those that are `told` elsewhere."""
    waiting = (step.id for step in view.case.advised_steps if step.id not in view.case.steps and step.id not in told)
    return tuple(view.writer.name(view.book.steps, step) for step in waiting)


def list_moments(view: View) -> tuple[Moment, ...]:
    """Return the times that matter, in their order."""
    moments = view.dossier.moments
    return tuple(
        Moment(
            name=view.sentences.say(f"moment.{name}"),
            when=view.writer.time(at),
            clock=tell_clock(view, at),
            since=write_span(at - moments.opened),
        )
        for name, at in sorted(moments, key=itemgetter(1))
    )


def list_signings(view: View, left_out: Container[EventKind] = ()) -> tuple[Signing, ...]:
    """Return what a second person had to do with the case, oldest first: requests, agreements, calls."""
    requests = view.dossier.requests
    told = [
        (event.seq, _tell_request(view, request, event))
        for request in requests
        for event in request.history
        if event.kind not in left_out
    ]
    told += [(event.seq, _tell_event(view, event)) for event in _list_own(view)]
    return tuple(signing for _, signing in sorted(told, key=itemgetter(0)))


def list_reviews(view: View) -> tuple[Reviewed, ...]:
    """Return what reviewers said of the case, and what was answered, oldest first."""
    return tuple(
        Reviewed(
            when=view.writer.time(event.at),
            by=event.actor,
            what=view.writer.tell(event),
            comment=show_text(view, event.private.get(COMMENT, "")),
        )
        for event in view.case.history
        if event.kind in _JUDGED
    )


def _list_named(event: Event) -> Iterator[str]:
    """Yield the steps that an event speaks of."""
    if event.kind is EventKind.ADVISED:
        advice = read_advice(event)
        yield from (step.id for step in advice.steps)
        yield from (held.step for held in advice.withheld)
    elif "step" in event.body:
        yield str(event.body["step"])


def _list_own(view: View) -> Iterator[Event]:
    """Yield the events of the case itself by which a second person had to do with it; what a request already tells of
    is not told twice."""
    told = {request.subject.removeprefix(REQUEST) for request in view.dossier.requests}
    for event in view.case.history:
        agreed = event.kind is EventKind.AUTHORISED and event.body.get(REQUEST_KEY) not in told
        if agreed or event.kind in _CALLS:
            yield event


def _tell_request(view: View, request: Request, event: Event) -> Signing:
    why = show_text(view, event.private.get(WHY, ""))
    return Signing(*_sign(view, event), view.sentences.tell_request(request, event), why)


def _tell_event(view: View, event: Event) -> Signing:
    return Signing(*_sign(view, event), view.writer.tell(event), "")


def _sign(view: View, event: Event) -> tuple[str, str, str]:
    return view.writer.time(event.at), tell_clock(view, event.at), event.actor
