"""Whether an event may be saved by whom it is by: asked inside the transaction, so that no path leads around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pydantic import ValidationError

from assistant.case.bodies import BODIES as CASE_BODIES
from assistant.case.events import Draft, EventKind, Look
from assistant.case.subjects import ACCESS, REQUEST, SIGN_ON, STAFF, belongs, is_case
from assistant.people.bodies import check_body
from assistant.people.permissions import Move, State, check, move_of, state_of
from assistant.people.refusals import (
    AskerGone,
    NeedsAuthority,
    NotNamed,
    NotOnStaff,
    NotPermitted,
    NotThisRequest,
    RecordUnfit,
    SecondFirst,
    TakesTwo,
    TermRunning,
)
from assistant.people.requests import KEEPING, MATTERS, REQUEST_KEY, Request, Standing
from assistant.people.roster import APPROVERS, Roster
from assistant.people.terms import Terms, closed_at, is_covered

if TYPE_CHECKING:
    from assistant.case.case import Case

Find: TypeAlias = Callable[[str], Any]
"""Returns what stands for a subject: a Case, a Roster, a Request."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an event is judged by: the file as it stands inside the transaction."""

    find: Find
    last: int
    """The number of the last event."""
    read_terms: Callable[[], Terms]
    """Returns how long cases are kept here. Raises SettingsUnfit."""


REVEALING: Final = frozenset(Look) - {Look.OPENED}
"""The ways of looking at a case that show what is about a person."""


def judge(draft: Draft, ground: Ground) -> None:
    """Raise a NotPermitted unless `draft.actor` may do this now, and not alone where it takes two."""
    subject, find = draft.case_id, ground.find
    if not belongs(draft.kind, subject):
        raise RecordUnfit(problem=draft.kind.value)
    if not is_case(subject):
        _check_form(draft)
    roster: Roster = find(STAFF)
    if subject == STAFF:
        _judge_staff(draft, roster, ground)
    elif subject.startswith(REQUEST):
        _judge_request(draft, roster, ground)
    elif subject.startswith(SIGN_ON):
        _judge_sign_on(draft, roster)
    elif subject.startswith(ACCESS):
        move = Move.REVEAL if draft.body.get("how") in REVEALING else Move.READ
        _check_case(draft, roster, find(subject.removeprefix(ACCESS)), move)
    elif draft.kind in MATTERS:
        _check_effect(draft, roster, ground)
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


def _judge_staff(draft: Draft, roster: Roster, ground: Ground) -> None:
    if draft.kind is EventKind.PASSWORD_SET:
        if draft.body.get("number") != draft.actor:
            raise NotOnStaff(number=draft.actor)
        check(roster, draft.actor, Move.CHANGE_OWN_PASSWORD, State.NONE)
    elif roster.takes_two(draft):
        _check_effect(draft, roster, ground)
    elif roster.members:
        # As long as there is nobody else, the one manager names the second person, who must be able to approve.
        check(roster, draft.actor, Move.ASK_STAFF_CHANGE, State.NONE)
        if draft.kind is EventKind.MEMBER_NAMED and draft.body.get("role") not in APPROVERS:
            raise SecondFirst


def _check_effect(draft: Draft, roster: Roster, ground: Ground) -> None:
    """Hold what takes two against the request it came of, which was approved in this very transaction, or is an order
    of retention that covers the case."""
    if not roster.members:
        raise NotNamed
    request_id = draft.body.get(REQUEST_KEY)
    if not request_id:
        raise TakesTwo
    request: Request = ground.find(f"{REQUEST}{request_id}")
    if draft.kind is EventKind.ERASED:
        _check_term(draft.at, ground.find(draft.case_id), ground.read_terms())
    if draft.kind in KEEPING and request.kind is EventKind.RETENTION_ORDERED:
        case = ground.find(draft.case_id)
        _check_case(draft, roster, case, Move.ASK_ERASURE)
        if request.standing is not Standing.APPROVED or not is_covered(case, draft.kind, request.body):
            raise NotThisRequest
    else:
        request.check_effect(draft, ground.last)


def _check_term(at: int, case: Case, terms: Terms) -> None:
    """Raise TermRunning for a case that was closed too late to be erased; an open one says better words itself."""
    ended = closed_at(case)
    if ended is not None and ended >= terms.erase_before(at):
        raise TermRunning(years=terms.erase_years)


def _judge_request(draft: Draft, roster: Roster, ground: Ground) -> None:
    if draft.kind is EventKind.ASKED:
        kind, about = EventKind(str(draft.body["kind"])), str(draft.body["about"])
        if kind not in MATTERS or not belongs(kind, about):
            raise RecordUnfit(problem=f"{kind}: {about}")
        _check_move(draft.actor, about, MATTERS[kind].ask, roster, ground.find)
        _check_asked(draft, kind, about, ground)
        return
    request: Request = ground.find(draft.case_id)
    request.admit(draft)
    _check_move(draft.actor, request.about, request.move(draft.kind), roster, ground.find)
    if draft.kind is EventKind.APPROVED:
        try:
            _check_move(request.asked_by, request.about, request.matter.ask, roster, ground.find)
        except NotPermitted:
            # Two have to stand behind it, and one of them does so no longer.
            raise AskerGone(number=request.asked_by) from None


def _check_asked(draft: Draft, kind: EventKind, about: str, ground: Ground) -> None:
    """Raise what is wrong with a request whoever asks: it could never be carried out, or not yet."""
    body = _read_asked(draft, kind)
    if about == STAFF:
        ground.find(STAFF).admit(replace(draft, kind=kind, body=body))
    if kind is EventKind.RULEBOOK_PUBLISHED and body["author"] != draft.actor:
        raise RecordUnfit(problem="author")
    if kind is EventKind.ERASED:
        _check_term(draft.at, ground.find(about), ground.read_terms())
    if kind is EventKind.RETENTION_ORDERED:
        terms = ground.read_terms()
        if body["erase_before"] > terms.erase_before(draft.at) or (
            body["restrict_before"] > terms.restrict_before(draft.at)
        ):
            raise TermRunning(years=terms.erase_years)
        if body["up_to"] > ground.last:
            raise RecordUnfit(problem="up_to")


def _read_asked(draft: Draft, kind: EventKind) -> dict[str, Any]:
    """Return the body of the event that is asked for, which must be sound and free of what the approval adds."""
    try:
        body = json.loads(str(draft.body["body"]))
        if not isinstance(body, dict) or body.keys() & {REQUEST_KEY, "private"}:
            raise RecordUnfit(problem="body")
        (CASE_BODIES[kind].model_validate if kind in CASE_BODIES else partial(check_body, kind))(body)
    except ValidationError as error:
        raise RecordUnfit(problem=error.errors()[0]["msg"]) from None
    except ValueError as error:
        raise RecordUnfit(problem=type(error).__name__) from None
    return body


def _check_move(actor: str, about: str, move: Move, roster: Roster, find: Find) -> None:
    """Raise a NotPermitted unless `actor` may make that move on a request about that subject."""
    case: Case | None = find(about) if is_case(about) else None
    if case is None:
        check(roster, actor, move, State.NONE)
    else:
        own = bool(case.history) and case.history[0].actor == actor
        check(roster, actor, move, state_of(case), own=own)


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
