"""The list of all cases on the screen: a few pages in memory, and a line that says what is looked for."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App

from assistant.attendance import NOBODY
from assistant.case.summary import CaseState, CaseSummary
from assistant.desk import Desk
from assistant.register.faults import ListingStopped
from assistant.store import Store
from rules.advice import Adviser
from rules.language import Language
from rules.loading import load_book
from tests.outlet import lay
from tests.ui import machine
from tests.ui.machine import Hour, sign_on
from tests.ui.oversight import lost_case, other_program
from tests.ui.pilot import Seat, seated
from tests.ui.staff import AUDITOR, COLLEAGUE, MANAGER, SUPERVISOR, TELLER, desk_of, make_staffed, staffed_desk
from ui.screens.register import FilterLine, RegisterScreen
from ui.seeking import Seeker, Stop
from ui.stretch import KEPT, PAGE, Stretch

MANY = PAGE * (KEPT + 1) + 10
FIRST, MORE, ALL = "最新的在前", "往下翻还有", "以下没有了"
FIRST_EN = "Newest first"


@cache
def adviser_of_all() -> Adviser:
    return Adviser(load_book())


def make_many(path: Path) -> None:
    """Make a file with more cases than are ever in memory."""
    lay(path, make_staffed)
    with Store.open(path) as store:
        desk = Desk(store, adviser_of_all(), TELLER)
        lost_case(desk)
        for _ in range(MANY - 1):
            desk.open("transfer")


desk = desk_of(SUPERVISOR)


async def open_list(seat: Seat, told: str = FIRST) -> RegisterScreen:
    """Show the list, and wait until it is there, which is `told`."""
    await seat.press("f7")
    await seat.see(told)
    page = seat.app.screen
    assert isinstance(page, RegisterScreen)
    return page


async def look_for(seat: Seat, line: str) -> None:
    """Type what is looked for, and wait for the answer."""
    await seat.press("f7")
    page = seat.app.screen
    assert isinstance(page, RegisterScreen)
    page.query_one(FilterLine).value = line
    await seat.press("enter")
    await seat.pilot.pause(0.1)
    for _ in range(1200):
        if page._found and page._seeker is not None and not page._seeker.busy:
            break
        await seat.pilot.pause(0.05)
    await seat.pilot.pause()


async def see_all(seat: Seat, page: RegisterScreen, count: int) -> None:
    """Wait until so many cases stand in the list, and no more are to come."""
    for _ in range(1200):
        if len(page._stretch.rows) == count and ALL in seat.grid():
            break
        await seat.pilot.pause(0.05)
    assert len(page._stretch.rows) == count
    assert ALL in seat.grid()


@pytest.mark.long
async def test_a_long_list_is_gone_through_both_ways_with_a_few_pages_in_memory(
    tmp_path: Path, adviser: Adviser
) -> None:
    path = tmp_path / "cases.db"
    lay(path, make_many)
    with Store.open(path) as store:
        numbers = [row.number for row in store.list(limit=MANY)]
        async with seated(Desk(store, adviser, MANAGER)) as seat:
            page = await open_list(seat)
            stretch, seen = page._stretch, list[str]()
            for key, order in (("pagedown", numbers), ("pageup", numbers[::-1])):
                for _ in range(MANY):
                    if seat.line("›").find(order[-1]) >= 0:
                        break
                    await seat.press(key)
                    await seat.pilot.pause(0.02)
                    seen.append(seat.line("›").split()[0].lstrip("›"))
                    assert len(stretch.rows) <= PAGE * KEPT
                    shown = [row.number for row in stretch.rows]
                    assert shown == numbers[numbers.index(shown[0]) :][: len(shown)]
                assert order[-1] in seat.line("›")
            assert len(set(seen)) > MANY // 40
            await seat.press("end")
            await seat.press("home")
            await seat.see(f"›{numbers[0]}")


async def test_a_case_that_another_opens_comes_up_above_and_the_cursor_stays(desk: Desk) -> None:
    first = lost_case(desk)
    async with seated(desk) as seat:
        await open_list(seat)
        assert seat.cursor == first
        with other_program(desk) as other:
            number = other.open("transfer").case.number
        await seat.see(number)
        assert seat.cursor == first


FOUND = {"级别:报警": 1, "level:police": 1, "进行中": 2, "有损失 待复核": 1, "近7天": 3}


async def test_what_is_typed_is_looked_for(desk: Desk) -> None:
    lost_case(desk)
    desk.open("transfer")
    desk.open("cash_deposit")
    async with seated(desk) as seat:
        page = await open_list(seat)
        for line, found in FOUND.items():
            await look_for(seat, line)
            await seat.see(ALL)
            assert len(page._stretch.rows) == found, line
            await seat.press("f8")
            await see_all(seat, page, 3)


async def test_it_is_looked_for_while_it_is_typed_and_half_a_word_is_no_fault(desk: Desk) -> None:
    lost_case(desk)
    desk.open("transfer")
    async with seated(desk) as seat:
        page = await open_list(seat)
        await seat.press("f7", *"level:pol")
        await seat.pilot.pause(0.5)
        assert "没有查找" not in seat.grid()
        await seat.press(*"ice")
        for _ in range(100):
            await seat.pilot.pause(0.05)
            if len(page._stretch.rows) == 1:
                break
        assert [row.level for row in page._stretch.rows] == ["police"]
        assert isinstance(seat.app.screen.focused, FilterLine)


async def test_what_cannot_be_looked_for_is_said_and_the_list_stays(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk) as seat:
        page = await open_list(seat)
        await look_for(seat, "x:1")
        assert "没有查找" in seat.grid()
        assert "下面仍是全部案件" in seat.grid()
        # Another case comes, and the list is read anew.
        with other_program(desk) as other:
            lost_case(other)
        for _ in range(1200):
            await seat.pilot.pause(0.05)
            if len(page._stretch.rows) == 2:
                break
        assert len(page._stretch.rows) == 2
        assert "没有查找" in seat.grid()
        assert isinstance(seat.app.screen.focused, FilterLine)
        await seat.press("escape")
        assert seat.screen_name == "RegisterScreen"
        await seat.press("f8")
        await seat.see(ALL)


@pytest.mark.parametrize("language", Language)
async def test_on_a_small_screen_what_is_wrong_is_told_whole_with_what_the_list_is_of(
    desk: Desk, hour: Hour, language: Language
) -> None:
    lost_case(desk)
    async with machine.seated(desk, hour, language, (80, 24)) as seat:
        await open_list(seat, FIRST_EN if language is Language.EN else FIRST)
        await look_for(seat, "level:police")
        await look_for(seat, "复核")
        grid = "".join(seat.grid().split())
        assert ("approved." if language is Language.EN else "复核通过。") in grid
        assert "level:police" in grid
        await seat.press("ctrl+e")
        assert seat.screen_name == "RegisterScreen"
        await seat.see("nothing was exported" if language is Language.EN else "没有导出")


async def test_nothing_found_says_how_to_come_back(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk) as seat:
        await open_list(seat)
        await look_for(seat, "level:hold")
        await seat.see("F8看全部")


async def test_what_is_looked_for_again_is_kept_under_a_name_for_oneself_alone(desk: Desk) -> None:
    lost_case(desk)
    desk.open("transfer")
    async with seated(desk) as seat:
        page = await open_list(seat)
        await look_for(seat, "级别:报警")
        await seat.press("f2", "1", *"abc", "enter", "f8")
        await seat.see(ALL)
        await seat.press("f2")
        assert "abc" in seat.line("[1]")
        await seat.press("1")
        await seat.see("级别:")
        for _ in range(100):
            if len(page._stretch.rows) == 1:
                break
            await seat.pilot.pause(0.05)
        assert len(page._stretch.rows) == 1
        await seat.press("f2", "3", "1")
    assert desk.store.saved_filters.list(SUPERVISOR) == ()


async def test_what_is_kept_is_what_was_typed_and_asks_for_the_last_days_of_whenever_it_is_taken(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk) as seat:
        await open_list(seat)
        await look_for(seat, "近7天 级别:报警")
        await seat.press("f2", "1", *"abc", "enter")
    assert [one.line for one in desk.store.saved_filters.list(SUPERVISOR)] == ["近7天 级别:报警"]


async def test_no_number_of_a_person_is_kept(desk: Desk) -> None:
    lost_case(desk)
    async with seated(desk) as seat:
        await open_list(seat)
        await look_for(seat, "电话:13800138000")
        await seat.see("F8看全部")
        await seat.press("f2", "1")
        assert seat.screen_name == "TroubleScreen"
    assert desk.store.saved_filters.list(SUPERVISOR) == ()


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_where_there_is_room_the_case_stands_beside_the_list(desk: Desk, size: tuple[int, int]) -> None:
    lost_case(desk)
    async with seated(desk, size=size) as seat:
        await open_list(seat)
        assert ("要留意" in seat.grid()) is (size[0] >= 120)


@pytest.mark.parametrize("language", Language)
async def test_the_quiet_screen_says_neither_what_is_found_nor_what_is_looked_for(
    desk: Desk, language: Language
) -> None:
    lost_case(desk)
    async with seated(desk, language) as seat:
        await seat.press("f7")
        await seat.see("0312-")
        await look_for(seat, "level:police")
        await seat.press("f10")
        telling = ("报警", "公检法", "损失", "拦截", "police", "lost", "fraud", "scam")
        assert [word for word in telling if word in seat.grid()] == []
        await seat.press("f7", "f2")
        assert seat.screen_name == "RegisterScreen"


@pytest.mark.parametrize(("number", "page"), [(AUDITOR, "RegisterScreen"), (COLLEAGUE, "HomeScreen")])
async def test_whoever_takes_over_has_the_list_only_if_he_may_and_nothing_that_was_looked_for(
    tmp_path: Path, adviser: Adviser, hour: Hour, number: str, page: str
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, NOBODY, hour)
    case_id = lost_case(desk)
    async with machine.seated(desk, hour) as seat:
        await sign_on(seat, SUPERVISOR)
        await open_list(seat)
        await look_for(seat, "电话:13800138000")
        await seat.press("ctrl+k")
        assert "13800138000" not in seat.grid()
        # The auditor has his password, and the colleague too.
        await seat.press("escape")
        await sign_on(seat, number)
        assert seat.screen_name == page
        assert "13800138000" not in seat.grid()
        if page == "RegisterScreen":
            await seat.see(desk.store.case(case_id).number)
    desk.store.close()


class Leaf(NamedTuple):
    rows: tuple[CaseSummary, ...]
    next: int | None


def row(seq: int) -> CaseSummary:
    return CaseSummary(
        f"case-{seq}", seq, f"{seq}", 0, 0, TELLER, CaseState.OPEN, "transfer", None, None, (), None, None, 0,
        None, None, None, None, frozenset(), None, None, 1,
    )  # fmt: skip


@given(st.lists(st.sampled_from(["below", "above", "again", "new", "many"]), max_size=60))
def test_no_way_through_the_list_leaves_a_case_out_or_shows_one_twice(ways: list[str]) -> None:
    everything = list(range(1, MANY))

    def read(before: int | None, limit: int) -> Leaf:
        fit = [seq for seq in reversed(everything) if before is None or seq < before][:limit]
        return Leaf(tuple(map(row, fit)), fit[-1] if len(fit) == limit else None)

    stretch = Stretch()
    stretch.begin(read(None, PAGE))
    for way in ways:
        if way in ("new", "many"):
            everything.extend(range(everything[-1] + 1, everything[-1] + (2 if way == "new" else PAGE * 2)))
            continue
        wanted = {"below": stretch.below, "above": stretch.above, "again": stretch.again}[way]()
        if wanted is not None:
            leaf = read(wanted.before, wanted.limit)
            {"below": stretch.put_below, "above": stretch.put_above, "again": stretch.renew}[way](leaf)
        shown = [one.opened_seq for one in stretch.rows]
        assert shown == list(range(shown[0], shown[-1] - 1, -1))
        assert len(shown) <= PAGE * KEPT


async def test_a_new_question_ends_the_one_before_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    lay(path, make_staffed)
    app: App[None] = App()
    told: list[str] = []

    def wait(_: Store, stop: Stop) -> str:
        while not stop():
            time.sleep(0.001)
        raise ListingStopped

    async with app.run_test() as pilot:
        seeker = Seeker(app, path)
        seeker.ask(wait, lambda _: told.append("first"), lambda _: told.append("stopped"))
        await pilot.pause(0.05)
        seeker.ask(lambda store, _: store.outlet.code, told.append, lambda _: told.append("fault"))
        for _ in range(1200):
            await pilot.pause(0.02)
            if told:
                break
        assert told == ["0312"]
        assert not seeker.busy
        seeker.close()


async def test_a_file_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    app: App[None] = App()
    told: list[str] = []
    async with app.run_test() as pilot:
        seeker = Seeker(app, tmp_path / "none.db")
        seeker.ask(lambda store, _: store.outlet.code, told.append, lambda trouble: told.append(trouble.code))
        for _ in range(1200):
            await pilot.pause(0.02)
            if told:
                break
        assert told == ["store_missing"]
        seeker.close()
