"""The desk when nobody stands there yet: the cases still open, what is due in them, and a new one under the finger."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len
from textual import on
from textual.widget import Widget
from textual.widgets import Static

from assistant.case.summary import CaseState, CaseSummary
from assistant.people.permissions import Move, may_read
from assistant.sealing.keyplaces import Kind
from rules.errors import Trouble
from rules.facts import LEVELS, MoneyState, Portion
from rules.later import import_now
from ui.actions import Action
from ui.naming import name_actor
from ui.oversight import OVERSIGHT, list_offered, oversees, show_figures, show_queue, show_register
from ui.screens.page import HELP, LANGUAGE, QUIET, Page
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows
from ui.widgets.rulebook_line import RulebookLine
from ui.wording import Wording, wait

if TYPE_CHECKING:
    from assistant.waiting import Waiting
    from ui.now import Now
    from ui.screens.choice import Choices

OPEN_SHOWN: Final = 50
RECENT_SHOWN: Final = 5
RECENT_LOOKED_AT: Final = 200
"""Among so many of the newest closed cases one looks for those that may be read."""
CRITERIA_FROM_ROWS: Final = 30
"""The height from which there is room to say when a case is opened at all; lower, the help says it."""
SETTLE_SECONDS: Final = 0.1
"""After the first paint, and before the first key of anybody who must read first."""
UNKNOWN: Final = "unknown"
"""Stands among the states of the money for a customer who cannot say where it is."""
WIDE_FROM_COLUMNS: Final = 100
"""The width from which a row has room for who opened the case."""
REQUEST_CELLS: Final = (18, 27)
"""The most that the name of a request takes of a row, narrow and wide: the next step is told whole."""
WAITING: Final = frozenset({"call", "returned", "reviews"})
"""The keys of the lines that say what else waits, each with the id of its case behind it."""
_DIGITS: Final = "1234567890"


class HomeScreen(Page[None]):
    """Open cases, new case, cases closed lately."""

    NAME = "home"
    CSS_PATH = "home.tcss"
    LISTS_CALLS: ClassVar[bool] = True
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        LANGUAGE,
        Action("app.quit", "ctrl+q", "quit", "Ctrl+Q", rank=3),
        *(Action(f"request({n})", digit, "take", digit) for n, digit in enumerate(_DIGITS)),
        Action("rules", "f4", "rules", "F4", rank=4),
        Action("requests", "f6", "requests", "F6", rank=5),
        *OVERSIGHT,
        QUIET,
    )

    def __init__(self) -> None:
        super().__init__()
        self._now: Now | None = None
        """What else waits for whoever stands here; read after the first paint."""
        self._file = ""
        self._problem: Trouble | None = None
        """Why the settings cannot be used; they are read after the first paint."""
        self._waiting: Waiting | None = None
        self._waiting_at = ("", 0)

    def body(self) -> Iterable[Widget]:
        yield RulebookLine(whole=True)
        yield Rows(id="cases")
        yield Prose(id="criteria")
        yield Static(id="file", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Rows).go_to(self._find_start())
        self.query_one(Rows).focus()
        self.set_timer(SETTLE_SECONDS, self._settle)
        self.set_interval(1.0, self._tick)

    def _find_start(self) -> str:
        """Return where the cursor begins: on the most urgent open case of whoever answers for all of them, else on a
        new one."""
        if self._oversees and (open_cases := self._list_open()):
            return open_cases[0].case_id
        return f"new:{next(iter(self.wording.names.requests))}"

    def on_screen_resume(self) -> None:
        # No case is at hand any more, unless one was opened from what lay over this page: what is listed is named by
        # the newest rulebook.
        if self.is_on_top:
            self.counter.desk.rulebooks.turn_to(None)

    def _settle(self) -> None:
        """Once the list is seen, read the rulebook and the pages of a case, which the first key will want."""
        import ui.screens.teller  # noqa: F401
        from ui.now import Now

        # Before any thread begins, this page's own among them.
        import_now()
        self._now = Now(self.app, self.counter.desk, self.redraw)
        self._read_settings()
        self.redraw()
        gc.enable()

    def _read_settings(self) -> None:
        try:
            self.counter.settings  # noqa: B018 (reads them)
        except Trouble as trouble:
            self._problem = trouble
        else:
            self._problem = None

    def _tick(self) -> None:
        if self.is_current:
            # A file that cannot be read now leaves the list as it stands; the teller's next move tells of it.
            with suppress(Trouble):
                if self._problem is not None:
                    self._read_settings()
                self.redraw()

    def on_unmount(self) -> None:
        if self._now is not None:
            self._now.close()

    def beat(self) -> None:
        """Show a call, a request or an answer at once."""
        self.redraw()

    def look_anew(self) -> None:
        """Begin anew for whoever came."""
        self.redraw()
        self.query_one(Rows).go_to(self._find_start())

    def offered(self) -> Iterable[Action]:
        return list_offered(self.ACTIONS, self.counter.desk)

    def top_left(self) -> Iterator[str]:
        yield self.wording.say("app.title")
        yield self.wording.say("page.now" if self._oversees else "page.home")

    @property
    def _oversees(self) -> bool:
        desk = self.counter.desk
        return desk.member is not None and oversees(desk)

    def top_right(self) -> Iterator[str]:
        store = self.counter.desk.store
        yield f"{store.outlet.name} {store.outlet.code}"
        yield name_actor(self.counter.desk, self.wording)
        if not store.writable:
            yield self.wording.say("top.read_only")

    def redraw(self) -> None:
        super().redraw()
        wording = self.wording
        self.query_one(Rows).show(self._rows())
        lines = [wording.say("home.criteria"), *(f"· {wording.read(line)}" for line in wording.names.criteria)]
        criteria = self.query_one("#criteria", Prose)
        criteria.tell("\n".join(lines))
        criteria.display = self.size.height >= CRITERIA_FROM_ROWS and not wording.quiet
        if (line := self._file_line()) != self._file:
            # Drawn each second, it would never be still on a slow line.
            self._file = line
            self.query_one("#file", Static).update(line)

    def _rows(self) -> Iterator[Row]:
        wording, waiting = self.wording, self._list_open()
        title = wording.say("home.open", count=len(waiting)) if waiting else wording.say("home.none")
        recent = self._list_recent()
        widths = self._measure([*waiting, *recent])
        gap = [Row("gap", (Cell(""),), heading=True)] if self.size.height >= CRITERIA_FROM_ROWS else []
        if self._now is not None:
            self._now.read()
            yield from self._now.list_calls(wording)
        yield from self._notices()
        yield Row("open", (Cell(title),), heading=True)
        for summary in waiting:
            yield self._case_row(summary, self._due_cell(summary), widths)
        yield from gap
        if self.counter.desk.may(Move.OPEN_CASE):
            yield Row("new", (Cell(wording.say("home.new")),), heading=True)
            for digit, request in zip(_DIGITS, wording.names.requests, strict=False):
                yield Row(f"new:{request}", (Cell(f"[{digit}]", 4, "muted"), Cell(wording.request(request))))
        if recent:
            yield from gap
            yield Row("recent", (Cell(wording.say("home.recent")),), heading=True)
        for summary in recent:
            yield self._case_row(summary, self._end_cell(summary), widths)

    def _end_cell(self, summary: CaseSummary) -> Cell:
        """Say how a case ended; one that is only kept says so in its place."""
        kept, wording = summary.keeping, self.wording
        end = wording.say(f"home.kept.{kept}") if kept else wording.case_word(f"outcome.{summary.outcome}")
        return Cell(end, cell_len(end), "muted")

    def _notices(self) -> Iterator[Row]:
        """Yield what is wrong with the file or the settings, what waits for a second person, who is missing on the
        staff, and where a key lies that was made just now, until that is read."""
        desk, wording = self.counter.desk, self.wording
        for warning in desk.store.warnings:
            yield Row(f"warning:{warning.code}", (Cell(warning.sentence(wording.language), 0, "bad"),))
        key = desk.store.new_key
        # What the environment gives was made elsewhere.
        if key is not None and key.kind is not Kind.ENVIRONMENT:
            advice = key.advise().read(wording.language)
            yield Row("key", (Cell(wording.say("home.new_key", advice=advice), 0, "warn"),))
        if self._problem is not None:
            problem = self._problem.sentence(wording.language)
            yield Row("settings", (Cell(wording.say("home.settings", problem=problem), 0, "bad"),))
        if desk.member is not None and len(desk.store.roster.active) == 1:
            yield Row("alone", (Cell(wording.say("home.alone"), 0, "muted"),))
        if desk.member is not None and (said := self._name_waiting()):
            yield Row("requests", (Cell("[F6]", 4, "muted"), Cell(said, 0, "warn")))
        if self._now is not None:
            yield from self._now.list_notices(wording)

    def _name_waiting(self) -> str:
        """Say what waits for a second person; it is read again only for somebody else, or when something was saved."""
        from assistant.waiting import Waiting
        from ui.waiting import write_waiting

        desk = self.counter.desk
        seen = (desk.actor, desk.store.head().seq)
        if self._waiting is None or seen != self._waiting_at:
            self._waiting, self._waiting_at = Waiting.of(desk), seen
        return write_waiting(self._waiting, desk.clock(), self.wording)

    def _list_open(self) -> list[CaseSummary]:
        """Return the open cases, the most urgent first."""
        return sorted(self.counter.desk.store.list(CaseState.OPEN, limit=OPEN_SHOWN), key=self._urgency)

    def _list_recent(self) -> list[CaseSummary]:
        """Return the cases closed lately, those that may be read."""
        desk = self.counter.desk
        roster, found = desk.store.roster, desk.store.list(CaseState.CLOSED, limit=RECENT_SHOWN)
        if not all(may_read(roster, desk.actor, summary) for summary in found):
            found = desk.store.list(CaseState.CLOSED, limit=RECENT_LOOKED_AT)
        return [summary for summary in found if may_read(roster, desk.actor, summary)][:RECENT_SHOWN]

    def _measure(self, listed: list[CaseSummary]) -> tuple[int, int, int]:
        """Return the widths of number, level and request: no more than what is listed needs."""
        wording, most = self.wording, REQUEST_CELLS[self.size.width >= WIDE_FROM_COLUMNS]
        number = max((cell_len(summary.number) for summary in listed), default=0)
        level = max((cell_len(wording.level(summary.level or "proceed")) for summary in listed), default=0)
        request = max((cell_len(wording.request(summary.request)) for summary in listed), default=0)
        return number, level, min(request, most)

    def _case_row(self, summary: CaseSummary, last: Cell, widths: tuple[int, int, int]) -> Row:
        wording, wide = self.wording, self.size.width >= WIDE_FROM_COLUMNS
        number, level, request = widths
        urgent = {"police": "bad", "hold": "warn"}.get(summary.level or "", "plain")
        # What is closed calls nobody any more.
        urgent = "muted" if summary.outcome is not None else "plain" if wording.quiet else urgent
        step = wording.step(summary.next_step) if summary.next_step and summary.outcome is None else ""
        if step and self.counter.desk.hides(summary):
            step = ""
        # Two customers may want the same: when one came, and to whom, tells them apart.
        opened = wording.clock(summary.opened_at)
        came = (Cell(f"{opened} {summary.opened_by}", 18, "muted"),) if wide else (Cell(opened.split()[0], 5, "muted"),)
        cells = (
            Cell(summary.number, number),
            Cell(wording.level(summary.level or "proceed"), level, urgent),
            Cell(wording.request(summary.request), request),
            *came,
            Cell(step),
            last,
        )
        return Row(summary.case_id, cells)

    def _urgency(self, summary: CaseSummary) -> tuple[int, int, int]:
        """Sort what is due soonest first, then by level, then by how long it has waited."""
        due = summary.due_at
        level = next((level.rank for level in LEVELS if level == summary.level), 0)
        return due if due is not None else 2**62, -level, summary.opened_at

    def _due_cell(self, summary: CaseSummary) -> Cell:
        wording, now = self.wording, self.counter.desk.clock()
        due = summary.due_at
        if due is None:
            text, role = wording.say("home.waiting", time=wait(now - summary.opened_at)), "muted"
        elif due < now:
            text, role = wording.say("home.overdue", time=wait(now - due)), "bad"
        else:
            text, role = wording.say("home.due", time=wait(due - now)), "warn"
        return Cell(text, cell_len(text), role)

    def _file_line(self) -> str:
        store, names = self.counter.desk.store, self.wording.names
        return self.wording.say("home.footer", path=store.path, rulebook=names.version, date=names.published)

    @on(Rows.Chosen)
    def take_row(self, event: Rows.Chosen) -> None:
        """Open the case, or begin a new one."""
        if not self.is_on_top:
            return
        if event.key.startswith("new:"):
            self._begin(event.key.removeprefix("new:"))
        elif event.key == "requests":
            self.action_requests()
        elif event.key.partition(":")[0] in WAITING:
            from ui.answering import take_line

            take_line(self, event.key)
        elif event.key in ("settings", "alone") or event.key.startswith("warning:"):
            # There is nothing to open: what it says is all.
            return
        elif event.key == "key":
            # Read and acknowledged.
            self.counter.desk.store.new_key = None
            self.redraw()
        else:
            self._take_up(event.key)

    def action_request(self, number: int) -> None:
        """Begin a new case for the request of that digit."""
        requests = list(self.wording.names.requests)
        if number < len(requests) and self.counter.desk.may(Move.OPEN_CASE):
            self._begin(requests[number])

    def action_rules(self) -> None:
        """Read the rulebook in force and check it."""
        from ui.screens.rules import RulesScreen

        self.app.push_screen(RulesScreen())

    def action_requests(self) -> None:
        """Show what waits for a second person."""
        from ui.screens.requests import RequestsScreen

        self.app.push_screen(RequestsScreen())

    def action_review(self) -> None:
        """Show the cases that wait to be reviewed."""
        show_queue(self)

    def action_register(self) -> None:
        """Show the list of all cases."""
        show_register(self)

    def action_figures(self) -> None:
        """Show the figures of the outlet."""
        show_figures(self)

    def _begin(self, request: str) -> None:
        """Begin a case; only a customer who asks for help is first asked where the money is."""
        if request != "help":
            self._open(request, None)
            return
        from ui.screens.choice import ChoiceScreen, list_money_states

        def ask(wording: Wording) -> Choices:
            title, states = list_money_states(wording)
            return title, [*states, (UNKNOWN, wording.say("state.not_known"))]

        def begin_there(state: str | None) -> None:
            if state == UNKNOWN:
                self._open(request, None, money_known=False)
            elif state is not None:
                self._open(request, Portion(MoneyState(state)))

        self.app.push_screen(ChoiceScreen(ask, UNKNOWN), begin_there)

    def _open(self, request: str, portion: Portion | None, *, money_known: bool = True) -> None:
        self.show_case(lambda: self.counter.desk.open(request, portion, money_known=money_known))

    def _take_up(self, case_id: str) -> None:
        self.show_case(lambda: self.counter.desk.resume(case_id))
