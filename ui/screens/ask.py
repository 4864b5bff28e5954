"""One line of text, asked for over the screen that needs it, and checked before it is taken."""

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
from ui.wording import Wording

LONGEST = 500


class AskScreen(Popup[str | None]):
    """Returns the text, or None. `check` may raise a Trouble, whose sentence is then shown under the line.

    `title` and `hint` are asked anew for each language and face of the screen. A `free` text is where numbers about a
    person end up unasked: one that seems to hold some is held up once, and F6 puts masks in their place.
    """

    DEFAULT_CSS = """
    AskScreen {
        align: center middle;
        & > Vertical { width: 72; max-width: 96%; height: auto; background: $panel; padding: 1 2; }
        & .title { text-style: bold; }
        & .problem { color: $text-error; }
        & .warning { color: $text-warning; text-style: bold; }
        & .hint { color: $text-muted; }
        & Input, & Input:focus { margin: 1 0; border: none; height: 1; padding: 0; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("f6", "mask", show=False),
    ]

    def __init__(
        self,
        title: Callable[[Wording], str],
        text: str = "",
        check: Callable[[str], object] | None = None,
        hint: Callable[[Wording], str] | None = None,
        *,
        free: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._check = check
        self._hint = hint
        self._free = free
        self._doubted: str | None = None
        """The text that was held up; another Enter takes it."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(classes="title", markup=False)
            yield Input(self._text, max_length=LONGEST)
            yield Static("", classes="problem", markup=False)
            yield Static("", classes="warning", markup=False)
            yield Static(classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).focus()

    def redraw(self) -> None:
        wording = self.wording
        hints = [self._hint(wording)] if self._hint else []
        self.query_one(".title", Static).update(self._title(wording))
        self.query_one(".hint", Static).update("  ".join([*hints, wording.say("ask.hint")]))
        self.query_one(".problem", Static).update("")
        self._warn()

    def is_hasty(self) -> bool:
        # What was typed was typed here: the Enter behind it is meant, but for one right behind a warning.
        return super().is_hasty() and (self._doubted is not None or not self.is_unsaved())

    def is_unsaved(self) -> bool:
        return any(line.value != self._text for line in self.query(Input))

    def leave(self, then: Callable[[], object]) -> None:
        """Leave, unless something was typed: half a text is neither taken nor dropped unasked."""
        if self.is_unsaved():
            self.query_one(".problem", Static).update(self.wording.say("ask.unsaved"))
        else:
            super().leave(then)

    @on(Input.Submitted)
    def take_text(self, event: Input.Submitted) -> None:
        """Return the text if it passes the check."""
        event.stop()
        if not self.is_on_top:
            return
        text = "".join(character for character in event.value if character.isprintable()).strip()
        try:
            if self._check:
                self._check(text)
        except Trouble as trouble:
            self.query_one(".problem", Static).update(trouble.sentence(self.wording.language))
            return
        if self._is_doubtful(text):
            self._doubted = text
            self._warn()
            self.hold_off()
            return
        self.dismiss(text)

    def _is_doubtful(self, text: str) -> bool:
        if not self._free or text in (self._text, self._doubted):
            return False
        from assistant.particulars.free_text import find_numbers

        return bool(find_numbers(text))

    def _warn(self) -> None:
        """Say what the text that was held up seems to hold, and nothing when none was."""
        said = ""
        if self._doubted is not None:
            from assistant.particulars.free_text import find_numbers

            fields = dict.fromkeys(found.field for found in find_numbers(self._doubted))
            said = self.wording.say("ask.holds", fields=self.wording.join(map(self.wording.field, fields)))
        line = self.query_one(".warning", Static)
        line.update(said)
        line.display = bool(said)

    @on(Input.Changed)
    def let_go(self, event: Input.Changed) -> None:
        """Another text is looked at anew."""
        event.stop()
        if self._doubted is not None and event.value.strip() != self._doubted:
            self._doubted = None
            self._warn()

    def action_mask(self) -> None:
        """Put masks in the place of the numbers in a free text."""
        if self._free:
            from assistant.particulars.free_text import mask_numbers

            line = self.query_one(Input)
            line.value = mask_numbers(line.value)
            line.cursor_position = len(line.value)
