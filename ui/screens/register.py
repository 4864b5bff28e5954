"""The list of all saved cases: a line above it says what is looked for, and no key waits for what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from assistant.confidence import find_confidential
from assistant.people.permissions import Move, State
from assistant.quoting import clip
from assistant.register.filters import EVERYTHING, Filter
from assistant.store import Store
from rules.errors import Trouble
from ui.actions import Action
from ui.breaking import break_text
from ui.kept_lines import KeptLines, read_line
from ui.naming import name_actor
from ui.oversight import demand
from ui.screens.audit import show_file
from ui.screens.cover import cover
from ui.screens.export.key import EXPORT
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET, Page
from ui.seeking import Seeker, Stop
from ui.stretch import Leaf, Stretch, Wanted
from ui.widgets.case_rows import build_case_rows, write_preview
from ui.widgets.ledger import Ledger
from ui.widgets.prose import Line, Prose
from ui.widgets.rows import Rows

TYPING_SECONDS: Final = 0.3
"""How long nothing was typed until what is looked for is taken as meant."""
PREVIEW_FROM_COLUMNS: Final = 120
PREVIEW_CELLS: Final = 40
LONGEST: Final = 200
STATUS_LINES: Final = 4
"""How many lines what is wrong takes at most."""
FILTER: Final = Action("filter", "f7,slash", "filter", "F7", rank=4)
KEPT: Final = Action("kept", "f2", "kept_lines", "F2", rank=5)


class FilterLine(Input):
    """What is looked for; the arrow down leads to what was found."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.list", show=False),
        Binding("ctrl+e", "screen.export", show=False),
        Binding("enter", "submit", show=False),
    ]


