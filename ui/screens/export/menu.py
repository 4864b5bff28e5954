"""What of a case can leave the program: the papers for the customer first, for a queue is waiting behind him."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.cells import cell_len
from textual import on
from textual.widget import Widget

from assistant.export.documents.kinds import KINDS, DocumentName, NoOccasion
from assistant.export.documents.preparing import demand_occasion
from assistant.people.permissions import Move
from rules.errors import Trouble
from ui.actions import Action
from ui.casefile import read_books
from ui.naming import name_actor
from ui.screens.export.document import DocumentLeaving, name_document
from ui.screens.export.page import LeavingScreen
from ui.screens.form import TAKE
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET, Page
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows

if TYPE_CHECKING:
    from assistant.case.case import Case
    from ui.wording import Wording

ORDER: Final = (
    DocumentName.CUSTOMER_NOTICE,
    DocumentName.RISK_NOTICE,
    DocumentName.SLIP,
    DocumentName.POLICE_HANDOVER,
    DocumentName.RECEIPT,
    DocumentName.CASE_SUMMARY,
    DocumentName.RECORD,
    DocumentName.STR_PAPER,
)
"""Each keeps its digit, whoever looks: the one that not everybody may have is the last."""
MARK_CELLS: Final = 4
NAME_SHARE: Final = 0.45
"""Names take no more than this part of a line: what each is for stands behind it."""


class ExportScreen(Page[None]):
    """One line a document. A digit, or Enter, leads to a preview; nothing is written before."""

    NAME = "export"
    PERSONAL: ClassVar[bool] = True
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        TAKE,
        *(Action(f"choose({number})", str(number), "take", str(number)) for number, _ in enumerate(ORDER, 1)),
        LANGUAGE,
        QUIET,
    )
    DEFAULT_CSS = """
    ExportScreen #lead { height: auto; padding: 0 1; }
    ExportScreen Rows { padding: 0 1 0 0; }
    """

    def __init__(self, case_id: str) -> None:
        super().__init__()
        self._case_id = case_id
        self._seen: int | None = None
        self._hindrances: dict[DocumentName, NoOccasion] = {}

    def body(self) -> Iterable[Widget]:
        yield Prose(id="lead")
        yield Rows(id="documents")

    def on_mount(self) -> None:
        super().on_mount()
        rows = self.query_one(Rows)
        rows.focus()
        # Enter takes what can be had.
        rows.go_to(next((name for name in ORDER if name not in self._hindrances), ORDER[0]))

    @property
    def _case(self) -> Case:
        return self.counter.desk.store.case(self._case_id)

    def top_left(self) -> Iterator[str]:
        yield self.wording.say("page.export")
        yield self.wording.say("top.case", number=self._case.number)

    def top_right(self) -> Iterator[str]:
        yield name_actor(self.counter.desk, self.wording)

    def on_resize(self) -> None:
        if self.is_mounted:
            self.redraw()

    def redraw(self) -> None:
        super().redraw()
        quiet = self.wording.quiet
        self.query_one("#lead", Prose).tell(self.wording.say("why.hidden" if quiet else "export.lead"))
        self.query_one(Rows).show(() if quiet else self._list_rows(self.wording))

    def _list_rows(self, wording: Wording) -> Iterator[Row]:
        before: bool | None = None
        room = int((self.size.width - MARK_CELLS) * NAME_SHARE)
        cells = min(max(cell_len(name_document(name, wording)) for name in ORDER), room)
        for number, name in enumerate(ORDER, 1):
            kind = KINDS[name]
            if kind.confidential and not self.counter.desk.may(Move.READ_STR, self._case):
                continue
            if kind.for_customer is not before:
                before = kind.for_customer
                yield Row(f"for:{before}", (Cell(wording.say(f"export.{_name_reader(before)}")),), heading=True)
            what = Cell(self._write_what(name, wording), 0, "muted")
            mark = Cell(f"[{number}]", MARK_CELLS, "muted")
            yield Row(name, (mark, Cell(name_document(name, wording), cells), what))

    def _write_what(self, name: DocumentName, wording: Wording) -> str:
        """Return what a document is for, or why the case cannot have it now."""
        self._look_for_hindrances()
        hindrance = self._hindrances.get(name)
        if hindrance is None:
            return wording.say(f"export.what.{name}")
        return wording.say("export.impossible", why=hindrance.sentence(wording.language))

    def _look_for_hindrances(self) -> None:
        """Find out anew what the case gives no occasion for, where anything happened in it."""
        desk, case = self.counter.desk, self._case
        seq = desk.store.log_seq(case.id)
        if seq == self._seen:
            return
        self._seen, self._hindrances = seq, {}
        for name in ORDER:
            try:
                if KINDS[name].needs_occasion:
                    demand_occasion(desk, case, name, read_books(desk, case))
            except NoOccasion as hindrance:
                self._hindrances[name] = hindrance
            except Trouble:
                # It is told where the document is looked at.
                continue

    @on(Rows.Chosen, "#documents")
    def take_row(self, event: Rows.Chosen) -> None:
        """Enter or a click on a document."""
        event.stop()
        if self.is_on_top:
            self._look_at(DocumentName(event.key))

    def action_choose(self, number: int) -> None:
        """Look at the document of that number."""
        rows = self.query_one(Rows)
        name = ORDER[number - 1]
        rows.go_to(name)
        if rows.key == name and self.is_on_top:
            self._look_at(name)

    def _look_at(self, name: DocumentName) -> None:
        desk = self.counter.desk

        def make() -> DocumentLeaving:
            case = self._case
            books = read_books(desk, case)
            demand_occasion(desk, case, name, books)
            return DocumentLeaving(KINDS[name], case.id, case.number, books)

        def show(leaving: DocumentLeaving) -> None:
            screen = LeavingScreen(leaving, self.wording.language)
            screen.came_in_haste()
            self.app.push_screen(screen)

        self.attempt(make, show)


def _name_reader(for_customer: bool) -> str:
    return "for_customer" if for_customer else "for_others"


def show_exports(page: Page[Any], case_id: str) -> None:
    """Show what of a case can leave; whoever may not read it is told so."""
    desk = page.counter.desk

    def demand() -> bool:
        desk.demand(Move.READ, desk.store.case(case_id))
        return True

    def show(_: bool) -> None:
        screen = ExportScreen(case_id)
        screen.came_in_haste()
        page.app.push_screen(screen)

    page.attempt(demand, show)
