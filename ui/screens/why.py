"""Why and why not: every conclusion of the rulebook in a list, and beside it what it stands on or what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from ui.actions import Action
from ui.counter import Visit
from ui.explanations import Explainer
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.screens.reading import Reading
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows


class Topics(Rows):
    """The page keys belong to the explanation beside the list: it is the longer of the two."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "screen.scroll(-1)", show=False),
        Binding("pagedown", "screen.scroll(1)", show=False),
    ]


class WhyScreen(Reading):
    """Opens on the topic one came from; Esc goes back to where one was."""

    NAME = "why"
    CSS_PATH = "why.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        Action("back", "f4", "back", "F4"),
        Action("scroll(1)", "pagedown", "more", "PgDn", rank=3),
        Action("scroll(-1)", "pageup", "less", "PgUp"),
        LANGUAGE,
        QUIET,
    )

    def __init__(self, visit: Visit, topic: str | None = None) -> None:
        super().__init__()
        self._visit = visit
        self._topic = topic or f"level:{visit.sheet.advice.level}"

    def body(self) -> Iterable[Widget]:
        with Horizontal():
            yield Topics(id="topics")
            with VerticalScroll(id="reasons"):
                yield Prose(id="prose", headed=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#reasons").can_focus = False
        self.query_one(Rows).focus()

    def redraw(self) -> None:
        super().redraw()
        explainer = self._explainer
        self.query_one(Rows).show(self._rows(explainer), key=self._topic)
        self._tell(explainer)

    @property
    def _explainer(self) -> Explainer:
        desk = self.counter.desk
        return Explainer(self._visit.sheet, desk.adviser, self.wording, desk.hidden_steps(self._visit.sheet.case))

    def _rows(self, explainer: Explainer) -> Iterator[Row]:
        for heading, topics in explainer.topics():
            if topics:
                yield Row(heading, (Cell(self.wording.say(heading)),), heading=True)
            for topic in topics:
                yield Row(topic, (Cell(explainer.name(topic)),))

    def _tell(self, explainer: Explainer) -> None:
        hidden = [self.wording.say("why.hidden")]
        lines = hidden if self.wording.quiet else explainer.explain(self._topic)
        self.query_one(Prose).tell("\n".join(lines))
        self.query_one("#reasons").scroll_home(animate=False)

    @on(Rows.Moved)
    def follow(self, event: Rows.Moved) -> None:
        """The cursor came to another topic."""
        self._topic = event.key
        self._tell(self._explainer)
