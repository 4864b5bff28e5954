"""The teller's minute: the one next action on top, red flags to answer, steps to record, what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from assistant.case.case import CaseState
from assistant.desk import Sheet
from rules.facts import Answer, Known, StepOutcome
from rules.questions import rank_questions
from ui.actions import Action
from ui.counter import Visit
from ui.screens.closing import ClosingScreen
from ui.screens.facts import FactsScreen
from ui.screens.page import HELP, LANGUAGE, Page
from ui.screens.record import RecordScreen
from ui.screens.why import WhyScreen
from ui.widgets.banner import Banner, Headline
from ui.widgets.flag_rows import build_flag_rows
from ui.widgets.rows import Rows
from ui.widgets.step_rows import build_step_rows
from ui.wording import Wording, span


class TellerScreen(Page[None]):
    """One open case. Every answer is saved before it is shown."""

    NAME = "teller"
    CSS_PATH = "teller.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        Action("back", "escape", "home", "Esc", rank=2),
        Action("record", "f6", "record", "F6", rank=3),
        Action("answer('yes','seen')", "1", "seen", "1", rank=4),
        Action("answer('yes','said')", "2", "said", "2", rank=5),
        Action("answer('yes','verified')", "3", "verified", "3", rank=6),
        Action("answer('no','')", "0,n", "no", "0", rank=7),
        Action("answer('yes','')", "y", "yes", "Y"),
        Action("clear", "space,delete", "clear", "Space"),
        Action("undo", "backspace", "undo", "Bksp", rank=8),
        Action("swap", "f5,tab", "swap", "F5", rank=9),
        Action("facts", "f2", "facts", "F2", rank=10),
        Action("close", "f8", "close", "F8", rank=11),
        Action("why", "f4", "why", "F4", rank=12),
        Action("known", "f3", "known", "F3", rank=13),
        LANGUAGE,
    )

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.visit = Visit(sheet)

    def body(self) -> Iterable[Widget]:
        yield Banner(id="banner")
        yield Static(id="visit", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="flags-pane"):
                yield Static(id="flags-title", classes="title", markup=False)
                yield Rows(id="flags")
            with Vertical(id="steps-pane"):
                yield Static(id="steps-title", classes="title", markup=False)
                yield Rows(id="steps")
                yield Static(id="suspected", markup=False)
        yield Static(id="summary", markup=False)
        yield Static(id="ask", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#flags", Rows).focus()
        self.set_interval(1.0, self._tick)
        self.show_steps = False

    @property
    def sheet(self) -> Sheet:
        """The case as it was saved last."""
        return self.visit.sheet

    @property
    def case_id(self) -> str:
        """The id of the case on the screen."""
        return self.visit.case_id

    @property
    def show_steps(self) -> bool:
        """Whether the steps have the keys (and, on a narrow screen, the room)."""
        return self.has_class("-steps")

    @show_steps.setter
    def show_steps(self, shown: bool) -> None:
        self.set_class(shown, "-steps")
        self.query_one("#steps" if shown else "#flags", Rows).focus()

    def top_left(self) -> Iterator[str]:
        yield self.wording.say("top.case", number=self.sheet.case.number)
        yield self.counter.desk.store.outlet.name
        yield self.wording.say("top.actor", actor=self.counter.desk.actor)

    def top_right(self) -> Iterator[str]:
        wording, case = self.wording, self.sheet.case
        if not self.counter.desk.store.writable:
            yield wording.say("top.read_only")
        yield wording.say("top.saved", time=wording.clock(self.sheet.saved_at, seconds=True))
        end = case.closing.at if case.closing else self.counter.desk.clock()
        yield wording.say("top.elapsed", time=span(end - case.history[0].at))

    def take(self, move: Callable[[], Sheet]) -> bool:
        """Make a move and show what follows; False when it was not saved, which was told."""
        sheet = self.attempt(move)
        if sheet is None:
            return False
        self.visit.sheet = sheet
        self.redraw()
        return True

    def redraw(self) -> None:
        super().redraw()
        sheet, wording = self.sheet, self.wording
        self.query_one(Banner).show(_headline(sheet, wording), rows=4)
        self.query_one("#visit", Static).update(self._visit_line(wording))
        self.query_one("#flags", Rows).show(build_flag_rows(sheet.case, wording))
        following = None if self.show_steps else sheet.case.next_step
        self.query_one("#steps", Rows).show(build_step_rows(sheet, wording), key=following)
        done = sum(1 for step in sheet.advice.steps if sheet.case.settled(step.id))
        yes = sum(1 for reply in sheet.case.answers.values() if reply.yes)
        count = len(sheet.advice.steps)
        self.query_one("#flags-title", Static).update(wording.say("teller.flags", yes=yes))
        self.query_one("#steps-title", Static).update(wording.say("teller.steps", done=done, count=count))
        self.query_one("#suspected", Static).update(self._suspected(wording))
        first = next((wording.typology(found.typology) for found in sheet.advice.suspicions), "-")
        self.query_one("#summary", Static).update(wording.say("teller.summary", done=done, count=count, typology=first))
        self.query_one("#ask", Static).update(self._ask_line(wording))

    def _tick(self) -> None:
        if self.is_current:
            super().redraw()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.redraw()

    def _visit_line(self, wording: Wording) -> str:
        case = self.sheet.case
        parts = [wording.request(request) for request in case.requests]
        parts += [wording.portion(case.money[n], case.facts.now) for n in sorted(case.money)]
        if case.age:
            parts.append(wording.read(wording.book.age_bands[case.age].name))
        if case.clearings:
            names = (wording.read(wording.book.clearings[name].name) for name in sorted(case.clearings))
            parts.append(wording.say("teller.cleared", clearings=wording.join(names)))
        return " · ".join(parts)

    def _suspected(self, wording: Wording) -> str:
        lines = [wording.say("teller.suspected")]
        for found in self.sheet.advice.suspicions[:3]:
            lines.append(f"{wording.typology(found.typology)}  {wording.grounds(found.because)}")
        if len(lines) == 1:
            lines.append(wording.say("teller.none_suspected"))
        if self.sheet.advice.disagreement:
            lines.append(wording.say("teller.disagree"))
        return "\n".join(lines)

    def _ask_line(self, wording: Wording) -> str:
        desk = self.counter.desk
        ranked = rank_questions(desk.book, desk.adviser.reader, self.sheet.case.facts)
        if not ranked or self.sheet.case.state is CaseState.CLOSED:
            return wording.say("teller.asked_all")
        best = ranked[0]
        ask = wording.say("teller.ask", ask=wording.read(best.question.ask))
        return f"{ask}\n{wording.say('teller.settles', signs=wording.join(map(wording.sign, best.open)))}"

    def action_back(self) -> None:
        self.dismiss()

    def action_swap(self) -> None:
        """Give the keys to the other list; on a narrow screen show it."""
        self.show_steps = not self.show_steps

    @on(Rows.Chosen, "#flags")
    def answer_row(self, event: Rows.Chosen) -> None:
        """Enter on a red flag: yes, known as it usually is; once more takes it back to not asked."""
        reply = self.sheet.case.answers.get(event.key)
        value = None if reply and reply.yes else Answer.YES
        self.take(lambda: self.counter.desk.answer(self.case_id, event.key, value))

    @on(Rows.Chosen, "#steps")
    def record_row(self, event: Rows.Chosen) -> None:
        """Enter on a step: record it, or tell why it must not be done."""
        self._record(event.key)

    def action_answer(self, value: str, known: str) -> None:
        """Answer the red flag under the cursor."""
        sign = self.query_one("#flags", Rows).key
        if sign is None or self.show_steps:
            return
        how = Known(known) if known else None
        self.take(lambda: self.counter.desk.answer(self.case_id, sign, Answer(value), how))

    def action_clear(self) -> None:
        """Set the red flag under the cursor back to not asked."""
        sign = self.query_one("#flags", Rows).key
        if sign is not None and sign in self.sheet.case.answers and not self.show_steps:
            self.take(lambda: self.counter.desk.answer(self.case_id, sign, None))

    def action_known(self) -> None:
        """Change how the answer under the cursor is known: seen, said, verified."""
        sign = self.query_one("#flags", Rows).key
        reply = self.sheet.case.answers.get(sign or "")
        if sign is None or reply is None:
            return
        order = list(Known)
        following = order[(order.index(reply.known) + 1) % len(order)]
        self.take(lambda: self.counter.desk.answer(self.case_id, sign, reply.value, following))

    def action_undo(self) -> None:
        """Take the last answer or record back."""
        self.take(lambda: self.counter.desk.take_back(self.case_id))

    def action_record(self) -> None:
        """Record the step under the cursor of the steps, or else the next action."""
        step = self.query_one("#steps", Rows).key if self.show_steps else self.sheet.case.next_step
        if step is not None:
            self._record(step)

    def _record(self, step: str) -> None:
        if step.startswith("withheld:"):
            self.action_why()
        elif self.sheet.step(step) is not None:
            self.app.push_screen(RecordScreen(self.visit, step))
        else:
            self.notify(self.wording.say("teller.not_advised_now"))

    def action_facts(self) -> None:
        """Correct request, money, age, accounts and clearings."""
        self.app.push_screen(FactsScreen(self.visit))

    def action_why(self) -> None:
        """Tell why: of the step under the cursor when the steps have the keys, else of the level."""
        focus = self.query_one("#steps", Rows).key if self.show_steps else None
        self.app.push_screen(WhyScreen(self.sheet, focus))

    def action_close(self) -> None:
        """Close the case."""

        def leave(closed: bool | None) -> None:
            if closed:
                self.dismiss()

        if self.sheet.case.state is CaseState.OPEN:
            self.app.push_screen(ClosingScreen(self.visit), leave)


def _headline(sheet: Sheet, wording: Wording) -> Headline:
    case, level = sheet.case, wording.level(sheet.advice.level)
    name = case.next_step
    step = sheet.step(name) if name else None
    if case.closing:
        closed = wording.say("teller.closed", outcome=wording.case_word(f"outcome.{case.closing.outcome}"))
        if step is None:
            return Headline(sheet.advice.level, level, closed, "", ())
        level = closed
    if step is None:
        key = "teller.all_done" if case.advised_steps else "teller.nothing"
        return Headline(sheet.advice.level, level, wording.say(key), "", ())
    record = case.steps.get(step.id)
    put_off = f" {wording.word('step_outcome.later')}" if record and record.outcome is StepOutcome.LATER else ""
    owner = wording.say(
        "teller.owner", owner=wording.word(f"owner.{step.owner}"), urgency=wording.word(f"urgency.{step.urgency}")
    )
    say = wording.say("teller.say", say=wording.read(step.say)) if step.say else wording.say("teller.silent")
    below = [say]
    if step.note:
        below.append(wording.say("teller.note", note=wording.read(step.note)))
    below += [wording.read(reason.reason) for reason in step.because[:1]]
    action = wording.say("teller.do", do=wording.read(step.do))
    return Headline(sheet.advice.level, level, f"{action}{put_off}", owner, tuple(below))
