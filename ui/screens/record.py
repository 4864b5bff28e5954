"""Recording a step: what must be checked first, what to write down, and what became of it; Enter on *done* confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, Final

from rich.cells import cell_len

from assistant.agreement import Needed, list_seconds
from assistant.amounts import read_amount
from assistant.case.case import StepRecord
from assistant.case.events import Matter, Reason
from assistant.people.roster import Member
from assistant.sheet import read_written
from rules.advice import AdvisedStep
from rules.facts import Answer, Reply, StepOutcome
from rules.model import RecordField
from ui.actions import Action
from ui.counter import Visit
from ui.screens.choice import Choices
from ui.screens.cover import cover
from ui.screens.form import TAKE, WORDS, FormPage
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording
from ui.written_time import read_written_time

ROOM_FOR_TEXT: Final = 24
"""Cells that a field leaves to what is written in it; longer texts go on below."""
FREE: Final = "text"
"""The kind of a field in which numbers about a person may end up unasked; a number of a document has its own kind."""
STAFF: Final = "staff"
"""The kind of a field that takes the staff number of a colleague, who is no customer: it stands there unmasked."""
REFUSALS: Final = frozenset({Reason.CUSTOMER_REFUSES, Reason.CUSTOMER_LEFT})
"""Reasons that lie with the customer; with any other the step did not apply."""


class RecordScreen(FormPage[None]):
    """One step of the advice. What is typed stays until the step is recorded or left."""

    NAME = "record"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        TAKE,
        Action("answer('yes')", "1,y", "yes", "1", rank=4),
        Action("answer('no')", "0,n", "no", "0", rank=5),
        Action("clear", "space,delete", "clear", "Space"),
        WORDS,
        LANGUAGE,
        QUIET,
    )

    def __init__(self, visit: Visit, step: str, *, deliberate: bool = False) -> None:
        """`deliberate` when a key of its own led here: then Enter may confirm at once, else a doubled Enter would."""
        super().__init__(visit)
        self._deliberate = deliberate
        self._step_id = step
        self._set_aside = Needed(Matter.SET_ASIDE, step)
        self._written: dict[str, str] = self._read_saved()

    @property
    def step(self) -> AdvisedStep | None:
        """The step as it is advised now; an answer given here may take it back."""
        return self.sheet.step(self._step_id)

    @property
    def _recorded(self) -> StepRecord | None:
        return self.sheet.case.steps.get(self._step_id)

    def is_unsaved(self) -> bool:
        return {name: text for name, text in self._written.items() if text} != self._read_saved()

    def _read_saved(self) -> dict[str, str]:
        return read_written(self._recorded, self.wording.book.steps[self._step_id]) if self._recorded else {}

    def name_keeping(self, wording: Wording) -> str:
        return wording.say("record.keep" if self._recorded else "record.keep_later")

    def keep(self, then: Callable[[], object]) -> None:
        recorded = self._recorded
        if recorded is None:
            self._record(StepOutcome.LATER, None, then)
        else:
            self._record(recorded.outcome, recorded.reason, then)

    def lead(self) -> str:
        step, wording = self.step, self.wording
        if step is None:
            return wording.say("teller.not_advised_now")
        owner = f"{wording.word(f'owner.{step.owner}')} · {wording.word(f'urgency.{step.urgency}')}"
        lines = [f"{wording.step(step.id) if wording.quiet else wording.read(step.do)}   {owner}"]
        if said := wording.loud(step.say):
            lines.append(wording.say("teller.say", say=said))
        if note := wording.loud(step.note):
            lines.append(wording.say("teller.note", note=note))
        reasons = [reason for why in step.because[:2] if (reason := wording.loud(why.reason))]
        lines += [wording.say("record.because", reason=reason) for reason in reasons]
        if step.step.gates:
            lines.append(wording.say("record.gates"))
        if not self.sheet.case.settled(step.id) and (answer := self.name_answer(self._set_aside)):
            lines.append(answer)
        return "\n".join(lines)

    def lines(self) -> Iterator[Row]:
        step, wording = self.step, self.wording
        if step is None:
            return
        if step.step.check_first:
            yield Row("check", (Cell(wording.say("record.check")),), heading=True)
        for fact in step.step.check_first:
            if self.is_denied(fact):
                continue
            yield self._fact_row(fact, self.sheet.case.accounts.get(fact))
        if step.step.record:
            yield Row("write", (Cell(wording.say("record.write")),), heading=True)
        for field in step.step.record:
            yield self._field_row(field)
        yield Row("outcome", (Cell(wording.say("record.outcome")),), heading=True)
        yield Row("done", (Cell("", 3), Cell(wording.say("record.done"), 0, "strong")))
        yield Row("later", (Cell("", 3), Cell(wording.say("record.later"))))
        for reason in Reason:
            said = wording.say("record.not_done", reason=wording.case_word(f"reason.{reason}"))
            yield Row(f"reason:{reason}", (Cell("", 3), Cell(said)))

    def given(self) -> Mapping[str, str]:
        return {name: text for name, text in self._written.items() if text}

    def _take_up(self) -> None:
        """Fill in what was written when agreement to set the step aside was asked for, and is not recorded yet."""
        if self._recorded is None:
            self._written |= dict(self.find_given(self._set_aside))

    def on_mount(self) -> None:
        self._take_up()
        super().on_mount()
        if self.step is not None:
            self.query_one(Rows).go_to(self._first_open(self.step))

    def _first_open(self, step: AdvisedStep) -> str:
        unknown = [f"fact:{fact}" for fact in step.step.check_first if fact not in self.sheet.case.accounts]
        missing = [f"field:{f.id}" for f in step.step.record if f.required and not self._written.get(f.id)]
        kept = self._recorded is not None and self._recorded.outcome is StepOutcome.DONE
        rest = "done" if self._deliberate or kept or not step.step.gates else "later"
        return next(iter([*unknown, *missing]), rest)

    def _fact_row(self, fact: str, reply: Reply | None) -> Row:
        mark = self.wording.say(f"mark.{reply.value if reply else 'open'}")
        ask = self.wording.account(fact)
        return Row(f"fact:{fact}", (Cell(mark, 4, "strong" if reply else "warn"), Cell(ask)))

    def _field_row(self, field: RecordField) -> Row:
        wording, text = self.wording, self._shown(field)
        state = text or wording.say("record.needed" if field.required else "record.empty")
        role = "strong" if text else "warn" if field.required else "muted"
        width = max(cell_len(self._field_name(other)) for other in wording.book.steps[self._step_id].record)
        width = min(width + 2, self.size.width - ROOM_FOR_TEXT)
        return Row(f"field:{field.id}", (Cell(self._field_name(field), width), Cell(state, 0, role)))

    def _shown(self, field: RecordField) -> str:
        text = self._written.get(field.id, "")
        return cover(text) if field.kind == FREE else text

    def _field_name(self, field: RecordField) -> str:
        fields = self.wording.book.steps[self._step_id].record
        if self.wording.quiet:
            return self.wording.say("record.field", number=fields.index(field) + 1)
        return self.wording.read(field.ask)

    def take_line(self, key: str) -> None:
        kind, _, name = key.partition(":")
        if kind == "fact":
            reply = self.sheet.case.accounts.get(name)
            self._answer(name, Answer.NO if reply and reply.yes else Answer.YES)
        elif kind == "field":
            self._fill(name)
        elif kind == "reason":
            self._record(_outcome(Reason(name)), Reason(name))
        else:
            self._record(StepOutcome(kind), None)

    def _fill(self, name: str) -> None:
        field = next(f for f in self.wording.book.steps[self._step_id].record if f.id == name)
        if field.choices:
            self.choose(
                lambda wording: (self._field_name(field), [(text.zh, wording.read(text)) for text in field.choices]),
                lambda text: self._write(name, text),
            )
            return
        if field.kind == FREE:
            self._fill_free(field)
            return
        if field.kind == STAFF and (seconds := list_seconds(self.counter.desk)):
            self._fill_colleague(field, seconds)
            return
        hinted = field.kind in ("time", "amount", STAFF)
        self.ask(
            lambda _: self._field_name(field),
            lambda text: self._write(name, self._read_time(text) if field.kind == "time" else text),
            self._written.get(name, ""),
            {"time": self._read_time, "amount": lambda text: text and read_amount(text)}.get(field.kind),
            (lambda wording: wording.say(f"record.{field.kind}_hint")) if hinted else None,
        )

    def _fill_free(self, field: RecordField) -> None:
        before = self._written.get(field.id, "")
        recorded = self._recorded
        own = recorded is None or self.counter.desk.wrote(self.sheet.case, recorded)
        given = before if own else self._shown(field)

        def write(text: str) -> None:
            self._write(field.id, before if text == given else text)

        self.ask(lambda _: self._field_name(field), write, given, free=True)

    def _fill_colleague(self, field: RecordField, seconds: tuple[Member, ...]) -> None:
        def ask(wording: Wording) -> Choices:
            people = [(one.number, f"{one.number}  {wording.person_word(f'role.{one.role}')}") for one in seconds]
            return f"{self._field_name(field)}  {wording.say('record.staff_hint')}", people

        self.choose(ask, lambda number: self._write(field.id, number), self._written.get(field.id))

    def _read_time(self, text: str) -> str:
        return read_written_time(text, self.counter.desk.clock(), self.wording.zone)

    def _write(self, name: str, text: str) -> None:
        self._written[name] = text
        self._deliberate = True
        self.redraw()
        if self.step is not None:
            self.query_one(Rows).go_to(self._next_open(self.step, name))

    def _next_open(self, step: AdvisedStep, name: str) -> str:
        """Return the next line to fill in behind that field, then those needed before it, then the end."""
        fields = [field.id for field in step.step.record]
        behind = fields[fields.index(name) + 1 :] if name in fields else []
        empty = [f"field:{field}" for field in behind if not self._written.get(field)]
        return next(iter(empty), self._first_open(step))

    def _record(self, outcome: StepOutcome, reason: Reason | None, then: Callable[[], object] = lambda: None) -> None:
        desk, written = self.counter.desk, self._written

        def leave() -> None:
            self.dismiss()
            then()

        self.save(lambda: desk.record_step(self.sheet.case.id, self._step_id, outcome, reason, written), leave)

    def action_answer(self, value: str) -> None:
        """Answer the fact under the cursor."""
        key = self.query_one(Rows).key or ""
        if key.startswith("fact:"):
            self._answer(key.removeprefix("fact:"), Answer(value))

    def action_clear(self) -> None:
        """Set the fact under the cursor back to not known."""
        key = self.query_one(Rows).key or ""
        if key.startswith("fact:"):
            self._answer(key.removeprefix("fact:"), None)

    def _answer(self, fact: str, value: Answer | None) -> None:
        def go_on() -> None:
            if value is not None and self.step is not None:
                self._deliberate = True
                self.query_one(Rows).go_to(self._first_open(self.step))

        self.answer_account(fact, value, go_on)


def _outcome(reason: Reason) -> StepOutcome:
    return StepOutcome.REFUSED if reason in REFUSALS else StepOutcome.NOT_APPLICABLE
