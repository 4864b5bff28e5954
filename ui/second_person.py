"""A move that takes a second person: one signs here, or is asked for, or it is done alone and reviewed later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from assistant.case.events import EventKind, Matter
from assistant.people.office import Office
from assistant.people.permissions import Move, State, check
from assistant.people.refusals import NeedsAuthority, PasswordOutworn, SamePerson
from assistant.people.requests import EmergencyReason, Request, Standing
from ui.screens.choice import Choices, ChoiceScreen
from ui.wording import Wording

if TYPE_CHECKING:
    from ui.screens.form import FormPage

SIGN: Final = "sign"
ASK: Final = "ask"
ALONE: Final = "alone"


class SecondPerson:
    """Asks over a page how to get the agreement that a move needs; `again` makes the move once it is there.

    `given` is what the move is to be made with: it goes along with what is asked, so that it is not lost.
    """

    def __init__(
        self,
        page: FormPage[Any],
        needed: NeedsAuthority,
        given: Mapping[str, str],
        again: Callable[[], object],
    ) -> None:
        self._page = page
        self._matter = Matter(str(needed.details["of"]))
        self._step = str(needed.details["step"]) if needed.details["step"] else None
        self._needed = needed
        self._given = given
        self._again = again
        self._hours = 0
        """Within which another looks at what was done alone."""

    def begin(self) -> None:
        """Ask how to go on."""

        def ask(hours: int) -> None:
            self._hours = hours
            self._page.app.push_screen(ChoiceScreen(self._list_ways), self._go)

        self._page.attempt(lambda: self._page.counter.settings.review_hours, ask)

    def _list_ways(self, wording: Wording) -> Choices:
        asked = find_asked(self._office, self._case_id, self._matter, self._step)
        ask = "authority.asked" if asked else "authority.ask"
        ways = [
            (SIGN, wording.say("authority.sign")),
            (ASK, wording.say(ask, time=wording.clock(asked.asked_at) if asked else "")),
            (ALONE, wording.say("authority.alone", hours=self._hours)),
        ]
        return wording.say("authority.title" if wording.quiet else f"authority.{self._matter}"), ways

    @property
    def _case_id(self) -> str:
        return self._page.visit.case_id

    @property
    def _office(self) -> Office:
        return self._page.counter.desk.office

    def _ask(self) -> Request:
        """Ask for the agreement, unless that is done."""
        asked = find_asked(self._office, self._case_id, self._matter, self._step)
        return asked or self._page.counter.desk.ask_authority(self._case_id, self._matter, self._step, self._given)

    def _go(self, way: str | None) -> None:
        page = self._page
        if way == SIGN:
            from ui.screens.countersign import CountersignScreen

            page.app.push_screen(CountersignScreen(self._countersign), self._follow)
        elif way == ASK:
            page.attempt(self._ask, lambda _: page.notify(page.wording.say("authority.waits"), timeout=6, markup=False))
        elif way == ALONE:
            page.app.push_screen(ChoiceScreen(self._list_reasons), self._do_alone)

    def _countersign(self, number: str, password: str) -> None:
        """Agree in the name of another who signs here. Raises a NotPermitted that says why it cannot be."""
        desk = self._page.counter.desk
        if number == desk.actor:
            raise SamePerson
        member = self._page.counter.presence.sign_on.sign_on(number, password)
        if member.must_replace:
            raise PasswordOutworn
        check(desk.store.roster, number, Move.AUTHORISE, State.OPEN)
        desk.office_of(number).approve(self._ask().subject)

    def _follow(self, agreed: bool | None) -> None:
        if agreed:
            self._again()

    def _list_reasons(self, wording: Wording) -> Choices:
        reasons = [(reason.value, wording.person_word(f"emergency.{reason}")) for reason in EmergencyReason]
        return wording.say("authority.why_alone", hours=self._hours), reasons

    def _do_alone(self, reason: str | None) -> None:
        page = self._page
        if reason is None:
            return

        def use() -> Request:
            return self._office.use_emergency(self._ask().subject, reason, self._hours)

        def go_on(request: Request) -> None:
            page.notify(page.wording.say("authority.review_due", hours=self._hours), timeout=8, markup=False)
            self._again()

        page.attempt(use, go_on)


def find_asked(office: Office, case_id: str, matter: Matter, step: str | None) -> Request | None:
    """Return what this person asked for already and nobody has decided on."""
    for request in office.store.list_requests(about=case_id):
        own = request.asked_by == office.actor and request.standing is Standing.PENDING
        if own and request.kind is EventKind.AUTHORISED and _is_about(request, matter, step):
            return request
    return None


def find_given(office: Office, case_id: str, matter: Matter, step: str | None, since: int) -> Mapping[str, str]:
    """Return what the latest move was to be made with for which agreement was asked since then (UTC milliseconds)."""
    for request in office.store.list_requests(waiting=False, about=case_id):
        if request.asked_at >= since and request.kind is EventKind.AUTHORISED and _is_about(request, matter, step):
            return request.history[0].private
    return {}


def _is_about(request: Request, matter: Matter, step: str | None) -> bool:
    return (request.body.get("matter"), request.body.get("step")) == (matter.value, step)
