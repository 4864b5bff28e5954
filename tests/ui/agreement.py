"""A case on which a second person has to agree, led to where it is asked for, and somebody who signs."""

from __future__ import annotations

from typing import Final

from textual.widgets import Input

from assistant.case.events import Outcome, Reason
from assistant.case.summary import CaseState
from assistant.desk import Desk
from rules.facts import Answer, Level, StepOutcome
from tests.ui.pilot import Seat
from tests.ui.staff import PASSWORDS, TELLER

ASKED: Final = "须有第二人同意"
NOTE: Final = "hk77"


def held_case(desk: Desk) -> str:
    """Have a case in which all is recorded and the advice is still to hold or more; return its id."""
    case_id = desk.open("transfer").case.id
    sheet = desk.answer(case_id, "official_caller", Answer.YES)
    while gates := sheet.case.open_gates():
        sheet = desk.record_step(case_id, gates[0], StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
    assert sheet.advice.level.rank >= Level.HOLD.rank
    return case_id


async def ask_to_close(seat: Seat, case_id: str) -> None:
    """Fill in the page that closes the case as cleared, and confirm."""
    await seat.go_to(case_id)
    await seat.press("enter", "f8")
    await seat.go_to("note")
    await seat.press("enter", *NOTE, "enter")
    await seat.go_to("at_risk")
    await seat.press("enter", *["backspace"] * 8, *"500", "enter")
    await seat.go_to("outcome")
    await seat.press("enter", "4")
    assert Outcome.CLEARED in list(Outcome)[3]
    await seat.go_to("confirm")
    await seat.press("enter")
    assert ASKED in seat.grid()


async def countersign(seat: Seat, number: str, password: str | None = None) -> None:
    for field, text in (("number", number), ("password", PASSWORDS[number] if password is None else password)):
        line = seat.app.screen.query_one(f"#{field}", Input)
        line.focus()
        line.value = text
    await seat.press("enter")
    await seat.pilot.pause()


def assert_closed(desk: Desk, case_id: str, by: str = TELLER) -> None:
    closed = desk.store.case(case_id)
    assert closed.state is CaseState.CLOSED
    assert closed.closing is not None
    assert (closed.closing.outcome, closed.closing.at_risk, closed.closing.actor) == (Outcome.CLEARED, 50_000, by)
    assert closed.history[-1].private["note"] == NOTE
