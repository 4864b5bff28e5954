"""What is asked over a page: no Enter of the page below answers it, and onlookers see no more than on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar, cast

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from ui.counter import Counter
from ui.screens.haste import OVERHEARD, Unhurried
from ui.wording import Wording

Result = TypeVar("Result")


class Popup(ModalScreen[Result], Unhurried[Result]):
    """A panel over a page. The keys that work everywhere work here too: a panel would keep them from the program."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "words", show=False),
        Binding("f10,ctrl+g", "app.quiet", show=False),
        Binding("f12,ctrl+l", "app.language", show=False),
        Binding("f11", "app.theme", show=False),
        *OVERHEARD,
    ]

    @property
    def counter(self) -> Counter:
        """The running program."""
        return cast("Counter", self.app)

    @property
    def wording(self) -> Wording:
        """The words of the language and the face that are on now."""
        return self.counter.wording

    def on_mount(self) -> None:
        self.hold_off()
        self.redraw()

    def redraw(self) -> None:
        """Draw all texts anew from the words that are on; called at the start, and when the words change."""

    def is_unsaved(self) -> bool:
        """Tell whether something was given here that leaving would lose."""
        return False

    def leave(self, then: Callable[[], object]) -> None:
        """Leave the panel as if it was cancelled, and go on with `then`."""
        self.dismiss(None)
        then()

    def action_words(self) -> None:
        """Show what to say to the customer; what was given here so far stays."""
        for screen in reversed(self.app.screen_stack):
            turn = getattr(screen, "action_words", None)
            if not isinstance(screen, Popup) and turn is not None:
                turn()
                return
        self.notify(self.wording.say("words.none"), timeout=3, markup=False)
