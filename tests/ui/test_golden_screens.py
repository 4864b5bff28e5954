"""Every screen as it is meant to look, in both sizes and languages: the characters for a reader, the colours as SVG.

`GOLDEN=write pytest tests/ui/test_golden_screens.py -n 0 -m "long or not long"` writes them anew; look at what changed
before it is kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

import pytest
from textual.widgets import Input

from assistant.attendance import NOBODY
from assistant.case.events import EventKind, Matter
from assistant.case.subjects import STAFF
from assistant.desk import Desk
from assistant.people.requests import HOUR_MS, EmergencyReason
from assistant.store import Outlet, Store
from rules.advice import Adviser
from rules.language import Language
from tests.ui.oversight import overseen_desk, read_all
from tests.ui.pilot import press
from tests.ui.staff import AUDITOR, COLLEAGUE, MANAGER, SUPERVISOR, TELLER, staffed_desk
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
NEW_KEY: Final = "new_key"
ASIDE: Final = (*CASE, "1", "f6", "end", *["up"] * 4, "enter")
"""Sets a step aside because the supervisor decided so, which takes two."""
STAFFED: Final = {
    "sign_on": (NOBODY, (*TELLER, "enter", "x", "enter")),
    "lock": (TELLER, (*CASE, "ctrl+k")),
    "change": (TELLER, (*CASE, "ctrl+t")),
    "authority": (TELLER, ASIDE),
    "countersign": (TELLER, (*ASIDE, "1", *TELLER, "enter", "x", "enter")),
    "alone": (TELLER, (*ASIDE, "3")),
    "requests": (SUPERVISOR, ("f6",)),
    "approved": (TELLER, ("home", "down", "enter")),
    "reader": (AUDITOR, ()),
    "call": (TELLER, ("1", "ctrl+s")),
    "now": (SUPERVISOR, ("home",)),
    "returned": (TELLER, ()),
    "queue": (MANAGER, ("f3",)),
    "register": (SUPERVISOR, ("f7",)),
    "audit": (SUPERVISOR, ("f3", "enter")),
    "story": (SUPERVISOR, ("f3", "enter", "f5")),
    "review": (SUPERVISOR, ("f3", "enter", "f6", "1", "2")),
    "figures": (SUPERVISOR, ("f5",)),
    "leaving": (TELLER, (*CASE, "ctrl+e", "3")),
    "table": (SUPERVISOR, ("f7", "ctrl+e", "2")),
}
"""Pages of an outlet that has staff: who is there, and the keys that lead to them from the start."""
OVERSEEN: Final = frozenset({"now", "returned", "queue", "register", "audit", "story", "review", "figures", "table"})
"""Those that need cases of all kinds."""
SIZES: Final = ((120, 36), (80, 24))
IN_THE_SUITE: Final = ((Language.ZH, SIZES[0]), (Language.EN, SIZES[1]))


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
            await press(pilot, *PAGES.get(page, CASE))
            if page == TROUBLE:
                FILE.rename("elsewhere.db")
                await pilot.press("1")
                await pilot.pause()
            return shoot(app, page)


async def draw_start(page: str, size: tuple[int, int], language: Language) -> tuple[str, str]:
    """Return the first start, where there is no file yet: after a code that no outlet can have, or at its end."""
    app = StartApp(FILE, language)
    async with app.run_test(size=size) as pilot:
        # Else it is the login of whoever runs the tests.
        app.query_one("#number", Input).value = "9001"
        await pilot.press("-" if page == START else "1", "enter", "a", "enter", "enter")
        await pilot.pause()
        return shoot(app, page)


async def draw_staffed(adviser: Adviser, page: str, size: tuple[int, int], language: Language) -> tuple[str, str]:
    """Return a page of an outlet that has staff."""
    actor, keys = STAFFED[page]
    desk = overseen_desk(FILE, adviser, actor) if page in OVERSEEN else staffed_desk(FILE, adviser, actor, lambda: NOON)
    if page == "requests":
        ask_for_much(desk)
    if page == "approved":
        request = desk.ask_authority(desk.open("transfer").case.id, Matter.RELEASE)
        desk.office_of(SUPERVISOR).approve(request.subject)
    app = CounterApp(desk, language)
    # Else it is a folder of whoever runs the tests.
    app.export_folder = Path("papers")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await read_all(app, pilot)
        for key in keys:
            await press(pilot, key)
            await read_all(app, pilot)
        shot = shoot(app, page)
    desk.store.close()
    return shot


def ask_for_much(desk: Desk) -> None:
    """Have a teller's request wait, an emergency of a colleague whose review is overdue, and one's own request."""
    for number, matter in ((TELLER, Matter.SET_ASIDE), (COLLEAGUE, Matter.RELEASE)):
        theirs = Desk(desk.store, desk.rulebooks, number, lambda: NOON - 26 * HOUR_MS)
        case_id = theirs.open("transfer").case.id
        step = "pause_transaction" if matter is Matter.SET_ASIDE else None
        request = theirs.ask_authority(case_id, matter, step)
        if matter is Matter.RELEASE:
            theirs.office.use_emergency(request.subject, EmergencyReason.NOBODY_IN_REACH, 24)
    manager = desk.office_of(MANAGER)
    manager.ask(EventKind.PASSWORD_RESET, {"number": TELLER}, about=STAFF)
    case_id = desk.open("transfer").case.id
    desk.ask_authority(case_id, Matter.RELEASE)


@pytest.mark.parametrize(
    ("page", "language", "size"),
    [
        pytest.param(
            page,
            language,
            size,
            id=f"{page}-{language}-{size[0]}x{size[1]}",
            # Page by page the one pair or the other stands in the suite, and all of them in the long run.
            marks=() if (language, size) == IN_THE_SUITE[number % 2] else pytest.mark.long,
        )
        for number, page in enumerate([*PAGES, *STAFFED, START, NEW_KEY, TROUBLE])
        for language in Language
        for size in SIZES
    ],
)
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
    if page in (START, NEW_KEY):
        text, picture = await draw_start(page, size, language)
    else:
        text, picture = await (draw_staffed if page in STAFFED else draw)(adviser, page, size, language)
    name = f"{page}-{size[0]}x{size[1]}-{language}"
    kept = GOLDEN / f"{name}.txt", GOLDEN / f"{name}.svg"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        for file, content in zip(kept, (text, picture), strict=True):
            file.write_text(content, "utf-8")
    assert text == kept[0].read_text("utf-8")
    assert picture == kept[1].read_text("utf-8")
