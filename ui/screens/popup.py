"""What is asked over a page: no Enter of the page below answers it, and onlookers see no more than on the page."""

from __future__ import annotations

from typing import ClassVar, TypeVar, cast

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from ui.counter import Counter
from ui.screens.haste import OVERHEARD, Unhurried
from ui.screens.page import Page
from ui.wording import Wording

Result = TypeVar("Result")


class Popup(Unhurried[Result], ModalScreen[Result]):
    """A panel over a page. The keys that work everywhere work here too: a panel would keep them from the program."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "words", show=False),
        Binding("f10,ctrl+g", "turn('quiet')", show=False),
        Binding("f12,ctrl+l", "turn('language')", show=False),
        Binding("f11", "app.theme", show=False),
        *OVERHEARD,
    ]

    @property
    def wording(self) -> Wording:
        """The words of the language and the face that are on now."""
        return cast("Counter", self.app).wording

    def on_mount(self) -> None:
        self.hold_off()
        self.redraw()

    def redraw(self) -> None:
        """Draw all texts anew from the words that are on."""

    async def action_turn(self, what: str) -> None:
        """Put on neutral words or another language, on the page below and here."""
        await self.run_action(f"app.{what}")
        self.redraw()

    def action_words(self) -> None:
        """Show what to say to the customer; what was given here so far stays."""
        for screen in reversed(self.app.screen_stack):
            turn = getattr(screen, "action_words", None)
            if isinstance(screen, Page) and turn is not None:
                turn()
                return
        self.notify(self.wording.say("words.none"), timeout=3, markup=False)
