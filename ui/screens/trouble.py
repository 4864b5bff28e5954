"""A move that was not saved: what happened, what is kept, what to do next; nothing else happens until it is read."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rules.errors import Trouble
from rules.language import Language
from ui.wording import SCREEN


class TroubleScreen(ModalScreen[None]):
    """One trouble in one paragraph."""

    DEFAULT_CSS = """
    TroubleScreen {
        align: center middle;
        & > Vertical {
            width: 72; max-width: 96%; height: auto; max-height: 90%;
            background: $error-muted; padding: 1 2; overflow-y: auto;
        }
        & .title { text-style: bold reverse; width: auto; }
        & .hint { color: $text-muted; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape,space,f1", "dismiss", show=False)]

    def __init__(self, trouble: Trouble, language: Language) -> None:
        super().__init__()
        self._trouble = trouble
        self._language = language

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(f" {SCREEN('trouble.title', self._language)} ", classes="title", markup=False)
            yield Static(self._trouble.sentence(self._language), markup=False)
            yield Static(SCREEN("trouble.close", self._language), classes="hint", markup=False)
