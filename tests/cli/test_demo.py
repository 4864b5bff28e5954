"""`assistant demo`: invented cases in a file of their own, that say so, and never at the cost of a real one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant.case.summary import CaseState
from assistant.demo.script import read_script
from assistant.people.logins import find_login
from assistant.people.roles import Role
from assistant.store import Store
from tests.cli.conftest import Give


def test_the_demo_lies_beside_the_file_of_cases_and_says_that_it_is_invented(
    give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DB", str(tmp_path / "cases.db"))
    answer = give("demo", "--no-open")
    path = tmp_path / "demo.db"
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        f"已生成12个虚构案件：{path}",
        "人员也是虚构的：您是网点负责人 9001；9002 至 9006 的密码都是 practice-only",
    ]
    assert not (tmp_path / "cases.db").exists()
    with Store.open(path) as store:
        assert (store.outlet.code, store.outlet.name) == ("9999", "演示网点（虚构数据）")
        assert store.warnings == []
        assert len(list(store.walk_chain())) == store.head().seq


def test_the_demo_shows_every_kind_of_visit(demo_file: Path) -> None:
    with Store.open(demo_file, read_only=True) as store:
        rows = store.list()
        cases = [store.case(row.case_id) for row in rows]
    assert len(rows) == len(read_script().visits) == 12
    assert {row.state for row in rows} == {CaseState.OPEN, CaseState.CLOSED}
    assert {row.level for row in rows} >= {"proceed", "ask", "hold", "police"}
    typologies = {typology for case in cases if case.advice for typology in case.advice.typologies}
    assert typologies >= {"official_impersonation", "mule", "account_takeover"}
    outcomes = {row.outcome for row in rows}
    assert outcomes >= {"intercepted", "partly_intercepted", "cleared", "passed_to_police", "left", None}


def test_the_demo_has_invented_staff_of_every_role_and_its_visits_came_to_one_of_the_tellers(demo_file: Path) -> None:
    script = read_script()
    with Store.open(demo_file, read_only=True) as store:
        roster, rows = store.roster, store.list()
    assert {member.role for member in roster.active} == set(Role)
    assert roster.find_login(find_login()) == roster.members[script.staff[0].number]
    assert {row.opened_by for row in rows} == {script.actor}
    assert roster.members[script.actor].role is Role.TELLER


def test_the_first_case_of_the_card_ends_with_the_money_in_class_1(demo_file: Path) -> None:
    with Store.open(demo_file, read_only=True) as store:
        (vanished,) = (case for row in store.list() if "money_missing" in (case := store.case(row.case_id)).answers)
    done = [step for step, record in vanished.steps.items() if record.outcome == "done"]
    order = ["locate_funds", "cancel_pending_order", "suspend_non_counter", "move_to_class_1", "stop_pay_class_2"]
    assert [step for step in done if step in order] == order
    assert {"reset_account_password", "reset_ebank_password", "call_110"} <= set(done)


def test_a_demo_file_is_made_anew_and_only_a_terminal_gets_the_screen(
    give: Give, demo_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "demo.db"
    shutil.copy(demo_file, path)
    first = json.loads(give("case", "list", "--json", "--db", str(path)).out)
    answer = give("demo", "--db", str(path))
    second = json.loads(give("case", "list", "--json", "--db", str(path)).out)
    assert answer.status == 2
    assert answer.out.startswith(f"已生成12个虚构案件：{path}\n")
    assert answer.err.startswith("柜面屏幕需要在终端窗口中打开")
    assert len(second) == len(first)
    assert {row["case_id"] for row in first}.isdisjoint(row["case_id"] for row in second)


def test_a_demo_that_is_made_anew_leaves_no_key_of_the_old_one_behind(
    give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASSISTANT_KEY")
    path, keys = tmp_path / "demo.db", tmp_path / "data" / "teller-assistant" / "keys"
    give("init", "--outlet", "0312", "--name", "东汽支行", "--db", str(tmp_path / "cases.db"))
    (real,) = keys.iterdir()
    old: set[Path] = set()
    for _ in range(2):
        assert give("demo", "--no-open", "--db", str(path)).status == 0
        (key,) = set(keys.iterdir()) - {real}
        assert key not in old
        old.add(key)
    with Store.open(path) as store:
        assert key.stem == store.db_id


def test_a_key_that_the_environment_names_outlives_the_demo(
    give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASSISTANT_KEY")
    key = tmp_path / "branch.key"
    monkeypatch.setenv("ASSISTANT_KEY_FILE", str(key))
    kept = []
    for _ in range(2):
        assert give("demo", "--no-open", "--db", str(tmp_path / "demo.db")).status == 0
        kept.append(key.read_bytes())
    assert kept[0] == kept[1]


def test_a_real_file_of_cases_is_refused_and_left_as_it_is(give: Give, tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    give("init", "--outlet", "0312", "--name", "东汽支行", "--db", str(path))
    link = tmp_path / "demo.db"
    link.symlink_to(path)
    before = path.read_bytes()
    for target in (path, link):
        answer = give("demo", "--no-open", "--db", str(target))
        assert (answer.status, answer.out) == (2, "")
        assert answer.err == f"{target} 不是演示库，没有改动它。演示请另选一个文件。\n"
    assert path.read_bytes() == before


def test_a_file_of_another_kind_is_refused_and_left_as_it_is(give: Give, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("亲爱的")
    answer = give("demo", "--no-open", "--db", str(path))
    assert (answer.status, answer.out) == (3, "")
    assert path.read_text() == "亲爱的"
