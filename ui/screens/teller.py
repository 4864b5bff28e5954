"""The teller's minute: the one next action on top, red flags to answer, steps to record, what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from assistant.case.events import EventKind
from assistant.case.summary import CaseState
from assistant.desk import Sheet
from rules.facts import Answer, Known
from rules.questions import NextQuestion, rank_questions
from ui.actions import Action
from ui.breaking import break_text
from ui.counter import Visit
from ui.finding import fold
from ui.screens.closing import ClosingScreen
from ui.screens.facts import FactsScreen
from ui.screens.find import FindScreen
from ui.screens.page import HELP, LANGUAGE, QUIET, Page
from ui.screens.question import QuestionScreen
from ui.screens.record import RecordScreen
from ui.screens.why import WhyScreen
from ui.screens.words import WordsScreen
from ui.widgets.banner import Banner
from ui.widgets.flag_rows import build_flag_rows
from ui.widgets.prose import Line, Prose
from ui.widgets.rows import Rows, fit
from ui.widgets.sheet_texts import write_clocks, write_headline, write_suspicions, write_visit
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
        Action("answer('yes','seen')", "1", "seen", "1", rank=20),
        Action("answer('yes','said')", "2", "said", "2", rank=21),
        Action("answer('yes','verified')", "3", "verified", "3", rank=22),
        Action("answer('no','')", "0,n", "no", "0", rank=23),
        Action("answer('yes','')", "y", "yes", "Y"),
        Action("clear", "space,delete", "clear", "Space"),
        Action("undo", "backspace", "undo", "Bksp", rank=9),
        Action("find", "f7,slash", "find", "F7", rank=5),
        Action("ask", "f3", "ask", "F3", rank=6),
        Action("swap", "f5,tab", "swap", "F5", rank=4),
        Action("facts", "f2", "facts", "F2", rank=8),
        Action("close", "f8", "close", "F8", rank=7),
        Action("words", "f9", "words", "F9", rank=10),
        Action("why", "f4", "why", "F4", rank=11),
        QUIET,
        LANGUAGE,
    )

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.visit = Visit(sheet)

    def body(self) -> Iterable[Widget]:
        yield Banner(id="banner")
        yield Line(id="visit")
        with Horizontal(id="panes"):
            with Vertical(id="flags-pane"):
                yield Line(id="flags-title", classes="title")
                yield Rows(id="flags")
            with Vertical(id="steps-pane"):
                yield Line(id="steps-title", classes="title")
                yield Rows(id="steps")
                yield Prose(id="suspected")
        yield Line(id="summary")
        yield Line(id="ask")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#flags", Rows).focus()
        self._return_to_last_answer()
        self.set_interval(1.0, self._tick)
        self.show_steps = False

    def _return_to_last_answer(self) -> None:
        last = self.sheet.case.last_answer()
        if last is not None and last.kind is EventKind.ANSWERED:
            self.query_one("#flags", Rows).go_to(str(last.body["sign"]))

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

    def take(self, move: Callable[[], Sheet]) -> None:
        """Make a move and show what follows."""
        self.attempt(move, self._show)

    def _show(self, sheet: Sheet) -> None:
        self.visit.sheet = sheet
        self.redraw()

    def redraw(self) -> None:
        super().redraw()
        sheet, wording = self.sheet, self.wording
        self.query_one(Banner).show(write_headline(sheet, wording), rows=4)
        self.query_one("#visit", Line).tell(write_visit(sheet, wording))
        self.query_one("#flags", Rows).show(build_flag_rows(sheet.case, wording))
        following = None if self.show_steps else sheet.case.next_step
        self.query_one("#steps", Rows).show(build_step_rows(sheet, wording), key=following)
        yes = sum(1 for reply in sheet.case.answers.values() if reply.yes)
        self.query_one("#flags-title", Line).tell(wording.say("teller.flags", yes=yes))
        suspected = [wording.say("teller.suspected"), *write_suspicions(sheet, wording)]
        self.query_one("#suspected", Prose).tell("\n".join(suspected))
        self.query_one("#ask", Line).tell(self._ask_lines(wording))
        self._draw_clocks()

    def _draw_clocks(self) -> None:
        sheet, wording = self.sheet, self.wording
        done = sum(1 for step in sheet.advice.steps if sheet.case.settled(step.id))
        count = len(sheet.advice.steps)
        clocks = write_clocks(sheet, self.counter.desk.clock(), wording)
        title = wording.say("teller.steps", done=done, count=count)
        self.query_one("#steps-title", Line).tell(f"{title}   {clocks}".rstrip())
        first = next((wording.typology(found.typology) for found in sheet.advice.suspicions), "-")
        summary = wording.say("teller.summary", done=done, count=count, typology=first)
        self.query_one("#summary", Line).tell(f"{summary}   {clocks}".rstrip())

    def _tick(self) -> None:
        if self.is_current:
            super().redraw()
            self._draw_clocks()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.redraw()

    def next_question(self) -> NextQuestion | None:
        """Return the open question to ask next, or None when nothing is left to ask."""
        desk, case = self.counter.desk, self.sheet.case
        if case.state is CaseState.CLOSED:
            return None
        return next(iter(rank_questions(desk.book, desk.adviser.reader, case.facts, case.questions)), None)

    def _ask_lines(self, wording: Wording) -> str:
        best = self.next_question()
        if best is None:
            return wording.say("teller.asked_all")
        width = max(self.size.width - 2, 1)
        asked = break_text(wording.say("teller.ask", ask=wording.read(best.question.ask)), width)
        settled = wording.say("teller.settles", signs=wording.join(map(wording.sign, best.open)))
        return "\n".join([*asked, fit(settled, width)][:2])

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

    def action_ask(self) -> None:
        """Ask the open question that is worth most now."""
        best = self.next_question()
        if best is not None:
            self.app.push_screen(QuestionScreen(self.visit, best))

    def action_find(self) -> None:
        """Find a red flag by its name."""
        self.app.push_screen(FindScreen(self.visit))

    def on_key(self, event: events.Key) -> None:
        """The letter of a red flag leads to it; under an input method arrows and F7 do."""
        letter = fold(event.character or "")
        sign = next((name for name, sign in self.wording.book.signs.items() if letter and sign.key == letter), None)
        if sign is not None:
            event.stop()
            self.show_steps = False
            self.query_one("#flags", Rows).go_to(sign)

    def action_words(self) -> None:
        """Show what to say to an angry, a silent, a phone-bound customer."""
        self.app.push_screen(WordsScreen(self.sheet))

    def action_undo(self) -> None:
        """Take the last answer or record back."""
        self.take(lambda: self.counter.desk.take_back(self.case_id))

    def action_record(self) -> None:
        """Record the step under the cursor of the steps, or else the next action."""
        step = self.query_one("#steps", Rows).key if self.show_steps else self.sheet.case.next_step
        if step is not None:
            self._record(step, deliberate=True)

    def _record(self, step: str, *, deliberate: bool = False) -> None:
        if step.startswith("withheld:"):
            self.action_why()
        elif self.sheet.step(step) is not None:
            self.app.push_screen(RecordScreen(self.visit, step, deliberate=deliberate))
        else:
            self.notify(self.wording.say("teller.not_advised_now"))

    def action_facts(self) -> None:
        """Correct request, money, age, accounts and clearings."""
        self.app.push_screen(FactsScreen(self.visit))

    def action_why(self) -> None:
        """Tell why: of the step under the cursor when the steps have the keys, else of the level."""
        step = self.query_one("#steps", Rows).key if self.show_steps else None
        topic = f"step:{step.removeprefix('withheld:')}" if step else None
        self.app.push_screen(WhyScreen(self.sheet, topic))

    def action_close(self) -> None:
        """Close the case."""

        def leave(closed: bool | None) -> None:
            if closed:
                self.dismiss()

        if self.sheet.case.state is CaseState.OPEN:
            self.app.push_screen(ClosingScreen(self.visit), leave)
