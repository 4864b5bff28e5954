"""LibreOffice opens what is meant for a spreadsheet as it stands: every text as that text, no formula carried out."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from tests.export.tables.conftest import Counter
from tests.export.tables.rereading import read_cases
from tests.export.tables.staging import HOSTILE

OFFICE: Final = shutil.which("soffice")
SECONDS: Final = 120
INTO: Final = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Each cell as it is shown, with commas between, in UTF-8, a file for each sheet."""
AS_UTF8: Final = "--infilter=CSV:44,34,76,1"
PERSON: Final = "customer_name"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed on this machine"),
]


def open_in_office(path: Path, folder: Path) -> list[list[str]]:
    """Have LibreOffice open a table and say what stands in the cells of the sheet with the cases."""
    out = folder / f"{path.suffix[1:]}-opened"
    home = f"-env:UserInstallation=file://{folder / 'office'}"
    reading = [AS_UTF8] if path.suffix == ".csv" else []
    words = [str(OFFICE), home, "--headless", *reading, "--convert-to", INTO, "--outdir", str(out), str(path)]
    subprocess.run(words, capture_output=True, timeout=SECONDS, check=True)
    (made,) = [made for made in out.iterdir() if "汇总" not in made.name]
    with made.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def read_cells(path: Path) -> list[list[str]]:
    """Return what stands in the cells of a table as others read them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = load_workbook(path)["案件"]
    return [[unescape(str(cell or "")) for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_it_opens_with_every_case_in_chinese(counter: Counter, tmp_path: Path, form: str) -> None:
    head, *rows = open_in_office(counter.export(f"cases.{form}"), tmp_path)
    told = read_cases(counter.path)
    assert (head[0], head[1], head[2]) == ("案件ID", "案件编号", "开始时间")
    assert [(row[0], row[1]) for row in rows] == [(case["case_id"], case["number"]) for case in told]
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_text_becomes_a_formula_nor_another_text(hostile: Counter, tmp_path: Path, form: str) -> None:
    words = ("--columns", f"number,opened_by,{PERSON}", "--reveal", "review")
    path = hostile.export(f"cases.{form}", *words)
    opened, meant = open_in_office(path, tmp_path), read_cells(path)
    assert len(opened) == len(meant) == len(HOSTILE) + 1
    for shown, cells in zip(opened, meant, strict=True):
        assert [text.split() for text in shown] == [text.split() for text in cells]
