"""Signing on at a shared machine: who works here is who signed on, with a password that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from assistant.attendance import NOBODY
from assistant.case.events import EventKind
from assistant.case.subjects import SIGN_ON, STAFF
from assistant.desk import Desk
from assistant.people.roster import HASH
from assistant.sealing.passwords import hash_password
from rules.advice import Adviser
from rules.language import Language
from tests.ui.machine import MINUTE, SECOND, SIZES, Hour, is_covered, seated, sign_on, tick, type_in
from tests.ui.staff import COLLEAGUE, COMPLIANCE, PASSWORDS, SUPERVISOR, TELLER, UNSET, staffed_desk


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser, hour: Hour) -> Iterator[Desk]:
    made = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    yield made
    made.store.close()


def kinds(desk: Desk, number: str) -> list[EventKind]:
    """Return what is recorded of the attempts to sign on with that number, oldest first."""
    return [event.kind for event in reversed(desk.store.read_log(SIGN_ON + number))]


@SIZES
@pytest.mark.parametrize("language", Language)
async def test_whom_the_system_does_not_know_signs_on_before_anything_is_shown(
    desk: Desk, hour: Hour, language: Language, size: tuple[int, int]
) -> None:
    case = staff_case(desk)
    async with seated(desk, hour, language, size) as seat:
        assert is_covered(seat)
        assert case not in seat.grid()
        await seat.press("f1", "ctrl+p", "escape", "1", "f4")
        assert is_covered(seat)
        await sign_on(seat, TELLER)
        assert seat.screen_name == "HomeScreen"
        assert case in seat.grid()
        assert TELLER in seat.grid().splitlines()[0]
        assert desk.actor == TELLER
    assert kinds(desk, TELLER) == [EventKind.SIGNED_ON]


def staff_case(desk: Desk) -> str:
    """Have a case in the file that a colleague opened; return its number."""
    return Desk(desk.store, desk.rulebooks, COLLEAGUE, desk.clock).open("transfer").case.number


@pytest.mark.parametrize(
    ("number", "password"),
    [(TELLER, "wrong"), ("7777", "wrong"), (UNSET, "wrong"), (TELLER, PASSWORDS[COLLEAGUE]), (TELLER, "")],
)
async def test_a_wrong_number_or_password_is_told_in_one_sentence_that_does_not_say_which(
    desk: Desk, hour: Hour, number: str, password: str
) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, number, password)
        assert is_covered(seat)
        assert ("工号或密码不对" in seat.grid()) is bool(password)
        assert seat.app.screen.query_one("#password", Input).value == ""
        assert desk.actor == NOBODY


async def test_what_an_input_method_makes_of_number_and_password_is_understood(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {" ": "\u3000"})
        seat.app.screen.query_one("#number", Input).value = TELLER.translate(wide)
        seat.app.screen.query_one("#password", Input).value = PASSWORDS[TELLER].translate(wide)
        seat.app.screen.query_one("#password", Input).focus()
        await seat.press("enter")
        assert desk.actor == TELLER


async def test_a_password_is_never_seen_and_never_copied(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        await type_in(seat, "password", "abcdefgh")
        assert "abc" not in seat.grid()
        assert "•" * 8 in seat.grid()
        await seat.press("ctrl+a", "shift+end", "ctrl+c", "shift+home", "ctrl+x")
        assert seat.app.clipboard == ""
        assert "abcdefgh" not in seat.app.export_screenshot()


@pytest.mark.long
async def test_attempts_are_slowed_then_locked_and_the_time_left_is_counted_down(desk: Desk, hour: Hour) -> None:
    async with seated(desk, hour) as seat:
        for _ in range(2):
            await sign_on(seat, TELLER, "wrong")
        await sign_on(seat, TELLER)
        assert "请等 2 秒" in seat.grid()
        hour.pass_(SECOND)
        await tick(seat)
        assert "请等 1 秒" in seat.grid()
        hour.pass_(SECOND)
        await tick(seat)
        assert "请等" not in seat.grid()
        for _ in range(3):
            await sign_on(seat, TELLER, "wrong")
            hour.pass_(20 * SECOND)
        await sign_on(seat, TELLER)
        assert "工号已锁定，还有 30 分钟" in seat.grid()
        hour.pass_(20 * MINUTE)
        await tick(seat)
        assert "还有 10 分钟" in seat.grid()
        await seat.press("f12")
        assert "10 more minutes" in " ".join(seat.grid().split())
        hour.pass_(10 * MINUTE)
        await sign_on(seat, TELLER)
        assert desk.actor == TELLER
    assert kinds(desk, TELLER) == [EventKind.SIGN_ON_FAILED] * 5 + [EventKind.SIGNED_ON]


async def test_a_password_for_one_use_is_replaced_before_anything_else(desk: Desk, hour: Hour) -> None:
    reset(desk, TELLER, "once1234")
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER, "once1234")
        assert seat.screen_name == "NewPasswordScreen"
        assert desk.actor == NOBODY
        for new, again, told in (
            ("tall green lamp", "tall green lamb", "两次输入不一样"),
            ("short", "short", "这个密码不能用"),
        ):
            await type_in(seat, "new", new)
            await type_in(seat, "again", again)
            await seat.press("enter")
            assert told in seat.grid()
            assert desk.actor == NOBODY
        await seat.press("escape")
        assert is_covered(seat)
        await sign_on(seat, TELLER, "once1234")
        await type_in(seat, "new", "tall green lamp")
        await type_in(seat, "again", "tall green lamp")
        await seat.press("enter")
        assert seat.screen_name == "HomeScreen"
        assert desk.actor == TELLER
        await seat.press("ctrl+k")
        await sign_on(seat, TELLER, "tall green lamp")
        assert seat.screen_name == "HomeScreen"


def reset(desk: Desk, number: str, password: str) -> None:
    """Have the password of that number reset, by two."""
    asking, deciding = (Desk(desk.store, desk.rulebooks, actor, desk.clock).office for actor in ("9001", SUPERVISOR))
    request = asking.ask(EventKind.PASSWORD_RESET, {"number": number}, about=STAFF)
    deciding.approve(request.subject, {HASH: hash_password(password)})


async def test_ones_own_password_is_changed_at_the_counter_and_the_present_one_is_asked_first(
    desk: Desk, hour: Hour
) -> None:
    async with seated(desk, hour) as seat:
        await sign_on(seat, TELLER)
        await seat.press("ctrl+p", *"mima", "enter")
        for present, told in (("wrong", "工号或密码不对"), (PASSWORDS[TELLER], "")):
            await type_in(seat, "present", present)
            await type_in(seat, "new", "tall green lamp")
            await type_in(seat, "again", "tall green lamp")
            await seat.press("enter")
            assert told in seat.grid()
        assert "密码已设好" in seat.grid()
        await seat.press("ctrl+k")
        await sign_on(seat, TELLER)
        assert is_covered(seat)
        await sign_on(seat, TELLER, "tall green lamp")
        assert seat.screen_name == "HomeScreen"


async def test_whom_the_system_knows_sets_a_first_password_and_can_then_lock(
    tmp_path: Path, adviser: Adviser, hour: Hour
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, COMPLIANCE, hour)
    async with seated(desk, hour) as seat:
        await seat.press("ctrl+p", *"mima", "enter")
        await type_in(seat, "new", "tall green lamp")
        await type_in(seat, "again", "tall green lamp")
        await seat.press("enter", "ctrl+k")
        assert is_covered(seat)
        await sign_on(seat, COMPLIANCE, "tall green lamp")
        assert seat.screen_name == "HomeScreen"
    desk.store.close()


async def test_where_nobody_is_named_there_is_no_password_to_set(tmp_path: Path, adviser: Adviser, hour: Hour) -> None:
    from tests.ui.pilot import new_desk

    desk = new_desk(tmp_path / "cases.db", adviser)
    async with seated(desk, hour) as seat:
        await seat.press("ctrl+p", *"mima", "enter")
        assert "还没有指定网点负责人" in "".join(seat.grid().split())
    desk.store.close()
