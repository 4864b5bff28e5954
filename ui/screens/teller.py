"""The teller's minute: the one next action on top, red flags to answer, steps to record, what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from assistant.case.events import EventKind, ReopenReason
from assistant.case.summary import CaseState
from assistant.people.permissions import Move
from assistant.sheet import Sheet
from rules.errors import Trouble
from rules.facts import Answer, Known
from rules.questions import NextQuestion, rank_questions
from ui.actions import Action
from ui.breaking import break_text
from ui.counter import Visit
from ui.earlier import EarlierHint
from ui.finding import fold
from ui.naming import name_actor
from ui.others import call_supervisor, write_others
from ui.reviews import may_reply, reply_to_review
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.closing import ClosingScreen
from ui.screens.facts import FactsScreen
from ui.screens.find import FindScreen
from ui.screens.page import Page
from ui.screens.question import QuestionScreen
from ui.screens.record import RecordScreen
from ui.screens.teller_actions import ACTIONS, list_offered
from ui.screens.why import WhyScreen
from ui.screens.words import WordsScreen
from ui.taken_back import name_taken_back
from ui.widgets.banner import Banner
from ui.widgets.flag_rows import build_flag_rows
from ui.widgets.prose import Line, Prose
from ui.widgets.rows import Rows, fit
from ui.widgets.rulebook_line import RulebookLine
from ui.widgets.sheet_texts import write_clocks, write_headline, write_suspicions, write_visit
from ui.widgets.step_rows import build_step_rows
from ui.wording import Wording, span

if TYPE_CHECKING:
    from assistant.case.case import Case
    from rules.explain import Reader


class TellerScreen(Page[None]):
    """One case. Every answer is saved before it is shown; a closed case is only looked at until it is reopened."""

    NAME = "teller"
    CSS_PATH = "teller.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = ACTIONS

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.visit = Visit(sheet)
        self._quiet = False
        self._earlier = EarlierHint()
        self._ranked: tuple[Case, Reader, NextQuestion | None] | None = None
        """What to ask next, for which state of the case and by which rulebook."""

    def body(self) -> Iterable[Widget]:
        yield RulebookLine()
        yield Banner(id="banner")
        yield Prose(id="agreements")
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
        self.draw_frame()

    def top_left(self) -> Iterator[str]:
        yield self.wording.say("top.case", number=self.sheet.case.number)
        yield name_actor(self.counter.desk, self.wording)
        yield self.counter.desk.store.outlet.name

    def top_right(self) -> Iterator[str]:
        wording, case = self.wording, self.sheet.case
        if not self.counter.desk.store.writable or not self._may_work():
            yield wording.say("top.read_only")
        if case.closing:
            yield wording.say(f"home.kept.{case.keeping}" if case.keeping else "top.closed")
        yield self.write_saved(self.sheet.saved_at)
        end = case.closing.at if case.closing else self.counter.desk.clock()
        yield wording.say("top.elapsed", time=span(end - case.history[0].at))

    def take(self, move: Callable[[], Sheet]) -> None:
        """Make a move and show what follows."""
        self.attempt(move, self._show)

    def _show(self, sheet: Sheet) -> None:
        self.visit.sheet = sheet
        self.redraw()

    def offered(self) -> Iterable[Action]:
        case = self.sheet.case
        return list_offered(self.counter.desk, case, works=self._may_work(), steps=self.show_steps)

    def redraw(self) -> None:
        super().redraw()
        sheet, wording = self.sheet, self.wording
        if wording.quiet is not self._quiet:
            # What was told on the other face must not stay behind.
            self._quiet = wording.quiet
            self.app.clear_notifications()
        self.query_one(Banner).show(write_headline(sheet, wording), rows=4)
        self.query_one("#visit", Line).tell(self._visit_line(wording))
        self.query_one("#flags", Rows).show(build_flag_rows(sheet.case, wording, answers=self._takes_answers()))
        following = None if self.show_steps else sheet.case.next_step
        self.query_one("#steps", Rows).show(build_step_rows(sheet, wording), key=following)
        yes = sum(1 for reply in sheet.case.answers.values() if reply.yes)
        self.query_one("#flags-title", Line).tell(wording.say("teller.flags", yes=yes))
        suspected = [wording.say("teller.suspected"), *write_suspicions(sheet, wording)]
        self.query_one("#suspected", Prose).tell("\n".join(suspected))
        self.query_one("#ask", Line).tell(self._ask_lines(wording))
        self._draw_lines()

    def _visit_line(self, wording: Wording) -> str:
        hint = self._earlier.write(self.counter.desk, self.sheet.case, wording)
        return " · ".join(filter(None, (hint, write_visit(self.sheet, wording))))

    def _draw_lines(self) -> None:
        """Draw what changes while nobody presses a key: how agreements stand, and the clocks."""
        sheet, wording, desk = self.sheet, self.wording, self.counter.desk
        stands = "\n".join(write_others(desk, sheet.case, wording)) if desk.member else ""
        agreements = self.query_one("#agreements", Prose)
        agreements.tell(stands)
        agreements.display = bool(stands)
        done = sum(1 for step in sheet.advice.steps if sheet.case.settled(step.id))
        count = len(sheet.advice.steps)
        clocks = write_clocks(sheet, desk.clock(), wording)
        title = wording.say("teller.steps", done=done, count=count)
        self.query_one("#steps-title", Line).tell(f"{title}   {clocks}".rstrip())
        first = next((wording.typology(found.typology) for found in sheet.advice.suspicions), "-")
        summary = wording.say("teller.summary", done=done, count=count, typology=first)
        self.query_one("#summary", Line).tell(f"{summary}   {clocks}".rstrip())

    def _tick(self) -> None:
        if self.is_current:
            # A file that cannot be read now leaves the page as it stands; the next move tells of it.
            with suppress(Trouble):
                self.draw_frame()
                self._draw_lines()

    def beat(self) -> None:
        """Say at once what the supervisor answered."""
        self._draw_lines()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.redraw()

    def next_question(self) -> NextQuestion | None:
        """Return the open question to ask next, or None when nothing is left to ask."""
        desk, case = self.counter.desk, self.sheet.case
        if case.state is CaseState.CLOSED:
            return None
        reader = desk.adviser.reader
        if self._ranked is None or self._ranked[0] is not case or self._ranked[1] is not reader:
            # The page is drawn far more often than the case changes, and this reads the rulebook for every open flag.
            best = next(iter(rank_questions(desk.book, reader, case.facts, case.questions)), None)
            self._ranked = (case, reader, best)
        return self._ranked[2]

    def _ask_lines(self, wording: Wording) -> str:
        if self.sheet.case.closing:
            return self._say_closed()
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

    def on_descendant_focus(self) -> None:
        """Follow the keys when a click took them to the other list."""
        if isinstance(self.focused, Rows):
            self.set_class(self.focused.id == "steps", "-steps")
            self.draw_frame()

    def _may_answer(self) -> bool:
        """Tell whether the case takes answers; where it takes none, say why."""
        if self.sheet.case.closing:
            self.notify(self._say_closed(), timeout=4, markup=False)
        elif not self._may_work():
            self._refuse()
        return self._takes_answers()

    def _takes_answers(self) -> bool:
        return self.sheet.case.closing is None and self._may_work()

    def _may_work(self) -> bool:
        """Tell whether whoever works here may do anything to this case."""
        case = self.sheet.case
        return self.counter.desk.may(Move.FOLLOW_UP if case.closing else Move.WORK, case)

    def _say_closed(self) -> str:
        return self.wording.say("teller.read_kept" if self.sheet.case.keeping else "teller.read_closed")

    def _refuse(self) -> None:
        kept = self.sheet.case.keeping is not None
        self.notify(self._say_closed() if kept else self.wording.say("teller.only_reads"), timeout=4, markup=False)

    def action_enter(self) -> None:
        """Choose the line under the cursor of the list that has the keys, as Enter does."""
        self.query_one("#steps" if self.show_steps else "#flags", Rows).action_choose()

    @on(Rows.Chosen, "#flags")
    def answer_row(self, event: Rows.Chosen) -> None:
        """Enter on a red flag: yes, known as it usually is; once more takes it back to not asked."""
        if not self._may_answer():
            return
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
        if sign is None or self.show_steps or not self._may_answer():
            return
        how = Known(known) if known else None
        self.take(lambda: self.counter.desk.answer(self.case_id, sign, Answer(value), how))

    def action_clear(self) -> None:
        """Set the red flag under the cursor back to not asked."""
        sign = self.query_one("#flags", Rows).key
        if sign is not None and sign in self.sheet.case.answers and not self.show_steps and self._may_answer():
            self.take(lambda: self.counter.desk.answer(self.case_id, sign, None))

    def action_ask(self) -> None:
        """Ask the open question that is worth most now."""
        best = self.next_question()
        if self._may_answer() and best is not None:
            self.app.push_screen(QuestionScreen(self.visit, best))

    def action_find(self) -> None:
        """Find a red flag by its name."""
        if self._may_answer():
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
        """Take the last answer or record back, and say which it was."""

        def tell(sheet: Sheet) -> None:
            self._show(sheet)
            said = self.wording.say("teller.taken_back", what=name_taken_back(sheet.case, self.wording))
            self.notify(said, timeout=4, markup=False)

        if self._may_answer():
            self.attempt(lambda: self.counter.desk.take_back(self.case_id), tell)

    def action_record(self) -> None:
        """Record the step under the cursor of the steps, as Enter does there; from the flags the next action."""
        if self.show_steps:
            self.action_enter()
        elif (step := self.sheet.case.next_step) is not None:
            self._record(step, deliberate=True)

    def _record(self, step: str, *, deliberate: bool = False) -> None:
        if step.startswith("withheld:"):
            self.action_why()
        elif not self._may_work():
            self._refuse()
        elif self.sheet.step(step) is not None:
            self.app.push_screen(RecordScreen(self.visit, step, deliberate=deliberate))
        else:
            self.notify(self.wording.say("teller.not_advised_now"))

    def action_facts(self) -> None:
        """Correct request, money, age, accounts and clearings."""
        self.app.push_screen(FactsScreen(self.visit))

    def action_persons(self) -> None:
        """Show and note who the case is about."""
        from ui.screens.persons import PersonsScreen

        self.app.push_screen(PersonsScreen(self.visit))

    def action_why(self) -> None:
        """Tell why: of the step under the cursor when the steps have the keys, else of the level."""
        step = self.query_one("#steps", Rows).key if self.show_steps else None
        topic = f"step:{step.removeprefix('withheld:')}" if step else None
        self.app.push_screen(WhyScreen(self.visit, topic))

    def action_export(self) -> None:
        """Show what of the case can leave: papers for the customer, documents for others."""
        from ui.screens.export.menu import show_exports

        show_exports(self, self.case_id)

    def action_call(self) -> None:
        """Call the supervisor to the case; of a closed one that was sent back, answer whoever sent it."""
        if self._may_work() and self.sheet.case.closing is None:
            call_supervisor(self, self.case_id)
        elif may_reply(self.counter.desk, self.sheet.case):
            reply_to_review(self, self.case_id)

    def action_close(self) -> None:
        """Close the case; one that is closed is reopened."""

        def leave(closed: bool | None) -> None:
            if closed:
                self.dismiss()

        if not self._may_work():
            self._refuse()
        elif self.sheet.case.state is CaseState.OPEN:
            self.app.push_screen(ClosingScreen(self.visit), leave)
        else:
            self.action_reopen()

    def action_reopen(self) -> None:
        """Open a closed case again, once a reason is chosen."""
        if self.sheet.case.state is CaseState.OPEN:
            self.notify(self.wording.say("teller.not_closed"), timeout=4, markup=False)
        else:
            self.app.push_screen(ChoiceScreen(_list_reasons), self._reopen)

    def _reopen(self, reason: str | None) -> None:
        if reason is not None:
            self.take(lambda: self.counter.desk.reopen(self.case_id, ReopenReason(reason)))


def _list_reasons(wording: Wording) -> Choices:
    reasons = [(reason.value, wording.case_word(f"reopening.{reason}")) for reason in ReopenReason]
    return wording.say("teller.reopen_why"), reasons
