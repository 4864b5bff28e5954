"""The fold that makes a case from its events, and what a case allows next, whatever path leads to the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from assistant.case import admission, bodies, refusals
from assistant.case.bodies import Body, read_body
from assistant.case.clocks import Clocks, find_first_flag, read_clocks
from assistant.case.events import (
    ANSWERS,
    Draft,
    Event,
    EventKind,
    Matter,
    Outcome,
    Reason,
    ReopenReason,
    find_taken_back,
    list_counting,
)
from assistant.case.review import Call, Review, Standing
from assistant.case.summary import CaseState, CaseSummary, Keeping
from assistant.case.traits import find_standing, find_traits, was_held
from assistant.particulars.fields import Field, Party
from rules.facts import AgeBand, Facts, Known, Portion, Reply, StepOutcome

Key = TypeVar("Key")
Value = TypeVar("Value")


_STANDINGS: Final = MappingProxyType(
    {
        EventKind.REVIEW_CLAIMED: Standing.CLAIMED,
        EventKind.REVIEW_APPROVED: Standing.APPROVED,
        EventKind.REVIEW_RETURNED: Standing.RETURNED,
        EventKind.REVIEW_ANSWERED: Standing.ANSWERED,
    }
)
_NO_HAND: Final = (frozenset(_STANDINGS) - {EventKind.REVIEW_ANSWERED}) | {EventKind.TIME_NOTED, EventKind.ADVISED}
"""The events by which nobody takes a hand in a case: reviews, and what the program writes when somebody looks in."""


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What became of a step, who says so and when (UTC milliseconds)."""

    outcome: StepOutcome
    at: int
    actor: str
    reason: Reason | None = None
    private: Mapping[str, str] = field(default_factory=dict)
    colleague: str | None = None
    """The staff number of whoever took part."""

    @property
    def settled(self) -> bool:
        """A step is settled when it was done, or set aside with a coded reason."""
        return self.outcome is StepOutcome.DONE or self.reason is not None


@dataclass(frozen=True, slots=True)
class Closing:
    """How the visit ended; amounts in fen, `at` in UTC milliseconds."""

    outcome: Outcome
    at_risk: int
    protected: int
    lost: int
    at: int
    actor: str


@dataclass(frozen=True, slots=True)
class Reopening:
    """Why a closed case was opened again, by whom and when (UTC milliseconds)."""

    reason: ReopenReason
    at: int
    actor: str


