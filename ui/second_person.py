"""A move that takes a second person: one signs here, or is asked for, or it is done alone and reviewed later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from assistant.agreement import Needed, ask_once, countersign, find_asked
from assistant.case.events import Matter
from assistant.people.refusals import NeedsAuthority
from assistant.people.requests import EmergencyReason, Request
from ui.screens.choice import Choices, ChoiceScreen
from ui.wording import Wording, begin

if TYPE_CHECKING:
    from assistant.desk import Desk
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
        step = needed.details["step"]
        self._needed = Needed(Matter(str(needed.details["of"])), str(step) if step else None)
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
        asked = find_asked(self._desk, self._case_id, self._needed)
        ask = "authority.asked" if asked else "authority.ask"
        ways = [
            (SIGN, wording.say("authority.sign")),
            (ASK, wording.say(ask, time=wording.clock(asked.asked_at) if asked else "")),
            (ALONE, wording.say("authority.alone", hours=self._hours)),
        ]
        return wording.say("authority.title" if wording.quiet else f"authority.{self._needed.matter}"), ways

    @property
    def _case_id(self) -> str:
        return self._page.visit.case_id

    @property
    def _desk(self) -> Desk:
        return self._page.counter.desk

    def _ask(self) -> Request:
        """Ask for the agreement, unless that is done."""
        return ask_once(self._desk, self._case_id, self._needed, self._given)

    def _go(self, way: str | None) -> None:
        page = self._page
        if way == SIGN:
            from ui.screens.countersign import CountersignScreen

            page.app.push_screen(CountersignScreen(self._countersign), self._follow)
        elif way == ASK:
            page.attempt(self._ask, lambda _: page.notify(page.wording.say("authority.waits"), timeout=6, markup=False))
        elif way == ALONE:
            page.app.push_screen(ChoiceScreen(self._list_reasons), self._do_alone)

    def _countersign(self, number: str) -> None:
        countersign(self._desk, self._case_id, self._needed, self._given, number)

    def _follow(self, agreed: bool | None) -> None:
        if agreed:
            self._again()

    def _list_reasons(self, wording: Wording) -> Choices:
        reasons = [(reason.value, begin(wording.person_word(f"emergency.{reason}"))) for reason in EmergencyReason]
        return wording.say("authority.why_alone", hours=self._hours), reasons

    def _do_alone(self, reason: str | None) -> None:
        """Ask once more: what is done alone cannot be undone, and Enter falls on the first of the reasons."""
        if reason is None:
            return

        def ask(wording: Wording) -> Choices:
            said = wording.say("authority.sure", hours=self._hours, reason=wording.person_word(f"emergency.{reason}"))
            return said, [("stay", wording.say("authority.stay")), ("do", wording.say("authority.do"))]

        def go_on(way: str | None) -> None:
            if way == "do":
                self._use_emergency(reason)

        self._page.app.push_screen(ChoiceScreen(ask), go_on)

    def _use_emergency(self, reason: str) -> None:
        page = self._page

        def use() -> Request:
            return self._desk.office.use_emergency(self._ask().subject, reason, self._hours)

        def go_on(request: Request) -> None:
            page.notify(page.wording.say("authority.review_due", hours=self._hours), timeout=8, markup=False)
            self._again()

        page.attempt(use, go_on)
