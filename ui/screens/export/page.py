"""What is to leave, looked at before it does: how, where to, and then written behind the screen until it is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import VerticalScroll
from textual.widget import Widget

from assistant.case.events import RevealReason
from assistant.export.confinement import may_write_files, refuse_files
from assistant.export.delivery import ExportDropped, Target
from assistant.export.endings import find_form
from assistant.export.unfinished import put_away
from assistant.export.words import WORDS as EXPORTS
from rules.errors import Trouble
from rules.language import Language
from ui.actions import Action
from ui.naming import name_actor
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.export.outgoing import Choice, Gathered, Left, Outgoing
from ui.screens.export.paper import Paper
from ui.screens.export.place import PlaceScreen, find_free, find_usual_folder, read_place
from ui.screens.export.scribe import Job, Scribe
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.screens.reading import Reading
from ui.widgets.prose import Prose

if TYPE_CHECKING:
    from assistant.export.typesetting.blocks import Block
    from ui.wording import Wording

LOOK_SECONDS: Final = 0.2
PATIENCE_SECONDS: Final = 10
"""How long the program waits at its end until what is being written is either there or gone."""
WRITE: Final = Action("write", "f6", "write_out", "F6", rank=3)
FORM: Final = Action("form", "f2", "form", "F2", rank=4)
IN_FULL: Final = Action("in_full", "f3", "in_full", "F3", rank=5)
MASK: Final = replace(IN_FULL, word="mask")
PLACE: Final = Action("place", "f7", "place", "F7", rank=6)
OTHER: Final = Action("other_language", "f5", "paper_language", "F5", rank=7)


class LeavingScreen(Reading):
    """F6 writes what is shown. Nothing is shown unmasked here: the file alone has it, for a reason, on record."""

    NAME = "leaving"
    PERSONAL: ClassVar[bool] = True
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        WRITE,
        FORM,
        IN_FULL,
        PLACE,
        OTHER,
        Action("scroll(1)", "pagedown", "more", "PgDn", rank=20),
        Action("scroll(-1)", "pageup", "less", "PgUp"),
        LANGUAGE,
        QUIET,
    )
    DEFAULT_CSS = """
    LeavingScreen #how { height: auto; padding: 0 1; color: $text-muted; }
    LeavingScreen #state { height: auto; padding: 0 1; text-style: bold; }
    LeavingScreen #state.-problem { color: $text-error; }
    LeavingScreen VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; border-top: solid $text-muted; }
    """

    def __init__(self, outgoing: Outgoing, language: Language) -> None:
        super().__init__()
        self._outgoing = outgoing
        self._choice = Choice(outgoing.forms[0], language)
        self._path: Path | None = None
        """As it was typed; otherwise a usual name in the folder that was used last."""
        self._scribe: Scribe | None = None
        self._gathered: Gathered | None = None
        self._problem: Trouble | None = None
        """What kept it from being gathered or written."""
        self._untold: Trouble | None = None
        """The same, while something lies over the page."""
        self._reading = Job()
        """How far it is gathered."""
        self._job: Job | None = None
        self._left: Left | None = None
        """What left last, as long as the same again would be another copy."""

    def body(self) -> Iterable[Widget]:
        yield Prose(id="how")
        yield Prose(id="state")
        with VerticalScroll(can_focus=False):
            yield Paper()

    def on_mount(self) -> None:
        self._scribe = Scribe(self.app, self.counter.desk)
        super().on_mount()
        self.set_interval(LOOK_SECONDS, self._look)
        self._gather()

    def on_unmount(self) -> None:
        self._reading.dropped.set()
        if self._job is not None:
            self._job.dropped.set()
        if self._scribe is not None:
            self._scribe.close(PATIENCE_SECONDS if self._job is not None else 0)
        if self._job is not None:
            # What is still written by now may go on longer than the program.
            put_away()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._untold is not None:
            trouble, self._untold = self._untold, None
            self._tell_trouble(trouble)

    def beat(self) -> None:
        """Gather anew what something happened to."""
        gathered = self._gathered
        if gathered is not None and self._job is None and self._outgoing.is_stale(self.counter.desk, gathered):
            self._gather()

    def top_left(self) -> Iterator[str]:
        yield self.wording.say("page.export")
        if not self.wording.quiet:
            yield self._outgoing.title(self.wording)

    def top_right(self) -> Iterator[str]:
        yield name_actor(self.counter.desk, self.wording)

    def offered(self) -> Iterable[Action]:
        if self.wording.quiet:
            return (HELP, BACK, LANGUAGE, QUIET)
        left_out = set()
        if len(self._outgoing.forms) == 1:
            left_out.add(FORM)
        if self._gathered is None:
            left_out.add(WRITE)
        if not may_write_files():
            left_out |= {WRITE, PLACE}
        if not self._outgoing.has_persons or not self._may_reveal():
            left_out.add(IN_FULL)
        actions = [action for action in self.ACTIONS if action not in left_out]
        return [MASK if action is IN_FULL and self._choice.reason else action for action in actions]

    def _may_reveal(self) -> bool:
        try:
            self._outgoing.demand_in_full(self.counter.desk)
        except Trouble:
            return False
        return True

    def redraw(self) -> None:
        super().redraw()
        wording, gathered = self.wording, self._gathered
        self.query_one("#how", Prose).tell("" if wording.quiet else self._write_how(wording))
        self.query_one("#how").display = not wording.quiet
        blocks = self._find_blocks(gathered) if gathered is not None and not wording.quiet else ()
        self.query_one(Paper).tell(blocks, wording.say("export.longer"))
        self._draw_state()

    def _find_blocks(self, gathered: Gathered) -> tuple[Block, ...]:
        return (gathered.in_full if self._choice.reason else ()) or gathered.blocks

    def _write_how(self, wording: Wording) -> str:
        choice = self._choice
        shown = wording.say(self._outgoing.masked)
        if choice.reason is not None:
            shown = wording.say("export.in_full", reason=wording.case_word(f"reveal_reason.{choice.reason}"))
        parts = (
            wording.say("export.form", form=choice.form.upper()),
            wording.say(f"export.language_{choice.language}"),
            shown,
        )
        return "\n".join(filter(None, (" · ".join(parts), self._write_where(wording), self._write_unset(wording))))

    def _write_unset(self, wording: Wording) -> str:
        unset = self._gathered.unset if self._gathered is not None else ()
        return wording.say("export.unset", names=", ".join(unset)) if unset else ""

    def _write_where(self, wording: Wording) -> str:
        if self._left is not None:
            # The state says it, with the number of the export.
            return ""
        if may_write_files():
            return wording.say("export.to", path=self._find_path())
        return wording.say("export.stream", command=self._outgoing.name_command(self._choice))

    def _draw_state(self) -> None:
        state = self.query_one("#state", Prose)
        state.tell(self.wording.say("why.hidden") if self.wording.quiet else self._write_state(self.wording))
        state.set_class(self._problem is not None and not self.wording.quiet, "-problem")

    def _write_state(self, wording: Wording) -> str:
        job, left = self._job, self._left
        if job is not None and job.dropped.is_set():
            return wording.say("export.dropping")
        if job is not None:
            return wording.say("export.writing", far=_write_far(job, wording))
        if left is not None:
            return "\n".join(_write_left(left, wording))
        if self._problem is not None:
            return self._problem.sentence(wording.language)
        if self._gathered is None:
            return wording.say("export.gathering", far=_write_far(self._reading, wording))
        return wording.say("export.ready" if may_write_files() else "export.ready_to_look")

    def _look(self) -> None:
        if (self._job is not None or self._gathered is None) and self.is_current:
            self._draw_state()

    @cached_property
    def _folder(self) -> Path:
        return self.counter.export_folder or find_usual_folder()

    def _find_path(self) -> Path:
        if self._left is not None and self._left.delivered.path is not None:
            return self._left.delivered.path
        return self._path or find_free(self._folder / self._outgoing.name_file(self._choice.form))

    def _change(self, choice: Choice) -> None:
        """Take another way for it to leave; what left before is another thing from now on."""
        self._forget_last()
        if self._path is not None:
            other = choice.form != self._choice.form
            suffix = Path(self._outgoing.name_file(choice.form)).suffix if other else self._path.suffix
            self._path = find_free(self._path.with_suffix(suffix))
        self._choice = choice

    def _forget_last(self) -> None:
        """Say no more of what was written last, or not written; what could not even be gathered stays as it is."""
        self._left = None
        if self._gathered is not None:
            self._problem = None

    def _gather(self) -> None:
        """Have it gathered behind the screen, as whoever works here may see it."""
        outgoing, choice = self._outgoing, self._choice
        self._reading.dropped.set()
        self._reading = reading = Job()
        self._gathered, self._problem = None, None

        def show(gathered: Gathered) -> None:
            self._gathered = gathered
            self.redraw()

        if self._scribe is not None:
            self._scribe.ask(lambda desk: outgoing.gather(desk, choice, reading.tell), show, self._fail_to_gather)
        self.redraw()

    def _fail_to_gather(self, trouble: Trouble) -> None:
        self._problem = trouble
        self.redraw()

    def action_write(self) -> None:
        """Write what is shown."""
        if self.wording.quiet or self._job is not None or self._gathered is None:
            return
        if self._left is not None:
            self.notify(self.wording.say("export.left_already"), timeout=4, markup=False)
        else:
            self.attempt(self._write)

    def _write(self) -> bool:
        """Begin to write. Raises what keeps it from being written at all."""
        desk, outgoing, choice, gathered = self.counter.desk, self._outgoing, self._choice, self._gathered
        path, job = self._find_path(), Job()
        refuse_files(path)
        if desk.store.why_read_only is not None:
            raise desk.store.why_read_only.with_traceback(None)
        if self._scribe is None or gathered is None:
            return False
        target = Target(path=path, dropped=job.dropped.is_set)

        def end(left: Left) -> None:
            self._job, self._left = None, left
            self.counter.export_folder = path.parent
            self.redraw()

        self._job, self._problem = job, None
        self.counter.at_last = put_away
        self._scribe.ask(lambda desk: outgoing.hand_out(desk, gathered, choice, target, job.tell), end, self._fail)
        self.redraw()
        return True

    def _fail(self, trouble: Trouble) -> None:
        self._job, self._problem = None, trouble
        self.redraw()
        if not isinstance(trouble, ExportDropped):
            self._tell_trouble(trouble)

    def _tell_trouble(self, trouble: Trouble) -> None:
        """Tell what kept it from being written; behind a lock, or whatever lies over the page, once that is gone."""
        if self.is_on_top:
            self.meet(trouble, self._write, lambda _: None)
        else:
            self._untold = trouble

    def action_back(self) -> None:
        """Drop what is being written; go back where nothing is."""
        if self._job is None:
            super().action_back()
        else:
            self._job.dropped.set()
            self._draw_state()

    def action_form(self) -> None:
        """Choose another form."""
        if self._is_free():
            self.app.push_screen(ChoiceScreen(self._list_forms, self._choice.form), self._take_form)

    def _is_free(self) -> bool:
        """Tell whether anything can be chosen now: while it is written, or not seen, nothing can."""
        return self._job is None and not self.wording.quiet

    def _list_forms(self, wording: Wording) -> Choices:
        forms = [(form, wording.say(f"export.form_of.{form}")) for form in self._outgoing.forms]
        return wording.say("export.which_form"), forms

    def _take_form(self, form: str | None) -> None:
        if form is not None:
            self._change(replace(self._choice, form=form))
            self.redraw()

    def action_in_full(self) -> None:
        """Have it written with all that is about persons, once a reason is given; pressed again, masked after all."""
        if not self._is_free() or not self._outgoing.has_persons:
            return
        if self._choice.reason is not None:
            self._change(replace(self._choice, reason=None))
            self.redraw()
        elif self._may_reveal():
            self.app.push_screen(ChoiceScreen(_list_reasons), self._take_reason)
        else:
            self.attempt(lambda: self._outgoing.demand_in_full(self.counter.desk))

    def _take_reason(self, reason: str | None) -> None:
        if reason is not None:
            self._change(replace(self._choice, reason=RevealReason(reason)))
            self.redraw()

    def action_place(self) -> None:
        """Type where to write it."""
        if not self._is_free():
            return
        if not may_write_files():
            self.attempt(lambda: refuse_files(self._find_path()))
            return
        name, path = self._outgoing.name_file(self._choice.form), self._find_path()

        def take(text: str | None) -> None:
            if text is not None:
                place = read_place(text, path.parent, name)
                form = find_form(place) or ""
                # Whoever opens a file goes by the ending of its name.
                self._change(replace(self._choice, form=form) if form in self._outgoing.forms else self._choice)
                self._path = place
                self.redraw()

        self.app.push_screen(PlaceScreen(find_free(path), name), take)

    def action_other_language(self) -> None:
        """Have it in the other language, whatever language the screen is in: the customer may read that one only."""
        if self._is_free():
            other = Language.EN if self._choice.language is Language.ZH else Language.ZH
            self._change(replace(self._choice, language=other))
            self._gather()


def _list_reasons(wording: Wording) -> Choices:
    reasons = [(reason.value, wording.case_word(f"reveal_reason.{reason}")) for reason in RevealReason]
    return wording.say("export.why"), reasons


def _write_far(job: Job, wording: Wording) -> str:
    return wording.say("export.far", done=f"{job.done:,}", total=f"{job.total:,}") if job.total else ""


def _write_left(left: Left, wording: Wording) -> Iterator[str]:
    yield wording.say("export.left", path=left.delivered.path, export=left.delivered.stamp.export)
    if left.beside is not None:
        yield EXPORTS("said.stamp", wording.language, path=left.beside)
    if left.missing:
        yield wording.say("export.missing", characters=" ".join(left.missing))
