"""Another takes the place of whoever worked here: with the open case, and nothing that was not saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from assistant.attendance import NOBODY
from assistant.case.events import EventKind, Outcome
from assistant.case.subjects import ACCESS, STAFF
from assistant.desk import Desk
from rules.advice import Adviser
from tests.ui.machine import MINUTE, Hour, is_covered, open_case, seated, sign_on, tick
from tests.ui.staff import COLLEAGUE, MANAGER, SUPERVISOR, TELLER, staffed_desk


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser, hour: Hour) -> Iterator[Desk]:
    made = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    yield made
    made.store.close()


@pytest.mark.parametrize("way", ["ctrl+t", "ctrl+k"])
async def test_a_colleague_takes_over_the_open_case_and_what_follows_is_his(desk: Desk, hour: Hour, way: str) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await open_case(seat)
        at = seat.cursor
        await seat.press(way)
        await sign_on(seat, COLLEAGUE)
        assert seat.cursor == at
        assert COLLEAGUE in seat.grid().splitlines()[0]
        await seat.press("1")
        actors = [event.actor for event in seat.case.history if event.kind is EventKind.ANSWERED]
        assert actors == [TELLER, COLLEAGUE]
        looked = desk.store.read_log(ACCESS + seat.case.id)
        assert [event.actor for event in looked] == [COLLEAGUE]


async def test_a_change_of_teller_is_called_off_by_esc_until_nobody_is_there(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.press("ctrl+t")
        assert is_covered(seat)
        await seat.press("escape")
        assert seat.screen_name == "HomeScreen"
        assert desk.actor == TELLER
        await seat.press("ctrl+t")
        hour.pass_(10 * MINUTE)
        await tick(seat)
        await seat.press("escape")
        assert is_covered(seat)


async def test_a_case_that_the_colleague_may_not_read_is_left(desk: Desk, hour: Hour) -> None:
    own = Desk(desk.store, desk.rulebooks, TELLER, desk.clock)
    case_id = own.open("transfer").case.id
    own.answer(case_id, next(iter(own.book.signs)), None)
    close(own, case_id)
    number = desk.store.case(case_id).number
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.go_to(case_id)
        await seat.press("enter", "f1", "ctrl+t")
        await sign_on(seat, COLLEAGUE)
        assert seat.screen_name == "HomeScreen"
        assert number not in seat.grid()
        await seat.press("ctrl+t")
        await sign_on(seat, SUPERVISOR)
        assert number in seat.grid()


def close(desk: Desk, case_id: str) -> None:
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)


NUMBER = "13800138000"


@pytest.mark.parametrize("way", ["ctrl+t", "ctrl+k"])
async def test_whoever_takes_over_finds_no_panel_of_another_and_nothing_that_was_typed(
    desk: Desk, hour: Hour, way: str
) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.press("1", "f8")
        await seat.go_to("note")
        await seat.press("enter", *NUMBER, way)
        assert "没有保存的内容" in "".join(seat.grid().split())
        await sign_on(seat, COLLEAGUE)
        assert seat.screen_name == "ClosingScreen"
        assert NUMBER not in seat.grid()
        await seat.go_to("note")
        await seat.press("enter")
        assert seat.app.screen.query_one(Input).value == ""


async def test_whoever_takes_over_finds_no_page_of_another_that_is_not_saved(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.press("1", "f8")
        await seat.go_to("note")
        await seat.press("enter", *"hk77", "enter", "f1", "ctrl+k")
        await sign_on(seat, COLLEAGUE)
        assert seat.screen_name == "TellerScreen"
        await seat.press("f8")
        assert "hk77" not in seat.grid()


@pytest.mark.parametrize("seen", ["clock", "key"])
async def test_who_is_suspended_stands_before_the_door_at_once_and_sees_nothing_more(
    desk: Desk, hour: Hour, seen: str
) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await open_case(seat)
        number, events = seat.case.number, seat.count()
        change(desk, EventKind.MEMBER_SUSPENDED)
        await (tick(seat) if seen == "clock" else seat.press("1"))
        assert is_covered(seat)
        assert number not in seat.grid()
        assert "已停用" in seat.grid()
        assert desk.actor == NOBODY
        assert seat.count() == events
        await sign_on(seat, TELLER)
        assert is_covered(seat)
        await sign_on(seat, COLLEAGUE)
        assert seat.screen_name == "TellerScreen"


def change(desk: Desk, kind: EventKind, **body: str) -> None:
    """Have the teller's membership changed, by two."""
    asked = desk.office_of(MANAGER).ask(kind, {"number": TELLER, **body}, about=STAFF)
    desk.office_of(SUPERVISOR).approve(asked.subject)


async def test_who_came_by_a_login_that_is_no_longer_his_signs_on_anew_and_finds_all_as_it_was(
    tmp_path: Path, adviser: Adviser, hour: Hour
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, TELLER, hour)
    change(desk, EventKind.LOGIN_BOUND, login="li.na")
    async with seated(desk, hour) as seat:
        await seat.press("1", "f8")
        await seat.go_to("note")
        await seat.press("enter", *"hk77", "enter")
        change(desk, EventKind.LOGIN_BOUND)
        await seat.press("down")
        assert is_covered(seat)
        assert "不再绑定" in "".join(seat.grid().split())
        await sign_on(seat, TELLER)
        assert "hk77" in seat.grid()
    desk.store.close()


async def test_who_signed_on_by_password_stays_whatever_login_is_bound(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        change(desk, EventKind.LOGIN_BOUND, login="li.na")
        change(desk, EventKind.LOGIN_BOUND)
        await seat.press("down")
        assert not is_covered(seat)
