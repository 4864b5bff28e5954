"""The lock of a shared machine: it shows nothing, comes when nobody is there, and gives back the very place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from assistant.attendance import NOBODY
from assistant.desk import Desk
from rules.advice import Adviser
from tests.ui.machine import MINUTE, SECOND, SIZES, Hour, is_covered, open_case, seated, sign_on, tick
from tests.ui.staff import COMPLIANCE, TELLER, staffed_desk
from ui.screens.sign_on import SignOnScreen


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser, hour: Hour) -> Iterator[Desk]:
    made = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    yield made
    made.store.close()


@SIZES
async def test_the_lock_shows_nothing_and_gives_back_the_very_place(
    desk: Desk, hour: Hour, size: tuple[int, int]
) -> None:
    async with seated(desk, hour, size=size) as seat:
        await sign_on(seat, TELLER)
        before = await open_case(seat)
        at, events = seat.cursor, seat.count()
        number = seat.case.number
        seat.app.notify("案件一")
        await seat.press("ctrl+k")
        assert is_covered(seat)
        assert number not in seat.grid()
        assert "案件一" not in seat.grid()
        assert desk.book.signs[str(at)].name.zh not in seat.grid()
        await seat.press("escape", "1", "f1", "f8", "f10", "f10", "ctrl+p", "ctrl+t", "ctrl+k")
        assert is_covered(seat)
        assert len([screen for screen in seat.app.screen_stack if isinstance(screen, SignOnScreen)]) == 1
        await sign_on(seat, TELLER)
        assert seat.cursor == at
        assert seat.grid().splitlines()[1:] == before.splitlines()[1:]
        assert seat.count() == events


async def test_nobody_at_the_keys_for_as_long_as_the_settings_say_locks_the_screen(
    desk: Desk, hour: Hour, tmp_path: Path
) -> None:
    (tmp_path / "settings.yaml").write_text("sign_on: {idle_minutes: 3}\n", "utf-8")
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        hour.pass_(2 * MINUTE)
        await seat.press("down")
        hour.pass_(3 * MINUTE - SECOND)
        await tick(seat)
        assert not is_covered(seat)
        hour.pass_(SECOND)
        await tick(seat)
        assert is_covered(seat)


async def test_the_first_key_after_a_long_pause_finds_the_screen_locked(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await open_case(seat)
        events = seat.count()
        hour.pass_(8 * 60 * MINUTE)
        await seat.press("1")
        assert is_covered(seat)
        assert seat.count() == events


async def test_a_key_that_comes_while_the_lock_is_coming_up_changes_nothing(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        seat.app.presence.change()
        hour.pass_(8 * 60 * MINUTE)
        seat.app.presence.stir()
        await seat.press("escape")
        assert is_covered(seat)


async def test_settings_that_cannot_be_read_leave_the_lock_as_it_is_by_default(
    desk: Desk, hour: Hour, tmp_path: Path
) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        del seat.app.settings
        (tmp_path / "settings.yaml").write_text("sign_on: {idle_minutes: 0}\n", "utf-8")
        hour.pass_(10 * MINUTE)
        await seat.press("down")
        assert is_covered(seat)
        await sign_on(seat, TELLER)
        assert is_covered(seat)
        assert "settings.yaml" in seat.grid()


async def test_whom_the_system_knows_is_locked_only_where_a_password_can_unlock(
    tmp_path: Path, adviser: Adviser, hour: Hour
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, COMPLIANCE, hour)
    async with seated(desk, hour) as seat:
        assert seat.screen_name == "HomeScreen"
        await seat.press("ctrl+k")
        assert not is_covered(seat)
        assert "没有设密码" in seat.grid()
        hour.pass_(60 * MINUTE)
        await seat.press("down")
        assert not is_covered(seat)
        desk.change_to(TELLER)
        hour.pass_(60 * MINUTE)
        await seat.press("down")
        assert is_covered(seat)
    desk.store.close()


async def test_what_was_typed_behind_the_lock_is_there_when_it_opens(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.press("1", "f8")
        await seat.go_to("note")
        await seat.press("enter", *"hk77")
        await seat.press("ctrl+k")
        assert "hk77" not in seat.grid()
        await sign_on(seat, TELLER)
        assert seat.screen_name == "AskScreen"
        assert seat.app.screen.query_one(Input).value == "hk77"


async def test_leaving_from_the_lock_says_first_what_would_be_lost_and_nothing_of_the_case(
    desk: Desk, hour: Hour
) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.press("1", "f8")
        await seat.go_to("note")
        await seat.press("enter", *"hk77", "enter", "ctrl+k", "ctrl+q")
        assert "没有保存" in seat.grid()
        assert "hk77" not in seat.grid()
        assert "结案" not in seat.grid()
        await seat.press("escape")
        assert is_covered(seat)
        assert seat.app.return_code is None
        await seat.press("ctrl+q", "2")
        assert seat.app.return_code == 0


async def test_leaving_from_the_lock_with_everything_saved_asks_nothing(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await open_case(seat)
        await seat.press("ctrl+k", "ctrl+q")
        assert seat.app.return_code == 0


async def test_the_lock_follows_the_language_the_quiet_face_and_the_size(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await open_case(seat)
        await seat.press("ctrl+k", "f12")
        assert "The screen is locked" in seat.grid()
        await seat.press("f10")
        assert "Fraud" not in seat.grid()
        await seat.pilot.resize_terminal(60, 20)
        await seat.pilot.pause()
        assert "Password" in seat.grid()
        await sign_on(seat, TELLER)
        assert seat.screen_name == "TellerScreen"
        assert seat.app.quiet


async def test_in_a_file_without_staff_there_is_nobody_to_change_to_and_nothing_to_lock(
    tmp_path: Path, adviser: Adviser, hour: Hour
) -> None:
    from tests.ui.pilot import new_desk

    desk = new_desk(tmp_path / "cases.db", adviser)
    async with seated(desk, hour) as seat:
        await seat.press("ctrl+t")
        assert "还没有登记人员" in seat.grid()
        await seat.press("ctrl+k")
        hour.pass_(60 * MINUTE)
        await seat.press("down")
        assert seat.screen_name == "HomeScreen"
        await seat.press("f6")
        assert "没有等待第二人的事项" in seat.grid()
    desk.store.close()
