"""Staff number and password: at the start on a shared machine, to unlock the screen, to take a colleague's place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from assistant.naming import LONGEST_NUMBER, tidy
from rules.errors import Trouble
from ui.actions import Action
from ui.hindrance import Hindrance
from ui.screens.page import BACK, LANGUAGE, QUIET, Page
from ui.screens.popup import Popup
from ui.widgets.lines import KeyLine
from ui.widgets.prose import Prose
from ui.widgets.secret import Secret
from ui.wording import Wording

if TYPE_CHECKING:
    from ui.presence import Presence
    from ui.screens.choice import Choices


class SignOnScreen(Page[None]):
    """Covers all that lies below until somebody signed on, or whoever was there called it off.

    `former` is the staff number of whoever worked here before, "" at the start; `free` lets him come back with Esc,
    `ended` tells that he may no longer work here as he came.
    """

    NAME = "sign_on"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        replace(BACK, rank=0),
        Action("submit", "", "take", "Enter", rank=3),
        Action("app.quit", "ctrl+q", "quit", "Ctrl+Q", rank=4),
        LANGUAGE,
        QUIET,
    )
    DEFAULT_CSS = """
    SignOnScreen {
        & > Vertical { height: 1fr; align: center middle; }
        & .panel { width: 64; max-width: 96%; height: auto; background: $panel; padding: 1 2; }
        & .title { text-style: bold; }
        & Prose { height: auto; }
        & #problem { color: $text-error; margin-top: 1; }
        & .label { margin-top: 1; }
        & Input, & Input:focus { border: none; height: 1; padding: 0; background: $surface; }
        & .hint { color: $text-muted; margin-top: 1; }
    }
    """

    def __init__(self, presence: Presence, former: str, *, free: bool = False, ended: bool = False) -> None:
        super().__init__()
        self._presence = presence
        self._former = former
        self._free = free
        self._ended = ended
        self._hindrance: Hindrance | None = None

    def body(self) -> Iterable[Widget]:
        with Vertical(), Vertical(classes="panel"):
            yield Prose(classes="title")
            yield Prose(id="lead")
            yield Static(id="number-label", classes="label", markup=False)
            yield Input("" if self._free else self._former, id="number", max_length=LONGEST_NUMBER)
            yield Static(id="password-label", classes="label", markup=False)
            yield Secret(id="password")
            yield Prose(id="problem")
            yield Prose(id="hint", classes="hint")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#number", Input).cursor_blink = False
        self.query_one("#password" if self._former and not self._free else "#number", Input).focus()
        self.set_interval(1.0, self._draw_trouble)

    def hold(self) -> None:
        """Let nobody back who does not sign on."""
        if self._free:
            self._free = False
            self._draw_anew()

    def end(self) -> None:
        """Say that whoever was here may no longer work as he came."""
        self._free, self._ended = False, True
        self._draw_anew()

    def _draw_anew(self) -> None:
        # One that only comes up is drawn then.
        if self.is_mounted:
            self.redraw()

    def is_hasty(self) -> bool:
        # What was typed was typed here: the Enter behind it is meant.
        return super().is_hasty() and not self.query_one(Secret).value

    @property
    def _kind(self) -> str:
        if self._ended:
            return "ended"
        return "change" if self._free else "lock" if self._former else "begin"

    def redraw(self) -> None:
        super().redraw()
        self.query_one(KeyLine).show((replace(BACK, rank=2 if self._free else 0), *self.ACTIONS), self.wording)
        say = self.wording.say
        self.query_one(".title", Prose).tell(say(f"sign_on.{self._kind}"))
        self.query_one("#lead", Prose).tell(say(f"sign_on.{self._kind}_lead", number=self._former))
        self.query_one("#number-label", Static).update(say("sign_on.number"))
        self.query_one("#password-label", Static).update(say("sign_on.password"))
        self.query_one("#hint", Prose).tell(say("sign_on.change_hint" if self._free else "sign_on.hint"))
        self._draw_trouble()

    def top_right(self) -> Iterator[str]:
        outlet = self.counter.desk.store.outlet
        yield f"{outlet.name} {outlet.code}"

    @on(Input.Submitted, "#number")
    def go_to_password(self, event: Input.Submitted) -> None:
        """Enter on the number goes on to the password."""
        event.stop()
        self.query_one(Secret).focus()

    @on(Input.Submitted, "#password")
    def go_on(self, event: Input.Submitted) -> None:
        """Enter on the password signs on."""
        event.stop()
        if self.is_on_top:
            self.action_submit()

    def action_submit(self) -> None:
        """Sign on with what was typed; whoever has a password for one use sets another before anything else."""
        typed = self.query_one(Secret).take()
        number = tidy(self.query_one("#number", Input).value)
        if not number or not typed:
            self.query_one("#password" if number else "#number", Input).focus()
            return
        self._tell(None)
        try:
            self._presence.identify(number, typed, self._admit)
        except Trouble as trouble:
            self._tell(trouble)

    def _admit(self, number: str) -> None:
        try:
            self._presence.admit(number)
        except Trouble as trouble:
            self._tell(trouble)

    def _tell(self, trouble: Trouble | None) -> None:
        self._hindrance = Hindrance(trouble, self.counter.desk.clock()) if trouble else None
        self._draw_trouble()

    def _draw_trouble(self) -> None:
        """Say what is wrong, and how long it takes until the next attempt counts."""
        told = self._hindrance.write(self.counter.desk.clock(), self.wording.language) if self._hindrance else ""
        self.query_one("#problem", Prose).tell(told)
        self.query_one("#problem").display = bool(told)

    def action_back(self) -> None:
        if self._free:
            self._presence.call_off()

    def leave(self, then: Callable[[], object]) -> None:
        """Leave the program from here: what is not saved yet on the pages below is told first, in neutral words."""
        below = [screen for screen in self.app.screen_stack if isinstance(screen, Page | Popup)]
        if not any(screen.is_unsaved() for screen in below):
            self.app.exit()
            return
        from ui.screens.choice import ChoiceScreen

        def go(way: str | None) -> None:
            if way == "drop":
                self.app.exit()

        self.app.push_screen(ChoiceScreen(_list_ends), go)


def _list_ends(wording: Wording) -> Choices:
    ways = [("stay", wording.say("sign_on.stay")), ("drop", wording.say("sign_on.drop"))]
    return wording.say("sign_on.unsaved"), ways
