"""A mistake in this program, made on purpose in a real terminal: nothing of the case on the screen is left behind."""

from __future__ import annotations

import inspect
import stat
import sys
from pathlib import Path

import pytest
from textual.app import App

from assistant.store import Outlet, Store
from tests.terminal import Terminal
from tests.ui.teller import ROOT
from ui.crash import GuardedApp

MARKED = "尾号4417张三丰"
"""Stands on the screen, in a variable and in the words of the error."""

FAULTY = """
import asyncio, sys
from pathlib import Path
from assistant.cli import main
from ui.screens.teller import TellerScreen
from ui.screens.facts import FactsScreen

def fail(self):
    customer = "{marked}"
    raise ValueError(f"cannot read {{customer}}")

async def fail_alone():
    fail(None)

def fail_later(self):
    self.tasks = [asyncio.ensure_future(fail_alone())]
    self.tasks.clear()

def fail_drawing(self):
    class Told(Exception):
        def __rich__(self):
            return "{marked}"
    raise Told

TellerScreen.action_why = {way}
sys.exit(main(["--db", "{path}", "--lang", "{language}"]))
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Store.create(tmp_path / "cases.db", Outlet("0312", MARKED)).close()
    return tmp_path / "cases.db"


def crash(path: Path, way: str, language: str = "zh") -> tuple[int, str]:
    """Open a case with the marked words on the screen and let the program fail; return its status and last words."""
    program = FAULTY.format(marked=MARKED, way=way, path=path, language=language)
    with Terminal([sys.executable, "-c", program], environment={"PYTHONPATH": str(ROOT)}) as window:
        window.see(MARKED)
        window.press("1")
        window.see("Esc", MARKED)
        window.press("1")
        window.see("[是]" if language == "zh" else "[Y]")
        window.press("f4")
        status = window.end()
        heard = window.heard
    left = b"\x1b[?1049l"
    assert left in heard
    assert b"\x1b[?25h" in heard
    return status, heard[heard.rindex(left) :].decode()


KEPT = {"zh": "此前每一次“已保存”的内容都在案件库中", "en": "Whatever was shown as saved is in the file of cases"}


@pytest.mark.parametrize(("way", "language"), [("fail", "en"), ("fail_drawing", "zh"), ("fail_later", "zh")])
def test_a_crash_leaves_one_sentence_in_the_language_of_the_screen_and_nothing_of_the_case(
    path: Path, state: Path, way: str, language: str
) -> None:
    status, said = crash(path, way, language)
    (log,) = state.rglob("faults.log")
    assert status == 1
    assert KEPT[language] in said
    assert str(log) in said
    assert MARKED not in said
    assert "Traceback" not in said
    assert "│" not in said
    written = log.read_text("utf-8")
    assert MARKED not in written
    assert "cannot read" not in written
    assert ("Told" if way == "fail_drawing" else "ValueError") in written
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    with Store.open(path) as store:
        assert len(store.case(store.list()[0].case_id).answers) == 1


def test_a_crash_that_cannot_be_logged_says_so(path: Path, state: Path) -> None:
    state.write_text("no folder can be made here", "utf-8")
    status, said = crash(path, "fail")
    assert status == 1
    assert "未能写入日志" in said
    assert MARKED not in said


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("_handle_exception", ["self", "error"]),
        ("_fatal_error", ["self"]),
        ("_print_error_renderables", ["self"]),
        ("panic", ["self", "renderables"]),
        (GuardedApp.CLOSES, ["self"]),
    ],
)
def test_the_screen_library_still_ends_the_way_that_is_overridden(name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(App, name)).parameters) == parameters


def test_the_screen_library_still_prints_faults_in_the_overridden_places_only() -> None:
    source = inspect.getsource(sys.modules[App.__module__])
    assert source.count("show_locals=True") == 1
    assert "show_locals=True" in inspect.getsource(App._fatal_error)
    assert "self._fatal_error()" in inspect.getsource(App._handle_exception)
