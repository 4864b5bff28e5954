"""The page of figures under test: two visits to count, and a wait, since a thread of its own counts them."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.pilot import Pilot

from assistant.case.events import Outcome
from assistant.desk import Desk
from rules.facts import Answer
from tests.case.visits import HOUR, MINUTE, NOON, Clock, set_aside_gates
from tests.ui.staff import TELLER
from ui.screens.figures import FiguresScreen


def serve(desk: Desk) -> None:
    """Have a victim come nine days ago, and an ordinary customer today."""
    clock = Clock(NOON - 9 * 24 * HOUR)
    served = Desk(desk.store, desk.rulebooks, TELLER, clock)
    case_id = served.open("transfer").case.id
    served.answer(case_id, "official_caller", Answer.YES)
    clock.wait(MINUTE)
    set_aside_gates(served, case_id)
    served.close(case_id, Outcome.NOT_INTERCEPTED, 12_000_000, 0, 12_000_000)
    clock.now = NOON
    served.open("cash_withdrawal")


async def counted(app: App[Any], pilot: Pilot[Any]) -> None:
    """Wait until the figures are there, or what keeps them away, and have them drawn."""
    page = app.screen
    assert isinstance(page, FiguresScreen)
    while page.counting:
        await pilot.pause(0.02)
    page.redraw()
    await pilot.pause()
