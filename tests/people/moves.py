"""How each move in the table of permissions is tried at the front door of the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import ACCESS, EVERY_CASE, EXPORT, REQUEST, RETENTION, RULEBOOK, STAFF
from assistant.people.permissions import Move, State, state_of
from assistant.people.refusals import NotPermitted
from assistant.people.requests import REQUEST_KEY
from assistant.people.terms import KEEPING
from assistant.stamps import make_id
from tests.case.visits import NOON
from tests.people.branch import COMPLIANCE, MANAGER, SUPERVISOR, TELLER, Branch

SECOND_MANAGER: Final = "m2"
SECOND_COMPLIANCE: Final = "c2"
SECOND_TELLER: Final = "t2"

Attempt: TypeAlias = Callable[[Branch, str, str], Sequence[Draft]]
"""Given branch, actor and case, returns the drafts of the move, after what has to happen before it."""

RELEASE: Final = {"matter": "release"}
RULES: Final = {"digest": "0" * 64, "version": "2", "author": "c1"}


def set_up(branch: Branch, case_id: str, state: State) -> None:
    """Bring a case that was opened long ago to that state, where closed closed then."""
    if state in (State.CLOSED, State.RESTRICTED, State.ERASED):
        branch.close(case_id)
    branch.clock.now = NOON
    if state in (State.RESTRICTED, State.ERASED):
        branch.agree(EventKind.RESTRICTED, case_id)
    if state is State.ERASED:
        branch.agree(EventKind.ERASED, case_id)


def write_asked(kind: EventKind, about: str, body: Any) -> dict[str, Any]:
    """Return the body of a request."""
    return {"kind": kind.value, "about": about, "body": json.dumps(body)}


def ask(branch: Branch, kind: EventKind, about: str, body: Any, actor: str) -> str:
    """Ask past the office, and return the subject of the request."""
    subject = REQUEST + make_id()
    branch.append(subject, EventKind.ASKED, write_asked(kind, about, body), actor)
    return subject


def approve(branch: Branch, subject: str, actor: str) -> list[Draft]:
    """Return the approval of a request with what comes of it."""
    request = branch.store.request(subject)
    effect = {**request.body, REQUEST_KEY: subject.removeprefix(REQUEST)}
    return [
        branch.draft(subject, EventKind.APPROVED, {}, actor),
        branch.draft(request.about or STAFF, request.kind, effect, actor),
    ]


def other_than(actor: str, first: str, second: str) -> str:
    """Return the first of two people who is not the actor."""
    return second if actor == first else first


def retention_order(branch: Branch) -> dict[str, int]:
    """Return the body of an order that covers nothing."""
    return {"up_to": branch.count()} | dict.fromkeys(KEEPING.values(), 0) | write_moments(0)


def write_moments(before: int) -> dict[str, int]:
    """Return the part of an order that says before which moment something must have ended."""
    return {f"{word}_before": before for word in KEEPING.values()}


def one(kind: EventKind, **body: Any) -> Attempt:
    """Return the attempt that is one event on the case."""
    private = {"note": "虚构"} if kind is EventKind.NOTED else {}
    return lambda branch, actor, case_id: [branch.draft(case_id, kind, body, actor, private)]


def note_particulars(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Note a name."""
    body = {"party": "payee", "field": "name"}
    return [branch.draft(case_id, EventKind.PARTICULARS_NOTED, body, actor, {"value": "某人"})]


