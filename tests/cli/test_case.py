"""`assistant case`: what stands on disk, in plain text and for programs, without the private texts."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from assistant.case.bodies import BODIES
from assistant.store import Outlet, Store
from assistant.workplace import working_desk
from rules.facts import AgeBand, Answer, Known
from rules.language import Catalogue
from tests.cli.conftest import Give

Page: TypeAlias = Callable[[str, str], str]
VANISHED: Final = "9999-1120-001"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_reads_as_on_its_page(give: Give, page: Page, demo_file: Path, language: str) -> None:
    answer = give("case", "list", "--lang", language, "--db", str(demo_file))
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == page(f"case-list.{language}.txt", answer.out)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("number", [VANISHED, "9999-1123-001"])
def test_a_case_reads_as_on_its_page(give: Give, page: Page, demo_file: Path, language: str, number: str) -> None:
    answer = give("case", "show", number, "--lang", language, "--db", str(demo_file))
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == page(f"case-{number}.{language}.txt", answer.out)


def test_the_list_can_be_narrowed(give: Give, demo_file: Path) -> None:
    def listed(*words: str) -> list[str]:
        return give("case", "list", "--db", str(demo_file), *words).out.splitlines()

    both = listed()
    assert len(both) == 12
    assert listed("--state", "open") + listed("--state", "closed") == both
    assert listed("--limit", "3") == both[:3]


def test_an_empty_file_of_cases_says_so(give: Give, tmp_path: Path) -> None:
    path = str(tmp_path / "cases.db")
    give("init", "--outlet", "0312", "--name", "东汽支行", "--db", path)
    assert give("case", "list", "--db", path).out == "没有案件。\n"
    assert json.loads(give("case", "list", "--json", "--db", path).out) == []


def test_programs_get_the_same_cases(give: Give, demo_file: Path) -> None:
    rows = json.loads(give("case", "list", "--json", "--db", str(demo_file)).out)
    case = json.loads(give("case", "show", rows[-1]["case_id"], "--json", "--db", str(demo_file)).out)
    assert {name: case[name] for name in rows[-1]} == rows[-1]
    assert len(case["history"]) == case["events"]
    assert case["closing"]["at_risk"] == case["at_risk_fen"] == 28_600_000


def test_private_texts_are_counted_and_never_shown(give: Give, demo_file: Path) -> None:
    with Store.open(demo_file, read_only=True) as store:
        case = store.case(store.find(VANISHED))
    texts = [text for event in case.history for text in event.private.values()]
    for form in ((), ("--json",)):
        shown = give("case", "show", VANISHED, "--db", str(demo_file), *form).out
        assert [text for text in texts if text in shown] == []
    assert f"登记内容{len(texts)}项，未显示。" in give("case", "show", VANISHED, "--db", str(demo_file)).out
    assert json.loads(shown)["private_texts"] == len(texts) > 0


@pytest.mark.parametrize("words", [("list",), ("show", "0312-1123-001")])
def test_a_missing_file_is_told_and_not_made(give: Give, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "cases.db"
    answer = give("case", *words, "--db", str(path))
    assert (answer.status, answer.out) == (3, "")
    assert answer.err.startswith(f"找不到案件库 {path}")
    assert not path.exists()


def test_an_unknown_number_is_told(give: Give, demo_file: Path) -> None:
    answer = give("case", "show", "0312-0101-999", "--lang", "en", "--db", str(demo_file))
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith('There is no case "0312-0101-999".')


def test_a_list_that_was_made_anew_says_so_beside_the_list(give: Give, demo_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    shutil.copy(demo_file, path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM cases WHERE state = 'open'")
    answer = give("case", "list", "--db", str(path))
    assert answer.status == 0
    assert answer.err.startswith("列表（案件、申请或网点名称）与记录不一致，已按记录重新生成")
    assert len(answer.out.splitlines()) == 12


def test_every_kind_of_event_has_its_line_on_the_page(give: Give, tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    Store.create(path, Outlet("0312", "示范网点")).close()
    with working_desk(path) as desk:
        case_id = desk.open("transfer").case.id
        desk.ask(case_id, "payee", {"unknown_payee": (Answer.YES, Known.SAID)})
        desk.ask(case_id, "purpose", {}, set_aside=True)
        desk.clear(case_id, "family_confirmed", "女儿", "当面")
        desk.withdraw_clearing(case_id, "family_confirmed")
        desk.note_age(case_id, AgeBand.ELDER)
        desk.take_back(case_id)
        desk.note(case_id, "备注")
    shown = give("case", "show", "--db", str(path), case_id)
    assert (shown.status, shown.err) == (0, "")
    assert "问过：收款人跟您是什么关系" in shown.out
    assert "这次不问：这笔钱具体用在哪里" in shown.out
    words = Catalogue("assistant.plain")
    assert [kind for kind in BODIES if f"event.{kind}" not in words] == []
