"""A file is made once and explicitly, and opened only when it is ours, whole and guarded."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from assistant.case.events import Event
from assistant.register.filters import Filter
from assistant.store import Outlet, Store, StoreTrouble
from assistant.store.connection import choose_journal
from assistant.store.faults import (
    CasesDiffer,
    ChainBroken,
    Corrupt,
    FileReadOnly,
    FolderReadOnly,
    ForeignDatabase,
    NewerSchema,
    NotADatabase,
    NotPermitted,
    OlderSchema,
    OpenedForReading,
    StoreEmpty,
    StoreExists,
    StoreMissing,
    TablesMissing,
)


def change_raw(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in statements:
            raw.execute(statement)


def test_a_first_start_makes_a_file_for_its_owner_alone(tmp_path: Path, outlet: Outlet, moves: Any) -> None:
    path = tmp_path / "data" / "cases.db"
    with Store.create(path, outlet) as store:
        store.append(moves.open())
        assert (store.path, store.outlet, store.writable, store.why_read_only) == (path, outlet, True, None)
        files = list(path.parent.iterdir())
        assert path in files
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert path.stat().st_nlink == 1


def test_a_first_start_leaves_no_draft_of_the_file_behind(tmp_path: Path, outlet: Outlet) -> None:
    Store.create(tmp_path / "cases.db", outlet).close()
    assert {file.name for file in tmp_path.iterdir()} <= {"cases.db", "cases.db-journal"}


@pytest.mark.parametrize("name", ["cases.db", "cases.db-journal", "cases.db-wal"])
@pytest.mark.parametrize("content", [b"", b"something"])
def test_a_first_start_touches_nothing_that_is_there(path: Path, outlet: Outlet, name: str, content: bytes) -> None:
    path.with_name(name).write_bytes(content)
    with pytest.raises(StoreExists):
        Store.create(path, outlet)
    assert [(file.name, file.read_bytes()) for file in path.parent.iterdir()] == [(name, content)]


def test_a_first_start_does_not_follow_a_dangling_link(path: Path, outlet: Outlet, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(StoreExists):
        Store.create(path, outlet)
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_first_start_where_nothing_may_be_made_is_refused(
    shared_folder: Path, outlet: Outlet, unprivileged: Callable[[], Any]
) -> None:
    shared_folder.chmod(0o555)
    with unprivileged(), pytest.raises(NotPermitted):
        Store.create(shared_folder / "cases.db", outlet)
    assert list(shared_folder.iterdir()) == []


def test_nothing_is_made_by_opening(path: Path) -> None:
    with pytest.raises(StoreMissing):
        Store.open(path)
    assert not path.exists()


def test_a_folder_is_not_a_file_of_cases(tmp_path: Path) -> None:
    with pytest.raises(NotADatabase):
        Store.open(tmp_path)


def test_a_file_truncated_to_nothing_is_refused_and_left(visit: tuple[Event, ...], path: Path) -> None:
    os.truncate(path, 0)
    with pytest.raises(StoreEmpty):
        Store.open(path)
    assert path.stat().st_size == 0


def test_a_file_with_a_ruined_head_is_refused(visit: tuple[Event, ...], path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(4096))
    with pytest.raises(NotADatabase):
        Store.open(path)


def test_a_text_file_is_refused(path: Path) -> None:
    path.write_text("姓名,金额\n" * 1000)
    with pytest.raises(NotADatabase):
        Store.open(path)


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    change_raw(path, "CREATE TABLE events (seq INTEGER PRIMARY KEY)")
    with pytest.raises(ForeignDatabase):
        Store.open(path)


@pytest.mark.parametrize("table", ["cases", "meta", "private_texts"])
def test_a_file_that_lacks_a_table_is_refused(visit: tuple[Event, ...], path: Path, table: str) -> None:
    change_raw(path, f"DROP TABLE {table}")
    with pytest.raises(TablesMissing):
        Store.open(path)


def test_a_file_without_its_own_description_is_refused(visit: tuple[Event, ...], path: Path) -> None:
    change_raw(path, "DELETE FROM meta")
    with pytest.raises(TablesMissing):
        Store.open(path)


def test_a_file_marked_as_ours_and_never_filled_is_refused(path: Path) -> None:
    change_raw(path, f"PRAGMA application_id = {0x46434153}", "CREATE TABLE something (a)")
    with pytest.raises(TablesMissing):
        Store.open(path)


def test_a_file_of_a_newer_release_is_refused(visit: tuple[Event, ...], path: Path) -> None:
    change_raw(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(NewerSchema):
        Store.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("ruin", [os.urandom(4096), bytes(4096)], ids=["random", "zeroes"])
def test_a_ruined_page_is_found_at_opening(store: Store, path: Path, moves: Any, ruin: bytes) -> None:
    store.append_all([moves.open(), *(moves.note("记" * 200) for _ in range(300))])
    store.close()
    page = path.stat().st_size // 4096 // 2
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(ruin)
    with pytest.raises(Corrupt):
        Store.open(path)


def test_a_file_cut_short_is_found_at_opening(store: Store, path: Path, moves: Any) -> None:
    store.append_all([moves.open(), *(moves.note("记" * 200) for _ in range(300))])
    store.close()
    os.truncate(path, path.stat().st_size // 4096 // 2 * 4096)
    with pytest.raises(Corrupt):
        Store.open(path)


def test_one_letter_changed_on_the_disk_is_found_by_the_chain(visit: tuple[Event, ...], path: Path) -> None:
    content = path.read_bytes()
    assert content.count(b'"value":"no"') == 1
    path.write_bytes(content.replace(b'"value":"no"', b'"value":"mo"'))
    with pytest.raises(ChainBroken) as found:
        Store.open(path)
    assert found.value.details["seq"] == 7


def test_a_text_that_is_no_text_any_more_is_found(visit: tuple[Event, ...], path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"teller", b"\xff" * 6))
    with pytest.raises(Corrupt):
        Store.open(path)


def test_a_file_without_write_permission_is_opened_for_reading(
    shared_folder: Path, outlet: Outlet, moves: Any, unprivileged: Callable[[], Any]
) -> None:
    path = shared_folder / "cases.db"
    with Store.create(path, outlet) as store:
        store.append(moves.open())
    path.chmod(0o444)
    with unprivileged(), Store.open(path) as store:
        assert isinstance(store.why_read_only, FileReadOnly)
        assert len(store.list()) == 1
        with pytest.raises(FileReadOnly):
            store.append(moves.answer())
        assert store.head().seq == 1


def test_a_file_in_a_folder_without_write_permission_is_opened_for_reading(
    shared_folder: Path, outlet: Outlet, moves: Any, unprivileged: Callable[[], Any]
) -> None:
    path = shared_folder / "cases.db"
    with Store.create(path, outlet) as store:
        store.append(moves.open())
    path.chmod(0o666)
    shared_folder.chmod(0o555)
    with unprivileged(), Store.open(path) as store:
        assert isinstance(store.why_read_only, FolderReadOnly)
        assert len(store.list()) == 1
        with pytest.raises(FolderReadOnly):
            store.append(moves.answer())


def test_the_file_of_another_user_is_refused(
    shared_folder: Path, outlet: Outlet, unprivileged: Callable[[], Any]
) -> None:
    path = shared_folder / "cases.db"
    Store.create(path, outlet).close()
    path.chmod(0o000)
    with unprivileged(), pytest.raises(NotPermitted):
        Store.open(path)


def test_a_file_in_a_closed_folder_is_refused(
    shared_folder: Path, outlet: Outlet, unprivileged: Callable[[], Any]
) -> None:
    Store.create(shared_folder / "cases.db", outlet).close()
    shared_folder.chmod(0o000)
    with unprivileged(), pytest.raises(NotPermitted):
        Store.open(shared_folder / "cases.db")


def test_a_reader_that_asks_for_no_more_cannot_save(visit: tuple[Event, ...], path: Path, moves: Any) -> None:
    with Store.open(path, read_only=True) as store:
        assert store.read_case(visit[0].case_id) == visit
        assert not store.writable
        with pytest.raises(OpenedForReading):
            store.append(moves.note("记"))


def test_a_table_of_cases_that_was_changed_is_made_anew_and_said(visit: tuple[Event, ...], path: Path) -> None:
    with Store.open(path) as store:
        before = store.list()
    change_raw(path, "DELETE FROM cases")
    with Store.open(path, read_only=True) as store:
        assert [type(trouble) for trouble in store.warnings] == [CasesDiffer]
    with Store.open(path) as store:
        assert [trouble.code for trouble in store.warnings] == ["store_cases_remade"]
        assert store.list() == before
    with Store.open(path) as store:
        assert store.warnings == []


VERSION_1 = (
    "PRAGMA application_id = 1178812755",
    "CREATE TABLE meta (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), db_id TEXT NOT NULL, genesis TEXT NOT NULL, "
    "outlet_code TEXT NOT NULL, outlet_name TEXT NOT NULL, zone TEXT NOT NULL) STRICT",
    "CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, case_id TEXT NOT NULL, "
    "at INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, "
    "prev TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
    "CREATE INDEX events_by_case ON events (case_id, seq)",
    "CREATE TABLE private_texts (seq INTEGER NOT NULL REFERENCES events (seq), field TEXT NOT NULL, "
    "salt BLOB NOT NULL, text TEXT NOT NULL, PRIMARY KEY (seq, field)) STRICT, WITHOUT ROWID",
    "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT)",
    "CREATE UNIQUE INDEX idx_sqlite_migrations ON _sqlite_migrations (migration_set, name)",
    "INSERT INTO _sqlite_migrations VALUES (1, 'store', 'make_chain', '2025-11-01 00:00:00+00:00')",
    "PRAGMA user_version = 1",
)


@pytest.fixture
def version_1(path: Path, outlet: Outlet, tmp_path: Path) -> Path:
    """A file as version 1 left it, without a table of cases, holding a case of two events."""
    sample = tmp_path / "sample.db"
    Store.create(sample, outlet).close()
    with closing(sqlite3.connect(sample)) as raw:
        guards = [
            sql
            for (sql,) in raw.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
            if "ON events" in sql or "ON private_texts" in sql
        ]
    prev = sha256(b"case-events-genesis-v1\nfile-1").hexdigest()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in (*VERSION_1, *guards):
            raw.execute(statement)
        raw.execute("INSERT INTO meta VALUES (1, 'file-1', ?, '0312', '示范网点', 'Asia/Shanghai')", (prev,))
        promised = sha256(bytes(16) + "客户说是儿子".encode()).hexdigest()
        for seq, kind, body in (
            (1, "opened", '{"number":"0312-1123-001","request":"transfer"}'),
            (2, "noted", f'{{"private":{{"note":"{promised}"}}}}'),
        ):
            head = json.dumps(["file-1", seq, "case-1", 1_763_870_400_000, "teller", kind], separators=(",", ":"))
            digest = sha256(f"case-event-v1\n{prev}{head[:-1]},{body}]".encode()).hexdigest()
            row = (seq, f"event-{seq}", "case-1", 1_763_870_400_000, "teller", kind, body, prev, digest)
            raw.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            prev = digest
        raw.execute("INSERT INTO private_texts VALUES (2, 'note', zeroblob(16), '客户说是儿子')")
    return path


def test_an_older_file_is_brought_up_to_date_and_keeps_its_events(version_1: Path, moves: Any) -> None:
    with Store.open(version_1) as store:
        assert [(case.number, case.events) for case in store.list()] == [("0312-1123-001", 2)]
        assert [event.id for event in store.read_case("case-1")] == ["event-1", "event-2"]
        assert sum(1 for _ in store.walk_chain()) == 2
        assert store.read_case("case-1")[1].private == {"note": "客户说是儿子"}
        assert store.warnings == []
        assert "客户说是儿子".encode() not in version_1.read_bytes()
        assert [case.case_id for case in store.list_cases(Filter(words=("说是儿",))).rows] == ["case-1"]
        store.append(moves.open())
        assert store.case(moves.case_id).number == "0312-1123-002"
    with Store.open(version_1) as store:
        assert len(store.list()) == 2


def test_an_older_file_that_may_only_be_read_is_left_as_it_is(version_1: Path) -> None:
    before = version_1.read_bytes()
    with pytest.raises(OlderSchema):
        Store.open(version_1, read_only=True)
    assert version_1.read_bytes() == before


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "truncate"),
        ((3, 44, 5), "truncate"),
        ((3, 44, 6), "wal"),
        ((3, 45, 0), "truncate"),
        ((3, 50, 6), "truncate"),
        ((3, 50, 7), "wal"),
        ((3, 51, 0), "truncate"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 53, 4), "wal"),
    ],
)
def test_the_journal_is_the_one_that_is_safe_in_this_sqlite(version: tuple[int, ...], mode: str) -> None:
    assert choose_journal(version) == mode


def test_a_file_left_in_the_other_journal_mode_is_brought_to_the_safe_one(
    visit: tuple[Event, ...], path: Path, moves: Any
) -> None:
    safe = choose_journal(sqlite3.sqlite_version_info)
    change_raw(path, f"PRAGMA journal_mode = {'wal' if safe == 'truncate' else 'delete'}")
    with Store.open(path) as store:
        store.append(moves.note("记"))
        assert path.with_name("cases.db-wal").exists() is (safe == "wal")
        assert list(store.walk_chain())[-1].seq == 9


def test_every_trouble_has_its_sentence_in_both_languages() -> None:
    from rules.language import Language

    def descend(kind: type[StoreTrouble]) -> list[type[StoreTrouble]]:
        return [kind, *(deeper for child in kind.__subclasses__() for deeper in descend(child))]

    names = (
        "path",
        "folder",
        "found",
        "known",
        "guards",
        "seq",
        "seconds",
        "id",
        "field",
        "code",
        "zone",
        "case",
        "most",
        "anchors",
        "last",
        "checked",
    )
    details = dict.fromkeys(names, "值")
    kinds = [kind for kind in descend(StoreTrouble)[1:] if kind.catalogue is StoreTrouble.catalogue]
    for kind in kinds:
        problems = [name.removeprefix("problem.") for name in kind.catalogue if name.startswith("problem.")]
        for problem in problems if kind.code == "store_unfit_draft" else ["值"]:
            trouble = kind(**{**details, "problem": problem})
            zh, en = trouble.sentence(Language.ZH), trouble.sentence(Language.EN)
            assert zh.endswith("。")
            assert en.endswith(".")
            assert "{" not in zh + en
    assert {f"trouble.{kind.code}" for kind in kinds} == {n for n in kinds[0].catalogue if n.startswith("trouble.")}
