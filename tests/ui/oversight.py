"""What a supervisor finds: cases that were closed, called for, or sent back, each saved by the program of another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from assistant.case.events import CallFor, Outcome, ReviewReason, Verdict
from assistant.desk import Desk
from assistant.review.reviewer import Reviewer
from assistant.store import Store
from rules.advice import Adviser
from rules.facts import Answer
from rules.loading import load_book
from tests.case.visits import MINUTE, SECOND, Clock
from tests.outlet import lay
from tests.ui.agreement import held_case
from tests.ui.machine import NOON
from tests.ui.staff import MANAGER, SUPERVISOR, TELLER, make_staffed
from ui.app import CounterApp
from ui.screens.home import HomeScreen
from ui.screens.page import Page

COMMENT: Final = "请补写谁陪客户等警察"
FEN: Final = 5_000_000


@contextmanager
def other_program(desk: Desk, actor: str = TELLER) -> Iterator[Desk]:
    """Open the same file a second time, as another program does on its own screen."""
    with Store.open(desk.store.path) as store:
        yield Desk(store, desk.rulebooks, actor, desk.clock)


def reviewer_of(desk: Desk, actor: str = SUPERVISOR) -> Reviewer:
    """Return what somebody else can do on the file of that desk."""
    return Reviewer(desk.store, actor, desk.clock)


def lost_case(desk: Desk) -> str:
    """Have a case of a teller in which the money was lost, closed; return its id."""
    case_id = held_case(Desk(desk.store, desk.rulebooks, TELLER, desk.clock))
    Desk(desk.store, desk.rulebooks, TELLER, desk.clock).close(case_id, Outcome.NOT_INTERCEPTED, FEN, 0, FEN)
    return case_id


def returned_case(desk: Desk, reviewer: str = SUPERVISOR) -> str:
    """Have such a case sent back to the teller; return its id."""
    case_id, by = lost_case(desk), reviewer_of(desk, reviewer)
    by.claim(case_id)
    by.return_(case_id, Verdict.RIGHT, Verdict.WRONG, Verdict.RIGHT, (ReviewReason.RECORD_THIN,), COMMENT)
    return case_id


class Going(Clock):
    """Goes on by some seconds each time that somebody looks at it."""

    def __call__(self) -> int:
        self.wait(4 * SECOND)
        return self.now


def leave_much_to_oversee(desk: Desk) -> None:
    """Have a case closed with a loss, one sent back to its teller, one open and overdue, and one with a call."""
    now = desk.clock()
    clock = Going(now - 40 * MINUTE)
    theirs = Desk(desk.store, desk.rulebooks, TELLER, clock)
    lost_case(theirs)
    returned_case(theirs, MANAGER)
    clock.now = now - 5 * MINUTE
    theirs.answer(theirs.open("cash_withdrawal").case.id, "official_caller", Answer.YES)
    clock.now = now - MINUTE
    reviewer_of(theirs, TELLER).call(theirs.open("transfer").case.id, CallFor.SECOND_INTERVIEW)


def make_overseen(path: Path) -> None:
    """Make a file of cases with its staff and with much to oversee, at noon."""
    make_staffed(path)
    with Store.open(path) as store, closing(Adviser(load_book())) as adviser:
        leave_much_to_oversee(Desk(store, adviser, SUPERVISOR, lambda: NOON))


def overseen_desk(path: Path, adviser: Adviser, actor: str = SUPERVISOR) -> Desk:
    """Return a desk over such a file, where it is noon; whoever asks for it closes the store."""
    lay(path, make_overseen)
    return Desk(Store.open(path), adviser, actor, lambda: NOON)


async def read_all(app: CounterApp, pilot: Pilot[int]) -> None:
    """Wait until all is there that the page reads after it came up."""
    for _ in range(1200):
        page = app.screen
        reading = isinstance(page, HomeScreen) and not (page._now and page._now.has_read)
        seeking = any(getattr(getattr(page, name, None), "busy", False) for name in ("_seeker", "_scribe"))
        if not reading and not seeking and not getattr(page, "counting", False):
            break
        await pilot.pause(0.05)
    if isinstance(app.screen, Page):
        app.screen.redraw()
    await pilot.pause()
