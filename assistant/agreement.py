"""A second person's agreement to a move on a case: what was asked for, what came of it, and what it was to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.case.events import EventKind, Matter
from assistant.case.summary import CaseState

if TYPE_CHECKING:
    from assistant.attendance import Attendance
    from assistant.case.case import Case
    from assistant.desk import Desk
    from assistant.people.requests import Request
    from assistant.people.roster import Member
    from assistant.store import Store


@dataclass(frozen=True, slots=True)
class Needed:
    """What a second person has to agree to: a matter of a case, and the step it is about if it is about one."""

    matter: Matter
    step: str | None = None

    def is_asked_by(self, request: Request) -> bool:
        """Tell whether a request is one for this agreement."""
        return request.kind is EventKind.AUTHORISED and needed_by(request) == self


def needed_by(request: Request) -> Needed:
    """Return the agreement that a request of the kind `authorised` asks for."""
    return Needed(Matter(request.body["matter"]), request.body.get("step"))


def find_latest(store: Store, case: Case, needed: Needed) -> Request | None:
    """Return the newest request for that agreement since the case was opened, or opened again."""
    return next(filter(needed.is_asked_by, _list_requests(store, case)), None)


def find_given(store: Store, case: Case, needed: Needed) -> Mapping[str, str]:
    """Return what the move was to be made with when agreement to it was asked for last."""
    request = find_latest(store, case, needed)
    return request.history[0].private if request else {}


def list_standing(store: Store, case: Case) -> tuple[Request, ...]:
    """Return the newest request for each agreement that the case still has a use for, newest first."""
    if case.state is not CaseState.OPEN:
        return ()
    latest: dict[Needed, Request] = {}
    for request in _list_requests(store, case):
        if request.kind is EventKind.AUTHORISED:
            latest.setdefault(needed_by(request), request)
    return tuple(request for needed, request in latest.items() if needed.step is None or not case.settled(needed.step))


def list_carried_out(store: Store, case: Case) -> tuple[Request, ...]:
    """Return what was agreed to by another, or done alone in an emergency, in the whole of a case, newest first."""
    requests = store.list_requests(waiting=False, about=case.id)
    return tuple(one for one in requests if one.kind is EventKind.AUTHORISED and one.carried_out_by)


def ask_once(desk: Desk, case_id: str, needed: Needed, given: Mapping[str, str]) -> Request:
    """Return what this person asked for already and nobody has decided on, or else ask for it now."""
    asked = find_asked(desk, case_id, needed)
    return asked or desk.ask_authority(case_id, needed.matter, needed.step, given)


def find_asked(desk: Attendance, case_id: str, needed: Needed) -> Request | None:
    """Return what this person asked for and nobody has decided on."""
    for request in desk.store.list_requests(about=case_id):
        if needed.is_asked_by(request) and request.asked_by == desk.actor and request.settled_by is None:
            return request
    return None


def check_other(desk: Attendance, number: str) -> None:
    """Raise SamePerson when it is the number of whoever works here, who cannot be the second person."""
    from assistant.people.refusals import SamePerson

    if number == desk.actor:
        raise SamePerson


def list_seconds(desk: Attendance) -> tuple[Member, ...]:
    """Return who can be the second person for whoever works here: another, active, who may agree."""
    from assistant.people.permissions import Move, State, may

    others = (member for member in desk.store.roster.active if member.number != desk.actor)
    return tuple(member for member in others if may(member, Move.AUTHORISE, State.OPEN))


def countersign(desk: Desk, case_id: str, needed: Needed, given: Mapping[str, str], number: str) -> Request:
    """Agree in the name of another, who has signed here. Raises a NotPermitted, and then nothing is asked either."""
    from assistant.people.permissions import Move, State, check

    check_other(desk, number)
    check(desk.store.roster, number, Move.AUTHORISE, State.OPEN)
    return desk.office_of(number).approve(ask_once(desk, case_id, needed, given).subject)


def _list_requests(store: Store, case: Case) -> Iterator[Request]:
    for request in store.list_requests(waiting=False, about=case.id):
        if request.asked_at >= case.begun_at:
            yield request
