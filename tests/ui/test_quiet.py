"""The quiet screen: nothing that a companion or a suspected mule reads over the counter tells what the bank thinks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules.language import Language
from tests.ui.stage import CASE, look_at, on_stage

TELLING = {
    Language.ZH: "警|110|公安|公检法|诈|骗|可疑|疑似|涉案|涉险|反诈|风险|洗钱|红旗|损失|拦截|核清|止付|冻结",
    Language.EN: "police|fraud|scam|suspic|suspect|risk|launder|red flag|lost|loss|intercept|anti-|stop pay|frozen|110",
}
PAGES = {
    "home": ("f10",),
    "teller": (*CASE, "1", "o", "2", "e", "1", "f10"),
    "steps": (*CASE, "1", "o", "2", "f10", "f5"),
    "mule": ("3", "o", "2", "down", "1", "f10"),
    "record": (*CASE, "1", "o", "2", "f10", "f6"),
    "record of the call": (*CASE, "f10", "o", "2", "f5", "end", "enter"),
    "facts": (*CASE, "f10", "f2"),
    "persons": (*CASE, "f10", "f2", "end", "enter"),
    "closing": (*CASE, "1", "f10", "f8"),
    "closing outcomes": (*CASE, "f10", "f8", "down", "down", "down", "enter"),
    "question": (*CASE, "f10", "f3"),
    "find": (*CASE, "f10", "f7"),
    "why": (*CASE, "1", "o", "2", "f10", "f4"),
    "words": (*CASE, "1", "o", "2", "f10", "f9"),
    "help": (*CASE, "f10", "f1"),
    "help at home": ("f10", "f1"),
    "palette": (*CASE, "f10", "ctrl+p"),
    "export": (*CASE, "1", "o", "2", "f10", "ctrl+e"),
    "export looked at": (*CASE, "o", "2", "ctrl+e", "4", "f10"),
    "help of an export": (*CASE, "ctrl+e", "4", "f10", "f1"),
    "commands of an export": (*CASE, "ctrl+e", "4", "f10", "ctrl+p"),
}


@pytest.mark.parametrize("keys", PAGES.values(), ids=PAGES.keys())
async def test_no_page_of_the_quiet_screen_tells_anything(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with on_stage(tmp_path / "cases.db", *keys) as (app, pilot):
        texts = {app.wording.language: look_at(app).text().lower()}
        app.action_language()
        await pilot.pause()
        texts[app.wording.language] = look_at(app).text().lower()
    assert {language: re.findall(TELLING[language], text) for language, text in texts.items()} == {
        language: [] for language in Language
    }


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
