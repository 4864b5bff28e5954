"""The quiet screen: nothing that a companion or a suspected mule reads over the counter tells what the bank thinks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules.language import Language
from tests.ui.pilot import press
from tests.ui.stage import CASE, look_at, on_stage

TELLING = {
    Language.ZH: "警|110|公安|公检法|诈|骗|可疑|疑似|涉案|涉险|反诈|风险|洗钱|红旗|损失|拦截|核清|止付|冻结",
    Language.EN: "police|fraud|scam|suspic|suspect|risk|launder|red flag|lost|loss|intercept|anti-|stop pay|frozen|110",
}
WALKS: dict[str, dict[str, tuple[str, ...]]] = {
    "first page": {"HomeScreen": ("f10",), "HelpScreen": ("f1",)},
    "case": {
        "TellerScreen": (*CASE, "1", "o", "2", "e", "1", "f10"),
        "RecordScreen": ("f6",),
        "WhyScreen": ("escape", "f4"),
        "WordsScreen": ("escape", "f9"),
        "ExportScreen": ("escape", "ctrl+e"),
        "ClosingScreen": ("escape", "f8"),
    },
    "steps": {"TellerScreen": (*CASE, "1", "o", "2", "f10", "f5")},
    "mule": {"TellerScreen": ("3", "o", "2", "down", "1", "f10")},
    "call": {"RecordScreen": (*CASE, "f10", "o", "2", "f5", "end", "enter")},
    "nothing answered": {
        "FactsScreen": (*CASE, "f10", "f2"),
        "PersonsScreen": ("end", "enter"),
        "QuestionScreen": ("escape", "escape", "f3"),
        "FindScreen": ("escape", "f7"),
        "HelpScreen": ("escape", "f1"),
        "PaletteScreen": ("escape", "ctrl+p"),
        "RecordScreen": ("escape", "f8", "down", "down", "down", "enter"),
        "ChoiceScreen": ("escape", "end", *["up"] * 5, "enter"),
    },
    "document": {
        "LeavingScreen": (*CASE, "o", "2", "ctrl+e", "4", "f10"),
        "HelpScreen": ("f1",),
        "PaletteScreen": ("escape", "ctrl+p"),
    },
}
"""Ways through the program: the pages at which one looks, each with the keys that lead to it from the one before."""


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS.keys())
async def test_no_page_of_the_quiet_screen_tells_anything(tmp_path: Path, walk: dict[str, tuple[str, ...]]) -> None:
    async with on_stage(tmp_path / "cases.db") as (app, pilot):
        for page, keys in walk.items():
            await press(pilot, *keys)
            assert type(app.screen).__name__ == page
            for _ in Language:
                text = look_at(app).text().lower()
                assert re.findall(TELLING[app.wording.language], text) == [], page
                app.action_language()
                await pilot.pause()


async def test_the_same_key_brings_the_words_back(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *CASE, "o", "2") as (app, pilot):
        loud = look_at(app).text().splitlines()[1:]
        await pilot.press("f10")
        assert "立即报警" not in look_at(app).text()
        await pilot.press("f10")
        assert look_at(app).text().splitlines()[1:4] == loud[:3]


async def test_the_quiet_screen_is_no_other_colour_for_another_level(tmp_path: Path) -> None:
    grounds = []
    for keys in (("1", "f10"), ("1", "o", "2", "f10")):
        async with on_stage(tmp_path / "cases.db", *keys) as (app, _):
            grounds.append({str(segment.style.bgcolor) for segment in look_at(app).lines[1] if segment.style})
    assert grounds[0] == grounds[1]


async def test_answers_can_be_given_on_the_quiet_screen(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *CASE, "f10", "d", "1") as (app, _):
        case = app.desk.store.case(app.desk.store.list()[0].case_id)
    assert case.answers["on_phone"].yes
