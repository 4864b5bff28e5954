"""What a teller took back, in one phrase."""

from __future__ import annotations

from assistant.case import bodies
from assistant.case.case import Case
from assistant.case.events import EventKind
from ui.wording import Wording


def name_taken_back(case: Case, wording: Wording) -> str:
    """Return what the latest taking back undid, in one phrase; neutral words while the screen is quiet."""
    taking = next(event for event in reversed(case.history) if event.kind is EventKind.TAKEN_BACK)
    event = next(event for event in case.history if event.id == taking.body["event"])
    book = wording.book
    match bodies.read_body(event):
        case bodies.Answered() as body:
            name = wording.sign(body.sign) if body.sign in book.signs else body.sign
            return wording.say("teller.told", what=name, value=wording.word(f"answer.{body.value or 'open'}"))
        case bodies.AccountAnswered() as body:
            name = wording.account(body.fact) if body.fact in book.accounts else body.fact
            return wording.say("teller.told", what=name, value=wording.word(f"answer.{body.value or 'open'}"))
        case bodies.StepRecorded() as body:
            outcome = wording.word(f"step_outcome.{body.outcome}")
            return wording.say("teller.told", what=wording.step(body.step), value=outcome)
        case bodies.Requested(requests=requests):
            return wording.join(map(wording.request, requests))
        case bodies.MoneyRecorded(portion=number) | bodies.MoneyRemoved(portion=number):
            return wording.say("facts.money", number=number)
        case bodies.Cleared(clearing=name) | bodies.ClearingWithdrawn(clearing=name):
            return wording.clearing(name) if name in book.clearings else name
        case bodies.AgeNoted():
            return wording.say("facts.age")
    return wording.say("key.ask")
