"""What was done without a second person: meant, reviewed with a reason, and said wherever the case is shown."""

from __future__ import annotations

import pytest

from assistant.case.events import Matter, Outcome, Reason
from assistant.case.summary import CaseState
from assistant.desk import Desk
from assistant.people.requests import Standing
from rules.facts import Answer, StepOutcome
from rules.language import Language
from tests.ui.agreement import held_case
from tests.ui.pilot import Seat, seated
from tests.ui.staff import MANAGER, SUPERVISOR, TELLER, desk_of

WHY = "应先打电话\n批准 9001"


desk = desk_of()


def release_alone(desk: Desk) -> tuple[str, str]:
    """Have a case that was held closed as cleared by one alone; return its id and the subject of the request."""
    case_id = held_case(desk)
    subject = desk.ask_authority(case_id, Matter.RELEASE).subject
    desk.office.use_emergency(subject, "nobody_in_reach", 24)
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)
    assert desk.store.case(case_id).state is CaseState.CLOSED
    return case_id, subject


def said(seat: Seat) -> str:
    """Return what stands on the screen without blanks, for what is broken into lines."""
    return "".join(seat.grid().split())


async def test_a_review_is_not_called_an_approval_and_says_why_where_it_was_wrong(desk: Desk) -> None:
    _, subject = release_alone(desk)
    desk.change_to(SUPERVISOR)
    async with seated(desk) as seat:
        assert "1 项应急办理待复核" in seat.grid()
        assert "待批" not in seat.line("[F6]")
        await seat.press("f6", "enter", "3", "enter")
        assert "不认可要写明理由" in seat.grid()
        assert desk.store.request(subject).standing is Standing.EMERGENCY
        await seat.press(*"hk77", "enter")
    reviewed = desk.store.request(subject)
    assert reviewed.standing is Standing.FAULTED
    assert reviewed.history[-1].private == {"why": "hk77"}


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_the_case_tells_who_was_alone_and_why_and_what_the_review_found(
    desk: Desk, size: tuple[int, int]
) -> None:
    case_id, subject = release_alone(desk)
    desk.change_to(MANAGER)
    async with seated(desk, size=size) as seat:
        await seat.go_to(case_id)
        await seat.press("enter")
        assert f"{TELLER}应急一人办理：核清结案（联系不上能批准的人），待另一人复核" in said(seat)
        desk.office_of(SUPERVISOR).review(subject, upheld=False, why=WHY)
        seat.app.screen.redraw()  # type: ignore[attr-defined]
        await seat.pilot.pause()
        assert f"{SUPERVISOR}复核不认可（应先打电话批准9001）" in said(seat)
        await seat.press("f10")
        assert "联系不上" not in seat.grid()
        assert "打电话" not in seat.grid()


async def test_a_closed_case_tells_who_agreed(desk: Desk) -> None:
    case_id = held_case(desk)
    desk.office_of(SUPERVISOR).approve(desk.ask_authority(case_id, Matter.RELEASE).subject)
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)
    async with seated(desk, Language.EN) as seat:
        await seat.go_to(case_id)
        await seat.press("enter")
        assert f"{SUPERVISOR} agreed to closing it as cleared" in seat.grid()


async def test_a_step_left_undone_by_a_supervisors_word_names_him(desk: Desk) -> None:
    case_id = desk.open("transfer").case.id
    sheet = desk.answer(case_id, "official_caller", Answer.YES)
    step = sheet.case.open_gates()[0]
    desk.office_of(SUPERVISOR).approve(desk.ask_authority(case_id, Matter.SET_ASIDE, step).subject)
    desk.record_step(case_id, step, StepOutcome.NOT_APPLICABLE, Reason.SUPERVISOR_DECIDED)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "f5")
        row = seat.line("[–]")
        assert SUPERVISOR in row
        assert TELLER not in row


async def test_the_second_person_of_a_step_is_chosen_among_those_who_may_be_and_shown(desk: Desk) -> None:
    step = "supervisor_interview"
    case_id = desk.open("transfer").case.id
    desk.answer(case_id, "official_caller", Answer.YES)
    async with seated(desk) as seat:
        await seat.go_to(case_id)
        await seat.press("enter", "f5")
        await seat.go_to(step)
        await seat.press("f6")
        await seat.go_to("field:supervisor")
        await seat.press("enter")
        assert seat.screen_name == "ChoiceScreen"
        assert "能作第二人同意" in said(seat)
        assert [number for number in (MANAGER, SUPERVISOR) if number in seat.grid()] == [MANAGER, SUPERVISOR]
        assert f"{TELLER}  " not in seat.grid()
        await seat.press("2")
        assert SUPERVISOR in seat.line("主管工号")
        await fill_rest(seat)
        await seat.go_to("done")
        await seat.press("enter")
        assert seat.case.steps[step].colleague == SUPERVISOR
        assert SUPERVISOR in seat.line("[✓]")


async def fill_rest(seat: Seat) -> None:
    """Fill in what else the step needs."""
    page = seat.app.screen
    for field in page.step.step.record:  # type: ignore[attr-defined]
        if field.required and field.kind != "staff":
            await seat.go_to(f"field:{field.id}")
            await seat.press("enter", *(("1",) if field.choices else ("1", "0", ":", "0", "0", "enter")))
