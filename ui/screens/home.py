"""The desk when nobody stands there yet: the cases still open, and a new one under the finger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from textual import on
from textual.widget import Widget
from textual.widgets import Static

from assistant.case.case import CaseState, CaseSummary
from rules.facts import MoneyState, Portion
from ui.actions import Action
from ui.screens.choice import ChoiceScreen
from ui.screens.page import HELP, LANGUAGE, Page
from ui.screens.teller import TellerScreen
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording, span

OPEN_SHOWN: Final = 50
RECENT_SHOWN: Final = 5
_DIGITS: Final = "1234567890"


class HomeScreen(Page[None]):
    """Open cases, new case, cases closed lately."""

    NAME = "home"
    CSS_PATH = "home.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        LANGUAGE,
        Action("app.quit", "ctrl+q", "quit", "Ctrl+Q", rank=3),
        *(Action(f"request({n})", digit, "take", digit) for n, digit in enumerate(_DIGITS)),
    )

    def body(self) -> Iterable[Widget]:
        yield Rows(id="cases")
        yield Static(id="file", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        first = next(iter(self.wording.book.requests))
        self.query_one(Rows).go_to(f"new:{first}")
        self.query_one(Rows).focus()
        self.set_interval(1.0, self.redraw)

    def top_right(self) -> Iterator[str]:
        store = self.counter.desk.store
        yield f"{store.outlet.name} {store.outlet.code}"
        yield self.wording.say("top.actor", actor=self.counter.desk.actor)
        if not store.writable:
            yield self.wording.say("top.read_only")

    def redraw(self) -> None:
        super().redraw()
        self.query_one(Rows).show(self._rows())
        self.query_one("#file", Static).update(self._file_line())

    def _rows(self) -> Iterator[Row]:
        store, wording = self.counter.desk.store, self.wording
        waiting = store.list(CaseState.OPEN, limit=OPEN_SHOWN)
        title = wording.say("home.open", count=len(waiting)) if waiting else wording.say("home.none")
        yield Row("open", (Cell(title),), heading=True)
        now = self.counter.desk.clock()
        for summary in waiting:
            yield _case_row(summary, wording, wording.say("home.waiting", time=span(now - summary.opened_at)))
        yield Row("new", (Cell(wording.say("home.new")),), heading=True)
        for digit, request in zip(_DIGITS, wording.book.requests, strict=False):
            yield Row(f"new:{request}", (Cell(f"[{digit}]", 4, "muted"), Cell(wording.request(request))))
        recent = store.list(CaseState.CLOSED, limit=RECENT_SHOWN)
        if recent:
            yield Row("recent", (Cell(wording.say("home.recent")),), heading=True)
        for summary in recent:
            outcome = wording.case_word(f"outcome.{summary.outcome}")
            yield _case_row(summary, wording, outcome)

    def _file_line(self) -> str:
        store, meta = self.counter.desk.store, self.wording.book.meta
        return self.wording.say(
            "home.footer", path=store.path, rulebook=meta.version, date=meta.published, journal=""
        ).rstrip()

    @on(Rows.Chosen)
    def take_row(self, event: Rows.Chosen) -> None:
        """Open the case, or begin a new one."""
        if event.key.startswith("new:"):
            self._begin(event.key.removeprefix("new:"))
        else:
            self._take_up(event.key)

    def action_request(self, number: int) -> None:
        """Begin a new case for the request of that digit."""
        requests = list(self.wording.book.requests)
        if number < len(requests):
            self._begin(requests[number])

    def _begin(self, request: str) -> None:
        """Begin a case; only a customer who asks for help is first asked where the money is."""
        if request != "help":
            self._open(request, None)
            return
        wording = self.wording
        states = [(state, wording.read(word.name)) for state, word in wording.book.money_states.items()]

        def begin_there(state: str | None) -> None:
            if state is not None:
                self._open(request, Portion(MoneyState(state)))

        self.app.push_screen(ChoiceScreen(wording.say("state.title"), states, wording), begin_there)

    def _open(self, request: str, portion: Portion | None) -> None:
        sheet = self.attempt(lambda: self.counter.desk.open(request, portion))
        if sheet is not None:
            self._show(sheet.case.id)

    def _take_up(self, case_id: str) -> None:
        self._show(case_id)

    def _show(self, case_id: str) -> None:
        sheet = self.attempt(lambda: self.counter.desk.resume(case_id))
        if sheet is not None:
            self.app.push_screen(TellerScreen(sheet))


def _case_row(summary: CaseSummary, wording: Wording, last: str) -> Row:
    level = wording.level(summary.level or "proceed")
    urgent = {"police": "bad", "hold": "warn"}.get(summary.level or "", "plain")
    step = wording.step(summary.next_step) if summary.next_step and summary.outcome is None else ""
    cells = (
        Cell(summary.number, 16),
        Cell(level, 8, urgent),
        Cell(wording.request(summary.request), 16),
        Cell(step),
        Cell(last, 14, "muted"),
    )
    return Row(summary.case_id, cells)
