"""The lines to fill in: only what matters is asked, what was given is kept, and nobody reads more than he may."""

from __future__ import annotations

import re

import pytest
from textual.widgets import Input

from assistant.case.events import EventKind
from assistant.desk import Desk
from rules.facts import Answer
from rules.language import Language
from tests.ui.pilot import Seat, seated
from tests.ui.stage import CASE
from tests.ui.test_quiet import TELLING
from ui.widgets.rows import Rows

BOUND, CAP = "class_2_bound", "class_2_over_cap"


def lines(seat: Seat) -> list[str]:
    """Return the keys of the lines of the form."""
    return [row.key for row in seat.app.screen.query_one(Rows)._rows]


def accounts(seat: Seat) -> dict[str, Answer]:
    """Return what the file knows of the two facts that may contradict."""
    return {name: reply.value for name, reply in seat.case.accounts.items() if name in (BOUND, CAP)}


async def test_a_bound_account_is_not_asked_about_the_cap_of_an_unbound_one(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*CASE, "f2")
        await seat.go_to(f"account:{BOUND}")
        await seat.press("1")
        assert f"account:{CAP}" not in lines(seat)
        assert accounts(seat) == {BOUND: Answer.YES, CAP: Answer.NO}
        await seat.go_to(f"account:{BOUND}")
        await seat.press("0")
        assert f"account:{CAP}" in lines(seat)
        assert accounts(seat) == {BOUND: Answer.NO}


@pytest.mark.parametrize("keys", [(BOUND, CAP), (CAP, BOUND), (CAP, BOUND, CAP)])
async def test_no_order_of_answers_leaves_two_that_contradict(desk: Desk, keys: tuple[str, ...]) -> None:
    async with seated(desk) as seat:
        await seat.press(*CASE, "f2")
        for fact in keys:
            if f"account:{fact}" in lines(seat):
                await seat.go_to(f"account:{fact}")
                await seat.press("1")
            assert list(accounts(seat).values()).count(Answer.YES) == 1
        while seat.screen_name != "TellerScreen":
            await seat.press("escape")
        while seat.case.accounts:
            await seat.press("backspace")
            assert list(accounts(seat).values()).count(Answer.YES) <= 1


async def test_a_step_that_asks_for_both_is_recorded_after_one_answer(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*CASE, "f2")
        for fact in ("class_1_available", "class_2_involved"):
            await seat.go_to(f"account:{fact}")
            await seat.press("1")
        await seat.press("escape", "f5")
        await seat.go_to("move_to_class_1")
        await seat.press("enter", "0", "0", "1")
        assert f"fact:{CAP}" not in lines(seat)
        assert seat.cursor in ("field:amount", "done")
        assert accounts(seat) == {BOUND: Answer.YES, CAP: Answer.NO}


async def open_stop_payment(seat: Seat) -> None:
    """Lead to a step that asks for a time."""
    await seat.press(*CASE, "o", "2", "f2")
    await seat.go_to("state:1")
    await seat.press("enter", "4", "escape", "f5")
    steps = seat.app.screen.query_one("#steps", Rows)
    timed = {name for name, step in seat.app.desk.book.steps.items() if any(f.kind == "time" for f in step.record)}
    await seat.go_to(next(row.key for row in steps._rows if row.key in timed))
    await seat.press("enter")


TIMES = {
    "14:05": "14:05",
    "905": "09:05",
    "１４：０５": "14:05",
    "1123 14:05": "11-23 14:05",
    "14时05分": "14:05",
}


async def test_a_time_is_kept_in_one_form_and_anything_else_is_refused_in_a_sentence(desk: Desk) -> None:
    async with seated(desk) as seat:
        await open_stop_payment(seat)
        step = seat.app.screen._step_id  # type: ignore[attr-defined]
        name = next(f.id for f in desk.book.steps[step].record if f.kind == "time")
        await seat.go_to(f"field:{name}")
        await seat.press("enter")
        assert "14:05" in seat.line("回车确定")
        line = seat.app.screen.query_one(Input)
        for wrong in ("下午", "25:00", "14:60", "1332 10:00", "两点"):
            line.value = wrong
            await seat.press("enter")
            assert "时间看不懂" in seat.grid()
            assert line.value == wrong
        for typed, kept in TIMES.items():
            seat.app.screen.query_one(Input).value = typed
            await seat.press("enter")
            await seat.go_to("later")
            await seat.press("enter")
            assert seat.case.steps[step].private[name] == kept, typed
            await seat.go_to(step)
            await seat.press("enter")
            await seat.go_to(f"field:{name}")
            await seat.press("enter")


