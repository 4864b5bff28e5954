"""What a case allows next, kind by kind: asked where the event is saved, so that no path leads around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from assistant.case import refusals
from assistant.case.bodies import Body
from assistant.case.events import Draft, EventKind
from assistant.case.review import COMMENT, Standing
from assistant.case.summary import Keeping
from assistant.particulars.fields import ASKED
from rules.facts import StepOutcome

if TYPE_CHECKING:
    from assistant.case.case import Case

AFTER_CLOSING: Final = frozenset(
    {
        EventKind.STEP_RECORDED,
        EventKind.NOTED,
        EventKind.REOPENED,
        EventKind.PARTICULARS_NOTED,
        EventKind.PARTICULARS_REMOVED,
        EventKind.REVIEW_CLAIMED,
        EventKind.REVIEW_APPROVED,
        EventKind.REVIEW_RETURNED,
        EventKind.REVIEW_ANSWERED,
        EventKind.RESTRICTED,
        EventKind.ERASED,
    }
)
"""A follow-up call is made days after the visit ended; whatever else is to change needs a reopening first."""


def admit(case: Case, draft: Draft, body: Body) -> None:
    """Raise the `Refused` that says why `case`, as it stands, does not allow the sound `draft`."""
    if (draft.kind is EventKind.OPENED) is bool(case.history):
        raise refusals.NotOpened
    if case.keeping and draft.kind is not EventKind.ERASED:
        raise refusals.CaseKept
    if case.closing and draft.kind not in AFTER_CLOSING:
        raise refusals.CaseClosed
    if check := _CHECKS.get(draft.kind):
        check(case, draft, body)


def _admit_step(case: Case, draft: Draft, body: Any) -> None:
    advised = {step.id: step for step in case.advised_steps}
    if case.closing and case.settled(body.step):
        raise refusals.CaseClosed
    if case.advice and body.step in {held.step for held in case.advice.withheld} and body.outcome is StepOutcome.DONE:
        raise refusals.StepWithheld(step=body.step)
    if body.step not in advised and body.step not in case.steps:
        raise refusals.NotAdvised(step=body.step)
    if body.outcome in (StepOutcome.REFUSED, StepOutcome.NOT_APPLICABLE) and body.reason is None:
        raise refusals.ReasonMissing(step=body.step)
    if body.outcome is not StepOutcome.DONE or body.step not in advised:
        return
    step = advised[body.step]
    if unknown := tuple(fact for fact in step.check_first if fact not in case.accounts):
        raise refusals.CheckFirst(step=step.id, facts=unknown)
    written = {name for name, text in draft.private.items() if text.strip()}
    if body.colleague is not None and step.colleague is not None:
        written.add(step.colleague)
    if missing := tuple(name for name in step.required if name not in written):
        raise refusals.RecordMissing(step=step.id, fields=missing)


def _admit_clearing(case: Case, draft: Draft, body: Any) -> None:
    if not all(draft.private.get(name, "").strip() for name in ("by", "how")):
        raise refusals.VerifierMissing


def _admit_taking_back(case: Case, draft: Draft, body: Any) -> None:
    if all(event.id != body.event for event in case.given()):
        raise refusals.NothingToTakeBack


def _admit_closing(case: Case, draft: Draft, body: Any) -> None:
    if case.advice is None:
        raise refusals.NeverAdvised
    if gates := case.open_gates():
        raise refusals.GatesOpen(steps=gates)
    if body.protected + body.lost > body.at_risk:
        raise refusals.AmountsDiffer


def _admit_reopening(case: Case, draft: Draft, body: Any) -> None:
    if case.closing is None:
        raise refusals.NotClosed


def _admit_particulars(case: Case, draft: Draft, body: Any) -> None:
    if draft.kind is EventKind.PARTICULARS_NOTED and body.field not in ASKED[body.party]:
        raise refusals.BodyUnfit(problem=f"{body.party}: {body.field}")
    if draft.kind is EventKind.PARTICULARS_NOTED and not draft.private.get("value", "").strip():
        raise refusals.NothingNoted
    if draft.kind is EventKind.PARTICULARS_REMOVED and (body.party, body.field) not in case.particulars:
        raise refusals.NothingNoted


def _admit_keeping(case: Case, draft: Draft, body: Any) -> None:
    """Restrict first and erase later, each once, and only what is closed."""
    if case.closing is None:
        raise refusals.NotClosed
    if (draft.kind is EventKind.ERASED) is not (case.keeping is Keeping.RESTRICTED):
        raise refusals.RestrictFirst


def _admit_call(case: Case, draft: Draft, body: Any) -> None:
    if case.call is not None and case.call.answer is None:
        raise refusals.CalledAlready


def _admit_answer_to_call(case: Case, draft: Draft, body: Any) -> None:
    if case.call is None or case.call.answer is not None:
        raise refusals.NotCalled
    if draft.actor == case.call.actor:
        raise refusals.OwnCall


def _admit_claim(case: Case, draft: Draft, body: Any) -> None:
    if case.closing is None:
        raise refusals.NotClosed
    review = case.review
    if review is not None and review.standing is Standing.APPROVED:
        raise refusals.ReviewDone(by=review.actor)
    if review is not None and review.is_kept_from(draft.actor, draft.at):
        raise refusals.ReviewTaken(by=review.actor)


def _admit_verdict(case: Case, draft: Draft, body: Any) -> None:
    _admit_claim(case, draft, body)
    review = case.review
    if review is None or (review.standing, review.actor) != (Standing.CLAIMED, draft.actor):
        raise refusals.ClaimFirst
    if draft.kind is EventKind.REVIEW_RETURNED and not body.reasons:
        raise refusals.ReviewReasonMissing
    if draft.kind is EventKind.REVIEW_RETURNED and not draft.private.get(COMMENT, "").strip():
        raise refusals.CommentMissing


def _admit_reply(case: Case, draft: Draft, body: Any) -> None:
    if case.review is None or case.review.standing is not Standing.RETURNED:
        raise refusals.NotReturned
    if draft.actor == case.review.actor:
        raise refusals.OwnReturn
    if not draft.private.get(COMMENT, "").strip():
        raise refusals.CommentMissing


_CHECKS: Final[Mapping[EventKind, Callable[[Case, Draft, Body], None]]] = {
    EventKind.STEP_RECORDED: _admit_step,
    EventKind.CLEARED: _admit_clearing,
    EventKind.TAKEN_BACK: _admit_taking_back,
    EventKind.CLOSED: _admit_closing,
    EventKind.REOPENED: _admit_reopening,
    EventKind.PARTICULARS_NOTED: _admit_particulars,
    EventKind.PARTICULARS_REMOVED: _admit_particulars,
    EventKind.SUPERVISOR_CALLED: _admit_call,
    EventKind.SUPERVISOR_ANSWERED: _admit_answer_to_call,
    EventKind.REVIEW_CLAIMED: _admit_claim,
    EventKind.REVIEW_APPROVED: _admit_verdict,
    EventKind.REVIEW_RETURNED: _admit_verdict,
    EventKind.REVIEW_ANSWERED: _admit_reply,
    EventKind.RESTRICTED: _admit_keeping,
    EventKind.ERASED: _admit_keeping,
}
