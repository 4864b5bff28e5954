"""What waits for a second person: decided on here by whoever may, and seen here by whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import on
from textual.widget import Widget

from assistant.case.events import EventKind
from assistant.case.subjects import is_case
from assistant.people.office import Office
from assistant.people.requests import Request, Standing
from assistant.people.roster import HASH
from assistant.plain.requests import RequestWriter
from ui.actions import Action
from ui.naming import name_actor
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.form import TAKE
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET, Page
from ui.waiting import Waiting, is_late
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording

WIDE_FROM_COLUMNS: Final = 100


class RequestsScreen(Page[None]):
    """Overdue reviews first. Enter on a line tells all about it and asks what to do."""

    NAME = "requests"
    ACTIONS: ClassVar[tuple[Action, ...]] = (HELP, BACK, TAKE, LANGUAGE, QUIET)
    DEFAULT_CSS = """
    RequestsScreen #lead { padding: 0 1; color: $text-muted; }
    RequestsScreen Rows { padding: 0 1; }
    """

    def body(self) -> Iterable[Widget]:
        yield Prose(id="lead")
        yield Rows(id="requests")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Rows).focus()

    def top_right(self) -> Iterator[str]:
        yield name_actor(self.counter.desk, self.wording)

    def redraw(self) -> None:
        super().redraw()
        waiting = Waiting.of(self.counter.desk)
        nothing = not (waiting.decide or waiting.own)
        self.query_one("#lead", Prose).tell(self.wording.say("requests.none" if nothing else "requests.lead"))
        self.query_one(Rows).show(self._rows(waiting))

    def _rows(self, waiting: Waiting) -> Iterator[Row]:
        for part, requests in (("decide", waiting.decide), ("own", waiting.own)):
            if requests:
                yield Row(part, (Cell(self.wording.say(f"requests.{part}", count=len(requests))),), heading=True)
            for request in requests:
                yield self._row(request)

    def _row(self, request: Request) -> Row:
        wording, late = self.wording, is_late(request, self.counter.desk.clock())
        state = wording.say("requests.late" if late else f"requests.{request.standing}")
        asked = f"{wording.clock(request.asked_at)} {request.asked_by}"
        cells = (
            Cell(state, self._measure(), "bad" if late else "warn"),
            Cell(self._describe(request)),
            Cell(asked, cell_len(asked), "muted"),
        )
        return Row(request.subject, cells)

    def _measure(self) -> int:
        states = ("late", Standing.PENDING.value, Standing.EMERGENCY.value)
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
        pending = request.standing is Standing.PENDING
        if request.asked_by == self.counter.desk.actor:
            return ("leave", "withdraw") if pending else ("leave",)
        return ("leave", "approve", "decline") if pending else ("leave", "uphold", "fault")

    def _go(self, request: Request, way: str | None) -> None:
        office, subject = self.counter.desk.office, request.subject
        match way:
            case "approve" if request.kind is EventKind.PASSWORD_RESET:
                self._hand_over_password(office, request)
            case "approve":
                self._settle(lambda: office.approve(subject))
            case "withdraw":
                self._settle(lambda: office.withdraw(subject))
            case "decline":
                self._ask_why(lambda why: office.decline(subject, why))
            case "uphold" | "fault":
                self._ask_why(lambda why: office.review(subject, upheld=way == "uphold", why=why))

    def _ask_why(self, move: Callable[[str], Request]) -> None:
        from ui.screens.ask import AskScreen

        def go_on(why: str | None) -> None:
            if why is not None:
                self._settle(lambda: move(why))

        self.app.push_screen(AskScreen(lambda wording: wording.say("requests.why"), free=True), go_on)

    def _settle(self, move: Callable[[], Request]) -> None:
        def tell(request: Request) -> None:
            self.redraw()
            said = self.wording.say(f"requests.did.{request.standing}")
            self.app.notify(said, timeout=4, markup=False)

        self.attempt(move, tell)

    def _hand_over_password(self, office: Office, request: Request) -> None:
        """Approve with a password for one use, which is shown once: whoever approves hands it over."""
        from assistant.sealing.passwords import hash_password, make_one_time

        password, number = make_one_time(), str(request.body["number"])

        def show(wording: Wording) -> Choices:
            said = wording.say("requests.one_time", number=number, password=password)
            return said, [("done", wording.say("requests.handed_over"))]

        def tell(settled: Request) -> None:
            self.redraw()
            self.app.push_screen(ChoiceScreen(show))

        self.attempt(lambda: office.approve(request.subject, {HASH: hash_password(password)}), tell)
