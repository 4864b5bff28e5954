"""What `case show` and `approvals show` tell of a second person: who agreed, who did it alone, and what it covers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from assistant.case.events import EventKind, Matter, Outcome
from assistant.desk import Desk
from assistant.people.requests import EmergencyReason
from assistant.workplace import working_desk
from tests.cli.conftest import Give, Team

REFERRAL: Final = "str_referral"
WHY: Final = "客户坚持要走"


@contextmanager
def at(team: Team, number: str) -> Iterator[Desk]:
    """Let somebody work at the counter."""
    with working_desk(team.path, actor=number) as desk:
        yield desk


def open_case(team: Team) -> str:
    """Open a case and return its number."""
    with at(team, team.TELLER) as desk:
        return desk.open("transfer").case.number


def ask(team: Team, number: str, matter: Matter = Matter.RELEASE, step: str | None = None) -> str:
    """Have the teller ask for a second person's agreement; return the request's subject."""
    with at(team, team.TELLER) as desk:
        return desk.ask_authority(desk.store.find(number), matter, step).subject


def do_alone(team: Team, number: str) -> str:
    """Have the teller do alone what takes two; return the request's subject."""
    subject = ask(team, number)
    with at(team, team.TELLER) as desk:
        desk.office.use_emergency(subject, EmergencyReason.NOBODY_IN_REACH, 24)
    return subject


def show(give: Give, number: str, language: str = "zh") -> tuple[str, dict[str, Any]]:
    """Return what is shown of a case to people and to programs."""
    text, data = (give("case", "show", number, "--lang", language, *form) for form in ((), ("--json",)))
    assert (text.status, text.err, data.status) == (0, "", 0)
    return text.out, json.loads(data.out)


def test_what_was_agreed_to_says_who_asked_and_who_agreed(give: Give, team: Team) -> None:
    number = open_case(team)
    subject = ask(team, number)
    with at(team, team.SUPERVISOR) as desk:
        desk.office.approve(subject, why=WHY)
    team.turn(team.TELLER)
    text, data = show(give, number)
    told = text.partition("第二人：\n")[2]
    assert f"申请 {subject[-4:]}：案件 {number}：放行并按“已排除”结案" in told
    assert "状态：已批准" in told
    assert f"{team.TELLER} 申请" in told
    assert f"{team.SUPERVISOR} 批准" in told
    assert "第二人同意：放行并按“已排除”结案" in text
    (request,) = data["second_person"]
    assert (request["standing"], request["asked_by"]) == ("approved", team.TELLER)
    assert [(one["kind"], one["actor"]) for one in request["history"]] == [
        ("asked", team.TELLER),
        ("approved", team.SUPERVISOR),
    ]
    assert WHY not in text + json.dumps(data, ensure_ascii=False)


def test_what_was_done_alone_says_so_with_its_reason_and_how_it_was_found(give: Give, team: Team) -> None:
    number = open_case(team)
    subject = do_alone(team, number)
    with at(team, team.SUPERVISOR) as desk:
        desk.office.review(subject, upheld=False, why=WHY)
    team.turn(team.TELLER)
    text, data = show(give, number)
    assert "应急办理，未经第二人：放行并按“已排除”结案" in text
    assert "第二人同意" not in text
    told = text.partition("第二人：\n")[2]
    assert "状态：应急办理，复核不认可" in told
    assert "应急原因：联系不上能批准的人" in told
    assert f"{team.SUPERVISOR} 复核：不认可" in told
    (request,) = data["second_person"]
    assert request["standing"] == "faulted"
    assert request["history"][1] | {"at": 0} == {
        "kind": "emergency_used",
        "actor": team.TELLER,
        "at": 0,
        "reason": "nobody_in_reach",
    }
    assert request["history"][2]["upheld"] is False
    (agreed,) = (event["body"] for event in data["history"] if event["kind"] == "authorised")
    assert agreed["alone"] is True
    assert WHY not in text + json.dumps(data, ensure_ascii=False)


def test_what_is_not_reviewed_yet_says_until_when_it_must_be(give: Give, team: Team) -> None:
    number = open_case(team)
    do_alone(team, number)
    team.turn(team.AUDITOR)
    assert "done in an emergency, to be reviewed" in show(give, number, "en")[0]
    assert "To be reviewed by another by" in show(give, number, "en")[0]


def test_a_case_of_one_person_alone_has_no_such_part(give: Give, team: Team) -> None:
    number = open_case(team)
    team.turn(team.TELLER)
    text, data = show(give, number)
    assert "第二人" not in text
    assert data["second_person"] == []


def test_what_is_asked_about_a_confidential_step_is_not_shown_to_whom_need_not_know(give: Give, team: Team) -> None:
    number = open_case(team)
    ask(team, number, Matter.SET_ASIDE, REFERRAL)
    for turn, seen in ((team.TELLER, False), (team.AUDITOR, False), (team.COMPLIANCE, True)):
        team.turn(turn)
        text, data = show(give, number)
        assert ("第二人：" in text) is seen
        assert bool(data["second_person"]) is seen


def test_a_case_that_is_only_kept_says_so_and_who_wanted_it(give: Give, team: Team) -> None:
    number = open_case(team)
    with at(team, team.TELLER) as desk:
        case_id = desk.store.find(number)
        desk.close(case_id, Outcome.LEFT, 0, 0, 0)
    team.turn(team.COMPLIANCE)
    assert show(give, number)[0].startswith(f"案件 {number}（已结案）\n")
    with at(team, team.MANAGER) as desk:
        asked = desk.office.ask(EventKind.RESTRICTED, {}, about=case_id)
        desk.office_of(team.COMPLIANCE).approve(asked.subject)
    text, _ = show(give, number)
    assert text.startswith(f"案件 {number}（已限制处理）\n")
    assert f"{team.MANAGER} 申请" in text.partition("第二人：\n")[2]


def test_whoever_approves_a_new_member_sees_the_name(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    give("staff", "add", "6006", "--role", "teller", "--name", "马小红", "--why", "顶班")
    digits = json.loads(give("approvals", "list", "--json").out)[0]["id"][-4:]
    team.turn(team.SUPERVISOR)
    assert "姓名：马小红" in give("approvals", "show", digits).out.splitlines()


def test_lines_in_a_reason_cannot_look_like_lines_of_ours(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    give("staff", "suspend", team.TELLER, "--why", "休假\n状态：已批准\n  2026-01-01 00:00:00 2002 批准")
    digits = json.loads(give("approvals", "list", "--json").out)[0]["id"][-4:]
    team.turn(team.SUPERVISOR)
    lines = give("approvals", "show", digits).out.splitlines()
    assert [line for line in lines if "批准" in line] == ["    理由：休假 状态：已批准 2026-01-01 00:00:00 2002 批准"]


SAYING: Final[tuple[Callable[[str], tuple[str, ...]], ...]] = (
    lambda digits: ("approvals", "show", digits),
    lambda digits: ("approvals", "list"),
    lambda digits: ("approvals", "list", "--json"),
)


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x9b2J", "\u202e", "\u2066", "\x07", "\u2028"], ids=ascii)
def test_nothing_that_somebody_wrote_is_obeyed_by_the_terminal(give: Give, team: Team, evil: str) -> None:
    team.turn(team.MANAGER)
    give("staff", "suspend", team.TELLER, "--why", f"休假{evil}批准")
    digits = json.loads(give("approvals", "list", "--json").out)[0]["id"][-4:]
    team.turn(team.SUPERVISOR)
    for words in SAYING:
        assert evil not in give(*words(digits)).out
    assert "休假" in give("approvals", "show", digits).out
