"""What every screen shares: its two frame lines, its actions, the words of the language that is on, and how a move that
could not be saved is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

from textual.app import ComposeResult
from textual.widget import Widget

from rules.errors import Trouble
from ui.actions import EVERYWHERE, Action, bind
from ui.counter import Counter
from ui.screens.haste import OVERHEARD, Unhurried
from ui.widgets.lines import KeyLine, TopLine
from ui.wording import Wording

if TYPE_CHECKING:
    from assistant.sheet import Sheet
    from ui.screens.choice import Choices

Result = TypeVar("Result")
Made = TypeVar("Made")

HELP: Final = Action("app.help", "f1,question_mark", "help", "F1", rank=1)
BACK: Final = Action("back", "escape", "back", "Esc", rank=2)
QUIET: Final = Action("app.quiet", "f10,ctrl+g", "quiet", "F10", rank=80)
LANGUAGE: Final = Action("app.language", "ctrl+l,f12", "language", "F12", rank=90)


class Page(Unhurried[Result]):
    """A whole screen between its top line and its line of keys."""

    NAME: ClassVar[str]
    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    HOLDS_OFF: ClassVar[bool] = True
    """Whether an Enter is held off when one comes back to it from another screen."""
    LISTS_CALLS: ClassVar[bool] = False
    """Whether calls for the supervisor stand on the page itself, so that they need not be told over it."""
    PERSONAL: ClassVar[bool] = False
    """Whether it is left when another takes the place of whoever opened it."""
    USUAL_WAY: ClassVar[str] = "keep"
    """Where the cursor stands when it is asked what becomes of what is not saved."""
    DEFAULT_CSS = """
    Page { background: $surface; layout: vertical; }
    """

    def __init_subclass__(cls, **more: Any) -> None:
        # Before Textual merges the bindings of the class.
        if "ACTIONS" in cls.__dict__:
            cls.BINDINGS = [*cls.__dict__.get("BINDINGS", []), *bind(cls.ACTIONS), *OVERHEARD]
        super().__init_subclass__(**more)

    def __init__(self) -> None:
        super().__init__()
        self.is_drawn = False
        """Whether it was drawn once: Textual calls one mounted whose pieces are not there yet."""
        self._was_left = False
        """Whether another screen lay over it since it came up: what it shows may have changed by then."""
        self._holds_off = False
        self._failing = False
        """Whether a move waits to be made again that could not be saved."""

    @property
    def counter(self) -> Counter:
        """The running program."""
        return cast("Counter", self.app)

    @property
    def wording(self) -> Wording:
        """The words of the language that is on."""
        return self.counter.wording

    def compose(self) -> ComposeResult:
        self._take_width()
        yield TopLine()
        yield from self.body()
        yield KeyLine()

    def _take_width(self) -> None:
        # Textual tells a screen whether it is wide only once all is there, and would style all of it once more.
        names = [name for least, name in self.app.HORIZONTAL_BREAKPOINTS or () if self.app.size.width >= least]
        self.add_class(*names[-1:], update=False)

    def body(self) -> Iterable[Widget]:
        """Yield what stands between the frame lines."""
        return ()

    def on_mount(self) -> None:
        # Textual calls it by itself too, after that of a page which has one and calls this first.
        if not self.is_drawn:
            self.redraw()
            self.is_drawn = True

    def came_in_haste(self) -> None:
        """Hold an Enter off already when the page comes up for the first time: the one who opened it may double it."""
        self._holds_off = True
        self.hold_off()

    def on_screen_resume(self) -> None:
        if self._holds_off:
            self.hold_off()
        self._holds_off = self.HOLDS_OFF
        if self.is_mounted and self._was_left:
            self.redraw()

    def on_screen_suspend(self) -> None:
        self._was_left = True

    def offered(self) -> Iterable[Action]:
        """Return the actions of the page that are of use as it stands now."""
        return self.ACTIONS

    def redraw(self) -> None:
        """Draw all texts anew from the state; called at the start, on return, and when the language changes."""
        self.draw_frame()

    def beat(self) -> None:
        """Take note that something was saved, here or by another program; called only when it was."""

    def look_anew(self) -> None:
        """Read what is shown as whoever came in the place of another may see it. Raises a NotPermitted, upon which the
        page is left."""

    def draw_frame(self) -> None:
        """Draw the two frame lines anew."""
        self._draw_top()
        self.query_one(KeyLine).show((*self.offered(), *EVERYWHERE), self.wording)

    def _draw_top(self) -> None:
        self.query_one(TopLine).show(self.top_left(), self.top_right())

    def top_left(self) -> Iterator[str]:
        """Yield the pieces of the top line, the most telling first."""
        yield self.wording.say("app.title")
        yield self.wording.say(f"page.{self.NAME}")

    def top_right(self) -> Iterator[str]:
        """Yield the pieces that stay at the right of the top line."""
        return iter(())

    def attempt(self, move: Callable[[], Made], then: Callable[[Made], object] | None = None) -> Made | None:
        """Make a move and go on with `then`; one that was not saved is told in a sentence, and None returned.

        Where the trouble may pass, the very same move can be made again from there, which then goes on just so.
        """

        def go_on(made: Made | None) -> None:
            if then is not None and made is not None:
                then(made)

        try:
            made = move()
        except Trouble as trouble:
            self.meet(trouble, move, go_on)
            return None
        go_on(made)
        return made

    def show_case(self, move: Callable[[], Sheet]) -> None:
        """Open or take up a case by a move, and show it."""

        def show(sheet: Sheet) -> None:
            from ui.screens.teller import TellerScreen

            # Whatever lay over this page while the move was made again may have put its rulebook away.
            self.counter.desk.turn_to(sheet.case)
            screen = TellerScreen(sheet)
            screen.came_in_haste()
            self.app.push_screen(screen)

        self.attempt(move, show)

    def meet(self, trouble: Trouble, move: Callable[[], Made], then: Callable[[Made | None], None]) -> None:
        """Tell what kept a move from being saved."""
        from ui.screens.trouble import TroubleScreen, is_passing

        def go_on(made: Made | None) -> None:
            self._failing = False
            self._draw_top()
            then(made)

        self._failing = is_passing(trouble)
        self._draw_top()
        self.app.push_screen(TroubleScreen(trouble, move), go_on)

    def write_saved(self, at: int) -> str:
        """Return in a few words that all is saved since `at` (UTC milliseconds), or that something is not."""
        if self._failing or self.is_unsaved():
            return self.wording.say("top.unsaved")
        return self.wording.say("top.saved", time=self.wording.clock(at, seconds=True))

    def is_unsaved(self) -> bool:
        """Tell whether something was given here that is not in the file of cases yet."""
        return False

    def name_keeping(self, wording: Wording) -> str:
        """Return in words what saving it and leaving would do; "" as long as it cannot be saved as it is."""
        return ""

    def keep(self, then: Callable[[], object]) -> None:
        """Save what is not saved yet; once it is, leave the page and go on with `then`."""

    def leave(self, then: Callable[[], object]) -> None:
        """Leave the page and go on with `then`; it is asked first what becomes of that which is not saved yet."""

        def go(way: str | None) -> None:
            if way == "keep":
                self.keep(then)
            elif way == "drop":
                self.dismiss()
                then()

        if self.is_unsaved():
            from ui.screens.choice import ChoiceScreen

            self.app.push_screen(ChoiceScreen(self._list_ways, self.USUAL_WAY), go)
        else:
            go("drop")

    def _list_ways(self, wording: Wording) -> Choices:
        kept = self.name_keeping(wording)
        ways = [("drop", wording.say("leave.drop")), ("stay", wording.say("leave.stay"))]
        return wording.say("leave.title"), [("keep", kept), *ways] if kept else ways

    def action_back(self) -> None:
        """Go back to the screen before."""
        self.leave(lambda: None)
