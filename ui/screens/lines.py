"""Lines that are filled in together over a page, such as number and password; what is wrong stands below them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from rules.errors import Trouble
from ui.hindrance import Hindrance
from ui.screens.popup import Popup
from ui.widgets.prose import Prose


class LinesScreen(Popup[bool]):
    """Returns True once the lines were taken, None when it was called off. Enter goes from each to the next."""

    TITLE: ClassVar[str]
    LABELS: ClassVar[tuple[str, ...]]
    """What stands over the lines; all are keys of the catalogue."""
    HINT: ClassVar[str]
    DEFAULT_CSS = """
    LinesScreen {
        align: center middle;
        & > Vertical { width: 64; max-width: 96%; height: auto; background: $panel; padding: 1 2; }
        & .title { text-style: bold; }
        & .label { margin-top: 1; }
        & #problem { color: $text-error; margin-top: 1; }
        & .hint { color: $text-muted; margin-top: 1; }
        & Input, & Input:focus { border: none; height: 1; padding: 0; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._hindrance: Hindrance | None = None

    def lines(self) -> tuple[Input, ...]:
        """Return the lines, made anew."""
        raise NotImplementedError

    def problem(self) -> str:
        """Return what is wrong with what was typed, "" for nothing."""
        return self._hindrance.write(self.counter.desk.clock(), self.wording.language) if self._hindrance else ""

    def take(self) -> None:
        """Take what stands in the lines."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Prose(classes="title")
            for line in self.lines():
                yield Static(classes="label", markup=False)
                yield line
            yield Prose(id="problem")
            yield Prose(classes="hint")

    def on_mount(self) -> None:
        first = self.query(Input).first()
        first.cursor_blink = False
        first.focus()
        self.set_interval(1.0, self.draw_problem)

    def is_hasty(self) -> bool:
        # What was typed was typed here: the Enter behind it is meant.
        return super().is_hasty() and not any(line.value for line in self.query(Input))

    def redraw(self) -> None:
        say = self.wording.say
        self.query_one(".title", Prose).tell(say(self.TITLE))
        self.query_one(".hint", Prose).tell(say(self.HINT))
        for label, key in zip(self.query(".label").results(Static), self.LABELS, strict=True):
            label.update(say(key))
        self.draw_problem()

    def draw_problem(self) -> None:
        """Say what is wrong, as it is now."""
        told, line = self.problem(), self.query_one("#problem", Prose)
        line.tell(told)
        line.display = bool(told)

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Enter goes on to the next line, and takes them all from the last."""
        event.stop()
        lines = list(self.query(Input))
        if event.input is not lines[-1]:
            lines[lines.index(event.input) + 1].focus()
        elif self.is_on_top:
            self.take()

    def attempt(self, move: Callable[[], object]) -> None:
        """Make a move; the Trouble that it raises is told below the lines."""
        self._hindrance = None
        try:
            move()
        except Trouble as trouble:
            self._hindrance = Hindrance(trouble, self.counter.desk.clock())
            self.redraw()
