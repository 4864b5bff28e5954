"""What keeps an export from leaving by the screens: it is told, nothing is left behind, and the page stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from textual.widgets import Input

from assistant.attendance import NOBODY
from assistant.desk import Desk
from assistant.export.confinement import VARIABLE
from assistant.store import Store
from rules.advice import Adviser
from tests.ui.leaving import (
    READY,
    at_document,
    choose_form,
    exports,
    held,
    names,
    noted_case,
    own_papers,
    write,
)
from tests.ui.machine import Hour, is_covered, sign_on
from tests.ui.machine import seated as at_machine
from tests.ui.pilot import seated
from tests.ui.staff import COLLEAGUE, TELLER, desk_of, staffed_desk

desk = desk_of(TELLER)
papers = own_papers()


async def test_esc_while_it_is_written_leaves_nothing_and_stays_on_the_page(desk: Desk, papers: Path) -> None:
    async with at_document(desk, "1") as seat:
        with held(desk.store.path):
            await seat.press("f6")
            await seat.see("按Esc取消")
            await seat.press("escape")
            assert "正在取消" in seat.grid()
            assert seat.screen_name == "LeavingScreen"
        await seat.see("已取消导出")
        assert names(papers) == []
        assert exports(desk) == []
        await write(seat)
    assert len(names(papers)) == 1


async def test_a_place_that_will_not_do_is_said_under_the_line(desk: Desk, papers: Path) -> None:
    (papers / "taken.pdf").write_bytes(b"kept")
    async with at_document(desk, "3") as seat:
        await seat.press("f7")
        line = seat.app.screen.query_one(Input)
        for typed, told in ((f"{papers}/none/slip.pdf", "没有文件夹"), ("taken.pdf", "已经存在")):
            line.value = typed
            await seat.press("enter")
            assert told in seat.grid()
            assert seat.screen_name == "PlaceScreen"
        await seat.press("escape")
        assert seat.screen_name == "LeavingScreen"
    assert (papers / "taken.pdf").read_bytes() == b"kept"


async def test_a_folder_that_is_gone_is_told_and_the_page_stays(desk: Desk, papers: Path) -> None:
    async with at_document(desk, "3") as seat:
        await choose_form(seat, "md")
        await seat.press("f7", "enter")
        papers.rmdir()
        await seat.press("f6")
        await seat.see("没有文件夹")
        assert seat.screen_name == "TroubleScreen"
        await seat.press("escape")
        assert "没有文件夹" in seat.grid()
        papers.mkdir()
        await write(seat)
    assert len(names(papers)) == 1


async def test_where_pdf_is_not_installed_it_says_so_and_another_form_goes_on(
    desk: Desk, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    async with at_document(desk, "3") as seat:
        await seat.press("f6")
        await seat.see("PDF")
        for _ in range(200):
            if seat.screen_name == "TroubleScreen":
                break
            await seat.pilot.pause(0.05)
        assert seat.screen_name == "TroubleScreen"
        await seat.press("escape")
        await choose_form(seat, "html")
        await write(seat)
    assert [name.rpartition(".")[2] for name in names(papers)] == ["html"]


async def test_a_template_that_is_wrong_is_told_by_its_line_and_nothing_can_be_written(
    desk: Desk, papers: Path, tmp_path: Path
) -> None:
    (tmp_path / "settings.yaml").write_text("documents: {templates: own}\n", "utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "slip.zh.md").write_text("# 提示\n\n{{ nothing }}\n", "utf-8")
    case_id = noted_case(desk)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+e", "3")
        await seat.see("第 3 行")
        assert "F6" not in seat.grid().splitlines()[-1]
        await seat.press("f6")
    assert names(papers) == []
    assert exports(desk) == []


async def test_on_a_file_that_is_only_read_it_is_looked_at_and_not_written(
    desk: Desk, adviser: Adviser, papers: Path
) -> None:
    case_id = noted_case(desk)
    before = desk.store.head().seq
    with Store.open(desk.store.path, read_only=True) as store:
        async with seated(Desk(store, adviser, TELLER)) as seat:
            await seat.go_to(case_id)
            await seat.press("enter", "ctrl+e", "1")
            await seat.see(READY)
            await seat.press("f6")
            assert seat.screen_name == "TroubleScreen"
            await seat.press("escape")
            assert seat.screen_name == "LeavingScreen"
    assert names(papers) == []
    assert desk.store.head().seq == before


async def test_on_a_branch_server_no_file_is_written_and_the_command_for_ones_own_machine_is_said(
    desk: Desk, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "stream")
    async with at_document(desk, "1") as seat:
        said = " ".join(seat.grid().split())
        assert f"ssh 服务器 'export case {seat.case.number} --document customer_notice --format pdf" in said
        assert "F6" not in seat.grid().splitlines()[-1]
        for key in ("f6", "f7"):
            await seat.press(key)
            assert seat.screen_name == "TroubleScreen"
            await seat.press("escape")
        await seat.press("f3", "1")
        assert "--reveal" in seat.grid()
    assert names(papers) == []
    assert exports(desk) == []


async def test_the_lock_gives_the_page_back_to_the_same_person_and_to_nobody_else(
    tmp_path: Path, adviser: Adviser, hour: Hour, papers: Path
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    case_id = noted_case(desk)
    async with at_machine(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+e", "1")
        await seat.see(READY)
        await seat.press("f3", "1", "ctrl+k")
        assert is_covered(seat)
        assert "客户告知书" not in seat.grid()
        await sign_on(seat, TELLER)
        assert seat.screen_name == "LeavingScreen"
        assert "不遮盖" in seat.grid()
        await seat.press("ctrl+k")
        await sign_on(seat, COLLEAGUE)
        assert seat.screen_name == "TellerScreen"
        await seat.press("ctrl+e", "1")
        await seat.see(READY)
        assert "当事人资料已遮盖" in seat.grid()
    assert names(papers) == []
    desk.store.close()


async def test_what_kept_it_from_being_written_is_told_behind_no_lock_but_once_one_is_back(
    tmp_path: Path, adviser: Adviser, hour: Hour, papers: Path
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    case_id = noted_case(desk)
    async with at_machine(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+e", "3")
        await seat.see(READY)
        await choose_form(seat, "md")
        papers.rmdir()
        with held(desk.store.path):
            await seat.press("f6", "ctrl+k")
            assert is_covered(seat)
        await seat.pilot.pause(0.5)
        assert is_covered(seat)
        assert "没有文件夹" not in seat.grid()
        await sign_on(seat, TELLER)
        await seat.see("没有文件夹")
        assert seat.screen_name == "TroubleScreen"
    desk.store.close()