def answer_review(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Answer for a case that somebody else sent back, where it can be sent back."""
    if branch.has(case_id) and state_of(branch.store.case(case_id)) is State.CLOSED:
        judged = {"typology": "right", "level": "right", "steps": "wrong", "reasons": ["record_thin"]}
        branch.append(case_id, EventKind.REVIEW_CLAIMED, {}, SECOND_COMPLIANCE)
        branch.append(case_id, EventKind.REVIEW_RETURNED, judged, SECOND_COMPLIANCE, {"comment": "虚构"})
    return [branch.draft(case_id, EventKind.REVIEW_ANSWERED, {}, actor, {"comment": "虚构"})]


def look(how: str) -> Attempt:
    """Return the attempt to look at the case that way."""
    return lambda branch, actor, case_id: [branch.draft(ACCESS + case_id, EventKind.ACCESSED, {"how": how}, actor)]


def replay(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Have all cases read at once."""
    return [branch.draft(EVERY_CASE, EventKind.ACCESSED, {"how": "replayed"}, actor)]


EXPORTED: Final = {
    "what": "table",
    "form": "csv",
    "count": 0,
    "seq": 0,
    "hash": "0" * 64,
    "sha256": "0" * 64,
    "size": 0,
}


def export(**body: Any) -> Attempt:
    """Return the attempt to take something out of the program."""
    return lambda branch, actor, case_id: [branch.draft(EXPORT, EventKind.EXPORTED, EXPORTED | body, actor)]


def ask_staff(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Ask for another teller."""
    body = write_asked(EventKind.MEMBER_NAMED, STAFF, {"number": make_id()[-8:], "role": "teller"})
    return [branch.draft(REQUEST + make_id(), EventKind.ASKED, body, actor)]


def ask_rules(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Ask for a rulebook."""
    body = write_asked(EventKind.RULEBOOK_PUBLISHED, RULEBOOK, {**RULES, "author": actor})
    return [branch.draft(REQUEST + make_id(), EventKind.ASKED, body, actor)]


def ask_authority(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Ask for agreement on the case."""
    body = write_asked(EventKind.AUTHORISED, case_id, RELEASE)
    return [branch.draft(REQUEST + make_id(), EventKind.ASKED, body, actor)]


def ask_erasure(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Ask for the case to be restricted or, when it is, erased; without a case, for an order of retention."""
    if not branch.has(case_id):
        body = write_asked(EventKind.RETENTION_ORDERED, RETENTION, retention_order(branch))
    else:
        kind = EventKind.ERASED if branch.store.case(case_id).keeping else EventKind.RESTRICTED
        body = write_asked(kind, case_id, {})
    return [branch.draft(REQUEST + make_id(), EventKind.ASKED, body, actor)]


def set_password(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Set one's own password."""
    return [branch.draft(STAFF, EventKind.PASSWORD_SET, {"number": actor}, actor, {"hash": "$argon2id$"})]


def decide_staff(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Approve another teller whom somebody else asked for."""
    body = {"number": make_id()[-8:], "role": "teller"}
    asker = other_than(actor, MANAGER, SECOND_MANAGER)
    return approve(branch, ask(branch, EventKind.MEMBER_NAMED, STAFF, body, asker), actor)


def decide_rules(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Approve a rulebook that somebody else asked for."""
    asker = other_than(actor, COMPLIANCE, SECOND_COMPLIANCE)
    return approve(
        branch, ask(branch, EventKind.RULEBOOK_PUBLISHED, RULEBOOK, {**RULES, "author": asker}, asker), actor
    )


def decide_erasure(branch: Branch, actor: str, case_id: str) -> Sequence[Draft]:
    """Approve what somebody else asked for about the keeping of the case."""
    (asked,) = ask_erasure(branch, other_than(actor, MANAGER, SECOND_MANAGER), case_id)
    try:
        branch.store.append(asked)
    except NotPermitted:
        # Nobody can ask for it in this state, and the approval is one of nothing.
        return [branch.draft(asked.case_id, EventKind.APPROVED, {}, actor)]
    return approve(branch, asked.case_id, actor)


ATTEMPTS: Final = MappingProxyType(
    {
        Move.OPEN_CASE: one(EventKind.OPENED, request="transfer"),
        Move.WORK: one(EventKind.ANSWERED, sign="on_phone", value="yes", known="seen"),
        Move.NOTE_PARTICULARS: note_particulars,
        Move.CLOSE: one(EventKind.CLOSED, outcome="intercepted", at_risk=0, protected=0, lost=0),
        Move.FOLLOW_UP: one(EventKind.NOTED),
        Move.REOPEN: one(EventKind.REOPENED, reason="new_information"),
        Move.REVIEW: one(EventKind.REVIEW_CLAIMED),
        Move.ANSWER_REVIEW: answer_review,
        Move.READ: look("opened"),
        Move.REVEAL: look("revealed"),
        Move.REPLAY: replay,
        Move.EXPORT: export(),
        Move.EXPORT_IN_FULL: export(reason="police_request"),
        Move.ASK_AUTHORITY: ask_authority,
        Move.ASK_STAFF_CHANGE: ask_staff,
        Move.ASK_RULEBOOK: ask_rules,
        Move.ASK_ERASURE: ask_erasure,
        Move.CHANGE_OWN_PASSWORD: set_password,
        Move.DECIDE_STAFF_CHANGE: decide_staff,
        Move.DECIDE_RULEBOOK: decide_rules,
        Move.DECIDE_ERASURE: decide_erasure,
    }
)
"""The moves that are tried once the case is in its state."""

_OF_NO_CASE: Final = frozenset(
    {
        Move.ASK_STAFF_CHANGE,
        Move.ASK_RULEBOOK,
        Move.CHANGE_OWN_PASSWORD,
        Move.DECIDE_STAFF_CHANGE,
        Move.DECIDE_RULEBOOK,
        Move.REPLAY,
        Move.EXPORT,
        Move.EXPORT_IN_FULL,
    }
)


def is_about(move: Move, state: State) -> bool:
    """Tell whether a move can be tried in that state: what is about no case knows no state of one, and a note on an
    open case is work and no following up."""
    if move in _OF_NO_CASE:
        return state is State.NONE
    return (move, state) != (Move.FOLLOW_UP, State.OPEN)


def await_answer(branch: Branch, actor: str, case_id: str) -> str:
    """Have somebody else call the supervisor from the open case, and return the case."""
    caller = other_than(actor, TELLER, SECOND_TELLER)
    branch.append(case_id, EventKind.SUPERVISOR_CALLED, {"wanted": "second_interview"}, caller)
    return case_id


def answer_call(branch: Branch, case_id: str, actor: str) -> list[Draft]:
    """Return what one says to a call."""
    return [branch.draft(case_id, EventKind.SUPERVISOR_ANSWERED, {"answer": "coming"}, actor)]


def await_agreement(branch: Branch, actor: str, case_id: str) -> str:
    """Have somebody else ask for agreement on an open case, and return the request."""
    return ask(branch, EventKind.AUTHORISED, case_id, RELEASE, other_than(actor, TELLER, SECOND_TELLER))


def await_emergency(branch: Branch, actor: str, case_id: str) -> str:
    """Ask for agreement oneself, where one may, and return the request."""
    asker = actor if actor in (TELLER, SUPERVISOR, MANAGER) else SECOND_TELLER
    return ask(branch, EventKind.AUTHORISED, case_id, RELEASE, asker)


def await_review(branch: Branch, actor: str, case_id: str) -> str:
    """Have somebody else use the emergency path on an open case, and return the request."""
    asker = other_than(actor, TELLER, SECOND_TELLER)
    subject = ask(branch, EventKind.AUTHORISED, case_id, RELEASE, asker)
    branch.store.append_all(use_emergency(branch, subject, asker))
    return subject


def use_emergency(branch: Branch, subject: str, actor: str) -> list[Draft]:
    """Return what one does alone, with what comes of it."""
    body = {"review_by": branch.clock() + 3_600_000, "reason": "system_down"}
    _, effect = approve(branch, subject, actor)
    alone = {**effect.body, "alone": True} if effect.kind is EventKind.AUTHORISED else effect.body
    return [branch.draft(subject, EventKind.EMERGENCY_USED, body, actor), replace(effect, body=alone)]


def review(branch: Branch, subject: str, actor: str) -> list[Draft]:
    """Return what one says of another's emergency."""
    return [branch.draft(subject, EventKind.EMERGENCY_REVIEWED, {"upheld": True}, actor)]


LATER: Final = MappingProxyType(
    {
        Move.ANSWER_CALL: (await_answer, answer_call),
        Move.AUTHORISE: (await_agreement, approve),
        Move.USE_EMERGENCY: (await_emergency, use_emergency),
        Move.REVIEW_EMERGENCY: (await_review, review),
    }
)
"""The moves on what was asked while the case was open: what comes before, and the move."""
