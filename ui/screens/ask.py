"""One line of text, asked for over the screen that needs it, and checked before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rules.errors import Trouble
from ui.wording import Wording

LONGEST = 500


class AskScreen(ModalScreen[str | None]):
    """Returns the text, or None. `check` may raise a Trouble, whose sentence is then shown under the line."""

    DEFAULT_CSS = """
    AskScreen {
        align: center middle;
        & > Vertical { width: 72; max-width: 96%; height: auto; background: $panel; padding: 1 2; }
        & .title { text-style: bold; }
        & .problem { color: $text-error; }
        & .hint { color: $text-muted; }
        & Input, & Input:focus { margin: 1 0; border: none; height: 1; padding: 0; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(
        self, title: str, wording: Wording, text: str = "", check: Callable[[str], object] | None = None, hint: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._wording = wording
        self._text = text
        self._check = check
        self._hint = hint

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._title, classes="title", markup=False)
            yield Input(self._text, max_length=LONGEST)
            yield Static("", classes="problem", markup=False)
            yield Static(f"{self._hint}  {self._wording.say('ask.hint')}".strip(), classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def take_text(self, event: Input.Submitted) -> None:
        """Return the text if it passes the check."""
        event.stop()
        text = "".join(character for character in event.value if character.isprintable()).strip()
        try:
            if self._check:
                self._check(text)
        except Trouble as trouble:
            self.query_one(".problem", Static).update(trouble.sentence(self._wording.language))
            return
        self.dismiss(text)
