"""Who took what: an export is told with the case, the month or the filter that it was of, to whom that may be told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.cli.export.naming import read_document
from assistant.export.documents.kinds import DocumentName
from assistant.export.documents.words import WORDS
from rules.language import Language
from tests.export.giving import Giver, Said
from tests.outlet import lay
from tests.people.branch import AUDITOR, COMPLIANCE, SUPERVISOR, TELLER, Branch, make_full


def make_branch(path: Path) -> None:
    """Make a branch with two cases, of the teller and of the supervisor."""
    branch = Branch(path, make_full)
    branch.close(branch.open_case(TELLER))
    branch.close(branch.open_case(SUPERVISOR), SUPERVISOR)
    branch.store.close()


@pytest.fixture
def giver(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Giver:
    """The branch, with the supervisor giving the commands in a folder for exports."""
    for name in ("ASSISTANT_DB", "ASSISTANT_LANG", "ASSISTANT_EXPORTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    path = tmp_path / "cases.db"
    lay(path, make_branch)
    made = Giver(path, capsys)
    made.turn(SUPERVISOR)
    return made


def list_numbers(giver: Giver) -> list[str]:
    """Return the numbers of the cases, that of the teller first."""
    told = json.loads(giver.give("case", "list", "--json").out)
    return [row["number"] for row in sorted(told, key=lambda row: row["opened_by"] != TELLER)]


def take(giver: Giver, *words: str) -> Said:
    said = giver.give("export", *words)
    assert said.status == 0, said.err
    return said


def test_the_list_says_which_case_which_month_and_which_filter(giver: Giver) -> None:
    number, _ = list_numbers(giver)
    take(giver, "case", number, "--document", "案件摘要", "-o", "a.md")
    take(giver, "report", "--month", "2025-11", "-o", "b.html")
    take(giver, "cases", "-o", "c.csv", "--filter", "状态:已结案")
    take(giver, "cases", "-o", "d.csv")
    told = [line.split("  ") for line in giver.give("export", "list").out.splitlines()]
    heads, *rows = [[cell.strip() for cell in line if cell.strip()] for line in told]
    assert heads[2:4] == ["内容", "案件、月份或条件"]
    assert [row[2:5] for row in rows] == [
        ["案件表", "全部有权查看的案件", "csv"],
        ["案件表", "状态:已结案", "csv"],
        ["网点月报", "2025-11", "html"],
        ["案件摘要", number, "md"],
    ]
    listed = json.loads(giver.give("export", "list", "--json").out)
    assert [(each["number"], each["month"]) for each in listed] == [
        (None, None),
        (None, None),
        (None, "2025-11"),
        (number, None),
    ]


def test_who_verifies_a_file_learns_of_what_it_is(giver: Giver) -> None:
    number, _ = list_numbers(giver)
    take(giver, "case", number, "--document", "case_summary", "-o", "a.md")
    take(giver, "report", "--month", "2025-11", "-o", "b.html")
    take(giver, "cases", "-o", "c.csv", "--filter", "状态:已结案")
    assert f"案件摘要 {number}，md" in giver.give("verify-export", "a.md").out
    assert json.loads(giver.give("verify-export", "a.md", "--json").out)["number"] == number
    assert "网点月报 2025-11，html" in giver.give("verify-export", "b.html").out
    assert json.loads(giver.give("verify-export", "b.html", "--json").out)["month"] == "2025-11"
    assert "table of cases state:closed, csv" in giver.give("verify-export", "c.csv", "--lang", "en").out


def test_the_number_of_a_case_is_told_only_to_who_may_read_it(giver: Giver) -> None:
    own, others = list_numbers(giver)
    for name, number in (("own.md", own), ("others.md", others)):
        take(giver, "case", number, "--document", "case_summary", "-o", name)
    giver.turn(TELLER)
    assert own in giver.give("verify-export", "own.md").out
    for more in ((), ("--json",)):
        said = giver.give("verify-export", "others.md", *more)
        assert (said.status, others in said.out) == (0, False)
    assert json.loads(giver.give("verify-export", "others.md", "--json").out)["number"] is None


def test_of_a_confidential_paper_neither_name_nor_case_is_told_to_others(giver: Giver) -> None:
    number, _ = list_numbers(giver)
    giver.turn(COMPLIANCE)
    take(giver, "case", number, "--document", "可疑交易报告工作底稿", "-o", "paper.md")
    assert number in giver.give("export", "list").out
    assert number in giver.give("verify-export", "paper.md").out
    giver.turn(AUDITOR)
    for words in (("export", "list"), ("export", "list", "--json"), ("verify-export", "paper.md", "--json")):
        said = giver.give(*words)
        assert (said.status, number in said.out) == (0, False)


@pytest.mark.parametrize(
    ("words", "form"),
    [
        (["case", "--document", "摘要", "-o", "a.md"], "md"),
        (["case", "--document", "Case summary", "-o", "a.HTM"], "html"),
        (["case", "--document", "全部记录", "-o", "a.json"], "json"),
        (["case", "--document", "record", "-o", "a"], "json"),
        (["report", "-o", "r.html"], "html"),
        (["report", "-o", "r.markdown"], "md"),
    ],
)
def test_the_name_of_the_file_says_the_form(giver: Giver, words: list[str], form: str) -> None:
    command, *rest = words
    take(giver, command, *(list_numbers(giver)[:1] if command == "case" else ()), *rest)
    assert giver.exports()[0].body["form"] == form


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["case", "--document", "record", "-o", "a.pdf"], ".json"),
        (["case", "--document", "case_summary", "-o", "a.csv"], ".pdf"),
        (["case", "--document", "case_summary", "-o", "a.xml"], ".pdf"),
        (["case", "--document", "case_summary", "-o", "a.md", "--format", "html"], ".html"),
        (["case", "--document", "str_paper", "-o", "a.docx"], ".xml"),
        (["case", "--document", "告知书", "-o", "a.md"], "客户告知书 customer_notice"),
        (["case", "--document", "小票", "-o", "a.md"], "柜面"),
        (["documents", "--filter", "", "--document", "小票", "-o", "folder"], "receipt"),
        (["documents", "--filter", "自:2025-11-10 至:2025-11-01", "--document", "摘要", "-o", "folder"], "早于"),
        (["report", "-o", "r.xlsx"], ".html"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(giver: Giver, words: list[str], said: str) -> None:
    command, *rest = words
    answer = giver.give("export", command, *(list_numbers(giver)[:1] if command == "case" else ()), *rest)
    assert (answer.status, answer.out, list(Path.cwd().iterdir())) == (2, "", [])
    assert said in answer.err
    assert giver.exports() == ()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", DocumentName)
def test_every_document_is_known_by_its_name(name: DocumentName, language: Language) -> None:
    assert read_document(WORDS(f"name.{name}", language), "export case ") is name
    assert read_document(name.value.upper(), "export case ") is name
