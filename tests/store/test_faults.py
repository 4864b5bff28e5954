"""When the machine fails, the save is refused in one sentence, nothing is half done, and the same save works later."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from assistant.case.events import Event
from assistant.store import Outlet, Store, StoreTrouble, faults
from assistant.store.faults import Busy, DiskFull, FileReadOnly, Moved, WriteFailed


def append_until_refused(store: Store, moves: Any) -> tuple[list[Event], Any, StoreTrouble]:
    """Save notes until one is refused; return what was acknowledged, the refused draft and the refusal."""
    saved = [store.append(moves.open())]
    while True:
        draft = moves.note("记" * 500)
        try:
            saved.append(store.append(draft))
        except StoreTrouble as trouble:
            return saved, draft, trouble


class SmallDisk(NamedTuple):
    folder: Path
    free: Callable[[], None]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 1 MiB with a ballast that can be taken off; where none may be mounted, its folder alone."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True)
    mounted = mount.returncode == 0
    ballast = folder / "ballast"
    if mounted:
        ballast.write_bytes(bytes(512 * 1024))
    yield SmallDisk(folder, lambda: ballast.unlink(missing_ok=True))
    if mounted:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def file_size_limit() -> Iterator[Callable[[int], None]]:
    """Set the largest file this process may write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_nothing_acknowledged_is_lost_and_the_save_works_once_there_is_room(
    small_disk: SmallDisk, outlet: Outlet, moves: Any, file_size_limit: Callable[[int], None]
) -> None:
    real = os.path.ismount(small_disk.folder)
    with Store.create(small_disk.folder / "cases.db", outlet) as store:
        if not real:
            file_size_limit(300_000)
        saved, refused, trouble = append_until_refused(store, moves)
        assert type(trouble) is (DiskFull if real else WriteFailed)
        assert store.read_case(moves.case_id) == tuple(saved)
        with pytest.raises(type(trouble)):
            store.append(refused)
        small_disk.free()
        file_size_limit(resource.RLIM_INFINITY)
        again = store.append(refused)
        assert store.read_case(moves.case_id) == (*saved, again)
        assert list(store.walk_chain())[-1] == (again.seq, again.hash)
    with Store.open(small_disk.folder / "cases.db") as store:
        assert store.read_case(moves.case_id) == (*saved, again)


def test_at_the_file_size_limit_nothing_acknowledged_is_lost_and_the_save_works_later(
    store: Store, path: Path, moves: Any, file_size_limit: Callable[[int], None]
) -> None:
    file_size_limit(200_000)
    saved, refused, trouble = append_until_refused(store, moves)
    assert type(trouble) is WriteFailed
    assert trouble.exit_status == 3
    with Store.open(path) as other:
        assert other.read_case(moves.case_id) == tuple(saved)
    file_size_limit(resource.RLIM_INFINITY)
    again = store.append(refused)
    assert store.read_case(moves.case_id) == (*saved, again)


def test_a_first_start_on_a_full_disk_leaves_nothing_behind(
    path: Path, outlet: Outlet, file_size_limit: Callable[[int], None]
) -> None:
    file_size_limit(10_000)
    with pytest.raises(WriteFailed):
        Store.create(path, outlet)
    assert list(path.parent.iterdir()) == []
    file_size_limit(resource.RLIM_INFINITY)
    Store.create(path, outlet).close()


@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_acknowledged_until_a_file_that_was_moved_is_back(
    store: Store, path: Path, moves: Any, replaced: bool
) -> None:
    store.append(moves.open())
    aside, answer, content = path.with_name("aside.db"), moves.answer(), path.read_bytes()
    path.rename(aside)
    if replaced:
        path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(Moved):
            store.append(answer)
    aside.replace(path)
    assert store.head().seq == 1
    assert store.append(answer).seq == 2


def test_a_deleted_file_refuses_the_save(store: Store, path: Path, moves: Any) -> None:
    store.append(moves.open())
    path.unlink()
    with pytest.raises(Moved):
        store.append(moves.answer())


def test_what_sqlite_says_of_a_file_it_may_only_read_becomes_the_sentence_for_it(
    visit: tuple[Event, ...], path: Path
) -> None:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as raw, pytest.raises(sqlite3.Error) as error:
        raw.execute("DELETE FROM cases")
    assert type(faults.translate(error.value, path)) is FileReadOnly


def test_a_save_that_waits_too_long_is_refused_and_works_later(
    store: Store, path: Path, moves: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.store.connection.TIMEOUT_SECONDS", 0.2)
    opening = moves.open()
    with Store.open(path) as impatient, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            impatient.append(opening)
        assert impatient.list() == ()
        other.execute("COMMIT")
        assert impatient.append(opening).seq == 1


def test_a_save_held_up_by_a_long_reader_is_refused_whole_and_works_later(
    store: Store, path: Path, moves: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.store.connection.TIMEOUT_SECONDS", 0.2)
    store.append(moves.open())
    answer = moves.answer()
    with Store.open(path) as impatient, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM events").fetchall()
        # Where readers do not hold writers up (WAL) the first save stands and the second finds it.
        with suppress(Busy):
            impatient.append(answer)
        reader.execute("COMMIT")
        assert impatient.append(answer).seq == 2
        assert sum(1 for _ in impatient.walk_chain()) == 2
