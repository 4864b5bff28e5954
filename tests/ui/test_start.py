"""The first start: what is missing is said where it is missing, and what was typed is not lost by one key."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.language import Language
from tests.ui.pilot import press
from tests.ui.stage import look_at
from ui.screens.start import StartApp


def said(app: StartApp) -> str:
    """Return what stands on the screen, without blanks."""
    return "".join(look_at(app).text().split())


@pytest.mark.parametrize(
    ("language", "told"), [(Language.ZH, "网点号还空着"), (Language.EN, "Theoutletcodeisstillempty")]
)
async def test_an_empty_code_is_told_and_stands_under_the_cursor(tmp_path: Path, language: Language, told: str) -> None:
    app = StartApp(tmp_path / "cases.db", language)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter", "enter", "enter")
        assert told in said(app)
        assert app.focused is app.query_one("#code")
    assert not (tmp_path / "cases.db").exists()


async def test_esc_leaves_only_as_long_as_nothing_was_typed(tmp_path: Path) -> None:
    app = StartApp(tmp_path / "cases.db", Language.ZH)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *"0312", "escape")
        assert "请按Ctrl+Q" in said(app)
        assert app.return_code is None
        await press(pilot, *["backspace"] * 4, "escape")
        assert app.return_code == 0


async def test_f1_says_what_each_line_is_for(tmp_path: Path) -> None:
    app = StartApp(tmp_path / "cases.db", Language.ZH)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "f1")
        assert "网点号是每个案件编号的开头" in said(app)
        await press(pilot, "f12")
        assert "beginseverycasenumber" in said(app)
