"""A table is asked for in one's own words: by the name of the file, the titles of columns, and days."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Final
from zipfile import is_zipfile

import pytest

from assistant.case.subjects import EXPORT
from assistant.export.tables.columns import COLUMNS
from assistant.export.tables.layout import TableForm
from assistant.store import Store
from rules.language import Language
from tests.export.tables.conftest import Counter
from tests.export.tables.rereading import read_cases, read_table

ROOT: Final = Path(__file__).parents[3]


def list_forms(counter: Counter) -> list[object]:
    with Store.open(counter.path) as store:
        return [event.body["form"] for event in store.read_log(EXPORT)]


@pytest.mark.parametrize("name", ["cases.csv", "cases.xlsx", "cases.json", "cases.ndjson", "cases.parquet"])
def test_the_name_of_the_file_says_the_form(counter: Counter, name: str) -> None:
    by_name, said = counter.folder / name, counter.give("export", "cases", "-o", name)
    assert said.status == 0, said.err
    by_option = counter.export(f"option_{name}")
    assert list_forms(counter) == [by_option.suffix[1:]] * 2
    if by_name.suffix not in (".json", ".xlsx", ".parquet"):
        # Of the others each has a stamp of its own in it.
        assert by_name.read_bytes() == by_option.read_bytes()
    assert is_zipfile(by_name) is (by_name.suffix == ".xlsx")


@pytest.mark.parametrize(
    ("name", "form"), [("A.XLSX", "xlsx"), ("a.jsonl", "ndjson"), ("cases", "csv"), (".csv", "csv")]
)
def test_case_does_not_count_and_without_an_ending_it_is_the_usual_form(counter: Counter, name: str, form: str) -> None:
    assert counter.give("export", "cases", "-o", name).status == 0
    assert list_forms(counter) == [form]


def test_a_form_that_is_named_may_have_any_name_that_promises_no_other(counter: Counter) -> None:
    for name in ("cases.txt", "2025.11", "cases.jsonl"):
        assert counter.give("export", "cases", "--format", "ndjson", "-o", name).status == 0
    assert list_forms(counter) == ["ndjson"] * 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "cases.pdf"], ".xlsx"),
        (["-o", "cases.xls"], ".xlsx"),
        (["-o", "cases.2025-11"], "--format"),
        (["-o", "cases.csv", "--format", "xlsx"], ".xlsx"),
        (["-o", "cases.PDF", "--format", "csv"], ".csv"),
        (["-o", "cases.xlsx", "--no-bom"], "--no-bom"),
    ],
)
def test_a_name_that_promises_what_it_is_not_is_refused(counter: Counter, words: list[str], said: str) -> None:
    answer = counter.give("export", "cases", *words)
    assert (answer.status, answer.out, counter.left()) == (2, b"", set())
    assert said in answer.err
    assert list_forms(counter) == []


def test_every_column_is_known_by_its_id_and_by_what_stands_over_it(counter: Counter) -> None:
    for language in Language:
        titles = [column.title(language) for column in COLUMNS.values()]
        path = counter.export(f"{language}.csv", "--columns", ",".join(titles), "--lang", language)
        with io.StringIO(path.read_text("utf-8-sig"), newline="") as text:
            assert next(csv.reader(text)) == titles
    by_title = counter.export("title.csv", "--columns", "编号，涉及金额、级别")
    assert by_title.read_bytes() == counter.export("id.csv", "--columns", "number,amount,level").read_bytes()


@pytest.mark.parametrize(
    ("day", "line"), [("昨天", "自:昨天"), ("last-week", "自:上周"), ("近7天", "近7天"), ("11-24", "自:11-24")]
)
def test_a_day_beside_the_line_is_what_it_is_in_it(counter: Counter, day: str, line: str) -> None:
    beside = counter.export("beside.ndjson", "--since", day)
    assert beside.read_bytes() == counter.export("line.ndjson", "--filter", line).read_bytes()


@pytest.mark.parametrize("form", TableForm)
def test_a_table_without_a_case_is_told_as_such(counter: Counter, form: TableForm) -> None:
    said = counter.give("export", "cases", "--until", "1999-12-31", "-o", f"cases.{form}")
    assert (said.status, said.err.splitlines()[0]) == (0, "没有符合条件的案件，文件里一件也没有。")
    assert read_table(counter.folder / f"cases.{form}") == []


def test_how_many_went_to_standard_output_is_told_beside_it(counter: Counter) -> None:
    said = counter.give("export", "cases", "-o", "-", "--lang", "en")
    assert f"Sent: {len(read_cases(counter.path))} cases, {len(said.out):,} bytes." in said.err
    none = counter.give("export", "cases", "-o", "-", "--until", "1999-12-31", "--lang", "en")
    assert none.err.startswith("No case fits")
    assert none.out.count(b"\r\n") == 1


@pytest.mark.parametrize("target", ["nowhere/cases.csv", "nowhere/deeper/cases.xlsx"])
def test_a_folder_that_is_not_there_is_a_word_that_cannot_be_used(counter: Counter, target: str) -> None:
    said = counter.give("export", "cases", "-o", target)
    assert (said.status, counter.left()) == (2, set())
    assert f"没有文件夹 {counter.folder / target.rpartition('/')[0]}" in said.err


def test_the_sheet_in_front_says_the_filter_in_the_words_of_the_table(counter: Counter) -> None:
    from openpyxl import load_workbook

    told = []
    for name, words in (("zh.xlsx", ()), ("en.xlsx", ("--lang", "en")), ("codes.xlsx", ("--codes",))):
        line = ("--filter", "级别:报警,暂缓 自:2025-11-24", *words)
        book = load_workbook(counter.export(name, *line))
        told += [row[1] for row in book.worksheets[0].iter_rows(values_only=True) if row[0] in ("条件", "Filter")]
        book.close()
    assert told == [
        "级别:暂缓办理,立即报警 自:2025-11-24",
        "level:hold,police from:2025-11-24",
        "level:hold,police from:2025-11-24T00:00:00+08:00",
    ]


def test_a_reader_that_leaves_early_is_let_go_in_silence(counter: Counter) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    words = [sys.executable, "-m", "assistant.cli", "export", "cases", "-o", "-", "--db", str(counter.path)]
    try:
        run = subprocess.run(words, cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, timeout=60)
    finally:
        os.close(theirs)
    assert (run.returncode, run.stderr) == (0, b"")
    assert list_forms(counter) == ["csv"]