class RegisterScreen(Page[None]):
    """Newest first. Enter reads a case through, and Esc there comes back to the very line."""

    NAME = "register"
    CSS_PATH = "register.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        Action("open", "", "read_through", "Enter", rank=3),
        FILTER,
        KEPT,
        Action("everything", "f8", "everything", "F8", rank=6),
        EXPORT,
        LANGUAGE,
        QUIET,
    )

    def __init__(self) -> None:
        super().__init__()
        self._stretch = Stretch()
        self._seeker: Seeker | None = None
        self._typing: Timer | None = None
        self._filter: Filter = EVERYTHING
        self._line = ""
        """What was typed and taken; an unfit line changes nothing."""
        self._unfit: Trouble | None = None
        """What is wrong with the line as it stands; what is read meanwhile does not mend it."""
        self._problem: Trouble | None = None
        """What kept the list from being read."""
        self._found = False
        """Whether an answer to this filter came."""
        self._stale = False
        """Whether something was saved since an answer came, or while it was on its way."""

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="looking"):
            yield Static(id="label", markup=False)
            yield FilterLine(max_length=LONGEST)
        yield Line(id="status")
        with Horizontal(id="panes"):
            yield Ledger(id="cases")
            with VerticalScroll(id="preview"):
                yield Prose(headed=True)

    def on_mount(self) -> None:
        self.query_one(FilterLine).cursor_blink = False
        self.query_one("#preview").can_focus = False
        self._seeker = Seeker(self.app, self.counter.desk.store.path)
        super().on_mount()
        self.query_one(Ledger).focus()
        self._seek(Wanted(None), self._stretch.begin)

    def on_unmount(self) -> None:
        if self._seeker is not None:
            self._seeker.close()

    def on_screen_resume(self) -> None:
        # The cases are named by the newest rulebook, not by that of the one that was read last.
        self.counter.desk.rulebooks.turn_to(None)
        super().on_screen_resume()

    def offered(self) -> Iterable[Action]:
        # What is looked for may say more than an onlooker should read.
        hidden = {FILTER, KEPT, EXPORT} if self.wording.quiet else set()
        return [action for action in self.ACTIONS if action not in hidden]

    def top_right(self) -> Iterator[str]:
        yield name_actor(self.counter.desk, self.wording)

    def look_anew(self) -> None:
        """List what whoever came may read, and nothing of what another looked for. Raises a NotPermitted for somebody
        who reads no list."""
        demand(self.counter.desk, Move.READ_FIGURES, State.NONE)
        self._filter, self._unfit, self._problem, self._line = EVERYTHING, None, None, ""
        self._stretch = Stretch()
        self._fill("")
        self._begin()

    def beat(self) -> None:
        """Read anew what is in memory; while an answer is on its way, once it came."""
        self._stale = True
        self._read_anew()

    def _read_anew(self) -> None:
        if self._stale and self._seeker is not None and not self._seeker.busy:
            self._stale = False
            self._seek(self._stretch.again(), self._stretch.renew)

    def redraw(self) -> None:
        super().redraw()
        self.query_one("#label", Static).update(self.wording.say("register.label"))
        field = self.query_one(FilterLine)
        if self.wording.quiet and field.has_focus:
            self.action_list()
        field.display = not self.wording.quiet
        self.set_class(self.size.width >= PREVIEW_FROM_COLUMNS, "-preview")
        self._draw_rows()
        self._draw_status()

    def on_resize(self) -> None:
        if self.is_mounted:
            self.redraw()

    def _draw_rows(self) -> None:
        desk, wording = self.counter.desk, self.wording
        aside = PREVIEW_CELLS if self.has_class("-preview") else 0
        self.query_one(Ledger).turn(build_case_rows(self._stretch.rows, desk, wording, self.size.width - 2 - aside))
        self._draw_preview()

    def _draw_preview(self) -> None:
        row = self._stretch.find(self.query_one(Ledger).key)
        lines = write_preview(row, self.counter.desk, self.wording) if row else ()
        self.query_one("#preview", VerticalScroll).query_one(Prose).tell("\n".join(lines))

    def _draw_status(self) -> None:
        wording, line = self.wording, self.query_one("#status", Line)
        problem = self._unfit or self._problem
        line.set_class(problem is not None, "-problem")
        told = self._tell_unfit() if self._unfit and not wording.quiet else ""
        line.styles.height = max(1, min(len(break_text(told, self.size.width - 2)), STATUS_LINES))
        if wording.quiet:
            line.tell(wording.say("why.hidden"))
        elif problem is not None:
            line.tell(told or problem.sentence(wording.language))
        elif not self._found:
            line.tell(wording.say("register.seeking"))
        elif not self._stretch.rows:
            line.tell(wording.say("register.nothing"))
        else:
            line.tell(wording.say("register.found" if self._stretch.below() is None else "register.more"))

    def _tell_unfit(self) -> str:
        """Return what is wrong with the line, and what the list below is of."""
        wording = self.wording
        below = wording.say("register.before", line=clip(cover(self._line))) if self._line else ""
        problem = self._unfit.sentence(wording.language) if self._unfit else ""
        return f"{problem}\n{below or wording.say('register.before_all')}"

    def _seek(self, wanted: Wanted, take: Callable[[Leaf], None]) -> None:
        """Have a page read, and take it once it is there."""
        seeker, actor, sought = self._seeker, self.counter.desk.actor, self._filter
        if seeker is None:
            return
        hidden = find_confidential(self.counter.desk.book)

        def read(store: Store, stop: Stop) -> Leaf:
            before, limit = wanted.before, wanted.limit
            return store.list_cases(sought, before, limit, stop, actor=actor, confidential=hidden)

        def show(leaf: Leaf) -> None:
            self._found, self._problem = True, None
            take(leaf)
            self._draw_rows()
            self._draw_status()
            self._read_anew()

        seeker.ask(read, show, self._tell_problem)

    def _tell_problem(self, trouble: Trouble) -> None:
        self._problem = trouble
        self._draw_status()

    def _begin(self) -> None:
        """List from the top what is looked for now."""
        self._found = False
        self.query_one(Ledger).action_first()
        self._seek(Wanted(None), self._stretch.begin)
        self._draw_status()

    @on(Ledger.Near)
    def go_on(self, event: Ledger.Near) -> None:
        """The cursor nears the end of what is in memory."""
        event.stop()
        seeker, down = self._seeker, event.direction > 0
        wanted = self._stretch.below() if down else self._stretch.above()
        if wanted is not None and self._found and seeker is not None and not seeker.busy:
            self._seek(wanted, self._stretch.put_below if down else self._stretch.put_above)

    @on(Ledger.Top)
    def go_to_top(self, event: Ledger.Top) -> None:
        """Home leads to the newest case, wherever one is."""
        event.stop()
        if self._stretch.above() is not None:
            self._begin()

    @on(Rows.Moved, "#cases")
    def follow(self, event: Rows.Moved) -> None:
        """Another case is under the cursor."""
        event.stop()
        self._draw_preview()

    @on(Rows.Chosen, "#cases")
    def read_through(self, event: Rows.Chosen) -> None:
        """Enter on a case."""
        event.stop()
        if self.is_on_top:
            show_file(self, event.key)

    def action_open(self) -> None:
        """Read the case under the cursor through."""
        self.query_one(Ledger).action_choose()

    @on(Input.Changed)
    def wait(self, event: Input.Changed) -> None:
        """What is looked for is taken once nothing more is typed for a moment."""
        event.stop()
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(TYPING_SECONDS, lambda: self._take(typing=True))

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter takes it at once, and leads to what is found."""
        event.stop()
        self._take()
        if self._unfit is None and self._problem is None:
            self.action_list()

    def _take(self, *, typing: bool = False) -> None:
        """Look for what the line says; what is unfit is told only once it is meant to be whole."""
        line = self.query_one(FilterLine).value.strip()
        if line == self._line and self._unfit is None and self._problem is None:
            return
        try:
            found = read_line(self.counter.desk, line)
        except Trouble as trouble:
            if not typing:
                self._unfit = trouble
                self._draw_status()
            return
        self._line, self._unfit, self._problem = line, None, None
        if found != self._filter or not self._found:
            self._filter = found
            self._begin()
        self._draw_status()

    def action_list(self) -> None:
        """Give the keys to the list."""
        self.query_one(Ledger).focus()

    def action_filter(self) -> None:
        """Give the keys to the line that says what is looked for."""
        if not self.wording.quiet:
            self.query_one(FilterLine).focus()

    def action_back(self) -> None:
        """From the line that says what is looked for, go to the list; from there, back."""
        if isinstance(self.focused, FilterLine):
            self.action_list()
        else:
            super().action_back()

    def action_everything(self) -> None:
        """Look for nothing any more: the whole list."""
        self.look_for("")

    def action_kept(self) -> None:
        """Take, keep or drop one of the lines that one looks for again and again."""
        if self.wording.quiet:
            return
        KeptLines(self, self, self.counter.desk, self._line).ask()

    def action_export(self) -> None:
        """Give out the case under the cursor, or the list as it is looked for now."""
        from ui.screens.export.choosing import choose_of_list

        if not self.wording.quiet:
            self._take()
            if self._unfit is None:
                choose_of_list(self, self.query_one(Ledger).key, self._filter, self._line)
            else:
                self.notify(self.wording.say("register.not_exported"), timeout=6, markup=False)

    def look_for(self, line: str) -> None:
        """Look for what that line says, and lead to what is found."""
        self._fill(line)
        self._take()
        self.action_list()

    def _fill(self, line: str) -> None:
        field = self.query_one(FilterLine)
        with field.prevent(Input.Changed):
            field.value = line