async def test_yesterday_is_kept_as_the_day_it_was() -> None:
    from ui.written_time import read_written_time

    noon = 1_763_870_400_000
    one_at_night = noon - 11 * 3_600_000
    days = {
        "前天": "11-21", "昨天": "11-22", "Yesterday": "11-22", "今天": "11-23", "today": "11-23", "明天": "11-24",
        "tomorrow": "11-24", "后天": "11-25",
    }  # fmt: skip
    for now in (noon, one_at_night):
        for word, day in days.items():
            assert read_written_time(f"{word} 9:05", now, "Asia/Shanghai") == f"{day} 09:05"
    assert read_written_time("02-29 9:05", noon, "Asia/Shanghai") == "02-29 09:05"


async def test_enter_goes_to_the_next_empty_field_and_saves_on_the_last(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1", "2", "f6")
        fields = [field.id for field in desk.book.steps["pause_transaction"].record]
        assert len(fields) > 1
        await seat.go_to(f"field:{fields[0]}")
        for field in fields:
            assert seat.cursor == f"field:{field}"
            await seat.press("enter", "5", "enter")
        assert seat.cursor == "done"
        await seat.press("enter")
        assert seat.case.steps["pause_transaction"].private == dict.fromkeys(fields, "5")


async def test_a_customer_who_cannot_say_where_the_money_is_opens_a_case_without_any(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("9")
        assert "还不清楚" in seat.grid()
        await seat.press("enter")
        assert seat.screen_name == "TellerScreen"
        assert seat.case.money == {}
        await seat.press("f2")
        await seat.go_to("add")
        await seat.press("enter", "4")
        assert [portion.state.value for portion in seat.case.money.values()] == ["credited_recent"]


PANELS = {
    "state at home": ("9",),
    "state": (*CASE, "f2", "enter"),
    "amount": (*CASE, "f2", "down", "enter"),
    "outcome": (*CASE, "f8", "end", "up", "up", "up", "up", "up", "enter"),
    "marks": ("1", "f3", "1", "escape"),
    "note": (*CASE, "f8", "end", "up", "enter", "x", "enter", "escape"),
    "commands": (*CASE, "ctrl+p"),
    "trouble": (*CASE, "f8", "end", "enter", "7", "end", "enter"),
}


@pytest.mark.parametrize("keys", PANELS.values(), ids=PANELS.keys())
async def test_the_quiet_screen_comes_over_a_panel_too_and_keeps_what_was_typed(
    desk: Desk, keys: tuple[str, ...]
) -> None:
    async with seated(desk) as seat:
        await seat.press(*keys)
        panel = seat.app.screen
        assert panel.is_modal
        if typing := panel.query(Input):
            typing.first().value = "6万"
        loud = seat.grid()
        await seat.press("f10")
        assert seat.app.screen is panel
        for language in Language:
            region = panel.children[0].region
            drawn = "\n".join(line[region.x :] for line in seat.grid().splitlines()[region.y : region.bottom])
            assert re.findall(TELLING[language], drawn.lower()) == []
            await seat.press("f12")
        await seat.press("f10")
        assert seat.grid().splitlines()[-1] == loud.splitlines()[-1]
        assert not typing or typing.first().value == "6万"


async def test_a_trouble_names_the_steps_of_the_case_on_the_loud_face_alone(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*PANELS["trouble"])
        assert "还有关键步骤未办理" in seat.grid()
        await seat.press("f10")
        assert "还有关键步骤未办理" not in seat.grid()
        assert "没有保存" in seat.grid()
        await seat.press("f10", "f12")
        assert "Not saved" in seat.grid()
        await seat.press("f9")
        assert seat.screen_name == "WordsScreen"
        await seat.press("escape", "enter")
        assert seat.screen_name == "ClosingScreen"


async def test_the_palette_follows_the_language_and_keeps_what_was_found(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*CASE, "ctrl+p", *"z")
        found = seat.app.screen.query_one(Rows)
        while found.key != "facts":
            await seat.press("down")
        assert found._rows[0].key != "facts"
        await seat.press("f12")
        assert "All commands" in seat.grid()
        assert "Request, money and accounts" in seat.grid()
        await seat.press("f9", "escape", "enter")
        assert seat.screen_name == "FactsScreen"


async def test_a_panel_goes_quiet_under_the_words_that_lie_over_it(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press(*CASE, "f2")
        await seat.go_to(f"clearing:{next(iter(desk.book.clearings))}")
        await seat.press("enter")
        assert "由谁核实" in seat.grid()
        await seat.press("f9", "f10", "escape")
        assert seat.screen_name == "AskScreen"
        assert "由谁核对" in seat.grid()


async def test_the_words_can_be_read_over_a_panel_and_the_answer_goes_on(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("1", "f2")
        await seat.go_to("amount:1")
        await seat.press("enter", "5", "f9")
        assert seat.screen_name == "WordsScreen"
        await seat.press("escape", "0", "enter")
        assert seat.case.money[1].amount == 5_000
        assert seat.count(EventKind.MONEY_RECORDED) == 2
