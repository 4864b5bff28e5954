"""What the list of cases can give out: documents of the case under its cursor, or itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from assistant.people.permissions import Move
from assistant.plain.times import find_moment
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.export.menu import show_exports
from ui.screens.export.page import LeavingScreen
from ui.screens.export.table import TableLeaving

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.register.filters import Filter
    from ui.screens.page import Page
    from ui.wording import Wording

CASE: Final = "case"
TABLE: Final = "table"


def choose_of_list(page: Page[Any], case_id: str | None, wanted: Filter, line: str) -> None:
    """Ask over the list which of the two is to leave, and show it; `line` is what is looked for, as it was typed."""

    def ask(wording: Wording) -> Choices:
        ways = [(CASE, wording.say("export.of_case"))] if case_id is not None else []
        return wording.say("export.which"), [*ways, (TABLE, wording.say("export.of_list"))]

    def go(way: str | None) -> None:
        if way == CASE and case_id is not None:
            show_exports(page, case_id)
        elif way == TABLE:
            page.attempt(lambda: _make_table(page.counter.desk, wanted, line), show)

    def show(leaving: TableLeaving) -> None:
        page.app.push_screen(LeavingScreen(leaving, page.wording.language))

    page.app.push_screen(ChoiceScreen(ask), go)


def _make_table(desk: Desk, wanted: Filter, line: str) -> TableLeaving:
    desk.demand(Move.EXPORT)
    outlet = desk.store.outlet
    moment = find_moment(desk.clock(), outlet.zone)
    return TableLeaving(wanted, line, f"cases-{outlet.code}-{moment:%Y%m%d-%H%M}", (desk.book,))
