"""What others do about the case on a teller's page: whether the supervisor comes, what a reviewer said, who agreed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.case.events import CallFor
from assistant.people.permissions import Move
from ui.agreements import write_agreements
from ui.calls import write_call
from ui.reviews import reviewer_of, write_returned
from ui.screens.choice import Choices, ChoiceScreen
from ui.wording import Wording

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.desk import Desk
    from ui.screens.page import Page


def write_others(desk: Desk, case: Case, wording: Wording) -> Iterator[str]:
    """Yield it in a line each; what is kept from whoever works here is left out."""
    # What another program saved is not in the case as it was saved here.
    now = desk.store.case(case.id)
    yield from filter(None, (write_call(desk, now, wording), write_returned(desk, now, wording)))
    yield from write_agreements(desk, case, wording)


def may_call(desk: Desk, case: Case) -> bool:
    """Tell whether there is anybody on the staff to be called, and whoever works here may work on the case."""
    return desk.member is not None and case.closing is None and desk.may(Move.WORK, case)


def call_supervisor(page: Page[Any], case_id: str) -> None:
    """Ask what the supervisor is wanted for, and call; as long as a call waits no other is made."""
    desk = page.counter.desk
    case = desk.store.case(case_id)
    if not may_call(desk, case):
        return
    if case.call is not None and case.call.answer is None:
        page.notify(page.wording.say("call.again", time=page.wording.clock(case.call.at)), timeout=4, markup=False)
        return

    def call(wanted: str | None) -> None:
        if wanted is not None:
            page.attempt(lambda: reviewer_of(desk).call(case_id, CallFor(wanted)), lambda _: page.redraw())

    page.app.push_screen(ChoiceScreen(_list_wants), call)


def _list_wants(wording: Wording) -> Choices:
    wants = [(wanted.value, wording.case_word(f"call_for.{wanted}")) for wanted in CallFor]
    return wording.say("call.why"), wants
