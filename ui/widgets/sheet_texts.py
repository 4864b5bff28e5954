"""What the lines around the two lists say of a case: the headline, the visit, the clocks, the suspicions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.case.events import EventKind
from assistant.sheet import POLICE_CALL, Sheet
from assistant.store import receipt
from rules.advice import AdvisedStep
from rules.facts import StepOutcome
from rules.language import Language
from ui.grounds import write_grounds
from ui.widgets.banner import Headline
from ui.wording import Wording, span

SUSPICIONS_SHOWN = 3
REASONS_SHOWN = 3
FOLLOWING_SHOWN = 6


def write_headline(sheet: Sheet, wording: Wording) -> Headline:
    """Return how far to go and the one next action, with its words."""
    case, level = sheet.case, wording.level(sheet.advice.level)
    wordy = wording.language is not Language.ZH
    step = sheet.step(case.next_step) if case.next_step else None
    if case.closing:
        closed = wording.say("teller.closed", outcome=wording.case_word(f"outcome.{case.closing.outcome}"))
        if step is None:
            below = (" · ".join(_certify(sheet, wording)), *_rest(sheet, wording))
            return Headline(sheet.advice.level, level, closed, "", below, wording.quiet, wordy)
        level = closed
    if step is None:
        key = "teller.served" if case.clearings else "teller.all_done" if case.advised_steps else "teller.nothing"
        below = (*_thank(sheet, wording), *_rest(sheet, wording))
        return Headline(sheet.advice.level, level, wording.say(key), "", below, wording.quiet, wordy)
    record = case.steps.get(step.id)
    put_off = f" {wording.word('step_outcome.later')}" if record and record.outcome is StepOutcome.LATER else ""
    action = wording.step(step.id) if wording.quiet else wording.read(step.do)
    owner = wording.say(
        "teller.owner", owner=wording.word(f"owner.{step.owner}"), urgency=wording.word(f"urgency.{step.urgency}")
    )
    do = wording.say("teller.do", do=f"{action}{put_off}")
    below = tuple(_follow(sheet, wording) if wording.quiet else _below(step, wording))
    return Headline(sheet.advice.level, level, do, owner, below, wording.quiet, wordy)


def _thank(sheet: Sheet, wording: Wording) -> Iterator[str]:
    """Yield what to say to a customer who was cleared: it stands on no rule and gives nothing away, quiet or not."""
    for name, clearing in wording.book.clearings.items():
        if name in sheet.case.clearings and not sheet.case.closing:
            yield wording.say("teller.say", say=wording.read(clearing.say))
            return


def _rest(sheet: Sheet, wording: Wording) -> Iterator[str]:
    """Yield what the level rests on, for nothing is to be done next; the quiet screen keeps it to itself."""
    if wording.quiet:
        return
    for reason in sheet.advice.because[:REASONS_SHOWN]:
        yield wording.say("record.because", reason=wording.read(reason.reason))
    if not sheet.advice.because and not sheet.case.closing:
        yield wording.say("teller.nothing_found")


def _follow(sheet: Sheet, wording: Wording) -> Iterator[str]:
    """Yield the steps behind the next one, in the neutral words that also stand in their list."""
    case = sheet.case
    steps = [step.id for step in sheet.advice.steps if step.id != case.next_step and not case.settled(step.id)]
    if steps:
        names = dict.fromkeys(map(wording.step, steps[:FOLLOWING_SHOWN]))
        yield wording.say("teller.then", steps=wording.join(names))


def _below(step: AdvisedStep, wording: Wording) -> Iterator[str]:
    yield wording.say("teller.say", say=wording.read(step.say)) if step.say else wording.say("teller.silent")
    if step.note:
        yield wording.say("teller.note", note=wording.read(step.note))
    for reason in step.because[:1]:
        yield wording.read(reason.reason)


def write_visit(sheet: Sheet, wording: Wording) -> str:
    """Return request, money, age, clearings and the last reopening in one line."""
    case, book = sheet.case, wording.book
    parts = [wording.request(request) for request in case.requests]
    for number in sorted(case.money):
        portion = case.money[number]
        # The amount is a piece of its own: a line that is too short takes from the long name of the state before it.
        parts.append(wording.portion(replace(portion, amount=None), case.facts.now))
        if portion.amount is not None:
            parts.append(wording.amount(portion.amount))
    if case.age:
        parts.append(wording.read(book.age_bands[case.age].name))
    if not case.closing or case.next_step:
        # Else the banner has room for it.
        parts += _certify(sheet, wording)
    if again := case.reopening:
        reason = wording.case_word(f"reopening.{again.reason}")
        parts.append(wording.say("teller.reopened", time=wording.clock(again.at), reason=reason))
    return " · ".join(parts)


def _certify(sheet: Sheet, wording: Wording) -> Iterator[str]:
    """Yield the receipt of a closed case, and what was cleared."""
    case = sheet.case
    if case.closing:
        closing = next(event for event in reversed(case.history) if event.kind is EventKind.CLOSED)
        yield wording.say("teller.receipt", receipt=receipt(closing))
    if case.clearings:
        names = wording.join(wording.clearing(name) for name in sorted(case.clearings))
        yield wording.say("teller.cleared", clearings=names)


def write_clocks(sheet: Sheet, now: int, wording: Wording) -> str:
    """Return the times that run: since the first red flag, since the police were called, what waits for whom."""
    case = sheet.case
    if case.closing:
        return ""
    parts = []
    if case.first_flag_at is not None:
        parts.append(wording.say("teller.since_flag", time=span(now - case.first_flag_at)))
    police = case.steps.get(POLICE_CALL)
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
