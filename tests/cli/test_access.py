"""Who may look at which case from the command line, what of it is shown, and that every look is on record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final, TypeAlias

import pytest

from assistant.case.events import Outcome, Reason
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from assistant.store import Store
from assistant.workplace import working_desk
from rules.facts import Answer, Known, StepOutcome
from tests.cli.conftest import Give, Team

TypeIn: TypeAlias = Callable[[str], None]
PHONE: Final = "13800138000"
ACCOUNT: Final = "6222021234567890123"
NAME: Final = "欧阳小满"
REFERRAL: Final = "str_referral"


@contextmanager
def at(team: Team, number: str) -> Iterator[Desk]:
    """Let somebody work at the counter."""
    with working_desk(team.path, actor=number) as desk:
        yield desk


def open_case(team: Team, number: str) -> str:
    """Open a case with a person in it, and return its number."""
    with at(team, number) as desk:
        case_id = desk.open("transfer").case.id
        desk.note_particulars(case_id, Party.CUSTOMER, Field.PHONE, PHONE)
        desk.note_particulars(case_id, Party.CUSTOMER, Field.NAME, NAME)
        desk.note_particulars(case_id, Party.PAYEE, Field.ACCOUNT, ACCOUNT)
        return desk.store.case(case_id).number


def close_case(team: Team, number: str, actor: str) -> None:
    with at(team, actor) as desk:
        desk.close(desk.store.find(number), Outcome.LEFT, 0, 0, 0)


def open_referral(team: Team, *, record: bool = False) -> str:
    """Open a case that a suspicious transaction report is advised in, and return its number."""
    with at(team, team.TELLER) as desk:
        case_id = desk.open("account_opening").case.id
        sheet = desk.answer(case_id, "id_mismatch", Answer.YES, Known.VERIFIED)
        assert sheet.case.history
        number = desk.store.case(case_id).number
    with at(team, team.SUPERVISOR) as desk:
        assert desk.resume(case_id).step(REFERRAL) is not None
        if record:
            desk.record_step(case_id, REFERRAL, StepOutcome.NOT_APPLICABLE, Reason.HANDED_OVER)
    return number


def accesses(give: Give, *words: str) -> list[tuple[Any, ...]]:
    rows = json.loads(give("access", "list", "--json", *words).out)
    return [(row["actor"], row["how"], row["reason"], row["number"]) for row in rows]


def test_every_look_at_a_case_is_on_record_newest_first(give: Give, team: Team) -> None:
    first, second = open_case(team, team.TELLER), open_case(team, team.OTHER)
    team.turn(team.SUPERVISOR)
    assert give("case", "show", first).status == 0
    assert give("case", "reveal", second, "--reason", "police_request").status == 0
    expected = [
        (team.SUPERVISOR, "revealed", "police_request", second),
        (team.SUPERVISOR, "opened", None, first),
    ]
    assert accesses(give) == expected
    assert accesses(give, "--limit", "1") == expected[:1]
    assert accesses(give, "--case", first) == expected[1:]
    table = give("access", "list").out.splitlines()
    assert table[0].split() == ["时间", "工号", "方式", "案件", "原因"]
    assert table[1].split()[2:] == [team.SUPERVISOR, "显示全部", second, "公安机关要求"]


def test_where_nobody_looked_the_list_says_so(give: Give, team: Team) -> None:
    team.turn(team.AUDITOR)
    assert give("access", "list").out == "没有访问记录。\n"


def test_a_teller_lists_and_shows_only_what_a_teller_may_read(give: Give, team: Team) -> None:
    own, closed, others = (open_case(team, number) for number in (team.TELLER, team.OTHER, team.OTHER))
    close_case(team, own, team.TELLER)
    close_case(team, closed, team.OTHER)
    team.turn(team.TELLER)
    assert [row["number"] for row in json.loads(give("case", "list", "--json").out)] == [others, own]
    assert [row["number"] for row in json.loads(give("case", "list", "--json", "--limit", "1").out)] == [others]
    assert closed not in give("case", "list").out
    refused = give("case", "show", closed)
    assert (refused.status, refused.out) == (5, "")
    assert refused.err.startswith("柜员只能对自己建的案件做这一步（查看案件）")
    team.turn(team.AUDITOR)
    assert len(give("case", "list").out.splitlines()) == 3


def test_a_case_is_shown_with_what_is_about_a_person_masked(give: Give, team: Team) -> None:
    number = open_case(team, team.TELLER)
    team.turn(team.TELLER)
    for form in ((), ("--json",)):
        shown = give("case", "show", number, *form).out
        assert "138****8000" in shown
        assert "**** 0123" in shown
        assert [secret for secret in (PHONE, ACCOUNT, NAME) if secret in shown] == []


def test_revealed_it_stands_in_full_between_two_marks_of_who_and_when(give: Give, team: Team) -> None:
    number = open_case(team, team.TELLER)
    team.turn(team.TELLER)
    lines = give("case", "reveal", number, "--reason", "call_back").out.splitlines()
    assert lines[0] == lines[-1]
    assert f"仅供 {team.TELLER} 使用" in lines[0]
    assert "回拨核实" in lines[0]
    assert lines[1:-1] == [f"  客户 姓名：{NAME}", f"  客户 电话：{PHONE}", f"  收款人 账号或卡号：{ACCOUNT}"]


@pytest.mark.parametrize(
    ("turn", "reason", "status"),
    [(Team.OTHER, "review", 5), (Team.AUDITOR, "review", 5), (Team.TELLER, "curious", 2)],
    ids=["another teller", "auditor", "no such reason"],
)
def test_what_may_not_be_revealed_is_not(give: Give, team: Team, turn: str, reason: str, status: int) -> None:
    number = open_case(team, team.TELLER)
    team.turn(turn)
    answer = give("case", "reveal", number, "--reason", reason)
    assert (answer.status, answer.out) == (status, "")
    assert PHONE not in answer.err


def test_a_case_is_found_by_the_last_digits_or_by_a_number_that_is_typed(
    give: Give, team: Team, type_in: TypeIn
) -> None:
    number = open_case(team, team.TELLER)
    team.turn(team.TELLER)
    assert "[收款人：账号或卡号]" in give("case", "find", "--last4", "0123").out
    type_in("138 0013 8000\n")
    (row,) = json.loads(give("case", "find", "--phone", "--json").out)
    assert (row["number"], row["party"], row["field"]) == (number, "customer", "phone")
    type_in(f"{ACCOUNT}\n")
    assert number in give("case", "find", "--account").out
    type_in("13912345678\n")
    assert give("case", "find", "--phone").out == "没有找到可以查看的案件。\n"


def test_what_is_found_is_shown_only_to_whom_may_read_it(give: Give, team: Team) -> None:
    number = open_case(team, team.OTHER)
    close_case(team, number, team.OTHER)
    team.turn(team.TELLER)
    assert give("case", "find", "--last4", "0123").out == "没有找到可以查看的案件。\n"
    team.turn(team.COMPLIANCE)
    assert number in give("case", "find", "--last4", "0123").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "请写明一种号码"),
        (("--phone", "--account"), "请写明一种号码"),
        (("--last4", "123"), "--last4 须是号码的后四位"),
        (("--phone", PHONE), "不认识“"),
    ],
    ids=["nothing", "two", "three digits", "a number on the command line"],
)
def test_a_wrong_way_to_look_for_a_number_is_one_sentence(
    give: Give, team: Team, words: tuple[str, ...], said: str
) -> None:
    team.turn(team.TELLER)
    answer = give("case", "find", *words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(said)


@pytest.mark.parametrize("record", [False, True], ids=["advised", "recorded"])
def test_what_concerns_a_suspicious_transaction_report_is_hidden_from_whom_need_not_know(
    give: Give, team: Team, *, record: bool
) -> None:
    number = open_referral(team, record=record)
    for turn, seen in ((team.TELLER, False), (team.AUDITOR, False), (team.SUPERVISOR, True)):
        team.turn(turn)
        text, data = give("case", "show", number), give("case", "show", number, "--json")
        assert (text.status, data.status) == (0, 0)
        assert ("可疑交易" in text.out) is seen
        assert (REFERRAL in data.out) is seen
        assert ("s-opening-referral" in data.out) is seen
        (row,) = json.loads(give("case", "list", "--json").out)
        assert row == {name: json.loads(data.out)[name] for name in row}


def test_only_who_may_know_all_of_a_case_has_it_explained(give: Give, team: Team) -> None:
    number = open_referral(team)
    team.turn(team.TELLER)
    refused = give("rules", "explain", number)
    assert (refused.status, refused.out) == (5, "")
    team.turn(team.COMPLIANCE)
    assert give("rules", "explain", number).status == 0
    assert accesses(give)[0] == (team.COMPLIANCE, "opened", None, number)


def test_the_steps_of_a_concealed_case_are_counted_as_they_are_shown(give: Give, team: Team) -> None:
    number = open_referral(team)
    team.turn(team.TELLER)
    case = json.loads(give("case", "show", number, "--json").out)
    advised = [event["body"] for event in case["history"] if event["kind"] == "advised"]
    assert all(before != after for before, after in pairwise(advised))
    last = advised[-1]["steps"]
    assert [step["id"] for step in last] == [step["id"] for step in case["advice"]["steps"]]
    assert f"{len(last)}个步骤" in give("case", "show", number).out


def test_looking_at_a_case_is_refused_before_anything_is_recorded(give: Give, team: Team) -> None:
    number = open_case(team, team.OTHER)
    close_case(team, number, team.OTHER)
    with Store.open(team.path) as store:
        before = store.list_accesses()
    team.turn(team.TELLER)
    assert give("case", "show", number).status == 5
    with Store.open(team.path) as store:
        assert store.list_accesses() == before