@dataclass(frozen=True, slots=True)
class Case:
    """A visit as it stands after its events. Made by `Case.of` and `Case.after` only."""

    history: tuple[Event, ...] = ()
    requests: tuple[str, ...] = ()
    number: str = ""
    answers: Mapping[str, Reply] = field(default_factory=_nothing)
    age: AgeBand | None = None
    accounts: Mapping[str, Reply] = field(default_factory=_nothing)
    money: Mapping[int, Portion] = field(default_factory=_nothing)
    clearings: frozenset[str] = frozenset()
    steps: Mapping[str, StepRecord] = field(default_factory=_nothing)
    questions: frozenset[str] = frozenset()
    """Asked, or set aside for this visit."""
    advice: bodies.Advised | None = None
    closing: Closing | None = None
    """The one that holds: a reopening lifts it, a later closing takes its place."""
    reopening: Reopening | None = None
    """The latest, kept when the case is closed again."""
    particulars: Mapping[tuple[Party, Field], Event] = field(default_factory=_nothing)
    """What is known about the persons: the events whose private text `value` it is."""
    authorised: frozenset[tuple[Matter, str | None]] = frozenset()
    """What a second person agreed to since the case was opened or reopened, with the step it is about."""
    call: Call | None = None
    """The last call for the supervisor."""
    review: Review | None = None
    """The review of the closing that holds, once somebody took it."""
    keeping: Keeping | None = None

    @classmethod
    def of(cls, history: Iterable[Event]) -> Case:
        """Return the case after `history`, oldest event first; what was taken back does not count."""
        story = tuple(history)
        case = cls()
        for event in list_counting(story):
            case = replace(case, **_apply(case, event))
        return replace(case, history=story)

    def after(self, event: Event) -> Case:
        """Return the case with `event` at its end."""
        if event.kind is EventKind.TAKEN_BACK:
            return Case.of((*self.history, event))
        return replace(self, **_apply(self, event), history=(*self.history, event))

    @property
    def id(self) -> str:
        """The case's UUIDv7."""
        return self.history[0].case_id

    @property
    def begun_at(self) -> int:
        """When the case was opened, or opened again last, UTC milliseconds."""
        return self.reopening.at if self.reopening else self.history[0].at

    @property
    def state(self) -> CaseState:
        """Open until its closing, and again from a reopening on."""
        return CaseState.CLOSED if self.closing else CaseState.OPEN

    @property
    def facts(self) -> Facts:
        """The facts for the rulebook; "now" is the time of the last event, so that a replay sees the same clock."""
        return Facts(
            requests=frozenset(self.requests),
            answers=self.answers,
            money=tuple(self.money[number] for number in sorted(self.money)),
            age=self.age,
            accounts=self.accounts,
            clearings=self.clearings,
            steps={step: record.outcome for step, record in self.steps.items()},
            now=self.history[-1].at if self.history else 0,
        )

    def open_gates(self) -> tuple[str, ...]:
        """Return the gating steps of the advice that are neither done nor set aside with a reason."""
        return tuple(step.id for step in self.advised_steps if step.gates and not self.settled(step.id))

    def settled(self, step: str) -> bool:
        """Tell whether nothing is left to do about `step`."""
        record = self.steps.get(step)
        return record is not None and record.settled

    @property
    def advised_steps(self) -> tuple[bodies.AdvisedStep, ...]:
        """The steps of the last advice, in the order to do them."""
        return self.advice.steps if self.advice else ()

    @property
    def next_step(self) -> str | None:
        """The one next action: the first advised step that nobody has recorded, or else the first put off.

        What is done after the visit waits until the case is closed.
        """
        waiting = [
            step.id
            for step in self.advised_steps
            if not self.settled(step.id) and not (step.after_visit and self.closing is None)
        ]
        fresh = [step for step in waiting if step not in self.steps]
        return next(iter(fresh or waiting), None)

    @property
    def first_flag_at(self) -> int | None:
        """When the first red flag that still counts was answered yes, UTC milliseconds."""
        return find_first_flag(list_counting(self.history))

    @property
    def clocks(self) -> Clocks:
        """The clocks of the steps."""
        return read_clocks(self.history)

    def due(self, step: str) -> int | None:
        """Return by when `step` is due, UTC milliseconds; None when it is settled, not advised, or has no clock."""
        return None if self.settled(step) else self.clocks.due.get(step)

    @property
    def hands(self) -> frozenset[str]:
        """The staff numbers of all who had a hand in the case, or were ever named in it as a colleague; not of those
        who only reviewed it or looked in."""
        story = [event for event in self.history if event.kind not in _NO_HAND]
        named = (event.body.get("colleague") for event in story if event.kind is EventKind.STEP_RECORDED)
        return frozenset(event.actor for event in story).union(str(number) for number in named if number)

    def last_answer(self) -> Event | None:
        """Return the latest move that can be taken back."""
        return next(reversed(self.given()), None)

    def given(self) -> tuple[Event, ...]:
        """Return the moves that still count and can be taken back, oldest first.

        The money with which a case opens belongs to its opening: without it the advice would rest on no money at all.
        """
        gone = find_taken_back(self.history) | {event.id for event in self.history[1:2] if self._opens(event)}
        return tuple(event for event in self.history if event.kind in ANSWERS and event.id not in gone)

    def _opens(self, event: Event) -> bool:
        return event.kind is EventKind.MONEY_RECORDED and event.at == self.history[0].at

    def admit(self, draft: Draft) -> None:
        """Raise a `Refused` when this case does not allow `draft`; called by the store inside its transaction."""
        try:
            body = read_body(draft)
        except ValidationError as error:
            raise refusals.BodyUnfit(problem=".".join(map(str, error.errors()[0]["loc"]))) from None
        admission.admit(self, draft, body)

    def summary(self) -> CaseSummary:
        """Return the case as one row for the table of cases."""
        first, advice, closing = self.history[0], self.advice, self.closing
        clocks = self.clocks
        traits = find_traits(self, clocks.late)
        dues = [at for step, at in clocks.due.items() if not self.settled(step)]
        money = sum(portion.amount or 0 for portion in self.money.values())
        return CaseSummary(
            case_id=first.case_id,
            opened_seq=first.seq,
            number=self.number,
            opened_at=first.at,
            changed_at=self.history[-1].at,
            opened_by=first.actor,
            state=self.state,
            request=self.requests[0],
            level=advice.level.value if advice else None,
            next_step=self.next_step,
            typologies=advice.typologies if advice else (),
            due_at=min(dues, default=None) if self.keeping is None else None,
            called_at=self.call.at if self.call and not self.call.answer and not closing else None,
            amount_fen=closing.at_risk if closing else money,
            outcome=closing.outcome.value if closing else None,
            at_risk_fen=closing.at_risk if closing else None,
            protected_fen=closing.protected if closing else None,
            lost_fen=closing.lost if closing else None,
            traits=traits,
            review=find_standing(self, traits),
            reviewer=self.review.reviewer if self.review else None,
            events=len(self.history),
            keeping=self.keeping.value if self.keeping else None,
        )

    def needs_authority(self, draft: Draft) -> tuple[Matter, str | None] | None:
        """Return what a second person would have to agree to before `draft`, unless one has."""
        needed: tuple[Matter, str | None] | None = None
        if draft.kind is EventKind.CLOSED and draft.body.get("outcome") == Outcome.CLEARED:
            needed = (Matter.RELEASE, None) if was_held(self.history) else None
        elif draft.kind is EventKind.STEP_RECORDED and draft.body.get("reason") == Reason.SUPERVISOR_DECIDED:
            needed = (Matter.SET_ASIDE, str(draft.body["step"]))
        return None if needed in self.authorised else needed


