"""The bytes of every format for cases and a clock that stand still: `GOLDEN=write pytest tests/export/tables` writes
them anew."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import ZipFile

import pytest

from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState, CaseSummary, Keeping
from assistant.case.traits import Trait
from assistant.export.stamp import Order, Stamp
from assistant.export.tables.columns import COLUMNS, PERSONS, USUAL
from assistant.export.tables.comma import write_csv
from assistant.export.tables.layout import Layout
from assistant.export.tables.lines import write_json, write_ndjson
from assistant.export.tables.parquet import write_parquet
from assistant.export.tables.wordbook import Wordbook
from assistant.export.tables.workbook import write_xlsx
from assistant.people.bodies import Leaving
from assistant.store.cases import COLUMNS as SOURCES
from assistant.store.cases import write_row
from rules.language import Language
from rules.loading import load_book
from tests.case.visits import NOON

PAGES: Final = Path(__file__).with_name("golden")
WRITERS: Final[dict[str, Callable[[Layout, Any, BinaryIO], int]]] = {
    "csv": write_csv,
    "json": write_json,
    "ndjson": write_ndjson,
}
CASES: Final = (
    CaseSummary(
        case_id="019a0000-0000-7000-8000-000000000002",
        opened_seq=9,
        number="0312-1124-001",
        opened_at=NOON + 86_400_123,
        changed_at=NOON + 90_000_999,
        opened_by="0042",
        state=CaseState.OPEN,
        request="transfer",
        level="police",
        next_step="call_110",
        typologies=("official_impersonation", "unheard_of"),
        due_at=NOON + 88_200_000,
        called_at=NOON + 86_500_000,
        amount_fen=5_000_001,
        outcome=None,
        at_risk_fen=None,
        protected_fen=None,
        lost_fen=None,
        traits=frozenset(),
        review=None,
        reviewer=None,
        events=7,
    ),
    CaseSummary(
        case_id="019a0000-0000-7000-8000-000000000001",
        opened_seq=2,
        number="0312-1123-001",
        opened_at=NOON,
        changed_at=NOON + 7_200_000,
        opened_by="t1",
        state=CaseState.CLOSED,
        request="help",
        level="hold",
        next_step=None,
        typologies=(),
        due_at=None,
        called_at=None,
        amount_fen=12_345_678_901,
        outcome=Outcome.PARTLY_INTERCEPTED,
        at_risk_fen=12_345_678_901,
        protected_fen=12_345_678_900,
        lost_fen=1,
        traits=frozenset({Trait.LOSS, Trait.LATE}),
        review=Standing.CLAIMED,
        reviewer="c1",
        events=12,
        keeping=Keeping.RESTRICTED,
    ),
)
PERSON: Final = ("虚*", "110105********4734", "**** 6389", "+861****2850", "=*", None, None, "", "138****5678")


def make_layout(language: Language) -> tuple[Layout, list[tuple[Any, ...]]]:
    """Return a table of two invented cases with every column there is, and its rows."""
    columns = (*USUAL, *PERSONS)
    names = tuple(column.name for column in columns)
    order = Order(Leaving.TABLE, "csv", language, filter="level:hold,police", columns=names, rulebooks=("2026.11.1",))
    stamp = Stamp(
        export="EX1-019a0000-0000-7000-8000-00000000000f",
        order=order,
        at=NOON,
        by="m1",
        outlet="0312",
        outlet_name="示范网点",
        zone="Asia/Shanghai",
        seq=20,
        hash="0" * 64,
        checkpoint="FC1 00000000 20 20251123T040000Z 000000-000000-000000-000000 ABCD",
    )
    sources = (*SOURCES, "marks", *(column.source for column in PERSONS))
    asked = {Language.ZH: "级别:暂缓办理,立即报警", Language.EN: "level:hold,police"}[language]
    layout = Layout(columns, sources, stamp, Wordbook(load_book(), language), language, asked=asked)
    return layout, [(*write_row(case), *PERSON) for case in CASES]


def hold(name: str, content: bytes) -> None:
    """Hold content against the page of that name; with GOLDEN=write, after writing it."""
    if os.environ.get("GOLDEN") == "write":
        PAGES.mkdir(exist_ok=True)
        (PAGES / name).write_bytes(content)
    assert (PAGES / name).read_bytes() == content


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", WRITERS)
def test_the_bytes_are_the_same(form: str, language: Language) -> None:
    layout, rows = make_layout(language)
    file = io.BytesIO()
    assert WRITERS[form](layout, iter([rows[:1], rows[1:]]), file) == len(rows)
    hold(f"cases.{language}.{form}", file.getvalue())


@pytest.mark.parametrize("language", Language)
def test_the_parts_of_a_workbook_are_the_same(language: Language, tmp_path: Path) -> None:
    layout, rows = make_layout(language)
    twice = []
    for name in ("first.xlsx", "second.xlsx"):
        with (tmp_path / name).open("w+b") as file:
            write_xlsx(layout, iter([rows]), file)
        twice.append((tmp_path / name).read_bytes())
    assert twice[0] == twice[1]
    with ZipFile(io.BytesIO(twice[0])) as book:
        parts = {name.replace("/", " "): book.read(name) for name in sorted(book.namelist())}
    # How they are packed depends on the library of this machine.
    told = {name: sha256(content).hexdigest() for name, content in parts.items()}
    hold(f"cases.{language}.xlsx.json", json.dumps(told, indent=1).encode() + b"\n")
    (cases,) = [content for name, content in parts.items() if name.endswith("sheet2.xml")]
    rows_of_cases = cases[cases.index(b"<sheetData>") : cases.index(b"</sheetData>")]
    hold(f"cases.{language}.xlsx.xml", rows_of_cases.replace(b"<row ", b"\n<row ") + b"\n")


def test_what_is_packed_in_columns_is_the_same() -> None:
    import pyarrow.parquet

    layout, rows = make_layout(Language.ZH)
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        assert write_parquet(layout, iter([rows[:1], rows[1:]]), file) == len(rows)
    assert files[0].getvalue() == files[1].getvalue()
    table = pyarrow.parquet.read_table(files[0])
    told = {
        "schema": {field.name: str(field.type) for field in table.schema},
        "stamp": json.loads(table.schema.metadata[b"stamp"]),
        "rows": json.loads(json.dumps(table.to_pylist(), default=str)),
    }
    hold("cases.parquet.json", json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")


def test_every_column_has_a_name_of_its_own() -> None:
    for language in Language:
        titles = [column.title(language) for column in COLUMNS.values()]
        assert len(set(titles)) == len(titles)
    for spelling in ("program_name", "sheet_name"):
        names = [getattr(column, spelling) for column in COLUMNS.values()]
        assert len(set(names)) == len(names)
