"""What takes two: one asks for a change, another approves it, and it is made in the very transaction of the approval.

A request holds the event that is to come of it, so that what is done is what was asked and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from assistant.case.events import Draft, Event, EventKind
from assistant.case.subjects import REQUEST
from assistant.people.permissions import Move
from assistant.people.refusals import (
    FaultUnexplained,
    NoEmergency,
    NotThisRequest,
    RequestSettled,
    RequestUnknown,
    SamePerson,
)

REQUEST_KEY: Final = "request"
"""The key, in the body of an event that takes two, of the id of the request that it came of."""
WHY: Final = "why"
"""The private text in which a request, or who settles it, says why."""
ALONE: Final = "alone"
"""The key, in the body of an event that is about a case, that says that it came of an emergency."""
ADDED: Final = frozenset({REQUEST_KEY, ALONE, "private"})
"""The keys that nobody can ask for: what comes of a request has them from how it came about."""


class Standing(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EMERGENCY = "emergency"
    """Done by the asker alone; another has still to look at it."""
    UPHELD = "upheld"
    """Looked at after an emergency and found right."""
    FAULTED = "faulted"
    """Looked at after an emergency and found wrong."""


class EmergencyReason(StrEnum):
    """Why somebody did alone what takes two, as a code."""

    NOBODY_IN_REACH = "nobody_in_reach"
    IMMEDIATE_DANGER = "immediate_danger"
    SYSTEM_DOWN = "system_down"


@dataclass(frozen=True, slots=True)
class Matter:
    """What may be asked for: the moves of asking and deciding, and whether it can be done alone in an emergency."""

    ask: Move
    decide: Move
    emergency: bool = False


_STAFF: Final = Matter(Move.ASK_STAFF_CHANGE, Move.DECIDE_STAFF_CHANGE)
_ERASURE: Final = Matter(Move.ASK_ERASURE, Move.DECIDE_ERASURE)

MATTERS: Final[Mapping[EventKind, Matter]] = MappingProxyType(
    {
        EventKind.MEMBER_NAMED: _STAFF,
        EventKind.ROLE_CHANGED: _STAFF,
        EventKind.MEMBER_SUSPENDED: replace(_STAFF, emergency=True),
        EventKind.MEMBER_RESTORED: _STAFF,
        EventKind.LOGIN_BOUND: _STAFF,
        EventKind.PASSWORD_RESET: _STAFF,
        EventKind.OUTLET_RENAMED: _STAFF,
        EventKind.RULEBOOK_PUBLISHED: Matter(Move.ASK_RULEBOOK, Move.DECIDE_RULEBOOK),
        EventKind.AUTHORISED: Matter(Move.ASK_AUTHORITY, Move.AUTHORISE, emergency=True),
        EventKind.RESTRICTED: _ERASURE,
        EventKind.ERASED: _ERASURE,
        EventKind.RETENTION_ORDERED: _ERASURE,
    }
)
"""By the kind of event that comes of it."""

CARRIES_OUT: Final = frozenset({EventKind.APPROVED, EventKind.EMERGENCY_USED})
HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands. Times are UTC milliseconds; made by `Request.of` and `Request.after` only."""

    subject: str = ""
    kind: EventKind = EventKind.ASKED
    """Of the event that is to come of it."""
    about: str = ""
    """The subject of that event: a case, the staff, the outlet, the rulebook."""
    body: Mapping[str, Any] = field(default_factory=dict)
    """The body of that event, but for the request's id."""
    asked_by: str = ""
    asked_at: int = 0
    standing: Standing = Standing.PENDING
    settled_by: str | None = None
    settled_at: int | None = None
    review_by: int | None = None
    """Until when an emergency must be looked at by another."""
    history: tuple[Event, ...] = ()

    @classmethod
    def of(cls, history: Iterable[Event]) -> Request:
        """Return the request after `history`, oldest event first."""
        request = cls()
        for event in history:
            request = request.after(event)
        return request

    @property
    def matter(self) -> Matter:
        """What it is about, as a rule."""
        return MATTERS[self.kind]

    @property
    def waiting(self) -> bool:
        """Whether another person has still something to do."""
        return self.standing in (Standing.PENDING, Standing.EMERGENCY)

    @property
    def is_answered(self) -> bool:
        """Whether another agreed to it or declined it."""
        return self.standing in (Standing.APPROVED, Standing.DECLINED)

    @property
    def carried_out_by(self) -> Event | None:
        """The event by which it was carried out: an approval, or an emergency in which the asker was alone."""
        return next((event for event in self.history if event.kind in CARRIES_OUT), None)

    def is_late(self, now: int) -> bool:
        """Tell whether an emergency should have been looked at by another before now (UTC milliseconds)."""
        return self.standing is Standing.EMERGENCY and self.review_by is not None and self.review_by < now

    def after(self, event: Event) -> Request:
        """Return the request with `event` at its end."""
        history = (*self.history, event)
        match event.kind:
            case EventKind.ASKED:
                body = json.loads(str(event.body["body"]))
                kind, about = EventKind(str(event.body["kind"])), str(event.body["about"])
                return Request(event.case_id, kind, about, body, event.actor, event.at, history=history)
            case EventKind.EMERGENCY_USED:
                changed = replace(self, standing=Standing.EMERGENCY, review_by=_read_time(event))
            case EventKind.EMERGENCY_REVIEWED:
                changed = replace(self, standing=read_verdict(event))
            case EventKind.REQUEST_ERASED:
                return replace(self, history=history)
            case _:
                changed = replace(self, standing=Standing(event.kind.value))
        return replace(changed, settled_by=event.actor, settled_at=event.at, history=history)

    def admit(self, draft: Draft) -> None:
        """Raise what speaks against `draft`, whoever may decide on such a matter: above all, that nobody approves
        what he asked for."""
        if draft.kind is EventKind.ASKED:
            if self.history:
                raise RequestSettled
            return
        if not self.history:
            raise RequestUnknown(number=draft.case_id.removeprefix(REQUEST))
        if draft.kind is EventKind.REQUEST_ERASED:
            # The order that covers it has looked at where it stands.
            return
        if draft.kind is EventKind.EMERGENCY_USED and read_review(draft) <= 0:
            raise NoEmergency
        reviewing = draft.kind is EventKind.EMERGENCY_REVIEWED
        if self.standing is not (Standing.EMERGENCY if reviewing else Standing.PENDING):
            raise RequestSettled
        if draft.kind is EventKind.EMERGENCY_USED and not self.matter.emergency:
            raise NoEmergency
        own = draft.actor == self.asked_by
        if own is not (draft.kind in (EventKind.WITHDRAWN, EventKind.EMERGENCY_USED)):
            raise SamePerson
        if reviewing:
            check_review(draft.private.get(WHY, ""), upheld=bool(draft.body["upheld"]))

    def move(self, kind: EventKind) -> Move:
        """Return the move that an event of this kind on this request is."""
        match kind:
            case EventKind.APPROVED | EventKind.DECLINED:
                return self.matter.decide
            case EventKind.EMERGENCY_USED:
                return Move.USE_EMERGENCY if self.kind is EventKind.AUTHORISED else self.matter.ask
            case EventKind.EMERGENCY_REVIEWED:
                return Move.REVIEW_EMERGENCY
            case _:
                return self.matter.ask

    def write_effect(self, how: EventKind) -> dict[str, Any]:
        """Return the body of what comes of the request when an event of the kind `how` carries it out."""
        alone = {ALONE: True} if (self.kind, how) == (EventKind.AUTHORISED, EventKind.EMERGENCY_USED) else {}
        return {**self.body, **alone, REQUEST_KEY: self.subject.removeprefix(REQUEST)}

    def check_effect(self, draft: Draft, last: int) -> None:
        """Raise NotThisRequest unless `draft` is what was asked for, says how it came about, and follows at once on
        its approval, the event `last`: what was carried out once is never carried out again."""
        settled = self.history[-1] if self.history else None
        if (
            settled is None
            or settled.kind not in CARRIES_OUT
            or settled.seq != last
            or (settled.actor, settled.at) != (draft.actor, draft.at)
            or (self.kind, self.about, self.write_effect(settled.kind)) != (draft.kind, draft.case_id, draft.body)
        ):
            raise NotThisRequest


def read_verdict(event: Event) -> Standing:
    """Return what whoever looked at an emergency found."""
    return Standing.UPHELD if event.body["upheld"] else Standing.FAULTED


def read_review(draft: Draft) -> int:
    """Return how long an emergency leaves for the look at it, milliseconds."""
    return _read_time(draft) - draft.at


def check_review(why: str, *, upheld: bool) -> None:
    """Raise FaultUnexplained when somebody finds an emergency wrong without a word of why."""
    if not upheld and not why.strip():
        raise FaultUnexplained


def hold_together(events: Sequence[Event]) -> None:
    """Raise NotThisRequest when one of the new events is an approval without what comes of it right behind it."""
    for place, event in enumerate(events):
        if event.kind in CARRIES_OUT:
            effect = events[place + 1] if place + 1 < len(events) else None
            if effect is None or effect.body.get(REQUEST_KEY) != event.case_id.removeprefix(REQUEST):
                raise NotThisRequest


def _read_time(event: Draft) -> int:
    return int(str(event.body["review_by"]))
