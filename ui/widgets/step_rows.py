"""The steps as lines: what to do in which order, by whom, by when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from assistant.case.case import Case
from assistant.case.events import EventKind, Reason
from assistant.sheet import Sheet
from rules.advice import AdvisedStep
from rules.facts import StepOutcome
from ui.widgets.rows import Cell, Row
from ui.wording import Wording

_ROLES = {
    StepOutcome.DONE: "good",
    StepOutcome.REFUSED: "bad",
    StepOutcome.NOT_APPLICABLE: "muted",
    StepOutcome.LATER: "warn",
}


def build_step_rows(sheet: Sheet, wording: Wording) -> Iterator[Row]:
    """Yield the advised steps in order, then what must not be done, then records of steps no longer advised."""
    case, advised = sheet.case, {step.id for step in sheet.advice.steps}
    for step in sheet.advice.steps:
        if step.id in case.steps:
            yield _recorded(step.id, case, wording)
        else:
            yield _advised(step, wording, is_next=step.id == case.next_step)
    if sheet.advice.withheld:
        yield Row("withheld", (Cell(wording.say("teller.withheld")),), heading=True)
    for held in sheet.advice.withheld:
        role = "plain" if wording.quiet else "bad"
        cells = (Cell(wording.say("mark.withheld"), 3, role), Cell(wording.step(held.id), 0, role))
        yield Row(f"withheld:{held.id}", cells)
    earlier = [step for step in case.steps if step not in advised]
    if earlier:
        yield Row("earlier", (Cell(wording.say("teller.earlier")),), heading=True)
    for name in earlier:
        yield _recorded(name, case, wording)


def _advised(step: AdvisedStep, wording: Wording, *, is_next: bool) -> Row:
    mark, role = ("mark.next", "strong") if is_next else ("mark.todo", "plain")
    return _row(step.id, wording.say(mark), role, step.owner, wording.word(f"urgency.{step.urgency}"), wording)


def _recorded(name: str, case: Case, wording: Wording) -> Row:
    record = case.steps[name]
    mark, people = wording.say(f"mark.{record.outcome}"), filter(None, (_name_decider(name, case), record.colleague))
    return _row(name, mark, _ROLES[record.outcome], wording.join(people), wording.clock(record.at), wording, named=True)


def _name_decider(name: str, case: Case) -> str:
    """Return who says what became of a step: where it was left undone by a supervisor's word, whose word it was."""
    record = case.steps[name]
    if record.reason is Reason.SUPERVISOR_DECIDED:
        for event in reversed(case.history):
            if event.kind is EventKind.AUTHORISED and event.body.get("step") == name and event.at <= record.at:
                return event.actor
    return record.actor


def _row(name: str, mark: str, role: str, who: str, when: str, wording: Wording, *, named: bool = False) -> Row:
    owner = who if named else wording.word(f"owner.{who}")
    tail = wording.say("teller.owner", owner=owner, urgency=when)
    return Row(name, (Cell(mark, 3, role), Cell(wording.step(name), 0, role), Cell(tail, cell_len(tail), "muted")))
