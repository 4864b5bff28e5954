"""A backup is taken while others save and verified; it comes back into a new file only, and what it lacks is said."""

from __future__ import annotations

import shutil
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.cli.integrity import UNFIT
from assistant.integrity.backup import BackupUnfit, back_up
from assistant.integrity.copies import FileThere
from assistant.integrity.findings import Part
from assistant.integrity.rebuild import rebuild
from assistant.integrity.restore import RestoreUnfit, restore
from assistant.integrity.verify import verify
from assistant.store import Store
from assistant.store.anchor import find_anchor
from assistant.store.faults import StoreMissing, WriteFailed
from tests.integrity.conftest import Kept
from tests.integrity.record import EVENTS, EVENTS_A_VISIT, VISITS, make_record, past_the_program
from tests.store.conftest import Moves


def list_names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_holds_all_there_is_verifies_and_is_its_owners_alone(kept: Kept, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    with Store.open(kept.path) as store:
        report = back_up(store, target)
    assert report.whole
    assert (report.path, report.events) == (target, EVENTS)
    assert report.line == kept.line
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {name for name in list_names(tmp_path) if "backup" in name} == {"backup.db"}
    assert verify(target).findings == ()


def test_others_save_while_a_backup_is_taken_and_it_is_of_one_moment(kept: Kept, tmp_path: Path) -> None:
    target, done = tmp_path / "backup.db", threading.Event()
    saved: list[int] = []

    def work() -> None:
        with Store.open(kept.path) as other:
            moves = Moves()
            other.append(moves.open())
            while not done.is_set() or not saved:
                saved.append(other.append(moves.answer(f"sign_{len(saved)}")).seq)

    worker = threading.Thread(target=work)
    with Store.open(kept.path) as store:
        worker.start()
        while not saved:
            pass
        before = store.head().seq
        report = back_up(store, target)
        done.set()
        worker.join()
        assert before <= report.events <= store.head().seq
    assert verify(target).findings == ()


@pytest.mark.parametrize("name", ["backup.db", "backup.db-journal"])
def test_nothing_is_ever_written_over(kept: Kept, tmp_path: Path, name: str) -> None:
    there, target = tmp_path / name, tmp_path / "backup.db"
    there.write_bytes(b"precious")
    before = list_names(tmp_path)
    with Store.open(kept.path) as store, pytest.raises(FileThere):
        back_up(store, target)
    with pytest.raises(FileThere):
        restore(kept.earlier, target)
    assert there.read_bytes() == b"precious"
    assert list_names(tmp_path) - {"cases.db-journal"} == before - {"cases.db-journal"}


def test_a_backup_of_a_file_that_does_not_verify_is_not_kept(kept: Kept, tmp_path: Path) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute("UPDATE private_texts SET sealed = zeroblob(60) WHERE seq = 5")
    with Store.open(kept.path) as store, pytest.raises(BackupUnfit) as found:
        back_up(store, tmp_path / "backup.db")
    assert "5" in str(found.value)
    assert not [name for name in list_names(tmp_path) if "backup" in name]


def test_a_backup_of_an_older_file_that_was_put_back_is_not_kept(kept: Kept, tmp_path: Path) -> None:
    shutil.copy(kept.earlier, kept.path)
    with Store.open(kept.path) as store, pytest.raises(BackupUnfit):
        back_up(store, tmp_path / "backup.db")
    assert not [name for name in list_names(tmp_path) if "backup" in name]


def test_where_nothing_can_be_written_there_is_no_backup(kept: Kept, tmp_path: Path) -> None:
    with Store.open(kept.path) as store, pytest.raises(WriteFailed):
        back_up(store, tmp_path / "nowhere" / "backup.db")


def test_a_backup_comes_back_whole_and_can_be_worked_with(kept: Kept, tmp_path: Path) -> None:
    backup, target = tmp_path / "backup.db", tmp_path / "new" / "cases.db"
    target.parent.mkdir()
    with Store.open(kept.path) as store:
        back_up(store, backup)
    seen: list[Part] = []
    restored = restore(backup, target, kept.path, lambda part, done, total: seen.append(part))
    assert (restored.report.events, restored.known_until, restored.missing) == (EVENTS, VISITS * EVENTS_A_VISIT, 0)
    assert seen[0] is Part.COPY
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    make_record(target, visits=1, begin=VISITS + 1)
    assert verify(target).findings == ()


def test_what_an_older_backup_lacks_is_said_by_the_anchors_of_the_file_that_was_lost(
    kept: Kept, tmp_path: Path
) -> None:
    kept.path.unlink()
    against = restore(kept.earlier, tmp_path / "other.db", kept.path)
    assert against.missing == 2 * EVENTS_A_VISIT
    in_place = restore(kept.earlier, kept.path)
    assert in_place.missing == against.missing
    with Store.open(kept.path) as store:
        assert [warning.code for warning in store.warnings] == ["store_records_missing"]


def test_without_anchors_nobody_can_tell_what_is_missing(kept: Kept, tmp_path: Path) -> None:
    assert restore(kept.earlier, tmp_path / "other.db").known_until is None


@pytest.mark.parametrize("edit", ["UPDATE events SET actor = 'x' WHERE seq = 7", "DELETE FROM checkpoints"])
def test_a_backup_that_does_not_verify_is_not_restored(kept: Kept, tmp_path: Path, edit: str) -> None:
    backup = tmp_path / "backup.db"
    shutil.copy(kept.path, backup)
    with past_the_program(backup) as raw:
        raw.execute(edit)
    with pytest.raises(RestoreUnfit):
        restore(backup, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_there_is_nothing_to_restore_from_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        restore(tmp_path / "backup.db", tmp_path / "new.db")
    assert list_names(tmp_path) == set()


def test_lists_are_made_anew_and_what_was_wrong_in_them_is_said(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute("UPDATE cases SET lost_fen = 100")
        raw.execute("DELETE FROM lookups")
    assert {found.flaw for found in verify(kept.path).findings} == {"rows"}
    with Store.open(kept.path) as store:
        cases, findings = rebuild(store)
        assert cases == VISITS + 1
        assert len(findings) == 2
        assert rebuild(store) == (cases, ())
    assert verify(kept.path).findings == ()


def test_a_program_backs_up_and_restores_by_commands(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db, backup, target = str(kept.path), str(tmp_path / "backup.db"), str(tmp_path / "new.db")
    assert main(["backup", backup, "--db", db]) == 0
    assert kept.line in capsys.readouterr().out
    assert main(["backup", backup, "--db", db]) == 2
    assert main(["restore", backup, target, "--against", db, "--lang", "en"]) == 0
    assert "nothing is missing" in capsys.readouterr().out
    assert main(["restore", str(kept.earlier), str(tmp_path / "old.db"), "--against", db, "--lang", "en"]) == 0
    assert f"at least {2 * EVENTS_A_VISIT} records are missing" in capsys.readouterr().out
    assert main(["rebuild", "--db", target, "--lang", "en"]) == 0
    assert "as they were" in capsys.readouterr().out
    assert main(["verify", "--db", target, "--checkpoint", kept.line]) == 0
    assert main(["verify", "--db", str(tmp_path / "old.db"), "--checkpoint", str(find_anchor(kept.path))]) == UNFIT
    with closing(Store.open(kept.path)) as store:
        assert store.head().seq == EVENTS
