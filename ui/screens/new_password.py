"""A password of one's own in place of one that was given out for one use: typed twice, and shown never."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from rules.errors import Trouble
from ui.screens.popup import Popup
from ui.widgets.prose import Prose
from ui.widgets.secret import Secret


class NewPasswordScreen(Popup[bool]):
    """Returns True once `replace` took the new password, which may raise a Trouble; None when it was called off."""

    DEFAULT_CSS = """
    NewPasswordScreen {
        align: center middle;
        & > Vertical { width: 64; max-width: 96%; height: auto; background: $panel; padding: 1 2; }
        & .title { text-style: bold; }
        & .label { margin-top: 1; }
        & Prose { height: auto; }
        & #problem { color: $text-error; margin-top: 1; }
        & .hint { color: $text-muted; margin-top: 1; }
        & Input, & Input:focus { border: none; height: 1; padding: 0; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, replace: Callable[[str], object]) -> None:
        super().__init__()
        self._replace = replace
        self._differ = False
        self._trouble: Trouble | None = None

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Prose(classes="title")
            yield Static(id="new-label", classes="label", markup=False)
            yield Secret(id="new")
            yield Static(id="again-label", classes="label", markup=False)
            yield Secret(id="again")
            yield Prose(id="problem")
            yield Prose(id="hint", classes="hint")

    def on_mount(self) -> None:
        self.query_one("#new", Secret).focus()

    def is_hasty(self) -> bool:
        return super().is_hasty() and not any(line.value for line in self.query(Secret))

    def redraw(self) -> None:
        say = self.wording.say
        self.query_one(".title", Prose).tell(say("new_password.title"))
        self.query_one("#new-label", Static).update(say("new_password.new"))
        self.query_one("#again-label", Static).update(say("new_password.again"))
        self.query_one("#hint", Prose).tell(say("new_password.hint"))
        said = say("new_password.differ") if self._differ else ""
        if self._trouble is not None:
            said = self._trouble.sentence(self.wording.language)
        self.query_one("#problem", Prose).tell(said)
        self.query_one("#problem").display = bool(said)

    @on(Input.Submitted, "#new")
    def go_to_second(self, event: Input.Submitted) -> None:
        """Enter on the first line goes on to the second."""
        event.stop()
        self.query_one("#again", Secret).focus()

    @on(Input.Submitted, "#again")
    def take(self, event: Input.Submitted) -> None:
        """Enter on the second line sets the password when both are the same."""
        event.stop()
        if not self.is_on_top:
            return
        new, again = (self.query_one(line, Secret).take() for line in ("#new", "#again"))
        self._differ, self._trouble = new != again, None
        if not self._differ:
            try:
                self._replace(new)
            except Trouble as trouble:
                self._trouble = trouble
            else:
                self.dismiss(True)
                return
        self.query_one("#new", Secret).focus()
        self.redraw()
