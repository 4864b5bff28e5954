"""What the first page says beside the cases: settings that cannot be used, a staff of one, cases that are only kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.case.events import EventKind, Outcome
from assistant.case.subjects import STAFF
from assistant.desk import Desk
from assistant.people.first import draft_manager
from assistant.stamps import make_id, read_clock
from assistant.store import Store
from rules.advice import Adviser
from tests.case.visits import set_aside_gates
from tests.outlet import OUTLET
from tests.ui.pilot import seated
from tests.ui.staff import COMPLIANCE, MANAGER, desk_of
from ui.screens.home import SETTLE_SECONDS

desk = desk_of(MANAGER)


@pytest.mark.parametrize("text", ["review_hours: 0\n", "sign_on: [\n", "reveal_seconds: soon\n"])
async def test_settings_that_cannot_be_used_are_told_on_the_first_page_until_they_are_mended(
    desk: Desk, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(text, "utf-8")
    async with seated(desk) as seat:
        await seat.pilot.pause(SETTLE_SECONDS * 2)
        assert "settings.yaml" in "".join(seat.grid().split())
        assert "锁屏仍按10分钟" in "".join(seat.grid().split())
        file.write_text("review_hours: 12\n", "utf-8")
        await seat.pilot.pause(1.1)
        assert "settings.yaml" not in "".join(seat.grid().split())
        assert seat.app.settings.review_hours == 12


async def test_a_case_that_is_only_kept_says_so_in_its_row_and_on_its_page(desk: Desk) -> None:
    case_id = desk.open("help").case.id
    set_aside_gates(desk, case_id)
    desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0)
    number = desk.store.case(case_id).number
    asked = desk.office_of(COMPLIANCE).ask(EventKind.RESTRICTED, {}, about=case_id)
    desk.office_of(MANAGER).approve(asked.subject)
    async with seated(desk) as seat:
        assert "已限制处理" in seat.line(number)
        assert "未查清" not in seat.line(number)
        await seat.go_to(case_id)
        await seat.press("enter")
        assert "已限制处理" in seat.grid().splitlines()[0]
        await seat.press("f8", "1")
        assert {str(note.message)[:7] for note in seat.app._notifications} == {"本案已限制处理"}


async def test_who_is_alone_on_the_staff_reads_how_to_add_a_second_until_there_is_one(
    tmp_path: Path, adviser: Adviser
) -> None:
    first = draft_manager(MANAGER, "zhang", make_id(), read_clock())
    with Store.create(tmp_path / "cases.db", OUTLET, begin=[first]) as store:
        desk = Desk(store, adviser, MANAGER)
        async with seated(desk) as seat:
            assert "assistant staff add" in seat.grid()
            desk.office.change(EventKind.MEMBER_NAMED, {"number": "9002", "role": "supervisor"}, about=STAFF)
            seat.app.screen.redraw()  # type: ignore[attr-defined]
            await seat.pilot.pause()
            assert "assistant staff add" not in seat.grid()
