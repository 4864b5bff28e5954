"""Signing on at a shared machine: who works here is who signed on, and what lies open outlives a lock and a change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from textual.widgets import Input

from assistant.attendance import NOBODY
from assistant.case.events import EventKind
from assistant.case.subjects import ACCESS, SIGN_ON, STAFF
from assistant.desk import Desk
from assistant.people.roster import HASH
from assistant.sealing.passwords import hash_password
from rules.advice import Adviser
from rules.language import Language
from tests.ui.pilot import Seat
from tests.ui.staff import COLLEAGUE, COMPLIANCE, PASSWORDS, SUPERVISOR, TELLER, UNSET, staffed_desk
from tests.ui.stage import CASE
from ui.app import CounterApp
from ui.screens.sign_on import SignOnScreen

NOON: Final = 1_763_870_400_000
SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
SIZES: Final = pytest.mark.parametrize("size", [(120, 36), pytest.param((80, 24), marks=pytest.mark.long), (60, 20)])


class Hour:
    """A clock that stands still until it is moved: for what is recorded, and for how long nobody was there."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> int:
        return self.at

    def idle(self) -> float:
        """Return the same in seconds."""
        return self.at / SECOND

    def pass_(self, milliseconds: int) -> None:
        """Let time pass."""
        self.at += milliseconds


@pytest.fixture
def hour() -> Hour:
    return Hour()


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser, hour: Hour) -> Iterator[Desk]:
    """A shared machine: the operating system knows nobody."""
    made = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    yield made
    made.store.close()


@asynccontextmanager
async def seated(
    desk: Desk, hour: Hour, language: Language = Language.ZH, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Seat]:
    app = CounterApp(desk, language, idle_clock=hour.idle)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield Seat(app, pilot)


async def type_in(seat: Seat, field: str, text: str) -> None:
    line = seat.app.screen.query_one(f"#{field}", Input)
    line.focus()
    line.value = ""
    await seat.press(*(character if character.isalnum() else "space" for character in text))


async def sign_on(seat: Seat, number: str, password: str | None = None) -> None:
    await type_in(seat, "number", number)
    await type_in(seat, "password", PASSWORDS[number] if password is None else password)
    await seat.press("enter")
    await seat.pilot.pause()


async def tick(seat: Seat) -> None:
    """Wait until the program has looked at the clock again."""
    await asyncio.sleep(1.1)
    await seat.pilot.pause()


def is_covered(seat: Seat) -> bool:
    return isinstance(seat.app.screen, SignOnScreen)


def kinds(desk: Desk, number: str) -> list[EventKind]:
    """Return what is recorded of the attempts to sign on with that number, oldest first."""
    return [event.kind for event in reversed(desk.store.read_log(SIGN_ON + number))]


async def open_case(seat: Seat) -> str:
    """Open a case with one answer; return what the screen says of it."""
    await seat.press(*CASE, "down", "down", "1")
    return seat.grid()


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
    from assistant.case.events import Outcome

    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)


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
