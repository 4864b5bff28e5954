"""What keys do at the counter: each is pressed on the real screens, and the file of cases is asked what came of it."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from rich.cells import set_cell_size
from textual import events
from textual.widgets import Input

from assistant.case.events import EventKind
from assistant.case.summary import CaseState
from assistant.desk import Desk
from assistant.store import Outlet, Store
from rules.advice import Adviser
from rules.facts import Answer, Known, StepOutcome
from rules.language import Language
from tests.ui.pilot import CHINESE, Seat, new_desk, seated
from tests.ui.teller import Teller
from ui.widgets.rows import Rows

SIGN = "official_caller"
"""The first red flag of a transfer, on which the cursor stands when the case opens."""


async def begin(seat: Seat) -> None:
    """Open a case for a transfer."""
    await seat.press("1")
    assert seat.cursor == SIGN


async def begin_suspicious(seat: Seat) -> None:
    """Open a case for a transfer that somebody who claims to be the police asked for."""
    await begin(seat)
    await seat.press("2")
    assert seat.case.next_step == "pause_transaction"


async def test_arrows_only_move(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        before = seat.count()
        await seat.press("down", "down", "up", "pagedown", "pageup", "end", "home", "left", "right", "down")
        assert seat.cursor == "safe_account_story"
        assert seat.count() == before
        await seat.press("f5", "down", "up", "end", "home", "f5")
        assert seat.count() == before


KEYS = {
    "1": (Answer.YES, Known.SEEN),
    "2": (Answer.YES, Known.SAID),
    "3": (Answer.YES, Known.VERIFIED),
    "y": (Answer.YES, Known.SAID),
    "enter": (Answer.YES, Known.SAID),
    "0": (Answer.NO, Known.SAID),
    "n": (Answer.NO, Known.SAID),
}


async def test_one_key_answers_a_red_flag(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        for key, answer in KEYS.items():
            await seat.press(key)
            reply = seat.case.answers[SIGN]
            assert (reply.value, reply.known) == answer, key
            assert seat.cursor == SIGN
            await seat.press("space")
            assert seat.case.answers == {}


async def test_enter_again_and_space_take_an_answer_to_not_asked(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        await seat.press("enter", "enter")
        assert SIGN not in seat.case.answers
        await seat.press("0", "space")
        assert SIGN not in seat.case.answers
        assert seat.line("对方自称公检法").startswith("›[  ]")


async def test_backspace_takes_back_exactly_the_last_move(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        await seat.press("1", "down", "0", "up", "3", "backspace")
        assert seat.case.answers[SIGN].known is Known.SEEN
        assert seat.case.answers["safe_account_story"].value is Answer.NO
        await seat.press("backspace")
        assert set(seat.case.answers) == {SIGN}
        await seat.press("backspace")
        assert not seat.case.answers


async def test_enter_and_f6_open_the_same_page_at_the_same_line_for_the_step_under_the_cursor(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        await seat.press("f5", "home")
        for _ in range(3):
            step, seen = seat.cursor, []
            for key in ("enter", "f6"):
                await seat.press(key)
                seen.append((seat.screen_name, seat.cursor, seat.grid().splitlines()[1]))
                await seat.press("escape")
                assert seat.cursor == step
            assert seen[0] == seen[1]
            assert seen[0][0] == "RecordScreen"
            await seat.press("down")
            assert seat.cursor != step


async def test_f6_records_the_step_that_was_clicked(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        steps = seat.app.screen.query_one("#steps", Rows)
        first = seat.case.advised_steps[0].id
        await seat.pilot.click(steps, offset=(10, 2))
        await seat.pilot.pause()
        assert seat.cursor not in (None, first, SIGN)
        step = desk.book.steps[str(seat.cursor)]
        await seat.press("f6")
        assert seat.screen_name == "RecordScreen"
        assert step.do.zh in seat.grid().splitlines()[1]


async def test_the_help_tells_what_enter_and_f6_do_with_a_step(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        await seat.press("f1")
        assert seat.line("Enter").endswith("步骤：登记，同F6")
        assert "光标所在的" in seat.line("F6")


async def test_one_enter_never_records_a_gating_step(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        await seat.press("f5", "enter")
        assert seat.screen_name == "RecordScreen"
        assert seat.count(EventKind.STEP_RECORDED) == 0
        await seat.press("escape", "f6")
        assert seat.screen_name == "RecordScreen"
        assert seat.count(EventKind.STEP_RECORDED) == 0


async def test_closing_is_refused_over_open_gates_and_leads_to_them(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        gates = seat.case.open_gates()
        await seat.press("f8")
        assert seat.cursor == f"gate:{gates[0]}"
        await seat.go_to("outcome")
        await seat.press("enter", "1")
        await seat.go_to("confirm")
        await seat.press("enter")
        assert "还有关键步骤未办理" in seat.grid()
        assert seat.case.state is CaseState.OPEN
        await seat.press("escape")
        await seat.go_to(f"gate:{gates[0]}")
        await seat.press("enter")
        assert seat.screen_name == "RecordScreen"
        await seat.go_to("done")
        await seat.press("enter")
        assert seat.case.steps[gates[0]].outcome is StepOutcome.DONE
        assert seat.screen_name == "ClosingScreen"
        assert seat.cursor == f"gate:{gates[1]}"


async def test_a_wrong_amount_is_refused_and_what_was_typed_stays(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        await seat.press("f2")
        await seat.go_to("amount:1")
        await seat.press("enter")
        line = seat.app.screen.query_one(Input)
        for typed in ("一百", "1.2.3", "12.345", "-5", "1e5", "5 0"):
            line.value = typed
            await seat.press("enter")
            assert seat.screen_name == "AskScreen"
            assert line.value == typed
            assert "金额看不懂" in seat.grid()
        assert seat.case.money[1].amount is None


PASTED = {"５００００": 5_000_000, "￥1，234．56": 123_456, "５万": 5_000_000, "5\x1b0\x07\u200b00": 500_000}


async def test_full_width_digits_are_read_and_pasted_control_characters_dropped(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        await seat.press("f2")
        for pasted, fen in PASTED.items():
            await seat.go_to("amount:1")
            await seat.press("enter", "end", "ctrl+u")
            seat.app.screen.query_one(Input).post_message(events.Paste(pasted))
            await seat.press("enter")
            assert seat.case.money[1].amount == fen, pasted


async def test_pasted_control_characters_never_reach_the_record(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        await seat.press("f6")
        await seat.go_to("field:transaction")
        await seat.press("enter")
        seat.app.screen.query_one(Input).post_message(events.Paste("实时\x1b[31m转账\x00\x9b2J"))
        await seat.press("enter")
        await seat.go_to("done")
        await seat.press("enter")
        assert seat.case.steps["pause_transaction"].private == {"transaction": "实时[31m转账2J"}


async def test_resizing_loses_nothing_and_keeps_the_cursor(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        await seat.go_to("distressed")
        await seat.press("1")
        first, answers = seat.grid(), seat.case.answers
        for width, height in ((80, 24), (60, 20), (80, 24), (120, 36)):
            await seat.pilot.resize_terminal(width, height)
            await seat.pilot.pause()
            assert seat.cursor == "distressed"
            assert seat.line("神色慌张").startswith("›[是]")
            assert "立即报警" in seat.grid()
            assert max(len(line) for line in seat.grid().splitlines()) <= width
        assert seat.case.answers == answers
        assert _without_clocks(seat.grid()) == _without_clocks(first)


def _without_clocks(grid: str) -> str:
    return "\n".join(line.split("已保存")[0].split("首个红旗后")[0] for line in grid.splitlines())


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file of this process grow, which is how a full disk looks to it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_disk_that_fills_up_is_told_and_the_form_keeps_what_was_typed(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        await seat.press("f6")
        await seat.go_to("field:transaction")
        await seat.press("enter", "h", "k", "enter")
        await seat.go_to("done")
        before = seat.count()
        with no_room():
            await seat.press("enter")
            assert seat.screen_name == "TroubleScreen"
            assert "没有保存" in seat.grid()
        await seat.press("escape")
        assert seat.screen_name == "RecordScreen"
        assert "hk" in seat.line("交易种类")
        assert seat.count() == before
        await seat.go_to("done")
        await seat.press("enter")
        assert seat.case.steps["pause_transaction"].private == {"transaction": "hk"}


async def test_enter_tries_a_failed_save_once_more(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        with no_room():
            await seat.press("1")
            assert seat.screen_name == "TroubleScreen"
            assert seat.case.answers == {}
            assert "尚未保存" in seat.grid().splitlines()[0]
            assert "已保存" not in seat.grid()
        await seat.press("enter")
        assert seat.case.answers[SIGN].known is Known.SEEN
        assert seat.line("对方自称公检法").startswith("›[是]")
        assert "已保存" in seat.grid().splitlines()[0]


async def test_a_file_that_is_taken_away_is_told_before_anything_is_shown_as_saved(desk: Desk, tmp_path: Path) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        (tmp_path / "cases.db").rename(tmp_path / "elsewhere.db")
        await seat.press("1")
        assert seat.screen_name == "TroubleScreen"
        await seat.press("escape")
        assert seat.line("对方自称公检法").startswith("›[  ]")


def test_a_file_that_another_program_holds_is_told_and_enter_saves_once_it_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    Store.create(path, Outlet("0312", "示范网点")).close()
    with Teller(path) as teller, closing(sqlite3.connect(path, isolation_level=None)) as other:
        teller.see("新案件")
        teller.press("1")
        teller.see("Esc 首页", "已保存")
        teller.answer("对方自称公检法", "2", "[是]")
        other.execute("BEGIN IMMEDIATE")
        teller.press("down", "1")
        teller.see("没有保存", "此前的记录完好", "回车重试")
        assert kept(path) == {SIGN}
        other.execute("ROLLBACK")
        teller.press("enter")
        teller.see_no("没有保存")
        teller.wait(lambda: teller.at().startswith("[是]"), "the answer is not shown as saved")
    assert kept(path) == {SIGN, "safe_account_story"}


def kept(path: Path) -> set[str]:
    """Return the red flags of the one case that are answered in the file, as another program reads it."""
    with Store.open(path, read_only=True) as store:
        return set(store.case(store.list()[0].case_id).answers)


async def test_every_answer_and_the_cursor_can_be_told_without_colours(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin(seat)
        lines = [seat.line("对方自称公检法")]
        for key in ("1", "2", "3", "0"):
            await seat.press(key)
            lines.append(seat.line("对方自称公检法"))
        left = {set_cell_size(line, 63) for line in lines}
        assert len(left) == len(lines)
        await seat.press("down")
        assert seat.line("对方自称公检法").startswith(" [否]")
        assert seat.line("安全账户").startswith("›[  ]")


async def test_every_state_of_a_step_can_be_told_without_colours(desk: Desk) -> None:
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        seen = {seat.line("暂停办理当前交易").split("暂停办理")[0][-4:]}
        for line in ("later", "reason:customer_refuses", "reason:does_not_fit", "done"):
            await seat.press("f5", "home", "enter")
            await seat.go_to(line)
            await seat.press("enter", "f5")
            seen.add(seat.line("暂停办理当前交易").split("暂停办理")[0][-4:])
        assert seen == {"[▸] ", "[~] ", "[×] ", "[–] ", "[✓] "}


def make_demo(path: Path) -> None:
    """Make the file of an outlet whose name is in English."""
    Store.create(path, Outlet("0312", "Demo")).close()


async def test_the_language_changes_on_every_open_page(tmp_path: Path, adviser: Adviser) -> None:
    desk = new_desk(tmp_path / "cases.db", adviser, make_demo)
    async with seated(desk) as seat:
        await begin_suspicious(seat)
        for key in ("f1", "f2", "f3", "f4", "f6", "f7", "f8", "f9"):
            await seat.press(key)
            assert len(seat.app.screen_stack) > 3, key
            assert CHINESE.search(seat.grid())
            await seat.press("f12")
            assert _chinese_in(seat.grid()) == [], key
            while len(seat.app.screen_stack) > 3:
                await seat.press("escape")
            assert _chinese_in(seat.grid()) == [], key
            await seat.press("f12")
            assert CHINESE.search(seat.grid())
        await seat.press("f12")
        assert _chinese_in(seat.grid()) == []
        await seat.press("escape")
        assert _chinese_in(seat.grid()) == []
    desk.store.close()


@pytest.mark.parametrize("keys", [("9",), ("1", "f2", "enter"), ("1", "2", "f6", "down", "down", "enter")])
async def test_what_is_asked_in_english_holds_no_chinese(
    tmp_path: Path, adviser: Adviser, keys: tuple[str, ...]
) -> None:
    desk = new_desk(tmp_path / "cases.db", adviser, make_demo)
    async with seated(desk, Language.EN) as seat:
        await seat.press(*keys)
        assert _chinese_in(seat.grid()) == []
    desk.store.close()


def _chinese_in(grid: str) -> list[str]:
    """Return the lines with Chinese in them, but for the name of the language itself, which leads back to it."""
    return [line for line in grid.replace("中文", "").splitlines() if CHINESE.search(line)]
