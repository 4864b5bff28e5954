"""A page that is a list of lines to fill in: each line is answered in place, and saved as it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.widget import Widget

from assistant.desk import Sheet
from ui.actions import Action
from ui.counter import Visit
from ui.screens.ask import AskScreen
from ui.screens.choice import ChoiceScreen
from ui.screens.page import BACK, HELP, LANGUAGE, Page
from ui.widgets.prose import Prose
from ui.widgets.rows import Row, Rows

Result = TypeVar("Result")
TAKE = Action("take", "enter", "take", "Enter", rank=3)


class FormPage(Page[Result]):
    """Lines over one case, on top of the teller's screen, which shows what follows when one returns."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (HELP, BACK, TAKE, LANGUAGE)
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
        yield self.wording.say("top.saved", time=self.wording.clock(self.sheet.saved_at, seconds=True))

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
        self.take_line(event.key)

    def save(self, move: Callable[[], Sheet], then: Callable[[], object] | None = None) -> None:
        """Make a move of the case, draw what follows, and go on with `then` once it is saved."""

        def show(sheet: Sheet) -> None:
            self.visit.sheet = sheet
            self.redraw()
            if then is not None:
                then()

        self.attempt(move, show)

    def choose(
        self, title: str, choices: Sequence[tuple[str, str]], then: Callable[[str], object], chosen: str | None = None
    ) -> None:
        """Ask for one of `choices` and go on with it, unless it is cancelled."""

        def go_on(key: str | None) -> None:
            if key is not None:
                then(key)

        self.app.push_screen(ChoiceScreen(title, choices, self.wording, chosen), go_on)

    def ask(
        self,
        title: str,
        then: Callable[[str], object],
        text: str = "",
        check: Callable[[str], object] | None = None,
        hint: str = "",
    ) -> None:
        """Ask for a line of text and go on with it, unless it is cancelled."""

        def go_on(answer: str | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(AskScreen(title, self.wording, text, check, hint), go_on)
