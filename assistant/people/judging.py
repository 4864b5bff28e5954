"""Whether an event may be saved by whom it is by: asked inside the transaction, so that no path leads around it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from assistant.case.events import Draft, EventKind, Look
from assistant.case.refusals import OwnCase
from assistant.case.subjects import ACCESS, EVERY_CASE, EXPORT, REQUEST, SIGN_ON, STAFF, belongs, is_case
from assistant.people.bodies import Leaving, check_body
from assistant.people.permissions import Move, State, check, check_on, may, move_of, state_of
from assistant.people.refusals import (
    AskerGone,
    ColleagueUnfit,
    NeedsAuthority,
    NoEmergency,
    NotNamed,
    NotOnStaff,
    NotPermitted,
    NotThisRequest,
    RecordUnfit,
    SecondFirst,
    TakesTwo,
    TermRunning,
)
from assistant.people.requests import ADDED, HOUR_MS, MATTERS, REQUEST_KEY, Request, Standing, read_review
from assistant.people.roster import APPROVERS, Roster
from assistant.people.terms import (
    KEEPING,
    End,
    end_of_case,
    end_of_member,
    end_of_request,
    find_before,
    find_years,
    is_covered,
)

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.settings import Settings


class Ground(Protocol):
    """What an event is judged by: the file as it stands inside the transaction."""

    @property
    def last(self) -> int:
        """The number of the last event."""
        ...

    @property
    def roster(self) -> Roster:
        """Who works here."""
        ...

    def case(self, case_id: str) -> Case:
        """Return a case; one that is not there has no history."""
        ...

    def request(self, subject: str) -> Request:
        """Return a request; one that is not there has no history."""
        ...

    @property
    def settings(self) -> Settings:
        """What the outlet decided for itself. Raises SettingsUnfit."""
        ...


REVEALING: Final = frozenset({Look.REVEALED, Look.EXPORTED})
"""The ways of looking at a case that show what is about a person."""


_REVIEWING: Final = frozenset({EventKind.REVIEW_CLAIMED, EventKind.REVIEW_APPROVED, EventKind.REVIEW_RETURNED})


def find_hands(case: Case, read_request: Callable[[str], Request]) -> frozenset[str]:
    """Return the staff numbers of all who had a hand in a case, with those who asked for what a second person agreed
    to in it: none of them reviews it."""
    agreed = [str(event.body.get(REQUEST_KEY)) for event in case.history if event.kind is EventKind.AUTHORISED]
    return case.hands.union(read_request(REQUEST + request).asked_by for request in agreed)


def judge(draft: Draft, ground: Ground) -> None:
    """Raise a NotPermitted unless `draft.actor` may do this now, and not alone where it takes two; OwnCase for the
    review of a case in which he had a hand."""
    subject = draft.case_id
    if not belongs(draft.kind, subject):
        raise RecordUnfit(problem=draft.kind.value)
    if not is_case(subject):
        check_body(draft.kind, draft.body, draft.private)
    if draft.kind in KEEPING or (draft.kind in MATTERS and subject != STAFF):
        _check_effect(draft, ground)
    elif subject == STAFF:
        _judge_staff(draft, ground)
    elif subject.startswith(REQUEST):
        _judge_request(draft, ground)
    elif subject.startswith(SIGN_ON):
        _judge_sign_on(draft, ground.roster)
    elif subject.startswith(ACCESS):
        _judge_access(draft, ground)
    elif subject == EXPORT:
        _judge_export(draft, ground)
    else:
        case = ground.case(subject)
        check_on(ground.roster, draft.actor, move_of(draft.kind, state_of(case)), case)
        _check_colleague(draft, ground.roster)
        if draft.kind in _REVIEWING and draft.actor in find_hands(case, ground.request):
            raise OwnCase


def _check_colleague(draft: Draft, roster: Roster) -> None:
    """Raise ColleagueUnfit when what took two was done with oneself, or with somebody who may not be the second one;
    as long as one is alone on the staff, who that was cannot be known."""
    number = draft.body.get("colleague")
    if draft.kind is not EventKind.STEP_RECORDED or number is None or not roster.members:
        return
    colleague = roster.members.get(str(number))
    able = colleague is not None and may(colleague, Move.AUTHORISE, State.OPEN)
    if number == draft.actor or (len(roster.active) > 1 and not able):
        raise ColleagueUnfit(number=number)


def hold_to_two(draft: Draft, ground: Ground) -> None:
    """Raise NeedsAuthority when a case that admits `draft` needs a second person's agreement to it first."""
    needed = ground.case(draft.case_id).needs_authority(draft) if is_case(draft.case_id) else None
    if needed and ground.roster.members:
        raise NeedsAuthority(matter=NeedsAuthority.catalogue.text(f"matter.{needed[0]}"), of=needed[0], step=needed[1])


