"""The report of a month on its way out: counted once, looked at, and written as it was counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from assistant.export.report.making import NAME, TEMPLATES, Prepared, hand_out, prepare
from assistant.export.report.month import Month, find_month
from assistant.export.report.writing import write_report
from assistant.export.stamp import make_stamp
from assistant.export.typesetting.blocks import Block
from assistant.export.typesetting.marks import Form
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.export.outgoing import Choice, Gathered, Left, Tell
from ui.screens.export.page import LeavingScreen

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.export.delivery import Target
    from rules.model import Book
    from ui.screens.page import Page
    from ui.wording import Wording

ONE_DAY: Final = timedelta(days=1)
MONTHS: Final = 9
"""So many are proposed, each with a digit of its own: the one that runs, and those before it."""


@dataclass(frozen=True, slots=True)
class ReportLeaving:
    """The report of one month of an outlet; the `book` names what is counted."""

    month: Month
    outlet: str
    book: Book

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that it comes in."""
        return tuple(form.value for form in Form)

    @property
    def has_persons(self) -> bool:
        """It is about nobody."""
        return False

    @property
    def masked(self) -> str:
        """What is said of persons where there is no reason for more."""
        return "export.without_persons"

    def title(self, wording: Wording) -> str:
        """Return what it is called."""
        return wording.say("export.report", month=self.month.read(wording.language))

    def name_file(self, form: str) -> str:
        """Return the usual name of its file."""
        return f"{self.outlet}-{self.month}-{NAME}.{form}"

    def demand_in_full(self, desk: Desk) -> None:
        """Do nothing: there is nothing to reveal."""

    def name_command(self, choice: Choice) -> str:
        """Return the command that puts the same out elsewhere."""
        return f"export report --month {self.month} --format {choice.form} --lang {choice.language} -o -"

    def is_stale(self, desk: Desk, gathered: Gathered) -> bool:
        """Tell that it stays what was counted: it says up to when."""
        return False

    def gather(self, desk: Desk, choice: Choice, tell: Tell) -> Gathered:
        """Count the month. Raises what `prepare` does, and TemplateUnsound."""
        prepared = prepare(desk, self.book, self.month, choice.language, tell)
        return Gathered(_lay_out(desk, prepared), prepared)

    def hand_out(self, desk: Desk, gathered: Gathered, choice: Choice, target: Target, tell: Tell) -> Left:
        """Write it. Raises what `hand_out` does."""
        delivered, missing = hand_out(desk, gathered.thing, Form(choice.form), target)
        return Left(delivered, missing)


def _lay_out(desk: Desk, prepared: Prepared) -> tuple[Block, ...]:
    from assistant.export.typesetting.typesetting import find_template, make_blocks

    language, stamp = prepared.order.language, make_stamp(desk, prepared.order)
    report = write_report(prepared.material, prepared.book, language, stamp, prepared.bank, preview=True)
    template = find_template(NAME, language, prepared.templates, built_in=TEMPLATES)
    return make_blocks(template, report)


def choose_report(page: Page[Any]) -> None:
    """Ask over the page of figures which month is to be reported, and show it."""
    desk = page.counter.desk
    months = {str(month): month for month in _list_months(desk)}

    def ask(wording: Wording) -> Choices:
        return wording.say("export.which_month"), [(key, month.read(wording.language)) for key, month in months.items()]

    def show(key: str | None) -> None:
        if key is not None:
            leaving = ReportLeaving(months[key], desk.store.outlet.code, page.wording.book)
            page.app.push_screen(LeavingScreen(leaving, page.wording.language))

    page.app.push_screen(ChoiceScreen(ask, list(months)[1]), show)


def _list_months(desk: Desk) -> Iterable[Month]:
    def walk() -> Iterator[Month]:
        month = find_month(None, desk.clock(), desk.store.outlet.zone)
        yield Month((month.last + ONE_DAY), month.today)
        for _ in range(MONTHS - 1):
            yield month
            month = month.before

    return tuple(walk())
