"""The commands about people: one alone at first, and from the second person on nobody alone."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from assistant.case.events import EventKind
from assistant.people.logins import find_login
from assistant.people.requests import Standing
from assistant.people.signing import SignOn
from assistant.settings import SignOnSettings
from assistant.stamps import make_id, read_clock
from assistant.store import Outlet, Store
from tests.cli.conftest import Give, Said, Team
from tests.terminal import Terminal

Page: TypeAlias = Callable[[str, str], str]
TypeIn: TypeAlias = Callable[[str], None]
OWN: Final = "spruce-lantern-42"
NUMBER: Final = re.compile(r"approvals (?:approve|review) ([0-9a-f]{4,})")


def asked(said: Said) -> str:
    """Return the number of the request that a command says it made."""
    assert (said.status, said.err) == (0, "")
    found = NUMBER.search(said.out)
    assert found is not None
    return found[1]


def listed(give: Give) -> dict[str, dict[str, Any]]:
    return {row["number"]: row for row in json.loads(give("staff", "list", "--json").out)}


def sign_on(path: Path, number: str, password: str) -> bool:
    """Sign on with a password; tell whether it must be replaced first."""
    with Store.open(path) as store:
        return SignOn(store, SignOnSettings(), read_clock, make_id).sign_on(number, password).must_replace


def test_the_first_start_names_one_manager_and_says_what_to_do_next(give: Give, tmp_path: Path) -> None:
    path = str(tmp_path / "cases.db")
    answer = give("init", "--outlet", "0312", "--name", "东汽支行", "--manager", "1001", "--db", path)
    assert (answer.status, answer.err) == (0, "")
    assert "网点负责人：工号 1001" in answer.out
    assert "！！ 主密钥：" in answer.out
    assert "备份主密钥" in answer.out
    assert "assistant staff add" in answer.out
    assert "assistant staff password" in answer.out
    (row,) = json.loads(give("staff", "list", "--json", "--db", path).out)
    assert (row["number"], row["role"], row["login"]) == ("1001", "outlet_manager", find_login())


def test_without_a_number_the_manager_goes_by_the_os_login(give: Give, tmp_path: Path) -> None:
    path = str(tmp_path / "cases.db")
    give("init", "--outlet", "0312", "--name", "东汽支行", "--db", path)
    (row,) = json.loads(give("staff", "list", "--json", "--db", path).out)
    assert row["number"] == find_login()


def test_an_older_file_gets_its_manager_once(give: Give, tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    Store.create(path, Outlet("0312", "示范网点")).close()
    assert "staff first" in give("staff", "list", "--db", str(path)).out
    refused = give("staff", "add", "2002", "--role", "teller", "--db", str(path))
    assert (refused.status, refused.out) == (2, "")
    assert give("staff", "first", "--number", "1001", "--db", str(path)).out == "网点负责人：工号 1001\n"
    again = give("staff", "first", "--number", "1002", "--db", str(path))
    assert (again.status, again.out) == (2, "")
    assert again.err.startswith("本案件库已经指定了网点负责人")
    assert [row["number"] for row in json.loads(give("staff", "list", "--json", "--db", str(path)).out)] == ["1001"]


def handed_over(out: str, number: str) -> str:
    """Return the password for one use that a command shows."""
    return out.partition(f"{number} 的一次性密码：")[2].splitlines()[0]


def test_the_second_person_is_named_alone_and_must_be_able_to_approve(
    give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cases.db"
    monkeypatch.setenv("ASSISTANT_DB", str(path))
    give("init", "--outlet", "0312", "--name", "东汽支行", "--manager", "1001")
    refused = give("staff", "add", "2002", "--role", "teller")
    assert (refused.status, refused.out) == (5, "")
    assert refused.err.startswith("第二位人员必须能批准申请")
    named = give("staff", "add", "2002", "--role", "supervisor", "--name", "李四")
    assert named.out.startswith("已办理：添加人员 2002（营运主管）")
    password = handed_over(named.out, "2002")
    assert sign_on(path, "2002", password) is True
    assert listed(give)["2002"]["name"] == "李四"


def test_from_then_on_one_asks_and_another_approves(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    said = give("staff", "add", "6006", "--role", "teller", "--login", "ma", "--why", "顶班")
    number = asked(said)
    assert "6006" not in listed(give)
    refused = give("approvals", "approve", number)
    assert (refused.status, refused.out) == (5, "")
    assert refused.err.startswith("申请人和批准人不能是同一人")
    assert number in give("approvals", "list").out

    team.turn(team.SUPERVISOR)
    shown = give("approvals", "show", number).out
    assert "添加人员 6006（柜员），系统用户 ma" in shown
    assert "理由：顶班" in shown
    approved = give("approvals", "approve", number, "--why", "已核实")
    assert approved.out == f"申请 {number} 已批准：添加人员 6006（柜员），系统用户 ma\n"
    assert (listed(give)["6006"]["role"], listed(give)["6006"]["login"]) == ("teller", "ma")
    assert give("approvals", "list").out == "没有等待第二人的申请。\n"
    assert "理由：已核实" in give("approvals", "show", number).out


@pytest.mark.parametrize(
    ("turn", "words", "standing"),
    [
        (Team.SUPERVISOR, ("decline", "--why", "无此人"), "未批准"),
        (Team.MANAGER, ("withdraw",), "已撤回"),
    ],
    ids=["declined", "withdrawn"],
)
def test_nothing_comes_of_what_was_declined_or_withdrawn(
    give: Give, team: Team, turn: str, words: tuple[str, ...], standing: str
) -> None:
    team.turn(team.MANAGER)
    number = asked(give("staff", "role", team.TELLER, "supervisor"))
    team.turn(turn)
    assert standing in give("approvals", words[0], number, *words[1:]).out
    assert listed(give)[team.TELLER]["role"] == "teller"
    again = give("approvals", "approve", number)
    assert (again.status, again.out) == (5, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", Team.TELLER, "--role", "teller"), "这个工号已经有人用了。"),
        (("restore", "9999"), "没有这个工号。"),
        (("role", Team.MANAGER, "teller"), "这是最后一位在岗的网点负责人"),
        (("add", "60 06", "--role", "teller"), "要记录的内容格式不对"),
    ],
    ids=["taken", "unknown", "last manager", "no number"],
)
def test_what_could_never_be_done_is_refused_before_it_waits(
    give: Give, team: Team, words: tuple[str, ...], said: str
) -> None:
    team.turn(team.MANAGER)
    answer = give("staff", *words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(said)
    assert give("approvals", "list").out == "没有等待第二人的申请。\n"


def test_whoever_approves_a_reset_gets_the_password_for_one_use(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    said = give("staff", "reset", team.TELLER)
    number = asked(said)
    assert "一次性密码" not in said.out
    team.turn(team.SUPERVISOR)
    approved = give("approvals", "approve", number).out
    password = handed_over(approved, team.TELLER)
    assert approved.endswith("只显示这一次。请当面转交，首次登录须更换。\n")
    assert sign_on(team.path, team.TELLER, password) is True
    assert listed(give)[team.TELLER]["password"] == "once"  # noqa: S105 (a state)


def test_an_emergency_is_done_at_once_and_reviewed_by_another(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    said = give("staff", "suspend", team.TELLER, "--emergency", "nobody_in_reach")
    number = asked(said)
    assert said.out.startswith(f"已应急办理：停用 {team.TELLER}。")
    assert listed(give)[team.TELLER]["active"] is False
    assert give("approvals", "review", number, "--upheld").status == 5

    team.turn(team.COMPLIANCE)
    assert "应急原因：联系不上能批准的人" in give("approvals", "show", number).out
    assert give("approvals", "review", number).err.startswith("请写明 --upheld 或 --faulted 之一。")
    assert "复核不认可" in give("approvals", "review", number, "--faulted", "--why", "可以等").out
    with Store.open(team.path) as store:
        asked_for = {request.kind: request.standing for request in store.list_requests(waiting=False)}
    assert asked_for[EventKind.MEMBER_SUSPENDED] is Standing.FAULTED


def test_only_a_suspension_can_be_an_emergency(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    assert give("staff", "restore", team.TELLER, "--emergency", "nobody_in_reach").status == 2
    wrong = give("staff", "suspend", team.TELLER, "--emergency", "because")
    assert (wrong.status, wrong.out) == (2, "")
    assert wrong.err.startswith("--emergency 只能是 nobody_in_reach, immediate_danger, system_down。")


def test_a_login_is_bound_and_unbound_by_two(give: Give, team: Team) -> None:
    for words, login in ((("bind", team.TELLER, "--login", "ma"), "ma"), (("unbind", team.TELLER), None)):
        team.turn(team.MANAGER)
        number = asked(give("staff", *words))
        team.turn(team.SUPERVISOR)
        give("approvals", "approve", number)
        assert listed(give)[team.TELLER]["login"] == login


def test_one_sets_ones_own_password_and_the_next_takes_the_present_one(give: Give, team: Team, type_in: TypeIn) -> None:
    team.turn(team.TELLER)
    type_in("12345678\n")
    weak = give("staff", "password")
    assert (weak.status, weak.out) == (2, "")
    type_in(f"{OWN}\n")
    assert give("staff", "password").out == f"已设置密码：工号 {team.TELLER}\n"
    assert sign_on(team.path, team.TELLER, OWN) is False
    type_in("something else\nanother-lantern-43\n")
    assert give("staff", "password").status == 5
    type_in(f"{OWN}\nanother-lantern-43\n")
    assert give("staff", "password").status == 0
    assert sign_on(team.path, team.TELLER, "another-lantern-43") is False
    type_in("")
    assert give("staff", "password").err.startswith("没有读到输入的内容")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_of_permissions_reads_as_on_its_page(give: Give, page: Page, language: str) -> None:
    answer = give("staff", "moves", "--lang", language)
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == page(f"staff-moves.{language}.txt", answer.out)


def test_another_name_of_the_outlet_takes_two_and_stays(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    number = asked(give("outlet", "rename", "新城支行"))
    assert give("outlet", "show").out.startswith("网点 0312 示范网点（Asia/Shanghai）\n")
    team.turn(team.SUPERVISOR)
    with Store.open(team.path) as running:
        give("approvals", "approve", number)
        assert (running.outlet.code, running.outlet.name) == ("0312", "新城支行")
    assert give("outlet", "show").out.startswith("网点 0312 新城支行（Asia/Shanghai）\n")
    with Store.open(team.path) as store:
        assert store.outlet.name == "新城支行"
        assert store.remake_cases() == 0
        assert store.outlet.name == "新城支行"


COMMANDS: Final = (
    ("case", "list"),
    ("case", "show", "0312-0101-001"),
    ("case", "find", "--last4", "1234"),
    ("case", "reveal", "0312-0101-001", "--reason", "review"),
    ("staff", "list"),
    ("staff", "add", "7007", "--role", "teller"),
    ("staff", "password"),
    ("approvals", "list"),
    ("approvals", "approve", "abcd"),
    ("outlet", "show"),
    ("outlet", "rename", "x"),
    ("access", "list"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_nobody_is_told_to_sign_on_and_nothing_is_written(
    give: Give, team: Team, type_in: TypeIn, words: tuple[str, ...]
) -> None:
    type_in("")
    with Store.open(team.path) as store:
        before = store.head()
    answer = give(*words)
    assert (answer.status, answer.out) == (5, "")
    assert answer.err.startswith(f"还没有人登录：操作系统用户 {find_login()} 没有绑定工号。")
    with Store.open(team.path) as store:
        assert store.head() == before


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (Team.TELLER, ("staff", "add", "7007", "--role", "teller")),
        (Team.SUPERVISOR, ("staff", "suspend", Team.TELLER)),
        (Team.AUDITOR, ("staff", "reset", Team.TELLER)),
        (Team.COMPLIANCE, ("outlet", "rename", "x")),
        (Team.TELLER, ("access", "list")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_the_role_does_not_allow_is_refused_with_a_sentence(
    give: Give, team: Team, number: str, words: tuple[str, ...]
) -> None:
    team.turn(number)
    with Store.open(team.path) as store:
        before, role = store.head(), store.roster.members[number].role
    answer = give(*words, "--lang", "en")
    assert (answer.status, answer.out) == (5, "")
    assert answer.err.startswith(f"The role of {role.value.replace('_', ' ')} may not do this")
    with Store.open(team.path) as store:
        assert store.head() == before


def test_a_teller_sees_the_requests_of_others_neither_in_the_list_nor_by_number(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    number = asked(give("staff", "reset", team.OTHER))
    team.turn(team.TELLER)
    assert give("approvals", "list", "--all").out == "还没有申请。\n"
    answer = give("approvals", "show", number)
    assert (answer.status, answer.out) == (5, "")
    assert answer.err.startswith(f"没有找到申请 {number}")


def test_at_a_terminal_number_and_password_are_asked_for(give: Give, team: Team, type_in: TypeIn) -> None:
    team.turn(team.TELLER)
    type_in(f"{OWN}\n")
    give("staff", "password")
    team.turn("")
    command = [sys.executable, "-m", "assistant.cli", "outlet", "show", "--lang", "en"]
    with Terminal(command) as terminal:
        terminal.see("Staff number:")
        terminal.send(f"{team.TELLER}\r")
        terminal.see("Password:")
        terminal.send(f"{OWN}\r")
        terminal.see("Outlet 0312 示范网点")
        terminal.see_no(OWN)


def test_the_staff_prints_no_hash_and_no_password(give: Give, team: Team, type_in: TypeIn) -> None:
    team.turn(team.TELLER)
    type_in(f"{OWN}\n")
    give("staff", "password")
    for words in (("staff", "list"), ("staff", "list", "--json")):
        shown = give(*words).out
        assert OWN not in shown
        assert "argon2" not in shown
