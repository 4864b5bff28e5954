"""What the saved cases add up to, for whoever answers for an outlet: one section at a time, of a chosen period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import VerticalScroll
from textual.widget import Widget

from assistant.figures.counting import count_cases
from assistant.figures.gathering import Query
from assistant.figures.period import Period, Span
from assistant.figures.words import FigureWriter
from assistant.people.permissions import Move
from rules.errors import Trouble
from ui.actions import Action
from ui.naming import name_actor
from ui.screens.export.key import EXPORT
from ui.screens.figures_sections import SECTIONS, Sections
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.screens.reading import Reading
from ui.widgets.charts import Charts
from ui.widgets.prose import Prose
from ui.wording import Wording

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.figures.report import Figures
    from rules.model import Book

LOOK_SECONDS: Final = 0.2
MARGIN: Final = 3
"""Cells beside the figures: on both sides, and of the scroll bar."""


class _Left(Exception):
    """Nobody waits for a count any more."""


@dataclass(slots=True)
class Count:
    """One count on its way, in a thread of its own."""

    query: Query
    actor: str
    done: int = 0
    total: int = 0
    result: Figures | Exception | None = None
    left: Event = field(default_factory=Event)

    def run(self, desk: Desk, book: Book) -> None:
        """Count; what is told meanwhile stands in `done` and `total`, and what it came to in `result`."""
        try:
            self.result = count_cases(desk, book, self.query, self._tell)
        except _Left:
            return
        except Exception as error:
            # It is the page's to tell of it, or to end over it: here it would go on unseen.
            self.result = error

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self.left.is_set():
            raise _Left


class FiguresScreen(Reading):
    """Digits lead to the sections, F6 to the next longer period, F7 to the cases of one teller."""

    NAME = "figures"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        Action("period", "f6", "period", "F6", rank=3),
        Action("teller", "f7", "one_teller", "F7", rank=4),
        *(
            Action(f"go('{section}')", str(number), section, str(number), rank=4 + number)
            for number, section in enumerate(SECTIONS, 1)
        ),
        Action("turn(1)", "right,tab", "next_section", "→"),
        Action("turn(-1)", "left,shift+tab", "last_section", "←"),
        Action("scroll(1)", "pagedown", "more", "PgDn", rank=20),
        Action("scroll(-1)", "pageup", "less", "PgUp"),
        EXPORT,
        LANGUAGE,
        QUIET,
    )
    DEFAULT_CSS = """
    FiguresScreen #lead { padding: 0 1; color: $text-muted; }
    FiguresScreen VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._span = Span.MONTH
        self._teller = ""
        self._section = SECTIONS[0]
        self._count: Count | None = None
        self._shown: Figures | None = None

    @property
    def counting(self) -> bool:
        """Whether the figures are still on their way."""
        return self._count is not None and self._count.result is None

    def body(self) -> Iterable[Widget]:
        yield Prose(id="lead")
        with VerticalScroll():
            yield Charts(id="charts")

    def on_mount(self) -> None:
        super().on_mount()
        # Its own keys for left and right would come first.
        self.query_one(VerticalScroll).can_focus = False
        self.set_interval(LOOK_SECONDS, self._look)

    def on_unmount(self) -> None:
        self._let_go()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.call_after_refresh(self._tell)

    def top_left(self) -> Iterator[str]:
        yield from super().top_left()
        yield self._writer.write(f"period.{self._span}")

    def top_right(self) -> Iterator[str]:
        yield name_actor(self.counter.desk, self.wording)

    @property
    def _writer(self) -> FigureWriter:
        return FigureWriter(self.wording.book, self.wording.language)

    def redraw(self) -> None:
        super().redraw()
        if self._count is None or self._count.actor != self.counter.desk.actor:
            self._begin()
        self._tell()

    def look_anew(self) -> None:
        self.counter.desk.demand(Move.READ_FIGURES)

    def _begin(self) -> None:
        """Count anew, for whoever works here now; what was counted for another, or of other days, is shown no more."""
        self._let_go()
        desk = self.counter.desk
        period = Period.lasting(self._span, desk.clock(), desk.store.outlet.zone)
        self._shown = None
        self._count = Count(Query(period, self._teller), desk.actor)
        # Nobody waits for it at the end: it only reads.
        Thread(target=self._count.run, args=(desk, self.wording.book), daemon=True).start()

    def _let_go(self) -> None:
        if self._count is not None:
            self._count.left.set()

    def _look(self) -> None:
        """Show what a count came to, or how far it is."""
        if self.is_current and self._count is not None and self._shown is None:
            self._tell()

    def _tell(self) -> None:
        charts, lead, count = self.query_one(Charts), self.query_one("#lead", Prose), self._count
        if self.wording.quiet or count is None:
            lead.tell(self.wording.say("why.hidden") if self.wording.quiet else "")
            charts.tell(())
            return
        if count.result is None or isinstance(count.result, Exception):
            lead.tell(self._write_state(count))
            charts.tell(())
            return
        self._shown = figures = count.result
        numbers = {"cases": figures.cases, "open": figures.open, "up_to": figures.up_to}
        lead.tell(f"{self._writer.teller(figures)}  {self._writer.write('counted', **numbers)}")
        charts.tell(Sections(figures, self._writer, self.size.width - MARGIN).tell(self._section))

    def _write_state(self, count: Count) -> str:
        """Say how far a count is, or what kept it from its end. Raises what nobody foresaw."""
        if isinstance(count.result, Trouble):
            return count.result.sentence(self.wording.language)
        if isinstance(count.result, Exception):
            raise count.result
        return self._writer.write("progress", done=count.done, total=count.total)

    def action_period(self) -> None:
        """Go on to the next longer period."""
        self._span = self._span.following
        self._begin()
        self.redraw()

    def action_teller(self) -> None:
        """Count the cases of one teller, or of all."""
        from ui.screens.ask import AskScreen

        def ask(wording: Wording) -> str:
            return FigureWriter(wording.book, wording.language).write("teller.ask")

        def take(number: str | None) -> None:
            if number is not None and number.strip() != self._teller:
                self._teller = number.strip()
                self._begin()
                self.redraw()

        self.app.push_screen(AskScreen(ask, self._teller), take)

    def action_export(self) -> None:
        """Give out the report of a month."""
        from ui.screens.export.report import choose_report

        if not self.wording.quiet:
            self.attempt(lambda: choose_report(self))

    def action_go(self, section: str) -> None:
        """Show another section from its beginning."""
        self._section = section
        self._tell()
        self.action_edge(-1)

    def action_turn(self, direction: int) -> None:
        """Show the section beside this one."""
        place = SECTIONS.index(self._section) + direction
        self.action_go(SECTIONS[place % len(SECTIONS)])
