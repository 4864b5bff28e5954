"""What leaves by the screens: led to by the keys, written, and found again in the record and in a folder of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.case.subjects import EXPORT
from assistant.desk import Desk
from assistant.export.stamp import MARK
from assistant.particulars.fields import Field, Party
from rules.facts import Answer, StepOutcome
from rules.language import Language
from tests.ui.pilot import Seat, seated
from tests.ui.staff import TELLER

ACCOUNT: Final = "6222020200112233"
NAME: Final = "王小明"
READY: Final = "这是预览"
LEFT: Final = "已导出："


def own_papers() -> Any:
    """Return a fixture `papers`: the folder for documents of whoever runs the tests."""

    @pytest.fixture(name="papers", autouse=True)
    def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "papers"
        folder.mkdir()
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(folder))
        return folder

    return papers


def noted_case(desk: Desk) -> str:
    """Have an open case of a teller with a customer noted and a measure taken; return its id."""
    theirs = Desk(desk.store, desk.rulebooks, TELLER, desk.clock)
    case_id = theirs.open("transfer").case.id
    theirs.answer(case_id, "official_caller", Answer.YES)
    theirs.record_step(case_id, "pause_transaction", StepOutcome.DONE)
    theirs.note_particulars(case_id, Party.CUSTOMER, Field.NAME, NAME)
    theirs.note_particulars(case_id, Party.CUSTOMER, Field.ACCOUNT, ACCOUNT)
    return case_id


@asynccontextmanager
async def at_document(
    desk: Desk, digit: str, language: Language = Language.ZH, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Seat]:
    """Open the one case there is, and look at a document of it."""
    case_id = noted_case(desk)
    async with seated(desk, language, size) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "ctrl+e", digit)
        await seat.see(READY if language is Language.ZH else "This is a preview")
        yield seat


async def choose_form(seat: Seat, form: str) -> None:
    await seat.press("f2")
    await seat.go_to(form)
    await seat.press("enter")


async def write(seat: Seat) -> None:
    await seat.press("f6")
    await seat.see(LEFT)
    # What it says takes as many lines as it needs from the next layout on.
    for _ in range(100):
        if MARK in "".join(seat.grid().split()):
            break
        await seat.pilot.pause(0.05)
    assert MARK in "".join(seat.grid().split())


def exports(desk: Desk) -> list[dict[str, Any]]:
    """Return what is recorded of exports, oldest first."""
    return [dict(event.body) for event in desk.store.read_log(EXPORT)][::-1]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Let nobody save into the file for the length of the block."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        raw.rollback()
        raw.close()
