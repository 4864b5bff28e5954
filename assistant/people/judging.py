"""Whether an event may be saved by whom it is by: asked inside the transaction, so that no path leads around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pydantic import ValidationError

from assistant.case.events import Draft, EventKind, Look
from assistant.case.subjects import ACCESS, REQUEST, SIGN_ON, STAFF, is_case
from assistant.people.bodies import check_body
from assistant.people.permissions import Move, State, check, move_of, state_of
from assistant.people.refusals import (
    NeedsAuthority,
    NotAllowed,
    NotNamed,
    NotOnStaff,
    RecordUnfit,
    SecondFirst,
    TakesTwo,
)
from assistant.people.requests import MATTERS, REQUEST_KEY, Request
from assistant.people.roster import APPROVERS, Roster

if TYPE_CHECKING:
    from assistant.case.case import Case

Find: TypeAlias = Callable[[str], Any]
"""Returns what stands for a subject: a Case, a Roster, a Request."""

REVEALING: Final = frozenset(Look) - {Look.OPENED}
"""The ways of looking at a case that show what is about a person."""


def judge(draft: Draft, find: Find) -> None:
    """Raise a NotPermitted unless `draft.actor` may do this now, and not alone where it takes two."""
    subject = draft.case_id
    if not is_case(subject):
        _check_form(draft)
    roster: Roster = find(STAFF)
    if subject == STAFF:
        _judge_staff(draft, roster, find)
    elif subject.startswith(REQUEST):
        _judge_request(draft, roster, find)
    elif subject.startswith(SIGN_ON):
        _judge_sign_on(draft, roster)
    elif subject.startswith(ACCESS):
        move = Move.REVEAL if draft.body.get("how") in REVEALING else Move.READ
        _check_case(draft, roster, find(subject.removeprefix(ACCESS)), move)
    elif draft.kind in MATTERS:
        _check_effect(draft, roster, find)
    else:
        case = find(subject)
        _check_case(draft, roster, case, move_of(draft.kind, state_of(case)))


def hold_to_two(draft: Draft, find: Find) -> None:
    """Raise NeedsAuthority when a case that admits `draft` needs a second person's agreement to it first."""
    needed = find(draft.case_id).needs_authority(draft) if is_case(draft.case_id) else None
    if needed and find(STAFF).members:
        raise NeedsAuthority(matter=NeedsAuthority.catalogue.text(f"matter.{needed[0]}"), of=needed[0], step=needed[1])


def _check_case(draft: Draft, roster: Roster, case: Case, move: Move) -> None:
    own = bool(case.history) and case.history[0].actor == draft.actor
    check(roster, draft.actor, move, state_of(case), own=own)


def _judge_staff(draft: Draft, roster: Roster, find: Find) -> None:
    if draft.kind is EventKind.PASSWORD_SET:
        if draft.body.get("number") != draft.actor:
            raise NotOnStaff(number=draft.actor)
        check(roster, draft.actor, Move.CHANGE_OWN_PASSWORD, State.NONE)
    elif roster.takes_two(draft):
        _check_effect(draft, roster, find)
    elif roster.members:
        # As long as there is nobody else, the one manager names the second person, who must be able to approve.
        check(roster, draft.actor, Move.ASK_STAFF_CHANGE, State.NONE)
        if draft.kind is EventKind.MEMBER_NAMED and draft.body.get("role") not in APPROVERS:
            raise SecondFirst


def _check_effect(draft: Draft, roster: Roster, find: Find) -> None:
    """Hold what takes two against the request it came of, which was approved in this very transaction."""
    if not roster.members:
        raise NotNamed
    request_id = draft.body.get(REQUEST_KEY)
    if not request_id:
        raise TakesTwo
    request: Request = find(f"{REQUEST}{request_id}")
    request.check_effect(draft)


def _judge_request(draft: Draft, roster: Roster, find: Find) -> None:
    if draft.kind is EventKind.ASKED:
        kind, about = EventKind(str(draft.body["kind"])), str(draft.body["about"])
        if kind not in MATTERS:
            raise NotAllowed(role="-", move=kind, state="-")
        move = MATTERS[kind].ask
    else:
        request: Request = find(draft.case_id)
        request.admit(draft)
        kind, about, move = request.kind, request.about, request.move(draft.kind)
    if is_case(about):
        _check_case(draft, roster, find(about), move)
    else:
        check(roster, draft.actor, move, State.NONE)


def _check_form(draft: Draft) -> None:
    try:
        check_body(draft.kind, draft.body)
    except (ValidationError, KeyError) as error:
        problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else draft.kind.value
        raise RecordUnfit(problem=problem) from None


def _judge_sign_on(draft: Draft, roster: Roster) -> None:
    number = draft.case_id.removeprefix(SIGN_ON)
    if draft.actor != number or number not in roster.members:
        raise NotOnStaff(number=draft.actor)
