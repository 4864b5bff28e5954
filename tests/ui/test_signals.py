"""Endings and interruptions from outside: signals, a lost terminal, suspension, a window of ever another size."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from assistant.case.case import Case
from assistant.store import Outlet, Store
from rules.facts import Answer
from tests.outlet import lay
from tests.terminal import LIMIT_SECONDS, Terminal
from tests.ui.teller import ROOT, Teller

LEFT_ALTERNATE_SCREEN = b"\x1b[?1049l"
SHOWN_CURSOR = b"\x1b[?25h"
NO_MOUSE = b"\x1b[?1003l"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Store.create(tmp_path / "cases.db", Outlet("0312", "示范网点")).close()
    return tmp_path / "cases.db"


@pytest.fixture
def near() -> Iterator[Path]:
    """A file of cases with so short a path that a sentence about it breaks in the same place wherever tests run."""
    with TemporaryDirectory() as folder:
        lay(Path(folder) / "cases.db")
        yield Path(folder) / "cases.db"


@contextmanager
def answering(path: Path) -> Iterator[Teller]:
    """A teller who has just seen an answer as saved."""
    with Teller(path) as teller:
        teller.see("新案件")
        teller.press("1")
        teller.see("Esc 首页")
        teller.answer("对方自称公检法", "2", "[是]")
        yield teller


def read_case(path: Path) -> Case:
    with Store.open(path) as store:
        (summary,) = store.list()
        assert sum(1 for _ in store.walk_chain()) == store.head().seq
        return store.case(summary.case_id)


def assert_answer_kept(path: Path) -> None:
    assert read_case(path).answers["official_caller"].value is Answer.YES


def end_unread(teller: Teller) -> int:
    """Wait for the end of the program without reading what it writes; return its exit status."""
    limit = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < limit:
        found, status = os.waitpid(teller.pid, os.WNOHANG)
        if found:
            teller._status = os.waitstatus_to_exitcode(status)
            return teller._status
        time.sleep(0.02)
    raise AssertionError


def see_stopped(teller: Teller) -> None:
    """Wait until the program is suspended."""
    stopped = Path(f"/proc/{teller.pid}/status")
    teller.wait(lambda: "T (stopped)" in stopped.read_text(), "not suspended")


@pytest.mark.parametrize(
    ("blow", "status"),
    [
        # A lost terminal ends it with the same status, and what comes of each signal is one and the same.
        pytest.param(signal.SIGHUP, 129, id="hup", marks=pytest.mark.long),
        pytest.param(signal.SIGTERM, 143, id="term"),
        pytest.param(signal.SIGINT, 130, id="int", marks=pytest.mark.long),
    ],
)
def test_a_signal_ends_it_in_order_and_gives_the_terminal_back(path: Path, blow: signal.Signals, status: int) -> None:
    with answering(path) as teller:
        assert teller.kill(blow) == status
        heard = teller.heard
    assert LEFT_ALTERNATE_SCREEN in heard
    assert SHOWN_CURSOR in heard
    assert NO_MOUSE in heard
    assert b"Traceback" not in heard
    assert_answer_kept(path)


def test_a_lost_terminal_ends_it_and_loses_nothing(path: Path) -> None:
    with answering(path) as teller:
        teller.hang_up()
        assert teller.end() == 129
    assert_answer_kept(path)


def test_a_lost_terminal_ends_it_even_when_no_signal_tells(path: Path, tmp_path: Path) -> None:
    # The program is not the leader of its session here, and its parent keeps the signal to itself.
    told = tmp_path / "status"
    command = f"trap '' HUP; '{Path(sys.executable).with_name('assistant')}' --db '{path}'; echo $? > '{told}'"
    with Terminal(["/bin/sh", "-c", command], environment={"PYTHONPATH": str(ROOT)}) as window:
        window.see("新案件")
        window.press("1")
        window.see("Esc 首页")
        window.hang_up()
        assert window.end() == 0
    assert told.read_text().strip() == "129"
    assert read_case(path).requests == ("transfer",)


def test_a_terminal_that_takes_no_more_bytes_cannot_hold_it(path: Path) -> None:
    with answering(path) as teller:
        for _ in range(400):
            teller.send("\x1b[B")
            teller.send("\x1b[A")
        time.sleep(1)
        os.kill(teller.pid, signal.SIGTERM)
        assert end_unread(teller) == 143
    assert_answer_kept(path)


def test_a_suspended_program_comes_back_with_its_screen(path: Path) -> None:
    with answering(path) as teller:
        os.kill(teller.pid, signal.SIGTSTP)
        see_stopped(teller)
        assert LEFT_ALTERNATE_SCREEN in teller.heard
        teller.forget()
        os.kill(teller.pid, signal.SIGCONT)
        teller.see("对方自称公检法", "Esc 首页", "[是]")
        teller.answer("安全账户", "1", "[是]")
        teller.press("ctrl+q")
        assert teller.end() == 0
    assert len(read_case(path).answers) == 2


def test_ctrl_z_goes_back_to_the_shell_and_fg_returns(path: Path) -> None:
    command = f"'{Path(sys.executable).with_name('assistant')}' --db '{path}'"
    with Terminal(["/bin/bash", "--norc", "-i"], environment={"PYTHONPATH": str(ROOT), "PS1": "shell> "}) as window:
        window.see("shell>")
        window.send(f"{command}\r")
        window.see("新案件")
        window.send("\x1a")
        window.see("Stopped")
        window.forget()
        window.send("fg\r")
        window.see("新案件", "F1 帮助")
        window.send("\x11")
        window.see("shell>")


def test_ctrl_z_without_a_shell_only_tells_how_to_leave(path: Path) -> None:
    with answering(path) as teller:
        teller.send("\x1a")
        teller.see("按Ctrl+Q退出")
        teller.press("ctrl+q")
        assert teller.end() == 0


def test_a_window_of_any_size_at_any_moment_loses_neither_cursor_nor_typing(path: Path) -> None:
    dice = random.Random(20261124)  # noqa: S311 (the sizes of a window)
    typed = ""
    with answering(path) as teller:
        before = teller.at()
        teller.press("f2")
        teller.go_to("金额（元）")
        teller.press("enter")
        teller.see("回车确定，Esc取消")
        for number in range(40):
            teller.resize(dice.randint(20, 200), dice.randint(5, 60))
            if number % 5 == 0:
                typed += str(number // 5 % 9 + 1)
                teller.send(typed[-1])
            teller.rest(dice.uniform(0, 0.01))
        teller.resize(120, 36)
        teller.see(typed, "回车确定，Esc取消")
        teller.press("escape", "escape")
        teller.see("Esc 首页")
        teller.wait(lambda: teller.at() == before, "the cursor is elsewhere")
        for _ in range(15):
            teller.resize(dice.randint(20, 200), dice.randint(5, 60))
            teller.rest(dice.uniform(0, 0.01))
        teller.resize(120, 36)
        teller.wait(lambda: teller.at() == before, "the cursor is elsewhere")
        teller.press("ctrl+q")
        assert teller.end() == 0
    assert_answer_kept(path)


def limit_file(teller: Teller, path: Path, *, full: bool) -> None:
    """Let the operating system refuse every byte by which the file would grow, or let it grow again."""
    soft = path.stat().st_size if full else resource.RLIM_INFINITY
    resource.prlimit(teller.pid, resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))


def test_a_disk_that_fills_up_under_the_open_screen_costs_nothing_that_was_given(near: Path) -> None:
    with answering(near) as teller:
        limit_file(teller, near, full=True)
        given = 1
        # What still has room in the file's last pages is saved; sooner or later one is not.
        for flag in ("安全账户", "办理时正在通话", "收款人网上认识", "有人教其", "神色慌张", "先交费用"):
            teller.go_to(flag)
            teller.press("1")
            given += 1
            teller.wait(lambda: teller.shows("没有保存") or teller.at().startswith("[是]"), "neither saved nor told")
            if teller.shows("没有保存"):
                break
        teller.see("此前的记录完好", "回车重试，Esc返回")
        teller.press("enter", "enter")
        teller.see("仍没有保存（第3次）")
        limit_file(teller, near, full=False)
        teller.press("enter")
        teller.see_no("没有保存")
        teller.wait(lambda: teller.at().startswith("[是]"), "the move was not made again")
        teller.press("ctrl+q")
        assert teller.end() == 0
    assert len(read_case(near).answers) == given


def test_what_was_written_down_stays_until_the_step_can_be_saved(path: Path) -> None:
    with answering(path) as teller:
        teller.see("▸ 暂不提交")
        teller.press("f6")
        teller.fill("拟办理金额", "60000")
        limit_file(teller, path, full=True)
        resource.prlimit(teller.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        teller.go_to("已办理")
        teller.press("enter")
        teller.see("没有保存", "回车重试，Esc返回")
        teller.press("escape")
        teller.see_no("没有保存")
        teller.see("登记步骤", "60000")
        teller.press("enter")
        teller.see("没有保存")
        teller.press("enter")
        teller.see("第2次")
        limit_file(teller, path, full=False)
        teller.press("enter")
        teller.see("Esc 首页")
        assert teller.steps_done() == 1
    assert read_case(path).steps["pause_transaction"].private == {"amount": "60000"}
