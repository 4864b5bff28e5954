"""Every screen as it is meant to look, in both sizes and languages: the characters for a reader, the colours as SVG.

`GOLDEN=write pytest tests/ui/test_golden_screens.py -n 0` writes them anew; look at what changed before it is kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.desk import Desk
from assistant.store import Outlet, Store
from rules.advice import Adviser
from rules.language import Language
from rules.loading import load_book
from tests.ui.stage import CASE, PAGES, look_at
from ui.app import CounterApp
from ui.frame import FrameApp
from ui.screens.start import StartApp

GOLDEN: Final = Path(__file__).with_name("golden")
NOON: Final = 1_763_870_400_000
"""2025-11-23 12:00 in Shanghai; the clock stands still."""
FILE: Final = Path("cases.db")
START: Final = "start"
TROUBLE: Final = "trouble"
"""An answer that could not be saved: the file of cases was taken away under the open screen."""
SIZES: Final = ((120, 36), (80, 24))


@pytest.fixture(scope="module")
def adviser() -> Adviser:
    return Adviser(load_book())


def shoot(app: FrameApp[Any], title: str) -> tuple[str, str]:
    """Return what the app shows as characters and as SVG."""
    text = "\n".join(line.rstrip() for line in look_at(app).text().splitlines())
    picture = app.export_screenshot(title=title, simplify=True)
    return f"{text.rstrip()}\n", re.sub(r"terminal-\d+", "terminal", picture).rstrip() + "\n"


async def draw(adviser: Adviser, page: str, size: tuple[int, int], language: Language) -> tuple[str, str]:
    """Return the page as characters and as SVG, over a new file in the working folder and one clock."""
    Store.create(FILE, Outlet("0312", "东汽支行（虚构）")).close()
    with Store.open(FILE) as store:
        app = CounterApp(Desk(store, adviser, actor="10234", clock=lambda: NOON), language)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press(*PAGES.get(page, CASE))
            await pilot.pause()
            if page == TROUBLE:
                FILE.rename("elsewhere.db")
                await pilot.press("1")
                await pilot.pause()
            return shoot(app, page)


async def draw_start(size: tuple[int, int], language: Language) -> tuple[str, str]:
    """Return the first start, where there is no file yet, after a code that no outlet can have."""
    app = StartApp(FILE, language)
    async with app.run_test(size=size) as pilot:
        await pilot.press("-", "enter", "a", "enter")
        await pilot.pause()
        return shoot(app, START)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("page", [*PAGES, START, TROUBLE])
async def test_a_screen_looks_as_it_is_meant_to(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    adviser: Adviser,
    page: str,
    size: tuple[int, int],
    language: Language,
) -> None:
    # So that the screen names the file without the folder of this run.
    monkeypatch.chdir(tmp_path)
    text, picture = await (draw_start(size, language) if page == START else draw(adviser, page, size, language))
    name = f"{page}-{size[0]}x{size[1]}-{language}"
    kept = GOLDEN / f"{name}.txt", GOLDEN / f"{name}.svg"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        for file, content in zip(kept, (text, picture), strict=True):
            file.write_text(content, "utf-8")
    assert text == kept[0].read_text("utf-8")
    assert picture == kept[1].read_text("utf-8")
