"""What a Chinese input method and a careless paste send, from the bytes of the terminal to the line on the screen."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from assistant.store import Store
from rules.facts import Answer, Known
from tests.ui.pilot import look_first, press
from tests.ui.stage import CASE, look_at, on_stage
from ui.app import CounterApp
from ui.frame import read_key
from ui.screens.help import HelpScreen
from ui.screens.teller import TellerScreen
from ui.widgets.prose import Line

WORDS = "收款人说这笔钱是用来缴纳保证金的不能告诉家人也不能让银行知道否则就会被冻结账户并且立刻抓人"
ASK = (*CASE, "f2", "enter")
"""The line that asks for an amount, or any other line of text."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


def parse(sent: str) -> list[events.Event]:
    """Return the events that the terminal's characters become."""
    return [message for message in XTermParser().feed(sent) if isinstance(message, events.Event)]


async def empty(pilot: Pilot[int]) -> None:
    """Rub out what stands in the line."""
    await pilot.press("end", "ctrl+u")
    assert typed(pilot.app) == ""


async def send(app: CounterApp, pilot: Pilot[int], sent: str) -> None:
    """Let the app take the terminal's characters as the driver hands them over."""
    for event in parse(sent):
        app.post_message(event)
    await pilot.pause()
    await pilot.pause()


def typed(app: App[Any]) -> str:
    return app.screen.query_one(Input).value


def test_the_keyboard_protocol_that_garbles_commits_is_off() -> None:
    # In a process of its own, as the program starts: here somebody may have imported Textual before the screens.
    told = "import ui.app; from textual import constants; print(constants.DISABLE_KITTY_KEY)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "True\n"


@pytest.mark.parametrize("length", range(1, 41))
def test_a_commit_of_any_length_is_its_characters(length: int) -> None:
    keys = parse(WORDS[:length])
    assert [event.character for event in keys if isinstance(event, events.Key)] == list(WORDS[:length])


async def test_a_commit_stands_in_the_line_as_it_was_typed(path: Path) -> None:
    async with on_stage(path, *ASK) as (app, pilot):
        for length in (1, 5, 16, 40):
            await empty(pilot)
            await send(app, pilot, WORDS[:length])
            assert typed(app) == WORDS[:length]
            assert WORDS[:length][-20:] in look_at(app).text()


STEERING = (
    "八万\x1b[31m元",
    "八万\x00元",
    "八万\x07\x08元",
    "八万\x9b2J元",
    "八万\u202e\u2066元",
    "\r\n八万元\r\n",
    "\x1b]0;title\x07八万元",
    "\ufeff八万\u200b元",
)


async def test_a_paste_leaves_nothing_that_steers_the_terminal(path: Path) -> None:
    async with on_stage(path, *ASK) as (app, pilot):
        for pasted in STEERING:
            await empty(pilot)
            await send(app, pilot, f"\x1b[200~{pasted}\x1b[201~")
            value = typed(app)
            drawn = look_at(app).text().replace("\n", "")
            assert "八万" in value, pasted
            assert "元" in value, pasted
            assert value.isprintable()
            assert all(unicodedata.category(character) not in {"Cc", "Cf", "Cs"} for character in drawn)


async def test_a_paste_of_ten_thousand_characters_fills_the_line_and_no_more(path: Path) -> None:
    async with on_stage(path, *ASK) as (app, pilot):
        await pilot.press("home", *["delete"] * 12)
        await send(app, pilot, f"\x1b[200~{'钱' * 10_000}\x1b[201~")
        assert typed(app) == "钱" * 500
        assert [toast.message for toast in app._notifications] == ["粘贴的内容过长，只放入了前500个字。"]
        await pilot.press("escape")
        assert "金额" in look_at(app).text()


async def test_a_paste_of_nothing_changes_nothing(path: Path) -> None:
    async with on_stage(path, *ASK) as (app, pilot):
        before = typed(app)
        for nothing in ("", "\n", "\x00\x07", " \r\n "):
            await send(app, pilot, f"\x1b[200~{nothing}\x1b[201~")
            assert typed(app) == before, repr(nothing)


