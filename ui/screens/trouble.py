"""A move that was not saved: what happened, what is kept, what to do next; nothing else happens until it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from assistant.people.refusals import NotPermitted
from assistant.rulebooks.inforce import RulebookComing
from assistant.store.faults import StoreTrouble
from rules.errors import BadInput, Trouble
from ui.screens.haste import OVERHEARD
from ui.screens.popup import Popup
from ui.widgets.prose import Prose

Made = TypeVar("Made")


class TroubleScreen(Popup[Made | None]):
    """One trouble in one paragraph. Returns what `move` made when it was made again with success, or None.

    It stays until then: a second Enter in haste must not reach the page below.
    """

    DEFAULT_CSS = """
    TroubleScreen {
        align: center middle;
        & > VerticalScroll {
            width: 72; max-width: 96%; height: auto; max-height: 90%;
            background: $error-muted; padding: 1 2;
        }
        & .title { text-style: bold reverse; width: auto; }
        & Prose { color: $foreground; }
        & .hint { color: $foreground; text-style: bold; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "again", show=False),
        Binding("escape,f1", "dismiss(None)", show=False),
        *OVERHEARD,
    ]

    def __init__(self, trouble: Trouble, move: Callable[[], Made]) -> None:
        super().__init__()
        self._trouble = trouble
        self._move = move
        self._attempts = 1

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(classes="title", markup=False)
            yield Prose()
            yield Static(classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def is_hasty(self) -> bool:
        # To try once more loses nothing; to leave takes the reason away unread.
        return super().is_hasty() and not is_passing(self._trouble)

    def redraw(self) -> None:
        wording, passing = self.wording, is_passing(self._trouble)
        title = wording.say(f"trouble.{self._name_title()}", count=self._attempts)
        # What was asked too much of the case may name its steps and facts; a disk knows of none.
        hidden = wording.quiet and not passing
        told = wording.say("why.hidden") if hidden else self._trouble.sentence(wording.language)
        self.query_one(".title", Static).update(f" {title} ")
        self.query_one(Prose).tell(told)
        self.query_one(".hint", Static).update(wording.say("trouble.retry" if passing else "trouble.close"))

    def _name_title(self) -> str:
        if isinstance(self._trouble, NotPermitted):
            # It may have been a look, of which nothing is ever saved.
            return "title_refused"
        return "title_again" if self._attempts > 1 else "title"

    def action_again(self) -> None:
        """Make the move again; leave where that is of no use."""
        if not is_passing(self._trouble):
            self.dismiss(None)
            return
        try:
            made = self._move()
        except Trouble as trouble:
            self._trouble = trouble
            self._attempts += 1
            self.redraw()
        else:
            self.dismiss(made)


def is_passing(trouble: Trouble) -> bool:
    """Tell whether the trouble lies with the disk, the file or a rulebook on its way, and not with what was asked."""
    of_file = isinstance(trouble, StoreTrouble) and trouble.exit_status != BadInput.exit_status
    return of_file or isinstance(trouble, RulebookComing)
