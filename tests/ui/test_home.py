"""Home as a desk: what is due stands first, one key takes a case up or begins it, nothing moves under the hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from assistant.case.events import Outcome, Reason
from assistant.desk import Desk
from assistant.store import Outlet, Store
from rules.advice import Adviser
from rules.facts import Answer, MoneyState, Portion, StepOutcome
from rules.language import Language
from tests.case.visits import MINUTE, Clock
from tests.ui.stage import at, look_at
from ui.app import CounterApp
from ui.screens.home import HomeScreen
from ui.screens.teller import TellerScreen
from ui.widgets.rows import Rows


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser, clock: Clock) -> Iterator[Desk]:
    with Store.create(tmp_path / "cases.db", Outlet("0312", "示范网点")) as store:
        yield Desk(store, adviser, "t1", clock)


@asynccontextmanager
async def at_home(
    desk: Desk, *, size: tuple[int, int] = (120, 36), language: Language = Language.ZH
) -> AsyncIterator[tuple[CounterApp, Pilot[int]]]:
    """Open the first screen over `desk`."""
    app = CounterApp(desk, language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        yield app, pilot


def text(app: CounterApp) -> str:
    """Return what stands on the screen."""
    return look_at(app).text()


def line(app: CounterApp, part: str) -> str:
    """Return the first line that says `part`."""
    return next((found for found in text(app).splitlines() if part in found), "")


def cases_shown(app: CounterApp) -> list[str]:
    """Return the ids of the cases, from the top of the list down."""
    return [row.key for row in app.screen.query_one(Rows)._rows if len(row.key) == 36]


async def tick(pilot: Pilot[int]) -> None:
    """Let the screen look at its clock again."""
    await pilot.pause(1.1)


def alarm(desk: Desk, request: str = "transfer") -> str:
    """Open a case at the level of the police, with steps due within minutes, and return its id."""
    case_id = desk.open(request).case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    return case_id


async def test_what_is_due_first_stands_first_and_a_calm_case_last(desk: Desk, clock: Clock) -> None:
    calm = desk.open("account_query").case.id
    clock.wait(MINUTE)
    first = alarm(desk)
    clock.wait(MINUTE)
    second = alarm(desk)
    clock.wait(MINUTE)
    third = alarm(desk)
    async with at_home(desk) as (app, _):
        assert cases_shown(app) == [first, second, third, calm]


async def test_of_two_cases_without_a_term_the_graver_stands_first_and_then_the_older(desk: Desk, clock: Clock) -> None:
    old = desk.open("account_query").case.id
    clock.wait(MINUTE)
    new = desk.open("account_query").case.id
    clock.wait(MINUTE)
    grave = alarm(desk)
    while (step := desk.store.case(grave).next_step) is not None:
        desk.record_step(grave, step, StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT)
    async with at_home(desk) as (app, _):
        assert cases_shown(app) == [grave, old, new]


async def test_the_time_left_counts_down_and_then_says_that_it_is_late(desk: Desk, clock: Clock) -> None:
    case_id = alarm(desk)
    number = desk.store.case(case_id).number
    async with at_home(desk) as (app, pilot):
        assert "还有1m00" in line(app, number)
        clock.wait(25_000)
        await tick(pilot)
        assert "还有0m35" in line(app, number)
        clock.wait(3 * MINUTE)
        await tick(pilot)
        assert "逾期2m25" in line(app, number)
        await pilot.press("f12")
        assert "late by 2m25" in line(app, number)


async def test_a_case_without_a_term_says_how_long_it_waits(desk: Desk, clock: Clock) -> None:
    number = desk.open("account_query").case.number
    clock.wait(7 * MINUTE)
    async with at_home(desk) as (app, _):
        assert "已等7m00" in line(app, number)


async def test_a_row_names_level_request_and_next_step(desk: Desk) -> None:
    case = desk.store.case(alarm(desk))
    async with at_home(desk) as (app, _):
        row = line(app, case.number)
    assert desk.book.requests["transfer"].name.zh in row
    assert desk.book.steps[case.next_step or ""].name.zh in row


async def test_the_cursor_starts_on_the_new_case_and_enter_takes_up_an_open_one(desk: Desk) -> None:
    case_id = alarm(desk)
    async with at_home(desk) as (app, pilot):
        assert at(app) == f"new:{next(iter(desk.book.requests))}"
        await pilot.press("home")
        assert at(app) == case_id
        await pilot.press("enter")
        assert isinstance(app.screen, TellerScreen)
        assert app.screen.case_id == case_id
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)
        assert at(app) == case_id


async def test_the_cursor_stays_with_its_line_while_cases_come_and_go(desk: Desk, clock: Clock) -> None:
    calm = desk.open("account_query").case.id
    async with at_home(desk) as (app, pilot):
        await pilot.press("home")
        assert at(app) == calm
        clock.wait(MINUTE)
        urgent = alarm(desk)
        await tick(pilot)
        assert cases_shown(app) == [urgent, calm]
        assert at(app) == calm
        await pilot.press("down", "down")
        wanted = at(app)
        desk.close(calm, Outcome.CLEARED, 0, 0, 0)
        await tick(pilot)
        assert at(app) == wanted
        assert (wanted or "").startswith("new:")


async def test_a_digit_begins_a_case_for_the_request_beside_it(desk: Desk) -> None:
    async with at_home(desk) as (app, pilot):
        for number, (digit, request) in enumerate(zip("1234567890", desk.book.requests, strict=True)):
            await pilot.press("end")
            assert f"[{digit}]" in line(app, desk.book.requests[request].name.zh)
            await pilot.press(digit)
            if request == "help":
                assert len(desk.store.list()) == number
                await pilot.press("2")
            assert isinstance(app.screen, TellerScreen)
            case = desk.store.case(app.screen.case_id)
            assert case.requests == (request,)
            state = MoneyState.MOVED_OWN_NAME if request == "help" else desk.book.requests[request].money
            assert case.money == {1: Portion(state)}
            await pilot.press("escape")
        assert len(desk.store.list()) == 10


async def test_leaving_the_question_where_the_money_is_begins_no_case(desk: Desk) -> None:
    async with at_home(desk) as (app, pilot):
        await pilot.press("9", "escape")
        assert isinstance(app.screen, HomeScreen)
        assert desk.store.list() == ()


async def test_when_to_open_a_case_is_said_where_there_is_room_and_not_on_the_quiet_screen(desk: Desk) -> None:
    criterion = desk.book.meta.criteria[0].zh[:10]
    async with at_home(desk) as (app, pilot):
        assert criterion in text(app)
        await pilot.press("f10")
        assert criterion not in text(app)
    async with at_home(desk, size=(80, 24)) as (app, _):
        assert criterion not in text(app)
        assert all(word.name.zh in text(app) for word in desk.book.requests.values())


async def test_cases_closed_lately_are_listed_with_their_outcome_and_can_be_read(desk: Desk, clock: Clock) -> None:
    numbers = []
    for _ in range(6):
        clock.wait(MINUTE)
        case = desk.open("account_query").case
        desk.close(case.id, Outcome.CLEARED, 0, 0, 0)
        numbers.append(case.number)
    async with at_home(desk) as (app, pilot):
        assert "没有未结案件" in text(app)
        assert [number for number in numbers if line(app, number)] == numbers[1:]
        assert "核清放行" in line(app, numbers[-1])
        await pilot.press("end", "enter")
        assert isinstance(app.screen, TellerScreen)
        assert desk.store.case(app.screen.case_id).number == numbers[1]
        before = desk.store.head()
        await pilot.press("1", "backspace")
        assert desk.store.head() == before


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_two_cases_of_one_request_are_told_apart_by_when_they_came_and_to_whom(
    desk: Desk, clock: Clock, size: tuple[int, int]
) -> None:
    numbers = []
    for _ in range(2):
        numbers.append(desk.open("transfer").case.number)
        clock.wait(3 * MINUTE)
    async with at_home(desk, size=size) as (app, _):
        rows = [line(app, number).replace(number, "") for number in numbers]
        shown = [app.wording.clock(summary.opened_at) for summary in reversed(desk.store.list())]
    assert all("转账汇款" in row for row in rows)
    if size[0] >= 100:
        assert all(f"{opened} t1" in row for opened, row in zip(shown, rows, strict=True))
    else:
        assert all(opened.split()[0] in row for opened, row in zip(shown, rows, strict=True))
    assert rows[0] != rows[1]