async def test_a_paste_over_a_list_answers_nothing(path: Path) -> None:
    async with on_stage(path, *CASE) as (app, pilot):
        await send(app, pilot, "\x1b[200~123yyy000\x1b[201~")
        assert isinstance(app.screen, TellerScreen)
        assert app.screen.sheet.case.answers == {}


TWINS: tuple[tuple[str, Answer, Known | None], ...] = (
    ("１", Answer.YES, Known.SEEN),
    ("２", Answer.YES, Known.SAID),
    ("３", Answer.YES, Known.VERIFIED),
    ("ｙ", Answer.YES, None),
    ("０", Answer.NO, None),
    ("ｎ", Answer.NO, None),
)


async def test_full_width_keys_answer_like_their_twins(path: Path) -> None:
    async with on_stage(path, *CASE) as (app, pilot):
        for key, value, known in TWINS:
            await send(app, pilot, key)
            assert isinstance(app.screen, TellerScreen)
            (reply,) = app.screen.sheet.case.answers.values()
            assert reply.value is value, key
            assert known is None or reply.known is known
            await press(pilot, "space")
            assert app.screen.sheet.case.answers == {}


async def test_an_ideographic_blank_clears_and_a_full_width_question_mark_helps(path: Path) -> None:
    async with on_stage(path, *CASE) as (app, pilot):
        await send(app, pilot, "１")
        teller = app.screen
        assert isinstance(teller, TellerScreen)
        assert len(teller.sheet.case.answers) == 1
        look_first(app)
        await send(app, pilot, "\u3000")
        assert teller.sheet.case.answers == {}
        await send(app, pilot, "？")
        assert isinstance(app.screen, HelpScreen)


async def test_full_width_digits_choose_from_a_list_and_open_a_case(path: Path) -> None:
    async with on_stage(path) as (app, pilot):
        await send(app, pilot, "９")
        await send(app, pilot, "２")
        assert isinstance(app.screen, TellerScreen)


async def test_a_commit_over_a_list_of_red_flags_answers_nothing(path: Path) -> None:
    async with on_stage(path, *CASE) as (app, pilot):
        await send(app, pilot, WORDS)
        assert isinstance(app.screen, TellerScreen)
        assert app.screen.sheet.case.answers == {}


@pytest.mark.parametrize(
    ("sent", "meant"), [("１", "1"), ("？", "?"), ("\u3000", " "), ("、", "/"), ("／", "/"), ("。", ".")]
)
def test_a_key_under_an_input_method_is_the_key_that_was_meant(sent: str, meant: str) -> None:
    (event,) = parse(sent)
    assert isinstance(event, events.Key)
    understood = read_key(event)
    assert (understood.key, understood.character) == (_character_to_key(meant), meant)
    (plain,) = parse(meant)
    assert isinstance(plain, events.Key)
    assert understood.key == plain.key


async def test_full_width_digits_stay_as_typed_in_a_line_of_text(path: Path) -> None:
    async with on_stage(path, *ASK) as (app, pilot):
        await pilot.press("home", *["delete"] * 12)
        await send(app, pilot, "８万")
        assert typed(app) == "８万"
        await pilot.press("enter", "escape")
        await pilot.pause()
    with Store.open(path) as store:
        case = store.case(store.list()[0].case_id)
    assert case.money[1].amount == 8_000_000


async def test_what_steers_a_terminal_is_not_drawn_even_when_it_was_stored(path: Path) -> None:
    async with on_stage(path, *CASE) as (app, _):
        desk, case_id = app.desk, app.screen.case_id  # type: ignore[attr-defined]
        first = next(iter(desk.book.clearings))
        desk.clear(case_id, first, "王\x1b[31m\u202e经理", "\x07电话")
        written = {"supervisor": "88\x1b]0;x\x07\x9b01"}
        app.screen.query_one("#visit", Line).tell("乙\x1b[2J\x9b丙\u202e丁" + written["supervisor"])
        await app.workers.wait_for_complete()
        drawn = look_at(app).text()
    assert "乙" in drawn
    assert all(unicodedata.category(character) not in {"Cc", "Cf", "Cs"} for character in drawn.replace("\n", ""))
