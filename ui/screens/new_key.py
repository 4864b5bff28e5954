"""Where the key of a new file of cases lies, said so that nobody passes over it: without it nothing can be read."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from assistant.sealing.keyplaces import KeyPlace
from rules.language import Language
from ui.screens.haste import OVERHEARD, Unhurried
from ui.widgets.prose import Prose
from ui.wording import SCREEN

READ_SECONDS: Final = 1.0
"""No Enter is taken before this: whoever made the file may still be pressing it."""


class NewKeyScreen(Unhurried[bool]):
    """Returns True when it was read; `number` is the outlet manager's."""

    DEFAULT_CSS = """
    NewKeyScreen {
        align: center middle;
        & > VerticalScroll { width: 76; max-width: 98%; height: auto; max-height: 98%;
            padding: 1 2; background: $panel; }
        & #key-title { text-style: bold reverse; color: $text-warning; }
        & #key-place { text-style: bold; margin: 1 0; }
        & #key-hint { color: $text-muted; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "dismiss(True)", show=False), *OVERHEARD]

    def __init__(self, place: KeyPlace, number: str, language: Language) -> None:
        super().__init__()
        self._place = place
        self._number = number
        self._language = language

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            for part in ("title", "place", "next", "hint"):
                yield Prose(id=f"key-{part}")

    def on_mount(self) -> None:
        self._calm_at = monotonic() + READ_SECONDS
        self.query_one(VerticalScroll).focus()
        self.speak(self._language)

    def speak(self, language: Language) -> None:
        """Say it all in that language."""
        details = {"advice": self._place.advise().read(language), "number": self._number}
        for part in ("title", "place", "next", "hint"):
            self.query_one(f"#key-{part}", Prose).tell(SCREEN(f"new_key.{part}", language, **details))
