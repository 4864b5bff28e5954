"""A short list to choose one thing from, over the screen it was asked on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from ui.screens.popup import Popup
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording

Choices = tuple[str, Sequence[tuple[str, str]]]
"""A title, and the choices as keys and texts."""


class ChoiceScreen(Popup[str | None]):
    """Returns the key of what was chosen, or None. Digits choose at once."""

    DEFAULT_CSS = """
    ChoiceScreen {
        align: center middle;
        & > Vertical { width: 56; max-width: 96%; height: auto; max-height: 90%; background: $panel; padding: 1 2; }
        & Rows { height: auto; max-height: 16; background: $panel; }
        & .title { text-style: bold; margin-bottom: 1; }
        & .hint { color: $text-muted; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        *(Binding(str(n), f"take({n})", show=False) for n in range(1, 10)),
    ]

    def __init__(self, ask: Callable[[Wording], Choices], chosen: str | None = None) -> None:
        """`ask` is asked anew for each language and face of the screen; the cursor begins at the key `chosen`."""
        super().__init__()
        self._ask = ask
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(classes="title", markup=False)
            yield Rows()
            yield Static(classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Rows).focus()

    def redraw(self) -> None:
        title, choices = self._ask(self.wording)
        self.query_one(".title", Static).update(title)
        self.query_one(".hint", Static).update(self.wording.say("choice.hint"))
        rows, numbered = self.query_one(Rows), enumerate(choices, 1)
        rows.show(
            [Row(key, (Cell(f"[{n}]" if n < 10 else "", 4, "muted"), Cell(text))) for n, (key, text) in numbered],
            key=rows.key or self._chosen,
        )

    @on(Rows.Chosen)
    def take_row(self, event: Rows.Chosen) -> None:
        """Return what Enter or a click chose."""
        event.stop()
        self._return(event.key)

    def action_take(self, number: int) -> None:
        """Return the choice of that number."""
        _, choices = self._ask(self.wording)
        if number <= len(choices):
            self._return(choices[number - 1][0])

    def _return(self, key: str) -> None:
        # A second key of the same burst finds the list gone, and must not take the page below with it.
        if self.is_on_top:
            self.dismiss(key)


def list_money_states(wording: Wording) -> Choices:
    """Return the question where the money is now, with its answers."""
    states = [(state, wording.read(word.name)) for state, word in wording.book.money_states.items()]
    return wording.say("state.title"), states
