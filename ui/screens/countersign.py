"""A second person signs at the counter of the first: number and password, for this one agreement."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from rules.errors import Trouble
from ui.screens.popup import Popup
from ui.screens.sign_on import LONGEST_NUMBER, read_number
from ui.widgets.prose import Prose
from ui.widgets.secret import Secret

LABELS: Final = ("number", "password")


class CountersignScreen(Popup[bool]):
    """Returns True once `sign` took number and password; it may raise a Trouble, whose sentence is shown."""

    DEFAULT_CSS = """
    CountersignScreen {
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

    def __init__(self, sign: Callable[[str, str], object]) -> None:
        super().__init__()
        self._sign = sign
        self._trouble: Trouble | None = None

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Prose(classes="title")
            yield Static(id="number-label", classes="label", markup=False)
            yield Input(id="number", max_length=LONGEST_NUMBER)
            yield Static(id="password-label", classes="label", markup=False)
            yield Secret(id="password")
            yield Prose(id="problem")
            yield Prose(id="hint", classes="hint")

    def on_mount(self) -> None:
        self.query_one("#number", Input).cursor_blink = False
        self.query_one("#number", Input).focus()

    def is_hasty(self) -> bool:
        return super().is_hasty() and not any(line.value for line in self.query(Input))

    def redraw(self) -> None:
        say = self.wording.say
        self.query_one(".title", Prose).tell(say("countersign.title"))
        for name in LABELS:
            self.query_one(f"#{name}-label", Static).update(say(f"sign_on.{name}"))
        self.query_one("#hint", Prose).tell(say("countersign.hint"))
        said = self._trouble.sentence(self.wording.language) if self._trouble else ""
        self.query_one("#problem", Prose).tell(said)
        self.query_one("#problem").display = bool(said)

    @on(Input.Submitted, "#number")
    def go_to_password(self, event: Input.Submitted) -> None:
        """Enter on the number goes on to the password."""
        event.stop()
        self.query_one(Secret).focus()

    @on(Input.Submitted, "#password")
    def sign(self, event: Input.Submitted) -> None:
        """Enter on the password signs."""
        event.stop()
        if not self.is_on_top:
            return
        typed = self.query_one(Secret).take()
        try:
            self._sign(read_number(self.query_one("#number", Input).value), typed)
        except Trouble as trouble:
            self._trouble = trouble
            self.redraw()
        else:
            self.dismiss(True)
