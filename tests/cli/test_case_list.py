"""`assistant case list` and `case search`: what is looked for is one line, kept under a name, and asked again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator

from assistant.register.schema import FILE, make_schema
from assistant.store import Store
from assistant.store.saved_filters import LONGEST_NAME, MOST_KEPT
from tests.cli.conftest import ROOT, Give

Rows: TypeAlias = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def file(demo_file: Path, tmp_path: Path) -> Path:
    """The demo's cases in a file of one's own."""
    return Path(shutil.copy(demo_file, tmp_path / "cases.db"))


@pytest.fixture
def rows(give: Give, file: Path) -> Rows:
    """Gives a command about the demo's cases and reads what it prints for programs."""

    def read(*words: str) -> list[dict[str, Any]]:
        answer = give("case", *words, "--json", "--db", str(file))
        assert (answer.status, answer.err) == (0, "")
        found: list[dict[str, Any]] = json.loads(answer.out)
        return found

    return read


def test_what_programs_get_is_as_the_published_schema_says(rows: Rows) -> None:
    schema = make_schema()
    assert json.loads((ROOT / "docs/schema" / FILE).read_text("utf-8")) == schema
    for words in (("list",), ("search", "虚构登记")):
        Draft202012Validator(schema).validate(rows(*words))


def test_the_list_is_narrowed_by_what_is_typed(rows: Rows) -> None:
    whole = rows("list")
    police = [row for row in whole if row["level"] == "police"]
    assert rows("list", "--filter", "级别:报警") == rows("list", "--filter", "level:police") == police
    large = [row for row in police if row["amount_fen"] >= 30_000_000 and "official_impersonation" in row["typologies"]]
    assert 0 < len(large) < len(police)
    assert rows("list", "--filter", "报警 类型:冒充公检法 金额>=30万") == large
    assert rows("list", "--filter", "有损失") == [row for row in whole if "loss" in row["traits"]]
    assert rows("list", "--filter", "报警", "--state", "open") == [row for row in police if row["state"] == "open"]


def test_what_is_late_now_is_open_unless_the_closed_are_asked_for(rows: Rows) -> None:
    late = rows("list", "--filter", "逾期")
    left = rows("list", "--filter", "逾期 状态:已结案")
    assert {row["state"] for row in late} == {"open"}
    assert {row["state"] for row in left} == {"closed"}
    assert rows("list", "--filter", "overdue", "--state", "closed") == left
    assert all(row["due_at"] is not None for row in [*late, *left])
    done_late = rows("list", "--filter", "超时")
    assert done_late == [row for row in rows("list") if "late" in row["traits"]] != []


def test_a_number_that_cannot_be_one_is_told_without_a_word_of_saving(
    give: Give, file: Path, type_in: Callable[[str], None]
) -> None:
    type_in("12\n")
    answer = give("case", "find", "--phone", "--db", str(file))
    assert (answer.status, answer.out) == (2, "")
    assert "电话号码" in answer.err
    assert "保存" not in answer.err


def test_it_goes_on_after_a_case(rows: Rows) -> None:
    whole = rows("list")
    first = rows("list", "--limit", "5")
    assert first + rows("list", "--before", first[-1]["number"]) == whole
    assert rows("list", "--before", whole[-1]["case_id"]) == []


def test_texts_are_searched(rows: Rows, give: Give, file: Path) -> None:
    found = rows("search", "虚构登记")
    assert found == rows("list", "--filter", "“虚构登记”")
    assert 0 < len(rows("search", "虚构登记", "派出所")) < len(found) < len(rows("list"))
    assert rows("search", "虚构登记", "--limit", "2") == found[:2]
    assert rows("search", "虚构登记", "--before", found[1]["number"]) == found[2:]
    assert rows("search", "虚构登记", "无人写过") == []
    assert give("case", "search", "无人写过", "--db", str(file)).out == "没有符合条件的案件。\n"


def test_a_filter_is_kept_under_a_name_and_asked_again(rows: Rows, give: Give, file: Path) -> None:
    db = str(file)
    assert give("case", "list", "--saved-filters", "--db", db).out == "没有保存的查找条件。\n"
    found = rows("list", "--filter", "级别:报警  近3天", "--save", "要紧的")
    assert rows("list", "--saved", "要紧的") == found
    assert rows("list", "--saved-filters") == [{"name": "要紧的", "line": "级别:报警 近3天"}]
    assert give("case", "list", "--filter", "逾期", "--save", "要紧的", "--db", db).err == "已保存查找条件“要紧的”。\n"
    assert give("case", "list", "--saved-filters", "--db", db).out == "要紧的：逾期\n"
    missed = give("case", "list", "--saved", "要紧", "--db", db)
    assert (missed.status, missed.out) == (2, "")
    assert "“要紧的”" in missed.err
    assert give("case", "list", "--drop", "要紧的", "--db", db).out == "没有保存的查找条件。\n"
    assert give("case", "list", "--drop", "要紧的", "--db", db).status == 2


def test_everybody_keeps_filters_for_himself(file: Path) -> None:
    with Store.open(file) as store:
        store.saved_filters.put("9001", "甲", "逾期")
        store.saved_filters.put("9002", "甲", "待复核")
        assert [kept.line for kept in store.saved_filters.list("9001")] == ["逾期"]
        assert [kept.line for kept in store.saved_filters.list("9002")] == ["待复核"]
        store.remake_cases()
        assert [kept.line for kept in store.saved_filters.list("9001")] == ["逾期"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--filter", "级别:报紧"], "报紧"),
        (["--filter", "尾号:1234", "--save", "某人"], "号码"),
        (["--filter", '"13917462850"', "--save", "某人"], "号码"),
        (["--filter", "电话:13917462850"], "case find"),
        (["--filter", "逾期", "--save", "  "], str(LONGEST_NAME)),
        (["--filter", "逾期", "--save", "长" * (LONGEST_NAME + 1)], str(LONGEST_NAME)),
        (["--filter", "逾期", "--saved", "某个"], "--saved"),
        (["--filter", "进行中", "--state", "closed"], "--state"),
        (["--filter", "进行中", "--state", "closed", "--save", "某人"], "--state"),
        (["--save", "某人"], "--filter"),
        (["--filter", " ", "--save", "某人"], "--filter"),
        (["--saved-filters", "--filter", "逾期", "--save", "某人"], "--saved-filters"),
        (["--drop", "某人", "--state", "open"], "--drop"),
        (["--filter", "金额>=5o"], "5o"),
        (["--limit", "0"], "--limit"),
        (["--before", "0312-0101-001"], "0312-0101-001"),
    ],
)
def test_what_cannot_be_looked_for_or_kept_says_so_and_keeps_nothing(
    give: Give, file: Path, words: list[str], said: str
) -> None:
    answer = give("case", "list", "--db", str(file), *words)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
    assert give("case", "list", "--saved-filters", "--db", str(file)).out == "没有保存的查找条件。\n"


def test_one_too_many_is_not_kept(give: Give, file: Path) -> None:
    for turn in range(MOST_KEPT):
        assert give("case", "list", "--filter", "逾期", "--save", f"第{turn}", "--db", str(file)).status == 0
    answer = give("case", "list", "--filter", "逾期", "--save", "又一个", "--db", str(file))
    assert answer.status == 2
    assert give("case", "list", "--filter", "等主管", "--save", "第3", "--db", str(file)).status == 0


@pytest.mark.parametrize("word", ["骗", " ", ""])
def test_one_character_is_not_searched(give: Give, file: Path, word: str) -> None:
    answer = give("case", "search", word, "--db", str(file))
    assert (answer.status, answer.out) == (2, "")
