"""The derived tables count every event once; where they do not, that shows when the file is opened next."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.case.refusals import Refused
from assistant.sealing.faults import KeyWrong
from assistant.sealing.masterkey import MasterKey
from assistant.store import Outlet, Store
from assistant.store.chain import hash_event, name_file
from assistant.store.faults import CasesDiffer
from assistant.store.rows import STEP

OLD_COUNTER = """
CREATE TRIGGER {0}_{1}_counted AFTER {1} ON {0}
BEGIN UPDATE tally SET events = events {2}; END
"""
"""As schema 4 had it, for each of the derived tables."""


def read_tally(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("SELECT events FROM tally").fetchone()[0])


def change_raw(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in statements:
            raw.execute(statement)


@pytest.fixture
def filled(path: Path, outlet: Outlet, moves: Any) -> Path:
    """A file of three cases, opened by the events 1, 18 and 35 of 37: the first two are counted for good."""
    with Store.create(path, outlet) as store:
        for answers in (STEP, STEP, 2):
            moves.new_case()
            store.append_all([moves.open(), *(moves.answer(f"sign_{turn}") for turn in range(answers))])
    return path


def find_codes(path: Path) -> list[str]:
    with Store.open(path) as store:
        return [trouble.code for trouble in store.warnings]


def test_the_tally_follows_the_saves_in_steps(store: Store, path: Path, moves: Any) -> None:
    store.append(moves.open())
    seen = [read_tally(path)]
    for turn in range(2 * STEP):
        store.append(moves.answer(f"sign_{turn}"))
        seen.append(read_tally(path))
    assert seen == [0] * (STEP - 1) + [STEP] * STEP + [2 * STEP] * 2


def test_a_move_of_many_events_is_counted_whole(store: Store, path: Path, moves: Any) -> None:
    store.append_all([moves.open(), *(moves.answer(f"sign_{turn}") for turn in range(3 * STEP))])
    assert read_tally(path) == 3 * STEP
    store.close()
    assert find_codes(path) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM cases WHERE opened_seq = 1",
        "UPDATE cases SET events = events + 1 WHERE opened_seq = 1",
        "UPDATE cases SET events = events - 1 WHERE opened_seq = 18",
        "DELETE FROM cases WHERE opened_seq = 35",
        "UPDATE cases SET events = 0 WHERE opened_seq = 35",
        "DELETE FROM cases",
        "INSERT INTO ledgers VALUES ('access:nobody', 1)",
        "UPDATE tally SET events = 7",
        "UPDATE tally SET events = 48",
    ],
)
def test_a_row_that_counts_what_is_not_there_shows_at_the_next_opening(filled: Path, statement: str) -> None:
    with Store.open(filled) as store:
        before = store.list()
    change_raw(filled, statement)
    with Store.open(filled, read_only=True) as store:
        assert [type(trouble) for trouble in store.warnings] == [CasesDiffer]
    assert find_codes(filled) == ["store_cases_remade"]
    assert find_codes(filled) == []
    with Store.open(filled) as store:
        assert store.list() == before


def test_a_row_that_was_lost_still_shows_after_many_more_saves(filled: Path, moves: Any) -> None:
    with Store.open(filled) as store:
        change_raw(filled, "DELETE FROM cases WHERE opened_seq = 1")
        moves.new_case()
        store.append(moves.open())
        for turn in range(2 * STEP):
            store.append(moves.answer(f"sign_{turn}"))
    assert find_codes(filled) == ["store_cases_remade"]


def test_an_event_that_no_row_counts_shows_after_many_more_saves(filled: Path, moves: Any) -> None:
    with Store.open(filled) as store:
        with closing(sqlite3.connect(filled, isolation_level=None)) as raw:
            seq, prev, case_id = raw.execute(
                "SELECT seq, hash, (SELECT case_id FROM events WHERE seq = 1) FROM events ORDER BY seq DESC LIMIT 1"
            ).fetchone()
            row = (seq + 1, "another", case_id, 1_763_870_400_000, "teller", "noted", "{}")
            digest = hash_event(prev, name_file(store.db_id), *row)
            raw.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, prev, digest))
        moves.new_case()
        store.append(moves.open())
        for turn in range(2 * STEP):
            store.append(moves.answer(f"sign_{turn}"))
    assert find_codes(filled) == ["store_cases_remade"]
    with Store.open(filled) as store:
        assert {case.case_id: case.events for case in store.list()}[case_id] == STEP + 2


def make_older(path: Path) -> None:
    """Make of a file one as schema 4 left it."""
    changes = {"insert": "+ NEW.events", "update": "+ NEW.events - OLD.events", "delete": "- OLD.events"}
    for table in ("cases", "requests", "ledgers"):
        for verb, change in changes.items():
            change_raw(path, f"DROP TRIGGER {table}_{verb}_counted", OLD_COUNTER.format(table, verb, change))
    change_raw(
        path,
        "UPDATE tally SET events = (SELECT count(*) FROM events)",
        "DELETE FROM _sqlite_migrations WHERE name = 'make_tally_rare'",
        "PRAGMA user_version = 4",
    )


def test_a_file_of_schema_4_is_brought_up_to_date(filled: Path, moves: Any) -> None:
    with Store.open(filled) as store:
        before, head = store.list(), store.head()
    make_older(filled)
    with Store.open(filled) as store:
        assert (store.warnings, store.list(), store.head()) == ([], before, head)
        moves.new_case()
        store.append_all([moves.open(), *(moves.answer(f"sign_{turn}") for turn in range(STEP))])
    assert read_tally(filled) % STEP == 0
    assert find_codes(filled) == []


def test_an_older_file_that_seals_already_keeps_its_key(
    path: Path, outlet: Outlet, moves: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ASSISTANT_KEY")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with Store.create(path, outlet) as store:
        store.append_all([moves.open(), moves.note("客户说是儿子")])
    make_older(path)
    with Store.open(path) as store:
        assert store.new_key is None
        assert store.read_case(moves.case_id)[1].private == {"note": "客户说是儿子"}


def test_an_older_file_is_not_brought_up_to_date_with_the_key_of_another(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(filled)
    before = filled.read_bytes()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("ASSISTANT_KEY", MasterKey.make().spell())
        with pytest.raises(KeyWrong):
            Store.open(filled)
    assert filled.read_bytes() == before
    assert find_codes(filled) == []


def test_the_key_of_a_move_that_was_refused_seals_nothing(store: Store, path: Path, moves: Any) -> None:
    with pytest.raises(Refused):
        store.append_all([moves.open(), moves.note("未保存"), moves.open()])
    _, noted = store.append_all([moves.open(), moves.note("已保存")])
    assert noted.private == {"note": "已保存"}
    store.close()
    with Store.open(path) as again:
        assert again.read_case(moves.case_id)[1].private == {"note": "已保存"}


def test_texts_of_one_case_that_two_programs_save_by_turns_all_open(store: Store, path: Path, moves: Any) -> None:
    store.append(moves.open())
    with Store.open(path) as other:
        for turn in range(3):
            store.append(moves.note(f"甲{turn}"))
            other.append(moves.note(f"乙{turn}"))
    found = [event.private["note"] for event in store.read_case(moves.case_id)[1:]]
    assert found == ["甲0", "乙0", "甲1", "乙1", "甲2", "乙2"]
