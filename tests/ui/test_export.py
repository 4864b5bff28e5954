"""What leaves by the screens: looked at first, written whole, recorded, and nothing of it where it must not be."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from assistant.case.events import Look, Reason
from assistant.case.subjects import ACCESS
from assistant.desk import Desk
from assistant.export.verification import Verdict, verify_export
from assistant.places import find_settings
from rules.advice import Adviser
from rules.facts import Answer, StepOutcome
from rules.language import Language
from tests.ui.leaving import (
    ACCOUNT,
    NAME,
    READY,
    at_document,
    choose_form,
    exports,
    names,
    noted_case,
    own_papers,
    write,
)
from tests.ui.oversight import lost_case, other_program
from tests.ui.pilot import CHINESE, seated
from tests.ui.staff import COLLEAGUE, COMPLIANCE, SUPERVISOR, TELLER, desk_of, staffed_desk

desk = desk_of(TELLER)
papers = own_papers()


async def test_three_keys_from_the_case_give_the_customer_his_notice_on_paper(desk: Desk, papers: Path) -> None:
    case_id = noted_case(desk)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter")
        await seat.press("ctrl+e", "1")
        await seat.see(READY)
        await write(seat)
        number = seat.case.number
        file = papers / f"{number}-customer_notice.pdf"
        assert str(file) in "".join(seat.grid().split())
        assert "EX1-" in seat.grid()
    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert names(papers) == [file.name]
    assert verify_export(desk.store, file).verdict is Verdict.GENUINE
    assert [(event["name"], event["form"], event["case"]) for event in exports(desk)] == [
        ("customer_notice", "pdf", case_id)
    ]


async def test_nothing_is_written_and_no_export_recorded_by_looking_at_a_document(desk: Desk, papers: Path) -> None:
    async with at_document(desk, "6") as seat:
        assert "案件摘要" in seat.grid()
        assert ACCOUNT not in seat.grid()
        assert NAME not in seat.grid()
        await seat.press("pagedown", "escape", "escape")
        assert seat.screen_name == "TellerScreen"
        looks = desk.store.read_log(ACCESS + seat.case.id)
    assert names(papers) == []
    assert exports(desk) == []
    # The case was opened, and then looked at once more.
    assert [event.body["how"] for event in looks] == [Look.OPENED, Look.OPENED]


async def test_each_document_can_be_looked_at_from_a_closed_case_in_both_languages(
    tmp_path: Path, adviser: Adviser
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, COMPLIANCE)
    lost_case(desk)
    async with seated(desk, Language.EN, (80, 24)) as seat:
        await seat.press("f7")
        await seat.see("Newest first")
        await seat.press("enter", "ctrl+e")
        # Nothing was done in it of which a customer has to be told.
        for digit in "2345678":
            await seat.press(digit)
            await seat.see("This is a preview")
            frame = seat.grid().splitlines()
            assert max(map(cell_len, frame)) <= 80
            assert [line for line in (*frame[:4], frame[-1]) if CHINESE.search(line.replace("中文", ""))] == []
            await seat.press("f12")
            assert READY in seat.grid()
            await seat.press("f12", "escape")
        assert seat.screen_name == "ExportScreen"
    desk.store.close()


async def test_what_is_confidential_is_offered_to_those_who_need_to_know_and_to_nobody_else(
    desk: Desk, tmp_path: Path, adviser: Adviser
) -> None:
    case_id = noted_case(desk)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+e")
        assert "可疑交易" not in seat.grid()
        await seat.press("8")
        assert seat.screen_name == "ExportScreen"
    (tmp_path / "other").mkdir()
    office = staffed_desk(tmp_path / "other" / "cases.db", adviser, COMPLIANCE)
    case_id = noted_case(office)
    async with seated(office) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+e")
        assert "可疑交易报告工作底稿" in seat.grid()
        await seat.press("8")
        await seat.see(READY)
    office.store.close()


async def test_in_full_takes_a_reason_stands_in_the_file_alone_and_is_recorded(desk: Desk, papers: Path) -> None:
    async with at_document(desk, "4") as seat:
        await choose_form(seat, "html")
        await seat.press("f3")
        assert "会记录在案" in seat.grid()
        await seat.press("escape")
        assert "当事人资料已遮盖" in seat.grid()
        await seat.press("f3", "2")
        assert "当事人资料不遮盖" in seat.grid()
        assert ACCOUNT not in seat.grid()
        await write(seat)
        assert ACCOUNT not in seat.grid()
        case_id = seat.case.id
    (file,) = papers.iterdir()
    page = file.read_text("utf-8")
    assert ACCOUNT in page
    assert NAME in page
    (export,) = exports(desk)
    assert export["reason"] is not None
    hows = [event.body["how"] for event in desk.store.read_log(ACCESS + case_id)]
    assert hows[:2] == [Look.EXPORTED, Look.REVEALED]


async def test_without_a_reason_the_file_is_masked_as_well(desk: Desk, papers: Path) -> None:
    async with at_document(desk, "4") as seat:
        await choose_form(seat, "html")
        await seat.press("f3", "1", "f3")
        assert "当事人资料已遮盖" in seat.grid()
        await write(seat)
    (file,) = papers.iterdir()
    assert ACCOUNT not in file.read_text("utf-8")
    assert [export["reason"] for export in exports(desk)] == [None]


async def test_who_may_not_reveal_the_case_is_not_offered_it_in_full(desk: Desk) -> None:
    desk.actor = COLLEAGUE
    async with at_document(desk, "4") as seat:
        assert "F3" not in seat.grid().splitlines()[-1]
        await seat.press("f3")
        assert seat.screen_name == "TroubleScreen"
        await seat.press("escape")
        assert seat.screen_name == "LeavingScreen"


async def test_the_paper_comes_in_the_language_that_the_customer_reads(desk: Desk, papers: Path) -> None:
    async with at_document(desk, "1") as seat:
        await choose_form(seat, "md")
        await seat.press("f5")
        await seat.see("Notice to the customer")
        await seat.see(READY)
        assert "客户告知书" in seat.grid().splitlines()[0]
        await write(seat)
    (file,) = papers.iterdir()
    assert file.read_text("utf-8").startswith("# Notice to the customer")


async def test_the_quiet_screen_shows_nothing_of_it_and_writes_nothing(desk: Desk, papers: Path) -> None:
    async with at_document(desk, "4") as seat:
        await seat.press("f10")
        page = seat.grid()
        assert "静音屏上不显示" in page
        assert [word for word in ("公安", "移交", "冒充", "police", "papers") if word in page] == []
        await seat.press("f6", "f2", "f3", "f7")
        assert seat.screen_name == "LeavingScreen"
        await seat.press("escape")
        assert "公安" not in seat.grid()
        assert "可疑" not in seat.grid()
        await seat.press("1")
        assert seat.screen_name == "ExportScreen"
        await seat.press("f10")
        assert "移交公安机关材料" in seat.grid()
    assert names(papers) == []


async def test_another_place_is_typed_completed_by_tab_and_remembered(desk: Desk, papers: Path) -> None:
    (papers / "2025-11" / "notices").mkdir(parents=True)
    async with at_document(desk, "3") as seat:
        await choose_form(seat, "md")
        await seat.press("f7")
        line = seat.app.screen.query_one(Input)
        line.value = f"{papers}/20"
        await seat.press("tab")
        assert line.value == f"{papers}/2025-11/"
        await seat.press("tab")
        assert line.value == f"{papers}/2025-11/notices/"
        await seat.press("enter")
        number = seat.case.number
        await write(seat)
        assert names(papers / "2025-11" / "notices") == [f"{number}-slip.md"]
        await seat.press("escape", "2")
        await seat.see(READY)
        assert "2025-11/notices" in "".join(seat.grid().split())


@pytest.mark.parametrize(
    ("name", "begins"), [("slip.HTML", b"<!DOCTYPE html>"), ("slip.md", b"# "), ("slip", b"%PDF-")]
)
async def test_a_name_that_is_typed_says_in_which_form_it_is_written(
    desk: Desk, papers: Path, name: str, begins: bytes
) -> None:
    async with at_document(desk, "3") as seat:
        await seat.press("f7")
        seat.app.screen.query_one(Input).value = str(papers / name)
        await seat.press("enter")
        await write(seat)
    assert names(papers) == [name]
    assert (papers / name).read_bytes().startswith(begins)


async def test_what_left_is_not_written_again_by_the_same_key_but_in_another_form(desk: Desk, papers: Path) -> None:
    async with at_document(desk, "3") as seat:
        await choose_form(seat, "md")
        await write(seat)
        await seat.press("f6")
        assert len(exports(desk)) == 1
        await choose_form(seat, "html")
        await seat.see(READY)
        await write(seat)
        await seat.press("escape", "3")
        await seat.see(READY)
        await choose_form(seat, "md")
        await write(seat)
        number = seat.case.number
    assert names(papers) == [f"{number}-slip{rest}" for rest in ("-2.md", ".html", ".md")]


async def test_what_another_records_meanwhile_stands_in_the_preview(desk: Desk) -> None:
    async with at_document(desk, "5") as seat:
        assert "神色慌张" not in seat.grid()
        with other_program(desk, COLLEAGUE) as other:
            other.answer(seat.case.id, "distressed", Answer.YES)
        for _ in range(200):
            await seat.press("end")
            if "神色慌张" in seat.grid():
                break
            await seat.press("home")
            if "神色慌张" in seat.grid():
                break
            await seat.pilot.pause(0.05)
        assert "神色慌张" in seat.grid()


async def test_what_a_customer_must_not_learn_of_keeps_his_paper_from_being_gathered_again_and_again(
    tmp_path: Path, adviser: Adviser
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, COMPLIANCE)
    theirs = Desk(desk.store, desk.rulebooks, SUPERVISOR, desk.clock)
    case_id = theirs.open("account_opening").case.id
    for sign in ("official_caller", "id_mismatch"):
        theirs.answer(case_id, sign, Answer.YES)
    theirs.record_step(case_id, "refuse_service", StepOutcome.DONE, written={"reason": "身份未核实"})
    theirs.record_step(case_id, "str_referral", StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+e", "1")
        await seat.see(READY)
        before = desk.store.head()
        await seat.pilot.pause(1.2)
        assert READY in seat.grid()
        assert desk.store.head() == before
    desk.store.close()


@pytest.mark.parametrize(
    ("language", "told", "refused"),
    [
        (Language.ZH, "不能导出：本案没有登记过", "不出告知书"),
        (Language.EN, "Not possible: No measure", "no notice was made"),
    ],
)
async def test_a_notice_of_no_measure_is_not_offered_until_one_is_taken(
    desk: Desk, language: Language, told: str, refused: str
) -> None:
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    async with seated(desk, language, (80, 24)) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+e")
        assert told in seat.grid()
        assert seat.cursor == "risk_notice"
        await seat.press("1")
        assert seat.screen_name == "TroubleScreen"
        assert refused in seat.grid()
        await seat.press("escape", "escape")
        desk.record_step(case_id, "pause_transaction", StepOutcome.DONE)
        await seat.press("ctrl+e")
        assert told not in seat.grid()
        assert seat.cursor == "customer_notice"
        await seat.press("1")
        await seat.see(READY if language is Language.ZH else "This is a preview")


@pytest.mark.parametrize(
    ("language", "masked", "in_full"),
    [
        (Language.ZH, "本件已掩码", "文件里当事人资料不遮盖"),
        (Language.EN, "Masked; whoever may see it", "particulars in full in the file"),
    ],
)
async def test_the_preview_of_what_will_be_in_full_does_not_call_the_file_masked(
    desk: Desk, papers: Path, language: Language, masked: str, in_full: str
) -> None:
    async with at_document(desk, "4", language) as seat:
        await choose_form(seat, "html")
        assert masked in seat.grid()
        await seat.press("f3", "2")
        assert masked not in seat.grid()
        assert in_full in seat.grid()
        assert ACCOUNT not in seat.grid()
        await seat.press("f3")
        assert masked in seat.grid()
        await seat.press("f3", "2", "f6")
        await seat.see("EX1-")
        assert masked not in seat.grid()
        assert in_full in seat.grid()
        assert ACCOUNT not in seat.grid()
    (file,) = papers.iterdir()
    assert masked not in file.read_text("utf-8")


async def test_the_settings_that_will_be_blanks_are_named_with_the_preview(desk: Desk) -> None:
    async with at_document(desk, "4") as seat:
        assert "设置里没有，文书上留空手写：documents.outlet_address, documents.outlet_phone" in seat.grid()
    settings = find_settings(desk.store.path)
    settings.write_text("documents: {outlet_address: 示范路1号, outlet_phone: 021-00000000}\n", "utf-8")
    async with seated(desk) as seat:
        await seat.press("enter", "ctrl+e", "4")
        await seat.see(READY)
        assert "documents." not in seat.grid()


async def test_the_command_is_found_by_its_name(desk: Desk) -> None:
    case_id = noted_case(desk)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+p", *"daochu", "enter")
        assert seat.screen_name == "ExportScreen"
