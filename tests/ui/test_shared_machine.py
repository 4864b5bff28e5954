"""A shared machine in a real terminal: signed on, locked, unlocked at the very place, taken over, and locked out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import SIGN_ON, STAFF
from assistant.people.logins import find_login
from assistant.stamps import make_id, read_clock
from assistant.store import Outlet, Store
from tests.outlet import lay
from tests.ui.staff import COLLEAGUE, PASSWORDS, TELLER, make_staffed
from tests.ui.teller import Teller

WRONG: Final = "not the password"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with staff, of whom the operating system knows nobody."""
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    made = tmp_path / "cases.db"
    lay(made, make_staffed)
    return made


def sign_on(teller: Teller, password: str, number: str = "") -> None:
    """Type the password, behind the number where that does not stand there yet."""
    if number:
        teller.type(number)
        teller.press("enter")
    teller.type(password)
    teller.press("enter")


def change_to(teller: Teller, number: str) -> None:
    teller.press("ctrl+t")
    teller.see("换柜员")
    sign_on(teller, PASSWORDS[number], number)
    teller.see(f"柜员 {number}")


def read_failures(path: Path) -> list[EventKind]:
    """Return what is recorded of the teller's attempts to sign on, oldest first."""
    with Store.open(path, read_only=True) as store:
        return [event.kind for event in reversed(store.read_log(SIGN_ON + TELLER))]


def test_signed_on_locked_unlocked_at_the_very_place_and_taken_over(path: Path) -> None:
    with Teller(path) as teller:
        teller.see("登录", "工号", "密码")
        sign_on(teller, PASSWORDS[TELLER], TELLER)
        teller.see("新案件", f"柜员 {TELLER}")
        teller.press("1")
        teller.see("先看这些")
        teller.rest(0.4)
        teller.press("down", "down")
        teller.press("1")
        teller.see("[是]")
        at, done = teller.at(), teller.steps_done()
        teller.press("ctrl+k")
        teller.see("屏幕已锁定", f"{TELLER} 输入密码")
        teller.see_no("先看这些", "案件 0312")
        teller.press("escape", "1", "f8")
        teller.see("屏幕已锁定")
        teller.resize(60, 20)
        teller.see("屏幕已锁定")
        teller.resize(120, 36)
        # The digit went into the line of the password, which is emptied by a wrong one.
        teller.press("enter")
        teller.see("工号或密码不对")
        sign_on(teller, PASSWORDS[TELLER])
        teller.see("先看这些")
        teller.wait(lambda: (teller.at(), teller.steps_done()) == (at, done), "it is not the very place")
        change_to(teller, COLLEAGUE)
        teller.wait(lambda: teller.at() == at, "it is not the very place")
        teller.press("down", "1")
        teller.rest(0.3)
        teller.press("ctrl+q")
        assert teller.end() == 0
        heard = teller.heard
    assert not [word for word in PASSWORDS.values() if word.encode() in heard]
    with Store.open(path, read_only=True) as store:
        (summary,) = store.list()
        history = store.case(summary.case_id).history
    assert [event.actor for event in history if event.kind is EventKind.ANSWERED] == [TELLER, COLLEAGUE]
    assert read_failures(path) == [EventKind.SIGNED_ON, EventKind.SIGN_ON_FAILED, EventKind.SIGNED_ON]


def test_wrong_passwords_are_slowed_and_then_locked_also_for_the_next_start(path: Path) -> None:
    (path.parent / "settings.yaml").write_text("sign_on: {attempts: 3}\n", "utf-8")
    with Teller(path) as teller:
        teller.see("登录")
        sign_on(teller, WRONG, TELLER)
        teller.see("工号或密码不对")
        sign_on(teller, WRONG)
        teller.rest(0.2)
        sign_on(teller, WRONG)
        teller.see("秒再试")
        teller.see_no("秒再试")
        sign_on(teller, WRONG)
        teller.see("工号或密码不对")
        sign_on(teller, PASSWORDS[TELLER])
        teller.see("工号已锁定，还有 30 分钟")
        teller.press("ctrl+q")
        assert teller.end() == 0
    with Teller(path) as teller:
        teller.see("登录")
        sign_on(teller, PASSWORDS[TELLER], TELLER)
        teller.see("工号已锁定")
        sign_on(teller, PASSWORDS[COLLEAGUE])
        teller.see("工号已锁定")
        teller.press("ctrl+q")
        teller.end()
    assert read_failures(path) == [EventKind.SIGN_ON_FAILED] * 3


def test_a_signal_ends_the_program_from_the_lock_as_from_anywhere(path: Path) -> None:
    with Teller(path) as teller:
        teller.see("登录")
        sign_on(teller, PASSWORDS[TELLER], TELLER)
        teller.see("新案件")
        teller.press("ctrl+k")
        teller.see("屏幕已锁定")
        import signal

        assert teller.kill(signal.SIGTERM) == 128 + signal.SIGTERM


def test_whom_the_system_knows_types_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "cases.db"
    body = {"number": TELLER, "role": "outlet_manager", "login": find_login()}
    first = Draft(make_id(), STAFF, read_clock(), TELLER, EventKind.MEMBER_NAMED, body)
    Store.create(path, Outlet("0312", "示范网点"), begin=[first]).close()
    with Teller(path) as teller:
        teller.see("新案件", f"网点负责人 {TELLER}")
        teller.press("ctrl+k")
        teller.see("没有设密码")


def test_a_first_start_names_the_manager_and_says_where_the_key_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.delenv("ASSISTANT_KEY")
    path = tmp_path / "cases.db"
    with Teller(path) as teller:
        teller.see("首次使用")
        teller.type("0312")
        teller.press("enter")
        teller.type("示范网点")
        teller.press("enter")
        teller.type("x")
        # Three in haste: the one that makes the file, and two that must not take the page with the key away.
        teller.press("enter", "enter", "enter")
        teller.see("先备份主密钥", "主密钥（文件")
        teller.rest(1.2)
        teller.see("先备份主密钥")
        teller.press("enter")
        teller.see("新案件", "网点负责人 x")
    (key,) = (tmp_path / "xdg_data_home").rglob("*.key")
    assert key.stat().st_mode & 0o777 == 0o600
    with Store.open(path) as store:
        assert [member.login for member in store.roster.active] == [find_login()]


def test_a_number_that_cannot_be_one_makes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    with Teller(path) as teller:
        teller.see("首次使用")
        teller.type("0312")
        teller.press("enter")
        teller.type("示范网点")
        teller.press("enter")
        teller.type("/")
        teller.press("enter")
        teller.see("工号要用字母或数字")
    assert not path.exists()
