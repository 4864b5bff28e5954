"""Changes around the cases: made at once where one may do it alone, else asked for by one and approved by another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from assistant.case.events import Draft, EventKind, JsonValue
from assistant.case.subjects import REQUEST, STAFF
from assistant.people.permissions import Move, State, may
from assistant.people.refusals import RequestUnknown
from assistant.people.requests import HOUR_MS, WHY, Request, Standing
from assistant.people.roster import HASH
from assistant.store import Store

LEAST_DIGITS: Final = 4


class Office:
    """One person's view of what takes two. Every call returns after it is on disk, or has written nothing and raises
    a NotPermitted, a Refused or a StoreTrouble."""

    def __init__(self, store: Store, actor: str, clock: Callable[[], int], make_id: Callable[[], str]) -> None:
        self.store = store
        self.actor = actor
        self._clock = clock
        self._make_id = make_id

    def change(
        self,
        kind: EventKind,
        body: Mapping[str, JsonValue],
        private: Mapping[str, str] | None = None,
        *,
        about: str = STAFF,
        why: str = "",
    ) -> Request | None:
        """Make a change of staff at once while there is only one person, and return None; else ask for it.

        `about` is the subject of the event that is to come of it; `why` is for the one who decides.
        """
        draft = self._draft(about, kind, body, private)
        if about == STAFF and not self.store.roster.takes_two(draft):
            self.store.append(draft)
            return None
        return self.ask(kind, body, private, about=about, why=why)

    def ask(
        self,
        kind: EventKind,
        body: Mapping[str, JsonValue],
        private: Mapping[str, str] | None = None,
        *,
        about: str,
        why: str = "",
    ) -> Request:
        """Ask for an event on the subject `about`."""
        subject = REQUEST + self._make_id()
        texts = dict(private or {}) | ({WHY: why} if why.strip() else {})
        written = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        asked: dict[str, JsonValue] = {"kind": kind.value, "about": about, "body": written}
        self.store.append(self._draft(subject, EventKind.ASKED, asked, texts))
        return self.store.request(subject)

    def approve(self, subject: str, private: Mapping[str, str] | None = None, why: str = "") -> Request:
        """Approve a request and carry it out, as one move; `private` goes into what comes of it."""
        return self._carry_out(subject, EventKind.APPROVED, {}, private, why)

    def use_emergency(self, subject: str, reason: str, hours: int) -> Request:
        """Carry out what one asked for oneself, nobody being in reach; another must look at it within `hours`."""
        body: dict[str, JsonValue] = {"review_by": self._clock() + hours * HOUR_MS, "reason": reason}
        return self._carry_out(subject, EventKind.EMERGENCY_USED, body, None)

    def decline(self, subject: str, why: str = "") -> Request:
        """Decline a request; nothing comes of it."""
        return self._settle(subject, EventKind.DECLINED, {}, why)

    def withdraw(self, subject: str) -> Request:
        """Take one's own request back."""
        return self._settle(subject, EventKind.WITHDRAWN, {}, "")

    def review(self, subject: str, *, upheld: bool, why: str = "") -> Request:
        """Say of an emergency of another whether it was right."""
        return self._settle(subject, EventKind.EMERGENCY_REVIEWED, {"upheld": upheld}, why)

    def list_waiting(self) -> tuple[Request, ...]:
        """Return what waits for a second person, newest first."""
        return self.store.list_requests()

    def find(self, digits: str, *, waiting: bool = True) -> Request:
        """Return the request whose id ends in these digits: of those that wait, or of all.

        Raises RequestUnknown for none or several.
        """
        found = self.store.list_requests(waiting=waiting, ending=digits.lower(), limit=2)
        if len(found) != 1 or not digits:
            raise RequestUnknown(number=digits)
        return found[0]

    def sees(self, request: Request) -> bool:
        """Tell whether this person may look at a request: one's own, or for who oversees the others' accesses, any."""
        member = self.store.roster.members.get(self.actor)
        return request.asked_by == self.actor or (member is not None and may(member, Move.READ_ACCESSES, State.NONE))

    def may_decide(self, request: Request) -> bool:
        """Tell whether this person may be the second one in a request that waits, as far as the role says; the state
        of the case is looked at when it is done."""
        member = self.store.roster.members.get(self.actor)
        move = Move.REVIEW_EMERGENCY if request.standing is Standing.EMERGENCY else request.matter.decide
        other = member is not None and request.asked_by != self.actor
        return member is not None and other and any(may(member, move, state) for state in State)

    def shorten(self, request: Request) -> str:
        """Return the last digits by which `find` finds a request that waits, four or as many more as it takes."""
        others = [other.subject for other in self.list_waiting() if other.subject != request.subject]
        count = LEAST_DIGITS
        while any(other.endswith(request.subject[-count:]) for other in others):
            count += 1
        return request.subject[-count:]

    def _carry_out(
        self,
        subject: str,
        kind: EventKind,
        body: Mapping[str, JsonValue],
        private: Mapping[str, str] | None,
        why: str = "",
    ) -> Request:
        request = self._read(subject)
        now = self._clock()
        texts = {name: text for name, text in request.history[0].private.items() if name != WHY} | dict(private or {})
        effect = request.write_effect(kind)
        self.store.append_all(
            [
                self._draft(subject, kind, body, {WHY: why} if why.strip() else {}, at=now),
                self._draft(request.about, request.kind, effect, texts, at=now),
            ]
        )
        return self.store.request(subject)

    def _settle(self, subject: str, kind: EventKind, body: Mapping[str, JsonValue], why: str) -> Request:
        self._read(subject)
        self.store.append(self._draft(subject, kind, body, {WHY: why} if why.strip() else {}))
        return self.store.request(subject)

    def _read(self, subject: str) -> Request:
        request = self.store.request(subject)
        if not request.history:
            raise RequestUnknown(number=subject.removeprefix(REQUEST))
        return request

    def _draft(
        self,
        subject: str,
        kind: EventKind,
        body: Mapping[str, Any],
        private: Mapping[str, str] | None = None,
        at: int | None = None,
    ) -> Draft:
        return Draft(self._make_id(), subject, at or self._clock(), self.actor, kind, body, private or {})


def hand_out(kind: EventKind, body: Mapping[str, JsonValue]) -> tuple[str, Mapping[str, str]]:
    """Return the password that an event gives out for one use, and the private text to make or approve it with.

    There is one with a reset, and for a new member without an OS login, who could not sign on at all; none otherwise.
    Whoever makes or approves the change is shown the password, once, and hands it over.
    """
    if kind is not EventKind.PASSWORD_RESET and (kind is not EventKind.MEMBER_NAMED or body.get("login")):
        return "", {}
    from assistant.sealing.passwords import hash_password, make_one_time

    password = make_one_time()
    return password, {HASH: hash_password(password)}


def needs_second(request: Request | None) -> bool:
    """Tell whether a change was only asked for."""
    return request is not None and request.standing is Standing.PENDING
