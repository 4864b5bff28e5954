"""Who a case is about: checked as it is typed, masked wherever it is shown, in full only for a reason and a minute."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from assistant.case.events import EventKind, Outcome, RevealReason
from assistant.case.subjects import ACCESS
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from rules.advice import Adviser
from rules.language import Language
from tests.case.visits import set_aside_gates
from tests.ui.machine import SECOND, Hour
from tests.ui.pilot import Seat, seated
from tests.ui.staff import COLLEAGUE, MANAGER, PASSWORDS, TELLER, staffed_desk

NAME = "欧阳慧敏"
ID_NUMBER = "11010519491231002X"
PHONE = "13910018866"
CARD = "6222020200112233"
PERSONS = ("9", "2", "f2", "end", "enter")
"""Opens a case and leads to its persons."""
SECONDS = 5
"""The shortest time for which the settings let anything be revealed."""


@pytest.fixture
async def seat(desk: Desk, hour: Hour) -> AsyncIterator[Seat]:
    desk.store.path.with_name("settings.yaml").write_text(f"reveal_seconds: {SECONDS}", "utf-8")
    async with seated(Desk(desk.store, desk.rulebooks, desk.actor, hour)) as taken:
        await taken.press(*PERSONS)
        yield taken


async def fill(seat: Seat, key: str, text: str) -> None:
    """Type something into the line of that key."""
    await seat.go_to(key)
    await seat.press("enter", *text, "enter")


async def reveal(seat: Seat) -> None:
    """Ask to see everything, to call back."""
    await seat.press("f6", "2")


async def test_what_is_typed_is_saved_at_once_and_shown_masked(seat: Seat) -> None:
    await fill(seat, "customer:name", NAME)
    await fill(seat, "customer:id_number", "110105 19491231 002x")
    await fill(seat, "customer:phone", "+86 139-1001-8866")
    assert [seat.line(field).split()[-1] for field in ("姓名", "证件号码", "电话")] == [
        "欧*",
        "110105********002X",
        "139****8866",
    ]
    assert seat.count(EventKind.PARTICULARS_NOTED) == 3
    assert seat.app.desk.reveal(seat.case.id, RevealReason.REVIEW)[Party.CUSTOMER, Field.PHONE] == PHONE


async def test_what_cannot_be_so_is_told_under_the_line_and_not_saved(seat: Seat) -> None:
    await fill(seat, "customer:id_number", "110105194912310021")
    assert "校验位不符" in seat.grid()
    assert seat.screen_name == "AskScreen"
    assert seat.count(EventKind.PARTICULARS_NOTED) == 0


async def test_what_may_be_wrong_is_saved_with_a_warning_below(seat: Seat) -> None:
    await fill(seat, "payee:account", CARD)
    lines = seat.grid().splitlines()
    place = next(number for number, line in enumerate(lines) if "**** 2233" in line)
    assert "! 不符合银行卡校验规则" in lines[place + 1]


async def test_what_was_noted_does_not_come_back_when_the_line_is_edited(seat: Seat) -> None:
    await fill(seat, "customer:phone", PHONE)
    await seat.press("enter")
    assert seat.screen_name == "AskScreen"
    assert PHONE not in seat.grid()
    assert "原内容不显示" in seat.grid()
    await seat.press("enter")
    assert seat.count(EventKind.PARTICULARS_NOTED) == 1


async def test_it_is_erased_only_once_that_is_confirmed(seat: Seat) -> None:
    await fill(seat, "customer:name", NAME)
    await seat.press("delete", "enter")
    assert seat.line("姓名").split()[-1] == "欧*"
    await seat.press("delete", "2")
    assert seat.line("姓名").split()[-1] == "未填"
    assert seat.count(EventKind.PARTICULARS_REMOVED) == 1


async def test_in_full_it_stands_for_a_while_with_who_and_when_all_over(seat: Seat) -> None:
    await fill(seat, "customer:name", NAME)
    await fill(seat, "customer:id_number", ID_NUMBER)
    await reveal(seat)
    shown = seat.grid()
    assert NAME in shown
    assert ID_NUMBER in shown
    assert f"还有{SECONDS}秒" in shown
    (access,) = (event for event in seat.app.desk.store.read_log(ACCESS + seat.case.id) if event.body.get("reason"))
    assert dict(access.body) == {"how": "revealed", "reason": "call_back"}
    assert access.actor == "t1"
    bands = [line for line in shown.splitlines() if line.count("t1 20") >= 3]
    assert len(bands) == 3
    assert all("t1 " in line.split(value)[1] for value in (NAME, ID_NUMBER) for line in [seat.line(value)])


async def test_the_key_that_shows_it_says_that_it_masks_it_as_long_as_it_is_shown(seat: Seat) -> None:
    await fill(seat, "customer:phone", PHONE)
    assert "F6 显示全部" in seat.grid().splitlines()[-1]
    await reveal(seat)
    assert "F6 遮盖" in seat.grid().splitlines()[-1]


async def test_it_is_masked_again_when_its_time_is_over(seat: Seat, hour: Hour) -> None:
    await fill(seat, "customer:name", NAME)
    await reveal(seat)
    assert NAME in seat.grid()
    hour.pass_(SECONDS * SECOND)
    await seat.miss(NAME)
    assert "t1 20" not in seat.grid()


async def test_it_is_masked_again_by_whatever_comes_between(seat: Seat) -> None:
    await fill(seat, "customer:name", NAME)
    for way in (("f6",), ("f1", "escape"), ("ctrl+p", "escape"), ("escape", "enter"), ("f10",)):
        await reveal(seat)
        assert NAME in seat.grid(), way
        await seat.press(*way)
        assert seat.screen_name == "PersonsScreen"
        assert "欧*" in seat.grid()
        assert NAME not in seat.grid(), way


async def test_the_quiet_face_shows_nothing_in_full(seat: Seat) -> None:
    await fill(seat, "customer:name", NAME)
    await seat.press("f10", "f6")
    assert seat.screen_name == "PersonsScreen"
    assert NAME not in seat.grid()


async def test_a_closed_case_still_leads_to_its_persons(seat: Seat) -> None:
    await fill(seat, "customer:name", NAME)
    await seat.press("escape", "escape")
    set_aside_gates(seat.app.desk, seat.case.id)
    seat.app.desk.close(seat.case.id, Outcome.UNRESOLVED, 0, 0, 0)
    await seat.press("escape", "end", "enter", "ctrl+p", *"ziliao", "enter")
    assert seat.screen_name == "PersonsScreen"
    assert "欧*" in seat.grid()


async def test_a_person_who_was_here_before_is_told_with_the_number_of_the_case(seat: Seat) -> None:
    before = seat.app.desk.open("help").case
    await fill(seat, "customer:phone", PHONE)
    assert "此前1起" not in seat.grid()
    await seat.press("escape", "escape", "escape", "9", "2", "f2", "end", "enter")
    await fill(seat, "payee:phone", PHONE)
    told = seat.line("此前1起")
    assert "（客户 电话）" in told
    assert before.number not in told
    await seat.press("escape", "escape")
    assert seat.screen_name == "TellerScreen"
    assert "此前1起" in seat.grid()
    await seat.press("f10")
    assert "此前1起" not in seat.grid()


async def test_a_name_alone_is_no_hint_beside_the_visit(seat: Seat) -> None:
    await fill(seat, "customer:name", NAME)
    await seat.press("escape", "escape", "escape", "9", "2", "f2", "end", "enter")
    await fill(seat, "customer:name", NAME)
    assert "此前1起" in seat.grid()
    await seat.press("escape", "escape")
    assert "此前1起" not in seat.grid()


@pytest.fixture
def staffed(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    made = staffed_desk(tmp_path / "cases.db", adviser)
    yield made
    made.store.close()


async def test_whoever_may_not_see_it_is_told_so(staffed: Desk) -> None:
    staffed.change_to(MANAGER)
    case_id = staffed.open("help").case.id
    staffed.note_particulars(case_id, Party.CUSTOMER, Field.NAME, NAME)
    staffed.change_to(COLLEAGUE)
    async with seated(staffed) as seat:
        await seat.press("home", "enter", "f2", "end", "enter")
        assert "F6" not in seat.grid()
        await seat.press("f6")
        assert seat.screen_name == "TroubleScreen"
        assert "没有办理" in seat.grid()
        assert "没有保存" not in seat.grid()
        assert "柜员只能对自己建的案件做这一步" in "".join(seat.grid().split())
        assert NAME not in seat.grid()
    assert [event.body["how"] for event in staffed.store.read_log(ACCESS + case_id)].count("revealed") == 0


async def test_the_lock_covers_it_and_leaves_it_masked(staffed: Desk) -> None:
    async with seated(staffed) as seat:
        await seat.press(*PERSONS)
        await fill(seat, "customer:name", NAME)
        await reveal(seat)
        assert NAME in seat.grid()
        await seat.press("ctrl+k")
        assert seat.screen_name == "SignOnScreen"
        assert NAME not in seat.grid()
        await seat.press(*PASSWORDS[TELLER], "enter")
        assert seat.screen_name == "PersonsScreen"
        assert "欧*" in seat.grid()
        assert NAME not in seat.grid()


async def test_nobody_is_told_of_a_case_that_is_closed_to_them(staffed: Desk) -> None:
    staffed.change_to(MANAGER)
    case_id = staffed.open("help").case.id
    staffed.note_particulars(case_id, Party.CUSTOMER, Field.PHONE, PHONE)
    set_aside_gates(staffed, case_id)
    staffed.close(case_id, Outcome.UNRESOLVED, 0, 0, 0)
    for number, told in ((TELLER, 0), (MANAGER, 1)):
        staffed.change_to(number)
        async with seated(staffed) as seat:
            await seat.press(*PERSONS)
            await fill(seat, "payee:phone", PHONE)
            assert seat.grid().count(staffed.store.case(case_id).number) == told


@pytest.mark.parametrize("language", Language)
async def test_who_and_when_stand_on_the_page_at_any_size(desk: Desk, language: Language) -> None:
    async with seated(desk, language, (60, 20)) as seat:
        await seat.press(*PERSONS)
        await fill(seat, "customer:phone", PHONE)
        await reveal(seat)
        for size in ((60, 20), (80, 24), (120, 36)):
            await seat.pilot.resize_terminal(*size)
            assert len(seat.grid().splitlines()) == size[1]
            assert seat.grid().count("t1 20") >= 3
            assert PHONE in seat.grid()