def _judge_access(draft: Draft, ground: Ground) -> None:
    how = draft.body.get("how")
    if (how == Look.REPLAYED) is not (draft.case_id == EVERY_CASE):
        raise RecordUnfit(problem="how")
    if how == Look.REPLAYED:
        check(ground.roster, draft.actor, Move.REPLAY, State.NONE)
    else:
        move = Move.REVEAL if how in REVEALING else Move.READ
        check_on(ground.roster, draft.actor, move, ground.case(draft.case_id.removeprefix(ACCESS)))


def _judge_export(draft: Draft, ground: Ground) -> None:
    """Of a document, whoever may look at the case may have it; what it says of persons is a look of its own."""
    body = draft.body
    if body["what"] == Leaving.DOCUMENT:
        case = ground.case(str(body.get("case")))
        check_on(ground.roster, draft.actor, Move.READ, case)
        if body.get("reason"):
            check_on(ground.roster, draft.actor, Move.REVEAL, case)
        if body.get("confidential"):
            check_on(ground.roster, draft.actor, Move.READ_STR, case)
        return
    move = Move.READ_FIGURES if body["what"] == Leaving.REPORT else Move.EXPORT
    check(ground.roster, draft.actor, move, State.NONE)
    if body.get("reason"):
        check(ground.roster, draft.actor, Move.EXPORT_IN_FULL, State.NONE)


def _judge_staff(draft: Draft, ground: Ground) -> None:
    roster = ground.roster
    if draft.kind is EventKind.PASSWORD_SET:
        if draft.body.get("number") != draft.actor:
            raise NotOnStaff(number=draft.actor)
        check(roster, draft.actor, Move.CHANGE_OWN_PASSWORD, State.NONE)
    elif roster.takes_two(draft):
        _check_effect(draft, ground)
    elif roster.members:
        # As long as there is nobody else, the one manager names the second person, who must be able to approve.
        check(roster, draft.actor, Move.ASK_STAFF_CHANGE, State.NONE)
        if draft.kind is EventKind.MEMBER_NAMED and draft.body.get("role") not in APPROVERS:
            raise SecondFirst


def _check_effect(draft: Draft, ground: Ground) -> None:
    """Hold what takes two against the request it came of, which was approved in this very transaction, or is an order
    of retention that covers it."""
    if not ground.roster.members:
        raise NotNamed
    request_id = draft.body.get(REQUEST_KEY)
    if not request_id:
        raise TakesTwo
    request = ground.request(f"{REQUEST}{request_id}")
    end = _find_end(draft, ground) if draft.kind in KEEPING else None
    _check_term(draft.at, draft.kind, end, ground)
    if draft.kind in KEEPING and request.kind is EventKind.RETENTION_ORDERED:
        check_on(ground.roster, draft.actor, Move.ASK_ERASURE, _find_case(draft.case_id, ground))
        if request.standing is not Standing.APPROVED or not is_covered(end, draft.kind, request.body):
            raise NotThisRequest
    else:
        request.check_effect(draft, ground.last)


