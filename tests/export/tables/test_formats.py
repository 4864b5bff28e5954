"""Whatever the format, others read in it what the events say of the cases, and nothing that they would carry out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from assistant.batch.schema import write_schema
from assistant.export.stamped import WrittenStamp
from assistant.export.tables import workbook
from assistant.export.tables.columns import PERSONS, USUAL
from assistant.export.tables.layout import SHEETS, TableForm
from assistant.export.tables.schema import FILE, ExportedCase, make_schema
from assistant.store import Store
from rules.language import Catalogue, Language
from tests.export.tables.conftest import Counter
from tests.export.tables.rereading import read_cases, read_table
from tests.export.tables.staging import HOSTILE

SCHEMA: Final = Path(__file__).parents[3] / "docs" / "schema" / FILE


def export(counter: Counter, form: TableForm, *words: str) -> Path:
    """Have cases exported, in the codes that every format can have."""
    return counter.export(f"cases.{form}", *(["--codes"] if form in SHEETS else []), *words)


@pytest.mark.parametrize("form", TableForm)
def test_it_says_what_the_events_say(counter: Counter, form: TableForm) -> None:
    found = read_table(export(counter, form))
    told = read_cases(counter.path)
    assert [row["case_id"] for row in found] == [row["case_id"] for row in told]
    assert [{name: row[name] for name in told[0]} for row in found] == told
    assert [list(row) for row in found[:1]] == [[column.name for column in USUAL]] or form is TableForm.PARQUET


@pytest.mark.parametrize("form", TableForm)
def test_what_follows_from_the_events_is_what_the_case_says(counter: Counter, form: TableForm) -> None:
    found = {row["case_id"]: row for row in read_table(export(counter, form))}
    with Store.open(counter.path) as store:
        for row in store.list(limit=100):
            case, told = store.case(row.case_id).summary(), found[row.case_id]
            assert told["next_step"] == case.next_step
            assert told["traits"] == sorted(case.traits)
            assert (told["review"], told["reviewer"]) == (case.review, case.reviewer)
            assert told["due_at"] == (None if case.due_at is None else case.due_at // 1000)
            assert told["called_at"] == (None if case.called_at is None else case.called_at // 1000)
    assert all(any(row[name] for row in found.values()) for name in ("next_step", "traits", "review", "due_at"))


@pytest.mark.parametrize("form", TableForm)
def test_columns_are_those_that_are_named_in_that_order(counter: Counter, form: TableForm) -> None:
    path = export(counter, form, "--columns", "lost_fen,number,customer_phone,level", "--filter", "open")
    found, whole = read_table(path), {row["number"]: row for row in read_cases(counter.path)}
    assert {name for row in found for name in row} == {"lost", "number", "customer_phone", "level"}
    assert {row["number"]: row["level"] for row in found} == {
        number: row["level"] for number, row in whole.items() if row["state"] == "open"
    }
    assert {row["customer_phone"] for row in found} == {None, "+861****2850"} or form is TableForm.CSV
    if form is not TableForm.PARQUET:
        assert list(found[0]) == ["lost", "number", "customer_phone", "level"]


@pytest.mark.parametrize("form", TableForm)
def test_a_table_without_cases_is_a_table_all_the_same(counter: Counter, form: TableForm) -> None:
    assert read_table(export(counter, form, "--until", "2001-01-01")) == []


def test_the_document_fits_the_published_schema(counter: Counter) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert SCHEMA.read_text("utf-8") == write_schema(make_schema())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(counter.export("cases.json").read_text("utf-8")))
    everything = ",".join(column.name for column in (*USUAL, *PERSONS))
    whole = json.loads(counter.export("all.json", "--columns", everything).read_text("utf-8"))
    Draft202012Validator(schema).validate(whole)
    assert list(whole["cases"][0]) == list(ExportedCase.model_fields)
    assert set(whole["stamp"]) == set(WrittenStamp.model_fields)
    of_a_line = {**schema, "$ref": "#/$defs/ExportedCase"}
    for name in ("type", "properties", "required", "additionalProperties"):
        del of_a_line[name]
    for line in counter.export("cases.ndjson").read_text("utf-8").splitlines():
        Draft202012Validator(of_a_line).validate(json.loads(line))


def test_who_took_it_stands_in_it_or_beside_it(counter: Counter) -> None:
    import pyarrow.parquet
    from openpyxl import load_workbook

    stamps: dict[str, dict[str, Any]] = {}
    for form in (TableForm.CSV, TableForm.NDJSON):
        path = counter.export(f"cases.{form}", "--filter", "级别:报警")
        stamps[form] = json.loads(path.with_name(f"{path.name}.stamp.json").read_text("utf-8"))
    stamps["json"] = json.loads(counter.export("cases.json", "--filter", "级别:报警").read_text("utf-8"))["stamp"]
    schema = pyarrow.parquet.read_schema(counter.export("cases.parquet", "--filter", "级别:报警"))
    stamps["parquet"] = json.loads(schema.metadata[b"stamp"])
    for name, stamp in stamps.items():
        assert (stamp["by"], stamp["form"], stamp["filter"], stamp["masked"]) == ("c1", name, "level:police", True)
    book = load_workbook(counter.export("cases.xlsx", "--filter", "级别:报警"))
    told = {key: value for key, value, *_ in book.worksheets[0].iter_rows(values_only=True)}
    assert (told["导出工号"], told["条件"], told["个人信息"]) == ("c1", "级别:立即报警", "已掩码")
    assert told["案件数"] == len([row for row in read_cases(counter.path) if row["level"] == "police"])
    assert book.properties.creator == "c1"
    book.close()


def test_a_workbook_is_one_to_work_with(counter: Counter) -> None:
    from openpyxl import load_workbook

    book = load_workbook(counter.export("cases.xlsx", "--lang", "en"))
    summary, sheet = book.worksheets
    assert (summary.title, sheet.title, sheet.freeze_panes) == ("Summary", "Cases", "A2")
    assert sheet.auto_filter.ref == f"A1:V{sheet.max_row}"
    names = [cell.value for cell in sheet[1]]
    row = dict(zip(names, sheet[2], strict=True))
    assert (row["Opened at"].data_type, row["Opened at"].number_format) == ("d", "yyyy-mm-dd hh:mm:ss")
    assert (row["Amount (CNY)"].data_type, row["Amount (CNY)"].number_format) == ("n", "#,##0.00")
    assert row["Case number"].data_type in ("s", "inlineStr")
    told = [values[:2] for values in summary.iter_rows(values_only=True)]
    cases = read_cases(counter.path)
    assert ("Lost (CNY)", sum(row["lost"] or 0 for row in cases) / 100) in told
    assert ("Cases", len(cases)) in told
    assert ("left", sum(row["outcome"] == "left" for row in cases)) not in told
    assert ("customer left", sum(row["outcome"] == "left" for row in cases)) in told
    book.close()


def test_more_cases_than_a_sheet_holds_go_on_in_the_next(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl import load_workbook

    monkeypatch.setattr(workbook, "MOST_ROWS", 16)
    path = export(counter, TableForm.XLSX)
    book = load_workbook(path)
    assert [sheet.max_row for sheet in book.worksheets[1:]] == [16, 16, 13]
    assert [sheet.title for sheet in book.worksheets[1:]] == ["案件", "案件2", "案件3"]
    book.close()
    assert len(read_table(path)) == len(read_cases(counter.path)) == 42


@pytest.mark.parametrize("form", [TableForm.JSON, TableForm.NDJSON, TableForm.PARQUET])
def test_programs_get_every_text_to_the_letter(hostile: Counter, form: TableForm) -> None:
    columns = ("--columns", "opened_by,customer_name,payee_account", "--reveal", "police_request")
    found = read_table(export(hostile, form, *columns))
    assert [row["customer_name"] for row in found] == list(HOSTILE)[::-1]
    assert [row["payee_account"] for row in found] == list(HOSTILE)[::-1]
    assert [row["opened_by"] for row in found] == [value[:60] for value in HOSTILE][::-1]


@pytest.mark.parametrize("form", sorted(SHEETS))
def test_no_spreadsheet_carries_out_hides_or_changes_a_text(hostile: Counter, form: TableForm) -> None:
    columns = ("--columns", "opened_by,customer_name,payee_account", "--reveal", "police_request")
    found = read_table(export(hostile, form, *columns))
    assert len(found) == len(HOSTILE)
    for row, value in zip(found, list(HOSTILE)[::-1], strict=True):
        for name, whole in (("customer_name", value), ("payee_account", value), ("opened_by", value[:60])):
            cell = row[name]
            assert not set(cell) & set("\x00\x01\x07\x1b\r\u202e\u2066\ufffe"), name
            if form is TableForm.CSV:
                assert cell.lstrip("\u200b \t")[0] not in "=+-@＝＋－＠\t\r\n"
                assert not (cell.isdigit() and (len(cell) >= 12 or cell[0] == "0"))
                assert cell.removeprefix("'") == _show(whole)
            else:
                assert cell == _show(whole)[: len(cell) - 1] + "…" if len(whole) > 32_767 else cell == _show(whole)
    if form is TableForm.XLSX:
        _check_workbook(hostile.folder / "cases.xlsx")
        _check_reason(hostile.folder / "cases.xlsx")


def _show(text: str) -> str:
    """Return a text with what cannot be seen written by its code, the long way."""
    unseen = "\x00\x01\x07\x1b\r\u202e\u2066\ufffe"
    return "".join(f"\\u{ord(each):04x}" if each in unseen else each for each in text)


def _check_workbook(path: Path) -> None:
    """Hold that no cell of a workbook is a formula or a link."""
    from zipfile import ZipFile

    from lxml import etree

    with ZipFile(path) as book:
        sheets = [name for name in book.namelist() if Path(name).parent.name == "worksheets"]
        assert len(sheets) == 2
        for name in sheets:
            tree = etree.fromstring(book.read(name))
            assert not tree.xpath("//*[local-name()='f' or local-name()='hyperlink']")


def _check_reason(path: Path) -> None:
    """Hold that a workbook says why what is about persons stands in it in full."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    told = {key: value for key, value, *_ in book.worksheets[0].iter_rows(values_only=True)}
    assert told["个人信息"] == f"未掩码（{Catalogue('assistant.case')('reveal_reason.police_request', Language.ZH)}）"
    book.close()


@pytest.mark.parametrize("form", TableForm)
def test_masked_is_what_nothing_else_was_said_of(counter: Counter, form: TableForm) -> None:
    path = export(counter, form, "--columns", "number,customer_name,customer_id_number,customer_account,customer_phone")
    found = read_table(path)
    assert {row["customer_name"] for row in found} == {None, "虚*"}
    assert {row["customer_id_number"] for row in found} == {None, "110105********4734"}
    assert {row["customer_account"] for row in found} == {None, "**** 6389"}
    content = path.read_bytes()
    assert not any(word.encode() in content for word in ("虚构甲", "110105195309174734", "6217003847251906389"))
