"""A page that is a list of lines to fill in: each line is answered in place, and saved as it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import ClassVar, TypeVar

from textual import on
from textual.widget import Widget

from assistant.agreement import Needed, find_given, find_latest
from assistant.people.refusals import NeedsAuthority
from assistant.sheet import Sheet
from rules.accounts import is_denied
from rules.errors import Trouble
from rules.facts import Answer
from ui.actions import Action
from ui.agreements import write_answer
from ui.counter import Visit
from ui.screens.ask import AskScreen
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.page import BACK, HELP, LANGUAGE, Page
from ui.widgets.prose import Prose
from ui.widgets.rows import Row, Rows
from ui.wording import Wording

Result = TypeVar("Result")
Made = TypeVar("Made")
TAKE = Action("take", "enter", "take", "Enter", rank=3)
WORDS = Action("words", "f9", "words", "F9", rank=78)


class FormPage(Page[Result]):
    """Lines over one case, on top of the teller's screen, which shows what follows when one returns."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (HELP, BACK, TAKE, WORDS, LANGUAGE)
    # What closes over a form answered one of its lines, and the next Enter goes on to the next, as fast as one types.
    HOLDS_OFF: ClassVar[bool] = False
    DEFAULT_CSS = """
    FormPage #lead { height: auto; padding: 0 1; }
    FormPage Rows { padding: 0 1 0 0; }
    """

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit

    @property
    def sheet(self) -> Sheet:
        """The case as it stands."""
        return self.visit.sheet

    def body(self) -> Iterable[Widget]:
        yield Prose(id="lead")
        yield Rows(id="lines")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Rows).focus()

    def top_left(self) -> Iterator[str]:
        yield self.wording.say(f"page.{self.NAME}")
        yield self.wording.say("top.case", number=self.sheet.case.number)

    def top_right(self) -> Iterator[str]:
        yield self.write_saved(self.sheet.saved_at)

    def redraw(self) -> None:
        super().redraw()
        lead = self.query_one("#lead", Prose)
        lead.tell(self.lead())
        lead.display = bool(self.lead())
        self.query_one(Rows).show(self.lines())

    def lead(self) -> str:
        """Return what stands above the lines."""
        return ""

    def lines(self) -> Iterator[Row]:
        """Yield the lines."""
        return iter(())

    def take_line(self, key: str) -> None:
        """Answer the line of that key."""

    @on(Rows.Chosen, "#lines")
    def choose_line(self, event: Rows.Chosen) -> None:
        """Enter or a click on a line."""
        event.stop()
        if self.is_on_top:
            self.take_line(event.key)

    def action_words(self) -> None:
        """Show what to say to the customer; what was filled in stays."""
        from ui.screens.words import WordsScreen

        self.app.push_screen(WordsScreen(self.sheet))

    def save(self, move: Callable[[], Sheet], then: Callable[[], object] | None = None) -> None:
        """Make a move of the case, draw what follows, and go on with `then` once it is saved."""

        def show(sheet: Sheet) -> None:
            self.visit.sheet = sheet
            self.redraw()
            if then is not None:
                then()

        self.attempt(move, show)

    def meet(self, trouble: Trouble, move: Callable[[], Made], then: Callable[[Made | None], None]) -> None:
        """Tell what kept a move from being saved; where it takes a second person, ask how to get the agreement."""
        if not isinstance(trouble, NeedsAuthority):
            super().meet(trouble, move, then)
            return
        from ui.second_person import SecondPerson

        SecondPerson(self, trouble, self.given(), lambda: self.attempt(move, then)).begin()

    def given(self) -> Mapping[str, str]:
        """Return what was given on this page and is not in the file of cases yet."""
        return {}

    def find_given(self, needed: Needed) -> Mapping[str, str]:
        """Return what was given on this page when agreement was asked for last; nothing where it cannot be read."""
        with suppress(Trouble):
            return find_given(self.counter.desk.store, self.sheet.case, needed)
        return {}

    def name_answer(self, needed: Needed) -> str:
        """Return how the agreement stands that was asked for from this page; "" where none was."""
        with suppress(Trouble):
            return write_answer(find_latest(self.counter.desk.store, self.sheet.case, needed), self.wording)
        return ""

    def choose(
        self, ask: Callable[[Wording], Choices], then: Callable[[str], object], chosen: str | None = None
    ) -> None:
        """Ask for one of a few things and go on with it, unless it is cancelled."""

        def go_on(key: str | None) -> None:
            if key is not None:
                then(key)

        self.app.push_screen(ChoiceScreen(ask, chosen), go_on)

    def ask(
        self,
        title: Callable[[Wording], str],
        then: Callable[[str], object],
        text: str = "",
        check: Callable[[str], object] | None = None,
        hint: Callable[[Wording], str] | None = None,
        *,
        free: bool = False,
    ) -> None:
        """Ask for a line of text and go on with it, unless it is cancelled; a `free` one is looked through."""

        def go_on(answer: str | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(AskScreen(title, text, check, hint, free=free), go_on)

    def is_denied(self, fact: str) -> bool:
        """Tell whether another account fact has answered this one, so that it is not asked."""
        return is_denied(fact, self.sheet.case.accounts, self.wording.book)

    def answer_account(self, fact: str, value: Answer | None, then: Callable[[], object] | None = None) -> None:
        """Answer an account fact, and go on."""
        self.save(lambda: self.counter.desk.answer_account(self.sheet.case.id, fact, value), then)
