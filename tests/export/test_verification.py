"""A file that left is known again, a changed one is told, and nothing that is put before it does any harm."""

from __future__ import annotations

import io
import json
import shutil
import tracemalloc
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from assistant.export.delivery import (
    Target,
    Written,
    deliver,
)
from assistant.export.placing import find_stamp
from assistant.export.stamp import Stamp
from assistant.export.verification import ExportUnread, Verdict, verify_export
from assistant.integrity.checkpoints import read_known
from assistant.integrity.verify import verify
from assistant.store import Store
from rules.language import Language
from tests.export.rows import ROWS, list_exports, order, sit, write_rows
from tests.integrity.record import past_the_program
from tests.people.branch import SUPERVISOR, TELLER, Branch


def test_the_checkpoint_in_the_stamp_is_one_that_verify_takes(branch: Branch, tmp_path: Path) -> None:
    branch.open_case(TELLER)
    delivered = deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "cases.csv"), write_rows)
    report = verify(branch.store.path, outside=read_known([delivered.stamp.checkpoint]))
    assert report.whole
    assert report.outside == 1
    # A line that only reads like a checkpoint would do as well, if none had been sealed there.
    with past_the_program(branch.store.path) as raw:
        sealed = raw.execute("SELECT hash FROM checkpoints WHERE seq = ?", (delivered.stamp.seq,)).fetchall()
    assert sealed == [(delivered.stamp.hash,)]


def test_a_file_that_left_is_known_again_and_one_that_was_changed_is_told(branch: Branch, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    deliver(sit(branch, SUPERVISOR), order(), Target(path), write_rows)
    assert verify_export(branch.store, path).verdict is Verdict.GENUINE
    renamed = tmp_path / "elsewhere.csv"
    path.rename(renamed)
    assert verify_export(branch.store, renamed).whole
    renamed.write_bytes(renamed.read_bytes().replace("停办".encode(), "放行".encode()))
    found = verify_export(branch.store, renamed)
    assert found.verdict is Verdict.CHANGED
    assert found.event == list_exports(branch)[0]
    stranger = tmp_path / "stranger.csv"
    stranger.write_bytes(ROWS)
    assert verify_export(branch.store, stranger).verdict is Verdict.NOT_OURS


def test_a_file_whose_stamp_lies_beside_it_is_told_when_it_was_changed(branch: Branch, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        file.write(ROWS)
        return Written(1)

    deliver(sit(branch, SUPERVISOR), order(), Target(path, stamp_beside=True), write)
    path.write_bytes(ROWS + b"x")
    assert verify_export(branch.store, path).verdict is Verdict.CHANGED


def test_an_export_of_another_file_of_cases_is_not_ours(branch: Branch, tmp_path: Path) -> None:
    other = Branch.full(tmp_path / "other.db")
    path = tmp_path / "cases.csv"
    deliver(sit(other, SUPERVISOR), order(), Target(path), write_rows)
    other.store.close()
    assert verify_export(branch.store, path).verdict is Verdict.NOT_OURS


def test_an_export_taken_from_a_record_that_was_put_back_no_longer_holds(branch: Branch, tmp_path: Path) -> None:
    branch.store.close()
    earlier = Path(shutil.copy(branch.store.path, tmp_path / "earlier.db"))
    with Store.open(branch.store.path) as store:
        branch.store = store
        branch.open_case(TELLER)
        delivered = deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "a.csv"), write_rows)
    with Store.open(earlier) as store:
        branch.store = store
        assert store.read_hash(delivered.stamp.seq) != delivered.stamp.hash
        assert verify_export(store, tmp_path / "a.csv").verdict is Verdict.NOT_OURS
    branch.store = Store.open(branch.store.path)


def test_an_export_taken_at_a_record_that_was_changed_since_no_longer_holds(branch: Branch, tmp_path: Path) -> None:
    delivered = deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "a.csv"), write_rows)
    assert verify_export(branch.store, tmp_path / "a.csv").whole
    with past_the_program(branch.store.path) as raw:
        raw.execute("UPDATE events SET hash = ? WHERE seq = ?", ("0" * 64, delivered.stamp.seq))
    found = verify_export(branch.store, tmp_path / "a.csv")
    assert (found.verdict, found.record_holds, found.whole) == (Verdict.GENUINE, False, False)


def test_another_stamp_beside_a_genuine_file_is_told(branch: Branch, tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, line in zip(paths, ("级别:停办", ""), strict=True):
        deliver(sit(branch, SUPERVISOR), order(filter=line), Target(path, stamp_beside=True), write_rows)
    assert verify_export(branch.store, paths[0]).whole
    right, wrong = (find_stamp(path).read_text("utf-8") for path in paths)
    stamp = find_stamp(paths[0])
    for text in (
        wrong,
        right.replace(f'"{SUPERVISOR}"', '"x9"'),
        right.replace('"masked": true', '"masked": false'),
        right.replace(json.loads(right)["checkpoint"], json.loads(wrong)["checkpoint"]),
        "{",
    ):
        assert text != right
        stamp.write_text(text, "utf-8")
        found = verify_export(branch.store, paths[0])
        assert (found.verdict, found.stamp_holds, found.whole) == (Verdict.GENUINE, False, False)
    stamp.unlink()
    assert verify_export(branch.store, paths[0]).whole


def write_package(name: str) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as book:
        book.writestr(name, b"")
    return file.getvalue()


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"PK\x03\x04" + b"x" * 40,
        b"PK\x05\x06" + bytes(18),
        b"PK\x05\x06" + bytes(10) + b"\xff\xff\x00\x00" + bytes(4),
        write_package("é").replace("é".encode(), b"\xff\xff"),
    ],
    ids=["empty", "beginning", "end", "end that tells of more", "name in no UTF-8"],
)
def test_a_damaged_file_is_only_not_ours(branch: Branch, tmp_path: Path, part: bytes) -> None:
    path = tmp_path / "cases.xlsx"
    path.write_bytes(part)
    assert verify_export(branch.store, path).verdict is Verdict.NOT_OURS


@pytest.mark.parametrize("damage", ["bomb", "deflate", "encrypted", "method"])
def test_a_workbook_that_was_tampered_with_is_told_in_bounded_room(branch: Branch, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "cases.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        book.writestr("docProps/core.xml", b"0" * (200_000_000 if damage == "bomb" else 1000))
    raw = bytearray(path.read_bytes())
    head = raw.index(b"PK\x01\x02")
    if damage == "deflate":
        raw[60] ^= 0xFF
    elif damage == "encrypted":
        raw[6] |= 1
        raw[head + 8] |= 1
    elif damage == "method":
        raw[8] = raw[head + 10] = 98
    path.write_bytes(raw)
    tracemalloc.start()
    try:
        assert verify_export(branch.store, path).verdict is Verdict.NOT_OURS
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "said"), [(".", "这是文件夹，不是文件"), ("nowhere.csv", "没有这个文件"), ("/dev/null", "不是普通文件")]
)
def test_what_is_no_file_to_verify_is_told_as_what_it_is(branch: Branch, tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(ExportUnread) as told:
        verify_export(branch.store, tmp_path / name)
    assert said in told.value.sentence(Language.ZH)