def _with(mapping: Mapping[Key, Value], key: Key, value: Value | None) -> Mapping[Key, Value]:
    changed = {k: v for k, v in mapping.items() if k != key}
    if value is not None:
        changed[key] = value
    return MappingProxyType(changed)


def _go_on(review: Review | None, event: Event, body: Body) -> Review:
    """Return the review after one of its events."""
    before = review or Review(Standing.DUE, event.actor, event.at)
    after = replace(before, standing=_STANDINGS[event.kind], actor=event.actor, at=event.at)
    if event.kind is EventKind.REVIEW_CLAIMED:
        return replace(after, reviewer=event.actor)
    if isinstance(body, bodies.Judged):
        return replace(after, judged=body, judge=event.actor, judged_at=event.at)
    return after


def _reply(body: bodies.Answered | bodies.AccountAnswered) -> Reply | None:
    return Reply(body.value, body.known or Known.SAID) if body.value else None


def _apply(case: Case, event: Event) -> dict[str, Any]:
    """Return what an event changes in a case, by the name of the field."""
    match read_body(event):
        case bodies.Opened(request=request, number=number):
            return dict(requests=(request,), number=number)
        case bodies.Requested(requests=requests):
            return dict(requests=requests)
        case bodies.Answered() as body:
            return dict(answers=_with(case.answers, body.sign, _reply(body)))
        case bodies.AccountAnswered() as body:
            return dict(accounts=_with(case.accounts, body.fact, _reply(body)))
        case bodies.AgeNoted(band=band):
            return dict(age=band)
        case bodies.MoneyRecorded() as body:
            portion = Portion(body.state, body.amount, body.when, body.paid_from, body.payee)
            return dict(money=_with(case.money, body.portion, portion))
        case bodies.MoneyRemoved(portion=number):
            return dict(money=_with(case.money, number, None))
        case bodies.Cleared(clearing=clearing):
            return dict(clearings=case.clearings | {clearing})
        case bodies.ClearingWithdrawn(clearing=clearing):
            return dict(clearings=case.clearings - {clearing})
        case bodies.QuestionAsked(question=question):
            return dict(questions=case.questions | {question})
        case bodies.StepRecorded() as body:
            record = StepRecord(body.outcome, event.at, event.actor, body.reason, event.private, body.colleague)
            return dict(steps=_with(case.steps, body.step, record))
        case bodies.Advised() as advice:
            return dict(advice=advice)
        case bodies.Closed() as body:
            closing = Closing(body.outcome, body.at_risk, body.protected, body.lost, event.at, event.actor)
            return dict(closing=closing)
        case bodies.Reopened(reason=reason):
            again = Reopening(reason, event.at, event.actor)
            return dict(closing=None, reopening=again, authorised=frozenset(), call=None, review=None)
        case bodies.ParticularsNoted() as body:
            return dict(particulars=_with(case.particulars, (body.party, body.field), event))
        case bodies.ParticularsRemoved() as body:
            return dict(particulars=_with(case.particulars, (body.party, body.field), None))
        case bodies.Authorised() as body:
            return dict(authorised=case.authorised | {(body.matter, body.step)})
        case bodies.SupervisorCalled(wanted=wanted):
            return dict(call=Call(wanted, event.actor, event.at))
        case bodies.SupervisorAnswered(answer=answer) if case.call:
            call = replace(case.call, answer=answer, answered_by=event.actor, answered_at=event.at)
            return dict(call=call)
        case bodies.ReviewClaimed() | bodies.Judged() | bodies.ReviewAnswered() as body:
            return dict(review=_go_on(case.review, event, body))
        case bodies.Restricted():
            return dict(keeping=Keeping.RESTRICTED)
        case bodies.Erased():
            return dict(keeping=Keeping.ERASED, particulars=_nothing())
    return {}
