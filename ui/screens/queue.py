"""The cases that wait to be reviewed by whoever works here, what went wrong first, and those whose teller has still to
answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from textual import on

from assistant.case.case import Case
from assistant.case.summary import CaseSummary
from assistant.people.permissions import Move, State
from assistant.review.reviewer import Reviewer
from assistant.stamps import Clock
from assistant.store import Store
from rules.errors import Trouble
from ui.oversight import demand
from ui.screens.audit import show_file
from ui.screens.inbox import Inbox
from ui.seeking import Seeker
from ui.widgets.case_rows import build_case_rows
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import wait

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be reviewed, and what was sent back and is not answered, the longest wait first."""

    due: tuple[CaseSummary, ...] = ()
    unanswered: tuple[Case, ...] = ()

    @classmethod
    def read(cls, store: Store, actor: str, clock: Clock) -> Waiting:
        """Read both for one person. Raises a NotPermitted."""
        reviewer = Reviewer(store, actor, clock)
        returned = reviewer.list_unanswered()[:SHOWN]
        return cls(reviewer.queue(SHOWN), tuple(store.case(row.case_id) for row in returned))


class QueueScreen(Inbox):
    """Enter reads a case through; F6 there claims and judges it."""

    NAME = "queue"

    def __init__(self) -> None:
        super().__init__()
        self._waiting: Waiting | None = None
        """What waits; None as long as it is read behind the screen."""
        self._problem: Trouble | None = None
        self._stale = False
        """Whether something was saved while that was read."""
        self._seeker: Seeker | None = None

    def on_mount(self) -> None:
        self._seeker = Seeker(self.app, self.counter.desk.store.path)
        super().on_mount()
        self._read()

    def on_unmount(self) -> None:
        if self._seeker is not None:
            self._seeker.close()

    def redraw(self) -> None:
        super().redraw()
        self.query_one("#lead", Prose).tell(self._lead())
        self.query_one(Rows).show(self._rows(self._waiting or Waiting()))

    def _rows(self, waiting: Waiting) -> Iterator[Row]:
        desk, wording = self.counter.desk, self.wording
        if waiting.due and waiting.unanswered:
            yield Row("due", (Cell(wording.say("queue.due", count=len(waiting.due))),), heading=True)
        yield from build_case_rows(waiting.due, desk, wording, self.size.width - 2)
        if waiting.unanswered:
            told = wording.say("queue.unanswered", count=len(waiting.unanswered))
            yield Row("unanswered", (Cell(told),), heading=True)
        for case in waiting.unanswered:
            yield self._build_unanswered(case)

    def _build_unanswered(self, case: Case) -> Row:
        """Return the number of a case, its teller, who sent it back, and how long that waits."""
        wording, review, teller = self.wording, case.review, case.history[0].actor
        who, at = (review.actor, review.at) if review else ("", case.history[-1].at)
        waited = wording.say("home.waiting", time=wait(self.counter.desk.clock() - at))
        cells = (
            Cell(case.number, cell_len(case.number)),
            Cell(teller, cell_len(teller), "strong"),
            Cell(wording.say("queue.by", who=who, time=wording.clock(at))),
            Cell(waited, cell_len(waited), "warn"),
        )
        return Row(case.id, cells)

    def _lead(self) -> str:
        wording = self.wording
        if self._problem is not None:
            return self._problem.sentence(wording.language)
        if self._waiting is None:
            return wording.say("register.seeking")
        return wording.say("queue.lead") if self._waiting.due else wording.say("queue.none")

    def on_screen_resume(self) -> None:
        # The cases are named by the newest rulebook, not by that of the one that was read last.
        self.counter.desk.rulebooks.turn_to(None)
        super().on_screen_resume()
        self._read()

    def _read(self) -> None:
        """Have read what waits; there may be thousands to look through."""
        seeker, desk = self._seeker, self.counter.desk
        if seeker is None:
            return
        if seeker.busy:
            self._stale = True
            return
        actor, clock, self._stale = desk.actor, desk.clock, False
        seeker.ask(lambda store, _: Waiting.read(store, actor, clock), self._show, self._fail)

    def _show(self, waiting: Waiting) -> None:
        self._waiting, self._problem = waiting, None
        self.redraw()
        if self._stale:
            self._read()

    def _fail(self, trouble: Trouble) -> None:
        self._problem = trouble
        self.redraw()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.redraw()

    def beat(self) -> None:
        """Show what came, and no longer what another took."""
        self._read()

    def look_anew(self) -> None:
        """Raises a NotPermitted for somebody who reviews nothing."""
        demand(self.counter.desk, Move.REVIEW, State.CLOSED)
        if self._seeker is not None:
            self._seeker.cancel()
        self._waiting = None
        self._read()

    @on(Rows.Chosen)
    def read(self, event: Rows.Chosen) -> None:
        """Enter on a case."""
        event.stop()
        if self.is_on_top:
            show_file(self, event.key)
