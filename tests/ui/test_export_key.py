"""The key that leads out stands in the line of keys where something is to be given out, however narrow it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from assistant.desk import Desk
from rules.advice import Adviser
from rules.facts import Answer, MoneyState, Portion, StepOutcome
from rules.language import Language
from rules.loading import load_book
from tests.ui.oversight import lost_case
from tests.ui.pilot import seated
from tests.ui.staff import SUPERVISOR, TELLER, desk_of, staffed_desk
from ui.screens.export.key import EXPORT, PAPER_STEPS

NEWEST: Final = {Language.ZH: "最新", Language.EN: "Newest first"}
desk = desk_of(TELLER)


def read_keys(grid: str) -> str:
    """Return the line of keys."""
    return grid.rstrip().splitlines()[-1]


def held_up(desk: Desk) -> str:
    """Open a case in which it is advised to hold; return its id."""
    case_id = desk.open("transfer", Portion(MoneyState.CREDITED_RECENT, 100)).case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    return case_id


def reach_a_paper(desk: Desk) -> str:
    """Have such a case come to a step that is done with a paper; return its id."""
    case_id = held_up(desk)
    while (step := desk.store.case(case_id).next_step) not in PAPER_STEPS:
        assert step is not None
        entry = desk.book.steps[step]
        for fact in entry.check_first:
            desk.answer_account(case_id, fact, Answer.NO)
        written = {field.id: SUPERVISOR if field.kind == "staff" else "虚构" for field in entry.record}
        desk.record_step(case_id, step, StepOutcome.DONE, written=written)
    return case_id


def test_the_steps_that_are_done_with_a_paper_are_in_the_rulebook() -> None:
    assert load_book().steps.keys() >= PAPER_STEPS


@pytest.mark.parametrize("language", Language)
async def test_it_is_seen_on_any_open_case_at_120_columns(desk: Desk, language: Language) -> None:
    case_id = held_up(desk)
    async with seated(desk, language, (120, 36)) as seat:
        await seat.go_to(case_id)
        await seat.press("enter")
        keys = read_keys(seat.grid())
        assert EXPORT.hint in keys
        # With a supervisor to call, who has a key of his own.
        assert "Ctrl+S" in keys


@pytest.mark.parametrize("language", Language)
async def test_it_is_seen_at_80_columns_when_a_paper_is_next(desk: Desk, language: Language) -> None:
    case_id = reach_a_paper(desk)
    async with seated(desk, language, (80, 24)) as seat:
        await seat.go_to(case_id)
        await seat.press("enter")
        keys = read_keys(seat.grid())
        assert EXPORT.hint in keys
        assert "F8" in keys


@pytest.mark.parametrize("language", Language)
async def test_it_is_seen_at_80_columns_on_a_closed_case_and_where_it_is_read_through(
    tmp_path: Path, adviser: Adviser, language: Language
) -> None:
    desk = staffed_desk(tmp_path / "cases.db", adviser, SUPERVISOR)
    lost_case(desk)
    async with seated(desk, language, (80, 24)) as seat:
        await seat.press("f7")
        await seat.see(NEWEST[language])
        await seat.press("enter")
        assert seat.screen_name == "AuditScreen"
        assert EXPORT.hint in read_keys(seat.grid())
        await seat.press("f2")
        assert seat.screen_name == "TellerScreen"
        assert EXPORT.hint in read_keys(seat.grid())
    desk.store.close()
