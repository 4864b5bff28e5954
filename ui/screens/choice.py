"""A short list to choose one thing from, over the screen it was asked on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording


class ChoiceScreen(ModalScreen[str | None]):
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

    def __init__(
        self, title: str, choices: Sequence[tuple[str, str]], wording: Wording, chosen: str | None = None
    ) -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._wording = wording
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._title, classes="title", markup=False)
            yield Rows()
            yield Static(self._wording.say("choice.hint"), classes="hint", markup=False)

    def on_mount(self) -> None:
        rows = self.query_one(Rows)
        rows.styles.height = min(len(self._choices), 16)
        numbered = enumerate(self._choices, 1)
        rows.show(
            [Row(key, (Cell(f"[{n}]" if n < 10 else "", 4, "muted"), Cell(text))) for n, (key, text) in numbered],
            key=self._chosen,
        )
        rows.focus()

    @on(Rows.Chosen)
    def take_row(self, event: Rows.Chosen) -> None:
        """Return what Enter or a click chose."""
        event.stop()
        self.dismiss(event.key)

    def action_take(self, number: int) -> None:
        """Return the choice of that number."""
        if number <= len(self._choices):
            self.dismiss(self._choices[number - 1][0])
