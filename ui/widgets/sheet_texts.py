"""What the lines around the two lists say of a case: the headline, the visit, the clocks, the suspicions."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.case.events import EventKind
from assistant.desk import Sheet
from assistant.store import receipt
from rules.advice import AdvisedStep
from rules.facts import StepOutcome
from ui.grounds import write_grounds
from ui.widgets.banner import Headline
from ui.wording import Wording, span

SUSPICIONS_SHOWN = 3
POLICE_STEP = "call_110"


def write_headline(sheet: Sheet, wording: Wording) -> Headline:
    """Return how far to go and the one next action, with its words."""
    case, level = sheet.case, wording.level(sheet.advice.level)
    step = sheet.step(case.next_step) if case.next_step else None
    if case.closing:
        closed = wording.say("teller.closed", outcome=wording.case_word(f"outcome.{case.closing.outcome}"))
        if step is None:
            return Headline(sheet.advice.level, level, closed, "", (), wording.quiet)
        level = closed
    if step is None:
        key = "teller.served" if case.clearings else "teller.all_done" if case.advised_steps else "teller.nothing"
        return Headline(sheet.advice.level, level, wording.say(key), "", tuple(_thank(sheet, wording)), wording.quiet)
    record = case.steps.get(step.id)
    put_off = f" {wording.word('step_outcome.later')}" if record and record.outcome is StepOutcome.LATER else ""
    action = wording.step(step.id) if wording.quiet else wording.read(step.do)
    owner = wording.say(
        "teller.owner", owner=wording.word(f"owner.{step.owner}"), urgency=wording.word(f"urgency.{step.urgency}")
    )
    below = () if wording.quiet else tuple(_below(step, wording))
    return Headline(
        sheet.advice.level, level, wording.say("teller.do", do=f"{action}{put_off}"), owner, below, wording.quiet
    )


def _thank(sheet: Sheet, wording: Wording) -> Iterator[str]:
    """Yield what to say to a customer who was cleared: it stands on no rule and gives nothing away, quiet or not."""
    for name, clearing in wording.book.clearings.items():
        if name in sheet.case.clearings and not sheet.case.closing:
            yield wording.say("teller.say", say=wording.read(clearing.say))
            return


def _below(step: AdvisedStep, wording: Wording) -> Iterator[str]:
    yield wording.say("teller.say", say=wording.read(step.say)) if step.say else wording.say("teller.silent")
    if step.note:
        yield wording.say("teller.note", note=wording.read(step.note))
    for reason in step.because[:1]:
        yield wording.read(reason.reason)


def write_visit(sheet: Sheet, wording: Wording) -> str:
    """Return request, money, age and clearings in one line."""
    case, book = sheet.case, wording.book
    parts = [wording.request(request) for request in case.requests]
    parts += [wording.portion(case.money[number], case.facts.now) for number in sorted(case.money)]
    if case.age:
        parts.append(wording.read(book.age_bands[case.age].name))
    if case.closing:
        closing = next(event for event in reversed(case.history) if event.kind is EventKind.CLOSED)
        parts.append(wording.say("teller.receipt", receipt=receipt(closing)))
    if case.clearings:
        names = wording.join(wording.clearing(name) for name in sorted(case.clearings))
        parts.append(wording.say("teller.cleared", clearings=names))
    return " · ".join(parts)


def write_clocks(sheet: Sheet, now: int, wording: Wording) -> str:
    """Return the times that run: since the first red flag, since the police were called, what waits for whom."""
    case = sheet.case
    if case.closing:
        return ""
    parts = []
    if case.first_flag_at is not None:
        parts.append(wording.say("teller.since_flag", time=span(now - case.first_flag_at)))
    police = case.steps.get(POLICE_STEP)
    if police is not None and police.outcome is StepOutcome.DONE:
        parts.append(wording.say("teller.since_police", time=span(now - police.at)))
    for step in sheet.advice.steps:
        record = case.steps.get(step.id)
        if record is not None and record.outcome is StepOutcome.LATER and not record.settled:
            owner = wording.word(f"owner.{step.owner}")
            waited = span(now - record.at)
            parts.append(wording.say("teller.waiting", owner=owner, step=wording.step(step.id), time=waited))
            break
    return "   ".join(parts)


def write_suspicions(sheet: Sheet, wording: Wording) -> Iterator[str]:
    """Yield the suspected typologies, each with its evidence."""
    for found in sheet.advice.suspicions[:SUSPICIONS_SHOWN]:
        yield f"{wording.typology(found.typology)}  {write_grounds(found.because, wording)}".rstrip()
    if not sheet.advice.suspicions:
        yield wording.say("teller.none_suspected")
    if sheet.advice.disagreement:
        yield wording.say("teller.disagree")
