"""The cases that wait to be reviewed by whoever works here: what went wrong first, then the sample."""

from __future__ import annotations

from typing import Final

from textual import on

from assistant.case.summary import CaseSummary
from assistant.people.permissions import Move, State
from assistant.review.reviewer import Reviewer
from rules.errors import Trouble
from ui.oversight import demand
from ui.screens.audit import show_file
from ui.screens.inbox import Inbox
from ui.seeking import Seeker
from ui.widgets.case_rows import build_case_rows
from ui.widgets.prose import Prose
from ui.widgets.rows import Rows

SHOWN: Final = 100


class QueueScreen(Inbox):
    """Enter reads a case through; F6 there claims and judges it."""

    NAME = "queue"

    def __init__(self) -> None:
        super().__init__()
        self._cases: tuple[CaseSummary, ...] | None = None
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
        desk, wording = self.counter.desk, self.wording
        self.query_one("#lead", Prose).tell(self._lead())
        self.query_one(Rows).show(build_case_rows(self._cases or (), desk, wording, self.size.width - 2))

    def _lead(self) -> str:
        wording = self.wording
        if self._problem is not None:
            return self._problem.sentence(wording.language)
        if self._cases is None:
            return wording.say("register.seeking")
        return wording.say("queue.lead") if self._cases else wording.say("queue.none")

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
        seeker.ask(lambda store, _: Reviewer(store, actor, clock).queue(SHOWN), self._show, self._fail)

    def _show(self, cases: tuple[CaseSummary, ...]) -> None:
        self._cases, self._problem = cases, None
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
        self._cases = None
        self._read()

    @on(Rows.Chosen)
    def read(self, event: Rows.Chosen) -> None:
        """Enter on a case."""
        event.stop()
        if self.is_on_top:
            show_file(self, event.key)
