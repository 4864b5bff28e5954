"""What stands in a cell, whatever the value and wherever the outlet: times, amounts, and texts that stay texts."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.export.stamp import Order, Stamp
from assistant.export.tables.cells import Quarters, Yuan, are_plain, defuse, narrow, show, write_narrow
from assistant.export.tables.columns import COLUMNS
from assistant.export.tables.comma import write_csv
from assistant.export.tables.layout import Layout
from assistant.export.tables.lines import write_ndjson
from assistant.export.tables.loom import Form, Piece, weave
from assistant.export.tables.wordbook import Wordbook
from assistant.people.bodies import Leaving
from rules.language import Language

ZONES: Final = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = 946_684_800_000, 2_208_988_800_000
"""The years 2000 to 2039."""
CHANGED: Final = 1_743_296_400_000
"""When clocks were changed in Europe in 2025."""
moments = st.integers(FIRST, LAST) | st.integers(CHANGED - 7_200_000, CHANGED + 7_200_000)
texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@＝＋－＠\t\r\n\",' \u200b\x00\u202e0"), max_size=20
)


def make_layout(*names: str) -> Layout:
    """Return a table with these columns, which are read from sources of their own."""
    order = Order(Leaving.TABLE, "csv", Language.ZH)
    stamp = Stamp("EX1-1", order, FIRST, "m1", "0312", "示范网点", "Asia/Shanghai", 7, "0" * 64, "FC1")
    columns = tuple(COLUMNS[name] for name in names)
    sources = tuple(dict.fromkeys(column.source for column in columns))
    return Layout(columns, sources, stamp, Wordbook(None, Language.ZH), Language.ZH, codes=True, bom=False)


@pytest.mark.parametrize("zone", ZONES)
@given(at=moments)
def test_a_moment_is_that_of_the_wall_clock(zone: str, at: int) -> None:
    local = (EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone))
    assert Quarters(zone, precise=True, after='"').write(at) == local.isoformat(timespec="milliseconds") + '"'
    assert Quarters(zone).write(at) == local.isoformat(timespec="seconds")
    assert Quarters(zone).write(None) == ""


@given(st.integers(0, 10**15))
def test_an_amount_is_exact(fen: int) -> None:
    assert Yuan()[fen] == f"{fen // 100}.{fen % 100:02d}"
    assert Yuan()[None] == ""


def test_what_is_kept_of_amounts_is_bounded() -> None:
    yuan = Yuan()
    assert [yuan[fen] for fen in range(5_000)][4_999] == "49.99"
    assert len(yuan) <= 2_000


@given(texts)
def test_nothing_unseen_is_left_and_nothing_is_lost(text: str) -> None:
    shown = show(text)
    assert {each for each in shown if unicodedata.category(each) == "Cc"} <= {"\t", "\n"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
    assert shown == text or "\\u" in shown


@given(texts)
def test_a_defused_text_begins_no_formula(text: str) -> None:
    cell = defuse(text)
    assert cell in (show(text), f"'{show(text)}")
    assert not cell.startswith(("\t", "\r", "\n"))
    bare = cell.lstrip(' \t\n\u200b\u200c\u200d\u2060\ufeff\xa0\u3000"')
    assert not bare.startswith(tuple("=+-@＝＋－＠"))
    assert not (cell.isascii() and cell.isdigit() and (len(cell) >= 12 or (len(cell) > 1 and cell[0] == "0")))


@example(["a\nb"])
@example(["0312-1123-001", "-1"])
@given(st.lists(texts.filter(bool), min_size=1, max_size=5))
def test_plain_texts_need_no_care(values: list[str]) -> None:
    if are_plain(values):
        assert all(defuse(value) == value or value.isdigit() for value in values)
        assert all(value.isascii() and json.dumps(value) == f'"{value}"' for value in values)


@given(texts)
def test_what_was_narrowed_is_written_as_utf_8(text: str) -> None:
    assert write_narrow(narrow(text)) == text.encode()


@given(st.lists(st.tuples(texts, texts, st.none() | texts), min_size=1, max_size=4))
def test_the_csv_module_reads_what_was_written(rows: list[tuple[str, str, str | None]]) -> None:
    file = io.BytesIO()
    assert write_csv(make_layout("number", "opened_by", "payee_name"), iter([rows]), file) == len(rows)
    names, *read = csv.reader(io.StringIO(file.getvalue().decode(), newline=""), strict=True)
    assert names == ["number", "opened_by", "payee_name"]
    assert read == [[defuse(value) if value else "" for value in row] for row in rows]


@given(st.lists(st.tuples(texts, texts, st.none() | texts), min_size=1, max_size=4))
def test_a_line_of_json_is_what_it_was_to_the_letter(rows: list[tuple[str, str, str | None]]) -> None:
    file = io.BytesIO()
    assert write_ndjson(make_layout("number", "opened_by", "payee_name"), iter([rows]), file) == len(rows)
    read = [json.loads(line) for line in file.getvalue().decode().split("\n")[:-1]]
    assert [tuple(row.values()) for row in read] == rows


@pytest.mark.parametrize("value", [None, "", "甲"])
def test_a_column_alone_has_a_row_for_every_case(value: str | None) -> None:
    file = io.BytesIO()
    assert write_csv(make_layout("reviewer"), iter([[(value,)] * 3]), file) == 3
    assert len(list(csv.reader(io.StringIO(file.getvalue().decode(), newline=""), strict=True))) == 4
    assert b"\r\n\r\n" not in file.getvalue()


@pytest.mark.parametrize("before", ["'", "{", "\\", "\n", "甲"])
def test_nothing_but_names_is_woven_in(before: str) -> None:
    pieces = [Piece("number", Form.AS_IT_IS, before=before)]
    with pytest.raises(ValueError, match=r"^$"):
        weave(pieces, ("number",))


def test_half_a_character_is_written_by_its_code() -> None:
    for write, expected in ((write_csv, b"\\ud83d"), (write_ndjson, b"\\ud83d")):
        file = io.BytesIO()
        rows: Any = [("\ud83d",)]
        write(make_layout("payee_name"), iter([rows]), file)
        assert expected in file.getvalue()
