"""One case read through on the screen: what it is beside what happened, and what today's rulebook would have said."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.attendance import NOBODY
from assistant.case.events import Reason
from assistant.case.subjects import ACCESS
from assistant.desk import Desk
from rules.advice import Adviser
from rules.facts import Answer, StepOutcome
from tests.ui import machine
from tests.ui.machine import Hour, sign_on
from tests.ui.oversight import lost_case, other_program
from tests.ui.pilot import Seat, seated
from tests.ui.staff import AUDITOR, COLLEAGUE, MANAGER, SUPERVISOR, TELLER, desk_of, staffed_desk

desk = desk_of(SUPERVISOR)


async def read_through(seat: Seat) -> None:
    """Read the newest case through."""
    await seat.press("f7")
    await seat.see("最新的在前")
    await seat.press("enter")
    assert seat.screen_name == "AuditScreen"


async def test_wide_the_case_stands_beside_what_happened(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk) as seat:
        await read_through(seat)
        page = seat.grid()
        assert "级别：立即报警" in page
        assert "关键时间" in page
        assert "与建议不同" in page
        assert "红旗：对方自称公检法、政府或监管：是" in page
        assert "待复核（有损失）" in page


async def test_on_a_small_screen_a_key_goes_from_one_to_the_other(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk, size=(80, 24)) as seat:
        await read_through(seat)
        assert "关键时间" in seat.grid()
        assert "红旗：对方自称" not in seat.grid()
        await seat.press("f5")
        assert "红旗：对方自称" in seat.grid()
        assert "关键时间" not in seat.grid()
        first = seat.grid()
        await seat.press("pagedown")
        assert seat.grid() != first
        await seat.press("home")
        assert seat.grid() == first


async def test_the_look_is_recorded_and_going_back_leads_to_the_very_line(desk: Desk) -> None:
    lost_case(desk)
    older = lost_case(desk)
    lost_case(desk)
    async with seated(desk) as seat:
        await seat.press("f7")
        await seat.see("最新的在前")
        await seat.press("down", "enter")
        assert desk.store.case(older).number in seat.grid().splitlines()[0]
        await seat.press("escape")
        assert seat.cursor == older
    assert [event.actor for event in desk.store.read_log(ACCESS + older)] == [SUPERVISOR]


async def test_the_replay_stands_in_the_place_of_the_timeline_until_the_same_key(desk: Desk) -> None:
    lost_case(desk)
    before = desk.store.head().seq
    async with seated(desk) as seat:
        await read_through(seat)
        looked = desk.store.head().seq
        await seat.press("f4")
        assert "今天的规则书" in seat.grid()
        assert "都一样" in seat.grid()
        await seat.press("f4")
        assert "今天的规则书" not in seat.grid()
    assert desk.store.head().seq == looked == before + 1


async def test_what_another_does_to_the_case_meanwhile_is_there_at_once(desk: Desk) -> None:
    case_id = Desk(desk.store, desk.rulebooks, TELLER, desk.clock).open("transfer").case.id
    async with seated(desk) as seat:
        await read_through(seat)
        assert "神色慌张" not in seat.grid()
        with other_program(desk) as other:
            other.answer(case_id, "distressed", Answer.YES)
        await seat.see("神色慌张")


async def test_what_stands_out_in_the_record_is_put_as_a_question(desk: Desk) -> None:
    now = desk.clock()
    theirs = Desk(desk.store, desk.rulebooks, TELLER, lambda: now)
    case_id = theirs.open("transfer").case.id
    for sign in list(desk.book.signs)[:10]:
        theirs.answer(case_id, sign, Answer.NO)
    async with seated(desk) as seat:
        await read_through(seat)
        assert "想问一问" in seat.grid()
        assert "秒内答了10个红旗：是当场逐项问的" in seat.grid()
        await seat.press("f10")
        assert "想问一问" not in seat.grid()


async def test_the_quiet_screen_tells_nothing_of_it(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk) as seat:
        await read_through(seat)
        await seat.press("f10")
        assert "静音屏上不显示" in seat.grid()
        assert [word for word in ("报警", "公检法", "损失", "红旗") if word in seat.grid()] == []
        await seat.press("f4")
        assert "今天的规则书" not in seat.grid()


async def test_what_a_report_of_suspicion_concerns_is_not_there_for_an_auditor(desk: Desk) -> None:
    name = desk.book.steps["str_referral"].name.zh
    quiet = desk.book.steps["str_referral"].quiet.zh
    case_id = desk.open("account_opening").case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    sheet = desk.answer(case_id, "id_mismatch", Answer.YES)
    assert "str_referral" in {step.id for step in sheet.advice.steps}
    desk.record_step(case_id, "str_referral", StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT)
    for number in (SUPERVISOR, AUDITOR):
        desk.change_to(number)
        async with seated(desk, size=(120, 120)) as seat:
            await seat.press("f7")
            await seat.see("最新的在前")
            seen = [seat.grid()]
            await seat.press("enter")
            seen.append(seat.grid())
            await seat.press("f4")
            seen.append(seat.grid())
        told = [page for page in seen if name in page or quiet in page]
        assert bool(told) is (number == SUPERVISOR)


async def test_the_page_of_the_teller_is_one_key_away(desk: Desk) -> None:
    case_id = lost_case(desk)
    async with seated(desk) as seat:
        await read_through(seat)
        await seat.press("f2")
        assert seat.screen_name == "TellerScreen"
        assert seat.case.id == case_id
        await seat.press("escape")
        assert seat.screen_name == "AuditScreen"


@pytest.mark.parametrize(("number", "page"), [(MANAGER, "AuditScreen"), (COLLEAGUE, "HomeScreen")])
async def test_whoever_takes_over_reads_on_only_if_he_may(
    tmp_path: Path, adviser: Adviser, hour: Hour, number: str, page: str
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    case_id = lost_case(desk)
    async with machine.seated(desk, hour) as seat:
        await sign_on(seat, SUPERVISOR)
        await read_through(seat)
        await seat.press("ctrl+t")
        await sign_on(seat, number)
        assert seat.screen_name == page
        assert ("关键时间" in seat.grid()) is (page == "AuditScreen")
    looked = [event.actor for event in desk.store.read_log(ACCESS + case_id)]
    assert looked == ([MANAGER, SUPERVISOR] if number == MANAGER else [SUPERVISOR])
    desk.store.close()
