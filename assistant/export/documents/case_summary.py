"""The case summary: one page for the file and the head office, from which a stranger sees what happened and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.audit.departures import DepartureCode, is_override
from assistant.case.levels import find_highest
from assistant.export.documents.entries import (
    Moment,
    Reviewed,
    Signing,
    StepEntry,
    Sum,
    list_moments,
    list_reviews,
    list_signings,
    list_steps,
    list_sums,
    list_waiting,
    tell_clock,
)
from assistant.quoting import fold

if TYPE_CHECKING:
    from assistant.audit.departures import Departure
    from assistant.export.documents.view import View


@dataclass(frozen=True, slots=True)
class Departed:
    """Where somebody did otherwise than advised."""

    when: str
    """When, on the outlet's clock."""
    clock: str
    """The same without the day, where it is that of the opening."""
    by: str
    """The staff number of whoever did it."""
    what: str
    """What was done otherwise, why as a code, and who agreed."""
    reviewed: bool
    """Whether it is a decision against the advice, which another has to review."""


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """What the case summary says."""

    number: str
    """The number of the case."""
    state: str
    """Open, closed, restricted or erased."""
    bank: str | None
    """The name of the bank; blank where the settings have none."""
    outlet: str
    """The outlet's code and name."""
    request: str
    """What the customer came for."""
    age: str
    """The customer's age as a band; empty where it is not noted."""
    opened: str
    """When the case was opened, on the outlet's clock."""
    opened_by: str
    """The staff number of whoever opened it."""
    reopened: str
    """Why and when it was opened again last; empty where it was not."""
    closed: str
    """When it was closed; empty while it is open."""
    closed_by: str
    """The staff number of whoever closed it; empty while it is open."""
    level: str
    """The level that is advised now; empty where nothing was ever advised."""
    highest: str
    """The highest level that was ever advised."""
    suspected: tuple[str, ...]
    """The suspected typologies, the likeliest first."""
    outcome: str
    """How the visit ended; empty while the case is open."""
    at_risk: str
    """The amount at risk; empty while the case is open, as are the next two."""
    protected: str
    """The amount that was protected."""
    lost: str
    """The amount that was lost."""
    sums: tuple[Sum, ...]
    """The portions of the money."""
    moments: tuple[Moment, ...]
    """The timeline in its main moments."""
    departures: tuple[Departed, ...]
    """Where the advice was not followed; empty where it was."""
    steps: tuple[StepEntry, ...]
    """The steps that were recorded."""
    waiting: tuple[str, ...]
    """The names of the advised steps that are still to be done; what was left undone at the closing is a departure."""
    signings: tuple[Signing, ...]
    """What a second person had to do with the case."""
    reviews: tuple[Reviewed, ...]
    """What reviewers said; empty where there was no review."""
    review: str
    """Where the review stands; empty where nothing asks for one."""
    earlier: tuple[str, ...]
    """The numbers of earlier cases in which the same persons stand."""
    rulebooks: tuple[str, ...]
    """The versions of the rulebook by which the case was advised."""
    confidential: bool
    """Whether it speaks of a suspicious transaction report."""


def gather(view: View) -> CaseSummary:
    """Return what the summary says."""
    case, writer = view.case, view.writer
    closing, row = case.closing, case.summary()
    return CaseSummary(
        number=case.number,
        state=writer.plain(f"state.{case.keeping or case.state}"),
        bank=view.settings.bank,
        outlet=name_outlet(view),
        request=writer.names(view.book.requests, case.requests),
        age=writer.name(view.book.age_bands, case.age) if case.age else "",
        opened=writer.time(case.history[0].at),
        opened_by=case.history[0].actor,
        reopened=_tell_reopening(view),
        closed=writer.time(closing.at) if closing else "",
        closed_by=closing.actor if closing else "",
        level=writer.rule(f"level.{case.advice.level}") if case.advice else "",
        highest=writer.rule(f"level.{find_highest(case.history)}"),
        suspected=name_suspected(view),
        outcome=writer.code(f"outcome.{closing.outcome}") if closing else "",
        at_risk=writer.amount(closing.at_risk) if closing else "",
        protected=writer.amount(closing.protected) if closing else "",
        lost=writer.amount(closing.lost) if closing else "",
        sums=list_sums(view),
        moments=list_moments(view),
        departures=tuple(_list_departures(view)),
        steps=list_steps(view),
        waiting=list_waiting(view, {departure.step for departure in view.dossier.departures}),
        signings=list_signings(view),
        reviews=list_reviews(view),
        review=writer.code(f"review.{row.review}") if row.review else "",
        earlier=tuple(one.number for one in view.dossier.earlier),
        rulebooks=view.dossier.rulebooks,
        confidential=view.order.confidential,
    )


def name_outlet(view: View) -> str:
    """Return the outlet's code and name."""
    return f"{view.outlet.code} {fold(view.outlet.name)}"


def name_suspected(view: View) -> tuple[str, ...]:
    """Return the names of the suspected typologies, the likeliest first."""
    found = view.case.advice.typologies if view.case.advice else ()
    return tuple(view.writer.name(view.book.typologies, name) for name in found)


def _tell_reopening(view: View) -> str:
    again = view.case.reopening
    if again is None:
        return ""
    return view.writer.code(f"reopening.{again.reason}") + view.writer.bracket(view.writer.time(again.at))


def _list_departures(view: View) -> Iterator[Departed]:
    """Yield where the advice was left; the steps that were left without a record stand in one line."""
    left: list[Departure] = []
    for departure in view.dossier.departures:
        if departure.code is DepartureCode.NOT_RECORDED:
            left.append(departure)
        else:
            yield _tell_departure(view, departure, view.sentences.tell_departure(departure))
    if left:
        steps = view.writer.names(view.book.steps, (str(departure.step) for departure in left))
        yield _tell_departure(view, left[0], view.sentences.say("departure.not_recorded", steps=steps))


def _tell_departure(view: View, departure: Departure, what: str) -> Departed:
    when, clock = view.writer.time(departure.at), tell_clock(view, departure.at)
    return Departed(when, clock, departure.actor, what, is_override(departure))
