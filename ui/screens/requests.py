"""What waits for a second person: decided on here by whoever may, and seen here by whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from rich.cells import cell_len
from textual import on

from assistant.case.subjects import is_case
from assistant.people.office import Office, hand_out
from assistant.people.requests import Request, Standing, check_review
from assistant.plain.requests import RequestWriter, write_password
from assistant.waiting import Waiting
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.inbox import Inbox
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording

_SHOWN: Final = (Standing.PENDING, Standing.EMERGENCY, Standing.APPROVED, Standing.DECLINED)


class RequestsScreen(Inbox):
    """Overdue reviews first. Enter on a line tells all about it and asks what to do."""

    NAME = "requests"

    def redraw(self) -> None:
        super().redraw()
        waiting = Waiting.of(self.counter.desk)
        self.query_one("#lead", Prose).tell(self.wording.say("requests.lead" if waiting else "requests.none"))
        self.query_one(Rows).show(self._rows(waiting))

    def _rows(self, waiting: Waiting) -> Iterator[Row]:
        for part in ("answered", "decide", "own"):
            requests: tuple[Request, ...] = getattr(waiting, part)
            if requests:
                yield Row(part, (Cell(self.wording.say(f"requests.{part}", count=len(requests))),), heading=True)
            for request in requests:
                yield self._row(request)

    def _row(self, request: Request) -> Row:
        wording, late = self.wording, request.is_late(self.counter.desk.clock())
        state = wording.say("requests.late" if late else f"requests.{request.standing}")
        asked = f"{wording.clock(request.asked_at)} {request.asked_by}"
        cells = (
            Cell(state, self._measure(), "bad" if late else "good" if request.is_answered else "warn"),
            Cell(self._describe(request)),
            Cell(asked, cell_len(asked), "muted"),
        )
        return Row(request.subject, cells)

    def _measure(self) -> int:
        states = ("late", *_SHOWN)
        return max(cell_len(self.wording.say(f"requests.{state}")) for state in states)

    def _describe(self, request: Request) -> str:
        if not self.wording.quiet:
            return self._writer(self.wording).describe(request)
        number = self.counter.desk.store.case(request.about).number if is_case(request.about) else ""
        return f"{self.wording.say('requests.unnamed')} {number}".rstrip()

    def _writer(self, wording: Wording) -> RequestWriter:
        return RequestWriter(self.counter.desk.store, wording.language, wording.step)

    @on(Rows.Chosen)
    def look_at(self, event: Rows.Chosen) -> None:
        """Tell all about a request, and ask what to do with it."""
        event.stop()
        if not self.is_on_top:
            return
        desk = self.counter.desk
        request = desk.store.request(event.key)

        def ask(wording: Wording) -> Choices:
            told = self._writer(wording).show(request, desk.office, desk.clock())
            ways = [(way, wording.say(f"requests.way.{way}")) for way in self._name_ways(request)]
            return wording.say("requests.unnamed") if wording.quiet else told, ways

        self.app.push_screen(ChoiceScreen(ask), lambda way: self._go(request, way))

    def _name_ways(self, request: Request) -> tuple[str, ...]:
        look = ("look",) if is_case(request.about) else ()
        if request.is_answered:
            return (*look, "leave")
        pending = request.standing is Standing.PENDING
        if request.asked_by == self.counter.desk.actor:
            return ("leave", "withdraw", *look) if pending else ("leave", *look)
        return ("leave", "approve", "decline", *look) if pending else ("leave", "uphold", "fault", *look)

    def _go(self, request: Request, way: str | None) -> None:
        office, subject = self.counter.desk.office, request.subject
        match way:
            case "approve":
                self._approve(office, request)
            case "look":
                self.show_case(lambda: self.counter.desk.resume(request.about))
            case "withdraw":
                self._settle(lambda: office.withdraw(subject))
            case "decline":
                self._ask_why(lambda why: office.decline(subject, why))
            case "uphold":
                self._ask_why(lambda why: office.review(subject, upheld=True, why=why))
            case "fault":
                self._ask_why(lambda why: office.review(subject, upheld=False, why=why), needed=True)

    def _ask_why(self, move: Callable[[str], Request], *, needed: bool = False) -> None:
        from ui.screens.ask import AskScreen

        def go_on(why: str | None) -> None:
            if why is not None:
                self._settle(lambda: move(why))

        def title(wording: Wording) -> str:
            return wording.say("requests.why_fault" if needed else "requests.why")

        check = partial(check_review, upheld=False) if needed else None
        self.app.push_screen(AskScreen(title, check=check, free=True), go_on)

    def _settle(self, move: Callable[[], Request], then: Callable[[], object] = lambda: None) -> None:
        def tell(request: Request) -> None:
            self.redraw()
            done = self.wording.say(f"requests.did.{request.standing}")
            after = self._writer(self.wording).follow_up(request)
            self.app.notify(" ".join(filter(None, (done, after))), timeout=12 if after else 4, markup=False)
            then()

        self.attempt(move, tell)

    def _approve(self, office: Office, request: Request) -> None:
        """Approve; a password that is given out with it is shown once, for whoever approves hands it over."""
        password, handed = hand_out(request.kind, request.body)

        def show(wording: Wording) -> Choices:
            said = write_password(str(request.body["number"]), password, wording.language)
            return said, [("done", wording.say("requests.handed_over"))]

        def hand_over() -> None:
            if password:
                self.app.push_screen(ChoiceScreen(show))

        self._settle(lambda: office.approve(request.subject, handed), hand_over)
