"""One saved case, read through by whoever answers for it: what it is beside what happened, and what today's rulebook
would have said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar, Final

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from assistant.audit.hindsight import Hindsight
from assistant.review.habits import Habit, find_habits
from ui.actions import Action
from ui.casefile import CaseFile, open_file, read_anew, replay
from ui.naming import name_actor
from ui.reviews import may_review, write_standing
from ui.screens.export.key import EXPORT
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET, Page
from ui.screens.reading import Reading
from ui.seeking import Seeker
from ui.widgets.prose import Labelled, Line
from ui.widgets.rows import CURSOR

REVIEW: Final = Action("review", "f6", "review", "F6", rank=3)
WORK: Final = Action("work", "f2", "work", "F2", rank=6)
REPLAY: Final = Action("replay", "f4", "replay", "F4", rank=5)
ABOUT, STORY = "about", "story"


class AuditScreen(Reading):
    """Wide, both halves stand side by side; narrow, F5 goes from one to the other. Nothing is changed here."""

    NAME = "audit"
    CSS_PATH = "audit.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        REVIEW,
        Action("swap", "f5,tab", "halves", "F5", rank=4),
        REPLAY,
        WORK,
        replace(EXPORT, rank=5),
        LANGUAGE,
        QUIET,
    )

    def __init__(self, file: CaseFile) -> None:
        super().__init__()
        self._file = file
        self._half = ABOUT
        self._hindsight: Hindsight | None = None
        """What the newest rulebook says of it, as long as that stands in the place of the timeline."""

        self._habits: tuple[Habit, ...] = ()
        """What the teller does each time, as far as that is to be asked about; it is read behind the screen."""
        self._seeker: Seeker | None = None

    def body(self) -> Iterable[Widget]:
        yield Line(id="standing")
        with Horizontal(id="halves"):
            for half in (ABOUT, STORY):
                with Vertical(id=half):
                    yield Line(classes="title")
                    with VerticalScroll():
                        yield Labelled()

    def on_mount(self) -> None:
        for scroll in self.query(VerticalScroll):
            scroll.can_focus = False
        super().on_mount()
        teller = self._file.case.history[0].actor
        self._seeker = Seeker(self.app, self.counter.desk.store.path)
        # Who reads nothing of it has only lost a question.
        self._seeker.ask(lambda store, _: find_habits(store, teller), self._show_habits, lambda _: None)

    def on_unmount(self) -> None:
        if self._seeker is not None:
            self._seeker.close()

    def _show_habits(self, habits: tuple[Habit, ...]) -> None:
        if habits:
            self._habits = habits
            self.redraw()

    def top_left(self) -> Iterator[str]:
        yield self.wording.say("top.case", number=self._file.case.number)
        yield self.wording.say("page.audit")

    def top_right(self) -> Iterator[str]:
        yield name_actor(self.counter.desk, self.wording)

    def offered(self) -> Iterable[Action]:
        desk, whole = self.counter.desk, self._file.whole
        left_out = set()
        if not may_review(desk, whole):
            left_out.add(REVIEW)
        if self.wording.quiet:
            left_out.add(REPLAY)
        return [action for action in self.ACTIONS if action not in left_out]

    def redraw(self) -> None:
        super().redraw()
        wording, file = self.wording, self._file
        quiet = [wording.say("why.hidden")]
        self.set_class(self._half == STORY, "-story")
        standing = write_standing(file.case, wording)
        self.query_one("#standing", Line).tell(standing)
        self.query_one("#standing").display = bool(standing)
        texts: dict[str, Iterable[str]] = {ABOUT: quiet, STORY: quiet}
        if not wording.quiet:
            texts = {ABOUT: file.tell_about(wording, self._habits), STORY: self._tell_story()}
        for half, lines in texts.items():
            place = self.query_one(f"#{half}")
            place.query_one(Labelled).tell("\n".join(lines))
            title = "hindsight" if half == STORY and self._hindsight else half
            mark = CURSOR if half == self._half else " "
            place.query_one(Line).tell(f"{mark}{wording.say(f'audit.{title}', zone=file.outlet.zone)}")

    def _tell_story(self) -> Iterator[str]:
        if self._hindsight is not None:
            return self._file.tell_hindsight(self._hindsight, self.wording.language)
        return self._file.tell_story(self.wording.language)

    def beat(self) -> None:
        """Read the case again when something happened to it."""
        desk, case_id = self.counter.desk, self._file.case.id
        if desk.store.log_seq(case_id) != self._file.whole.history[-1].seq:
            self._file = read_anew(desk, case_id)
            self.redraw()

    def look_anew(self) -> None:
        """Read the case as whoever came may see it, which is recorded. Raises a NotPermitted."""
        self._file = open_file(self.counter.desk, self._file.case.id)
        self._hindsight = None

    def action_swap(self) -> None:
        """Give the keys to the other half; on a narrow screen show it."""
        self._half = ABOUT if self._half == STORY else STORY
        self.redraw()

    @property
    def under_the_keys(self) -> VerticalScroll:
        return self.query_one(f"#{self._half}").query_one(VerticalScroll)

    def action_replay(self) -> None:
        """Say what today's rulebook would have advised; once more brings the timeline back."""
        if self.wording.quiet:
            return
        if self._hindsight is not None:
            self._show_hindsight(None)
        else:
            self.attempt(lambda: replay(self.counter.desk, self._file), self._show_hindsight)

    def _show_hindsight(self, hindsight: Hindsight | None) -> None:
        self._hindsight, self._half = hindsight, STORY
        self.redraw()
        self.action_edge(-1)

    def action_review(self) -> None:
        """Claim the review of the case, and judge it."""
        from ui.screens.review import begin_review

        if may_review(self.counter.desk, self._file.whole):
            begin_review(self, self._file.case.id, self._follow)

    def _follow(self, done: bool | None) -> None:
        """Go back to the list once the case is judged."""
        if done:
            self.dismiss()
        else:
            self.beat()

    def action_export(self) -> None:
        """Show what of the case can leave."""
        from ui.screens.export.menu import show_exports

        show_exports(self, self._file.case.id)

    def action_work(self) -> None:
        """Open the page of the teller on the case, where it is worked on, or looked at."""
        self.show_case(lambda: self.counter.desk.resume(self._file.case.id))


def show_file(page: Page[None], case_id: str) -> None:
    """Read a case through, over a page; one that may not be read is told in a sentence."""

    def show(file: CaseFile) -> None:
        screen = AuditScreen(file)
        screen.came_in_haste()
        page.app.push_screen(screen)

    page.attempt(lambda: open_file(page.counter.desk, case_id), show)