def _find_end(draft: Draft, ground: Ground) -> End | None:
    """Return when what is to be restricted or erased ended, None when it has not."""
    if draft.kind is EventKind.MEMBER_ERASED:
        member = ground.roster.members.get(str(draft.body["number"]))
        return end_of_member(member) if member else None
    if draft.kind is EventKind.REQUEST_ERASED:
        request = ground.request(draft.case_id)
        return end_of_request(request, _find_case(request.about, ground))
    return end_of_case(ground.case(draft.case_id))


def _check_term(at: int, kind: EventKind, end: End | None, ground: Ground) -> None:
    """Raise TermRunning for what ended too late to be erased; of what has not ended, others say better words. To
    restrict a case alone needs no term."""
    if end is None or kind is EventKind.RESTRICTED:
        return
    retention = ground.settings.retention
    if end.at >= find_before(retention, kind, at):
        raise TermRunning(years=find_years(retention, kind))


def _judge_request(draft: Draft, ground: Ground) -> None:
    roster = ground.roster
    if draft.kind is EventKind.ASKED:
        kind, about = EventKind(str(draft.body["kind"])), str(draft.body["about"])
        if kind not in MATTERS or not belongs(kind, about):
            raise RecordUnfit(problem=f"{kind}: {about}")
        check_on(roster, draft.actor, MATTERS[kind].ask, _find_case(about, ground))
        _check_asked(draft, kind, about, ground)
        return
    request = ground.request(draft.case_id)
    request.admit(draft)
    if draft.kind is EventKind.EMERGENCY_USED and read_review(draft) > ground.settings.review_hours * HOUR_MS:
        raise NoEmergency
    case = _find_case(request.about, ground)
    check_on(roster, draft.actor, request.move(draft.kind), case)
    if draft.kind is EventKind.APPROVED:
        try:
            check_on(roster, request.asked_by, request.matter.ask, case)
        except NotPermitted:
            # Two have to stand behind it, and one of them does so no longer.
            raise AskerGone(number=request.asked_by) from None


def _find_case(subject: str, ground: Ground) -> Case | None:
    return ground.case(subject) if is_case(subject) else None


def _check_asked(draft: Draft, kind: EventKind, about: str, ground: Ground) -> None:
    """Raise what is wrong with a request whoever asks: it could never be carried out, or not yet."""
    body = _read_asked(draft, kind)
    if about == STAFF:
        ground.roster.admit(replace(draft, kind=kind, body=body))
    if kind is EventKind.RULEBOOK_PUBLISHED and body["author"] != draft.actor:
        raise RecordUnfit(problem="author")
    if kind is EventKind.ERASED:
        _check_term(draft.at, kind, end_of_case(ground.case(about)), ground)
    if kind is EventKind.RETENTION_ORDERED:
        _check_order(draft.at, body, ground)


def _check_order(at: int, order: Mapping[str, Any], ground: Ground) -> None:
    """Raise TermRunning for an order that names a shorter term than the settings, RecordUnfit for one ahead of time."""
    retention = ground.settings.retention
    for kind, word in KEEPING.items():
        if order[f"{word}_before"] > find_before(retention, kind, at):
            raise TermRunning(years=find_years(retention, kind))
    if order["up_to"] > ground.last:
        raise RecordUnfit(problem="up_to")


def _read_asked(draft: Draft, kind: EventKind) -> dict[str, Any]:
    """Return the body of the event that is asked for, which must be sound and free of what the approval adds."""
    try:
        body = json.loads(str(draft.body["body"]))
        if not isinstance(body, dict) or body.keys() & ADDED:
            raise RecordUnfit(problem="body")
    except ValueError as error:
        raise RecordUnfit(problem=type(error).__name__) from None
    check_body(kind, body, draft.private)
    return body


def _judge_sign_on(draft: Draft, roster: Roster) -> None:
    number = draft.case_id.removeprefix(SIGN_ON)
    if draft.actor != number or number not in roster.members:
        raise NotOnStaff(number=draft.actor)
