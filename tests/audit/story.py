"""Moves of an invented visit that several tests make, each in one word."""

from __future__ import annotations

from typing import Final

from assistant.audit.timeline import Line
from assistant.case.case import Case
from assistant.case.events import Matter, Outcome, Reason
from assistant.desk import Desk
from assistant.people.requests import EmergencyReason
from rules.facts import Answer, Known, Level, StepOutcome
from tests.people.branch import SUPERVISOR, TELLER

TELLING: Final = "official_caller"
HOURS: Final = 24
REFERRAL: Final = "str_referral"


def begin(desk: Desk, request: str = "transfer") -> str:
    """Open a case and return its id."""
    return desk.open(request).case.id


def hold(desk: Desk, request: str = "transfer") -> str:
    """Open a case with a red flag on which the advice is to hold, or more, and return its id."""
    case_id = begin(desk, request)
    assert desk.answer(case_id, TELLING, Answer.YES, Known.SAID).advice.level.rank >= Level.HOLD.rank
    return case_id


def agree(desk: Desk, case_id: str, matter: Matter, step: str | None = None) -> None:
    """Have the supervisor agree."""
    desk.office_of(SUPERVISOR).approve(desk.ask_authority(case_id, matter, step).subject)


def do_alone(desk: Desk, case_id: str, matter: Matter, step: str | None = None) -> None:
    """Do it alone in an emergency."""
    subject = desk.ask_authority(case_id, matter, step).subject
    desk.office.use_emergency(subject, EmergencyReason.NOBODY_IN_REACH, HOURS)


def settle_gates(desk: Desk, case_id: str, reason: Reason = Reason.CUSTOMER_REFUSES) -> None:
    """Have every gating step refused until none is open."""
    while gates := desk.store.case(case_id).open_gates():
        desk.record_step(case_id, gates[0], StepOutcome.REFUSED, reason)


def close(desk: Desk, case_id: str, outcome: Outcome = Outcome.LEFT) -> Case:
    """Close the case without any money in it."""
    return desk.close(case_id, outcome, 0, 0, 0).case


def refer(desk: Desk) -> str:
    """Open a case in which a suspicious transaction report is advised, asked about, recorded and taken back."""
    case_id = begin(desk, "account_opening")
    desk.answer(case_id, "id_mismatch", Answer.YES, Known.VERIFIED)
    desk.change_to(SUPERVISOR)
    try:
        desk.record_step(case_id, REFERRAL, StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT)
        desk.take_back(case_id)
        desk.record_step(case_id, REFERRAL, StepOutcome.DONE)
        desk.ask_authority(case_id, Matter.SET_ASIDE, REFERRAL)
    finally:
        desk.change_to(TELLER)
    return case_id


def tells_each_once(case: Case, lines: tuple[Line, ...]) -> bool:
    """Tell whether each event of a case has its one line, in order, of the same time and person."""
    own = {event.seq for event in case.history}
    told = [(line.seq, line.at, line.actor, line.kind) for line in lines if line.seq in own and not line.depth]
    return told == [(event.seq, event.at, event.actor, event.kind) for event in case.history]
