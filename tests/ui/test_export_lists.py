"""What the lists give out: a table of the cases looked for, a document of one of them, the report of a month."""

from __future__ import annotations

from pathlib import Path

from assistant.export.verification import Verdict, verify_export
from rules.advice import Adviser
from tests.ui.leaving import (
    NAME,
    READY,
    choose_form,
    exports,
    noted_case,
    own_papers,
    write,
)
from tests.ui.oversight import lost_case
from tests.ui.pilot import seated
from tests.ui.staff import MANAGER, SUPERVISOR, staffed_desk

papers = own_papers()


async def test_the_list_leaves_as_a_table_of_what_is_looked_for(tmp_path: Path, adviser: Adviser, papers: Path) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, SUPERVISOR)
    noted_case(desk)
    lost = desk.store.case(lost_case(desk)).number
    async with seated(desk) as seat:
        await seat.press("f7")
        await seat.see("最新的在前")
        # The line still has the keys, and nothing that was typed was taken yet.
        await seat.press("f7", *"state:closed", "ctrl+e")
        await seat.press("2")
        await seat.see(READY)
        assert lost in seat.grid()
        assert "state:closed" in seat.grid()
        await write(seat)
        assert "stamp" in seat.grid()
    (table,) = papers.glob("*.csv")
    lines = table.read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lost in lines[1]
    assert verify_export(desk.store, table).verdict is Verdict.GENUINE
    assert [(export["what"], export["filter"]) for export in exports(desk)] == [("table", "state:closed")]
    desk.store.close()


async def test_a_document_of_the_case_under_the_cursor_of_the_list(tmp_path: Path, adviser: Adviser) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, SUPERVISOR)
    older = desk.store.case(lost_case(desk)).number
    noted_case(desk)
    async with seated(desk) as seat:
        await seat.press("f7")
        await seat.see("最新的在前")
        await seat.press("down", "ctrl+e", "1")
        assert seat.screen_name == "ExportScreen"
        assert older in seat.grid().splitlines()[0]
    desk.store.close()


async def test_in_full_the_table_has_columns_about_persons_for_the_office_alone(
    tmp_path: Path, adviser: Adviser, papers: Path
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, MANAGER)
    noted_case(desk)
    async with seated(desk) as seat:
        await seat.press("f7")
        await seat.see("最新的在前")
        await seat.press("ctrl+e", "2")
        await seat.see(READY)
        await seat.press("f3", "1")
        await write(seat)
    (table,) = papers.glob("*.csv")
    assert NAME in table.read_text("utf-8-sig")
    desk.actor = SUPERVISOR
    async with seated(desk) as seat:
        await seat.press("f7")
        await seat.see("最新的在前")
        await seat.press("ctrl+e", "2")
        await seat.see(READY)
        assert "F3" not in seat.grid().splitlines()[-1]
    desk.store.close()


async def test_the_figures_lead_to_the_report_of_a_month(tmp_path: Path, adviser: Adviser, papers: Path) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, MANAGER)
    lost_case(desk)
    async with seated(desk) as seat:
        await seat.press("f5", "ctrl+e", "1")
        await seat.see(READY)
        assert "月度报告" in seat.grid().splitlines()[0]
        assert "F3" not in seat.grid().splitlines()[-1]
        await choose_form(seat, "html")
        await write(seat)
    (report,) = papers.iterdir()
    assert report.name.endswith("-monthly_report.html")
    assert [export["what"] for export in exports(desk)] == ["report"]
    desk.store.close()
