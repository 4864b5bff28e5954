"""A file is sealed as it is worked on, and a line that was kept elsewhere is found again in it, or missed."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from assistant.integrity.checkpoints import (
    CheckpointMistyped,
    CheckpointUnread,
    checkpoint_line,
    read_known,
    write_line,
)
from assistant.integrity.verify import verify
from assistant.store import Store
from assistant.store.anchor import find_anchor
from tests.integrity.conftest import Kept
from tests.integrity.record import EVENTS, EVENTS_A_VISIT, HOUR, VISITS, make_record, past_the_program
from tests.outlet import OUTLET
from tests.store.conftest import Moves


def read_sealed(path: Path) -> list[int]:
    """Return the events that are sealed, read past the program."""
    with closing(sqlite3.connect(path)) as raw:
        return [seq for (seq,) in raw.execute("SELECT seq FROM checkpoints ORDER BY seq")]


def test_the_first_save_an_hour_later_seals_and_so_does_the_end_of_a_program(tmp_path: Path) -> None:
    path, moves = tmp_path / "cases.db", Moves()
    with Store.create(path, OUTLET) as store:
        store.append(moves.open())
        assert read_sealed(path) == [1]
        store.append(moves.answer("on_phone"))
        assert read_sealed(path) == [1]
        moves.now += HOUR
        store.append(moves.answer("secrecy"))
        assert read_sealed(path) == [1, 3]
        store.append(moves.answer("hurried"))
    assert read_sealed(path) == [1, 3, 4]
    with Store.open(path) as store:
        assert len(store.list()) == 1
    assert read_sealed(path) == [1, 3, 4]


def test_each_visit_of_the_record_is_sealed_at_its_first_event_and_at_the_end(kept: Kept) -> None:
    begun = [visit * EVENTS_A_VISIT for visit in range(VISITS)]
    ends = sorted({seq for place in begun for seq in (place + 1, place + EVENTS_A_VISIT)})
    assert read_sealed(kept.path) == [*ends, EVENTS - 2, EVENTS]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoints SET at = 0",
        "DELETE FROM checkpoints",
        "INSERT INTO checkpoints SELECT 7, hash, at, mac, 'x' FROM checkpoints ORDER BY seq DESC LIMIT 1",
        "REPLACE INTO checkpoints SELECT seq, hash, at, mac, 'x' FROM checkpoints ORDER BY seq DESC LIMIT 1",
    ],
)
def test_the_guards_refuse_every_other_seal(kept: Kept, statement: str) -> None:
    with closing(sqlite3.connect(kept.path)) as raw, pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE checkpoints SET mac = 'x' || substr(mac, 2) WHERE seq = 22",
        "UPDATE checkpoints SET at = at + 1 WHERE seq = 22",
        "DELETE FROM checkpoints WHERE seq = 22",
        "UPDATE checkpoints SET hash = (SELECT hash FROM checkpoints WHERE seq = 12) WHERE seq = 22",
    ],
)
def test_a_seal_that_was_touched_shows_and_no_event_is_blamed(kept: Kept, edit: str) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute(edit)
    report = verify(kept.path)
    assert [found.flaw for found in report.findings] == ["seal"]
    assert report.first is None


def test_checkpoints_that_were_cut_off_are_missed_once_an_hour_is_in_between(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute("DELETE FROM checkpoints WHERE seq > 22")
    report = verify(kept.path)
    assert [found.flaw for found in report.findings] == ["unsealed"]
    assert report.first == 23


def test_a_line_is_short_enough_for_paper_and_says_nothing_of_what_is_in_the_file(kept: Kept) -> None:
    assert len(kept.line) <= 72
    assert re.fullmatch(r"FC1 [0-9a-f]{8} 58 \d{8}T\d{6}Z [0-9a-f]{6}(-[0-9a-f]{6}){3} [0-9A-Z]{4}", kept.line)
    assert verify(kept.path).line == kept.line


def test_a_file_without_events_has_a_line_too(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    with Store.create(path, OUTLET) as store:
        line = checkpoint_line(store)
    assert verify(path, outside=read_known([line])).findings == ()


def test_a_file_that_may_only_be_read_gives_its_line_unsealed(kept: Kept) -> None:
    sealed = read_sealed(kept.path)
    with Store.open(kept.path, read_only=True) as store:
        assert checkpoint_line(store) == kept.line
    assert read_sealed(kept.path) == sealed


def test_a_line_is_found_however_it_was_written_down(kept: Kept, tmp_path: Path) -> None:
    (known,) = read_known([kept.line])
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in kept.line)
    assert unicodedata.normalize("NFKC", wide) == kept.line
    for written in (kept.line.lower(), kept.line.upper(), kept.line.replace(" ", "   "), wide, f"第3页 {kept.line} 完"):
        assert read_known([written]) == [known]
    page = tmp_path / "export.txt"
    page.write_text(f"一份导出\n\n{kept.line}\n{kept.line}\n", "utf-8")
    assert read_known([str(page)]) == [known, known]
    assert known in read_known([str(find_anchor(kept.path)), str(page)])


def test_a_slip_in_copying_a_line_is_told_and_not_taken_for_tampering(kept: Kept) -> None:
    for place, sign in enumerate(kept.line):
        if sign.isdigit() and place > 3:
            slip = f"{kept.line[:place]}{(int(sign) + 1) % 10}{kept.line[place + 1 :]}"
            with pytest.raises(CheckpointMistyped):
                read_known([slip])


@pytest.mark.parametrize("word", ["", "FC1", "no such file", "{}", '{"db": 1, "seq": "x", "hash": []}'])
def test_what_holds_no_checkpoint_is_no_proof_of_anything(word: str) -> None:
    with pytest.raises(CheckpointUnread):
        read_known([word])


def test_a_line_of_what_came_later_or_of_another_file_does_not_fit(kept: Kept, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    make_record(other, visits=1)
    with Store.open(other) as store:
        foreign = checkpoint_line(store)
    with Store.open(kept.path) as store:
        db_id, head = store.db_id, store.head()
    for line, flaw in (
        (foreign, "outside_foreign"),
        (write_line(db_id, EVENTS + 1, head.hash, 0), "outside_beyond"),
        (write_line(db_id, EVENTS - 1, head.hash, 0), "outside_other"),
    ):
        assert [found.flaw for found in verify(kept.path, outside=read_known([line])).findings] == [flaw]
