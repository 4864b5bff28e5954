"""Who the case is about: checked as it is typed, saved at once, and masked wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.timer import Timer

from assistant.case.events import RevealReason
from assistant.particulars.fields import ASKED, Field, Party
from assistant.people.permissions import Move
from rules.errors import Trouble
from ui.actions import Action
from ui.counter import Visit
from ui.earlier import write_earlier
from ui.reveal import Reveal
from ui.screens.choice import Choices
from ui.screens.form import TAKE, WORDS, FormPage
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording, begin

REVEAL: Final = Action("reveal", "f6", "reveal", "F6", rank=5)
MASK: Final = replace(REVEAL, word="mask")
NAME_CELLS: Final = 18
MARK_SHARE: Final = 3
"""The watermark beside a value takes no more than this part of the line."""


class PersonsScreen(FormPage[None]):
    """Optional, and late: what a teller types here is saved line by line. In full it is shown only when revealed."""

    NAME = "persons"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        TAKE,
        Action("remove", "delete", "remove", "Del", rank=4),
        REVEAL,
        WORDS,
        LANGUAGE,
        QUIET,
    )

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._reveal: Reveal | None = None
        self._end: Timer | None = None
        self._masked: dict[tuple[Party, Field], str] = {}
        self._above = ""

    def offered(self) -> Iterator[Action]:
        for action in self.ACTIONS:
            if action is not REVEAL or self.counter.desk.may(Move.REVEAL, self.sheet.case):
                yield MASK if action is REVEAL and self._reveal else action

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(1.0, self._count_down)
        # Behind a shell that is called in between, the page would come back as it was left.
        self.app.app_suspend_signal.subscribe(self, lambda _: self._mask())

    def on_screen_suspend(self) -> None:
        """Whatever comes over the page, a lock above all, finds it masked, and leaves it so."""
        self._mask()

    def on_unmount(self) -> None:
        self._forget()

    def on_resize(self) -> None:
        if self.is_mounted and self._reveal:
            self.redraw()

    def redraw(self) -> None:
        if self.wording.quiet:
            self._forget()
        self._read()
        super().redraw()

    def _read(self) -> None:
        desk, case = self.counter.desk, self.sheet.case
        try:
            self._masked = desk.read_masked(case)
            self._above = write_earlier(desk, case, self.wording)
        except Trouble as trouble:
            # A file that is only read may be open without its key.
            self._masked, self._above = {}, trouble.sentence(self.wording.language)

    def lead(self) -> str:
        wording, shown = self.wording, self._reveal
        if shown is not None:
            left = shown.left(self.counter.desk.clock())
            reason = wording.case_word(f"reveal_reason.{shown.reason}")
            return wording.say("persons.revealed", left=left, who=shown.who, at=shown.moment, reason=reason)
        may = self.counter.desk.may(Move.REVEAL, self.sheet.case)
        return "\n".join(filter(None, (self._above, wording.say("persons.lead" if may else "persons.lead_masked"))))

    def lines(self) -> Iterator[Row]:
        for number, (party, fields) in enumerate(ASKED.items()):
            yield Row(party, (Cell(begin(self.wording.party(party))),), heading=True)
            for field in fields:
                yield self._line(party, field)
                yield from self._doubts(party, field)
            if self._reveal:
                band = self._reveal.band(number, max(self.size.width - 4, 1))
                yield Row(f"mark:{party}", (Cell(band),), heading=True)

    def _line(self, party: Party, field: Field) -> Row:
        key, name = f"{party}:{field}", Cell(begin(self.wording.field(field)), NAME_CELLS)
        masked = self._masked.get((party, field))
        if masked is None:
            return Row(key, (name, Cell(self.wording.say("record.empty"), 0, "muted")))
        if self._reveal is None:
            return Row(key, (name, Cell(masked, 0, "strong")))
        mark = self._reveal.mark
        width = min(cell_len(mark), self.size.width // MARK_SHARE)
        full = self._reveal.values.get((party, field), masked)
        return Row(key, (name, Cell(full, 0, "strong"), Cell(mark, width, "warn")))

    def _doubts(self, party: Party, field: Field) -> Iterator[Row]:
        event = self.sheet.case.particulars.get((party, field))
        noted = event.body.get("doubts") if event else None
        for doubt in noted if isinstance(noted, list) else ():
            told = f"! {self.wording.doubt(str(doubt))}"
            yield Row(f"{party}:{field}:{doubt}", (Cell("", NAME_CELLS), Cell(told)), heading=True)

    def take_line(self, key: str) -> None:
        party, field = _split(key)
        known = (party, field) in self.sheet.case.particulars

        def note(text: str) -> None:
            if text:
                desk, case_id = self.counter.desk, self.sheet.case.id
                self.save(lambda: desk.note_particulars(case_id, party, field, text))

        self.ask(
            lambda wording: f"{wording.party(party)} · {wording.field(field)}",
            note,
            check=lambda text: _check(field, text) if text else None,
            hint=(lambda wording: wording.say("persons.replaces")) if known else None,
        )

    def action_remove(self) -> None:
        """Erase what is noted on the line under the cursor, once that is confirmed."""
        key = self.query_one(Rows).key
        if key is None or _split(key) not in self.sheet.case.particulars:
            return
        party, field = _split(key)
        desk, case_id = self.counter.desk, self.sheet.case.id

        def ask(wording: Wording) -> Choices:
            what = f"{wording.party(party)} · {wording.field(field)}"
            ways = [("stay", wording.say("persons.stay")), ("remove", wording.say("persons.remove"))]
            return wording.say("persons.removing", what=what), ways

        def go_on(way: str) -> None:
            if way == "remove":
                self.save(lambda: desk.remove_particulars(case_id, party, field))

        self.choose(ask, go_on)

    def action_reveal(self) -> None:
        """Show everything in full for a while, once a reason is given; pressed again, mask it at once."""
        desk, case = self.counter.desk, self.sheet.case
        if self._reveal:
            self._mask()
        elif not case.particulars:
            self.notify(self.wording.say("persons.nothing"), timeout=4, markup=False)
        elif self.wording.quiet:
            self.notify(self.wording.say("persons.not_quiet"), timeout=4, markup=False)
        elif desk.may(Move.REVEAL, case):
            self.choose(_list_reasons, lambda reason: self._show_in_full(RevealReason(reason)))
        else:
            self.attempt(lambda: desk.demand(Move.REVEAL, case))

    def _show_in_full(self, reason: RevealReason) -> None:
        desk, case_id = self.counter.desk, self.sheet.case.id

        def look() -> Reveal:
            # First: what cannot be ended in time must not be shown, nor recorded as seen.
            seconds = self.counter.settings.reveal_seconds
            values, now = desk.reveal(case_id, reason), desk.clock()
            return Reveal(values, desk.actor, now, now + seconds * 1000, reason, self.wording.zone)

        def show(shown: Reveal) -> None:
            self._reveal = shown
            # By a clock of its own: the one on the wall may be set back meanwhile.
            self._end = self.set_timer((shown.until - shown.at) / 1000, self._mask)
            self.redraw()

        self.attempt(look, show)

    def _count_down(self) -> None:
        if self._reveal and self.is_on_top:
            self.query_one("#lead", Prose).tell(self.lead())

    def _mask(self) -> None:
        if self._reveal:
            self._forget()
            self.redraw()

    def _forget(self) -> None:
        self._reveal = None
        if self._end is not None:
            self._end.stop()
            self._end = None


def _split(key: str) -> tuple[Party, Field]:
    party, _, field = key.partition(":")
    return Party(party), Field(field)


def _check(field: Field, text: str) -> None:
    from assistant.particulars.checking import check

    check(field, text)


def _list_reasons(wording: Wording) -> Choices:
    reasons = [(reason.value, wording.case_word(f"reveal_reason.{reason}")) for reason in RevealReason]
    return wording.say("persons.why"), reasons
