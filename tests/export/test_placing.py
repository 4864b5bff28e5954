"""An export takes its place whole, overwrites nothing it may not, and what a killed one left is cleared away."""

from __future__ import annotations

import os
import shutil
from errno import EACCES, ENOSPC, EPERM, EROFS
from pathlib import Path
from typing import BinaryIO

import pytest

from assistant.export.delivery import (
    ExportFailed,
    ExportUnplaced,
    Target,
    Work,
    Written,
    deliver,
    deliver_all,
)
from assistant.export.placing import FolderMissing, TargetTaken, TargetUnfit, find_stamp
from assistant.export.stamp import Stamp
from assistant.export.verification import verify_export
from rules.language import Language
from tests.export.rows import ROWS, list_exports, list_files, order, sit, write_rows
from tests.people.branch import SUPERVISOR, Branch


@pytest.mark.parametrize("beside", [False, True])
def test_what_lies_there_is_left_as_it_is_unless_it_may_be_replaced(
    branch: Branch, tmp_path: Path, *, beside: bool
) -> None:
    path = tmp_path / "cases.csv"
    taken = find_stamp(path) if beside else path
    taken.write_text("mine")
    with pytest.raises(TargetTaken):
        deliver(sit(branch, SUPERVISOR), order(), Target(path, stamp_beside=True), write_rows)
    assert taken.read_text() == "mine"
    assert list_exports(branch) == ()
    deliver(sit(branch, SUPERVISOR), order(), Target(path, replace=True, stamp_beside=True), write_rows)
    assert verify_export(branch.store, path).whole


def test_what_appears_while_the_export_is_made_is_not_overwritten(branch: Branch, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        path.write_text("mine")
        return write_rows(stamp, file)

    with pytest.raises(ExportUnplaced):
        deliver(sit(branch, SUPERVISOR), order(), Target(path), write)
    assert path.read_text() == "mine"


def refuse_link(source: Path, target: Path) -> None:
    """Answer as the system does of a stick, on which a file has one name only."""
    raise OSError(EPERM, os.strerror(EPERM), source, None, target)


def test_on_a_stick_it_is_put_whole_and_overwrites_nothing(
    branch: Branch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", refuse_link)
    path = tmp_path / "cases.csv"
    deliver(sit(branch, SUPERVISOR), order(), Target(path, stamp_beside=True), write_rows)
    assert verify_export(branch.store, path).whole
    path.unlink()
    find_stamp(path).unlink()

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        path.write_text("mine")
        return write_rows(stamp, file)

    with pytest.raises(ExportUnplaced) as told:
        deliver(sit(branch, SUPERVISOR), order(), Target(path), write)
    assert "a file of that name is there already" in told.value.sentence(Language.EN)
    assert path.read_text() == "mine"
    assert not [name for name in list_files(tmp_path) if name.endswith(".part")]


def test_stopped_while_they_are_put_in_place_none_of_the_others_that_are_recorded_is_missing(
    branch: Branch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, paths = os.link, [tmp_path / name for name in ("a.csv", "b.csv", "c.csv")]

    def stop_once(source: Path, target: Path) -> None:
        if target == paths[0]:
            raise KeyboardInterrupt
        link(source, target)

    monkeypatch.setattr(os, "link", stop_once)
    with pytest.raises(KeyboardInterrupt):
        deliver_all(sit(branch, SUPERVISOR), [Work(order(), Target(path), write_rows) for path in paths])
    assert len(list_exports(branch)) == 3
    assert [path.exists() for path in paths] == [False, True, True]
    assert verify_export(branch.store, paths[2]).whole


def test_a_stamp_that_appears_meanwhile_as_a_link_is_not_followed(branch: Branch, tmp_path: Path) -> None:
    path, victim = tmp_path / "cases.csv", tmp_path / "victim"
    victim.write_text("mine")

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        find_stamp(path).symlink_to(victim)
        return write_rows(stamp, file)

    with pytest.raises(ExportUnplaced):
        deliver(sit(branch, SUPERVISOR), order(), Target(path, stamp_beside=True), write)
    assert victim.read_text() == "mine"


OWN = ("cases.db", "cases.db-journal", "cases.db-wal", "cases.db.anchor", "settings.yaml", "bank.yaml")
OF_FOLDERS = ("rulebook/a.yaml", "keys/master.key", "templates/slip.zh.md", "goaml.xsd")


@pytest.mark.parametrize("name", [*OWN, *OF_FOLDERS])
@pytest.mark.parametrize("how", ["itself", "through_a_folder", "as_the_stamp"])
def test_what_the_program_needs_is_no_place_for_an_export_whatever_was_asked(
    branch: Branch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, how: str
) -> None:
    settings = "documents: {templates: templates, goaml_schema: goaml.xsd}\n"
    (tmp_path / "settings.yaml").write_text(settings, "utf-8")
    monkeypatch.delenv("ASSISTANT_KEY")
    monkeypatch.setenv("ASSISTANT_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    own = tmp_path / name
    own.parent.mkdir(exist_ok=True)
    own.touch()
    (tmp_path / "elsewhere").symlink_to(own.parent)
    path = own
    if how == "through_a_folder":
        path = tmp_path / "elsewhere" / own.name
    elif how == "as_the_stamp":
        find_stamp(tmp_path / "c.csv").symlink_to(own)
        path = tmp_path / "c.csv"
    before = own.read_bytes()
    with pytest.raises(TargetUnfit):
        deliver(sit(branch, SUPERVISOR), order(), Target(path, replace=True, stamp_beside=True), write_rows)
    assert own.read_bytes() == before
    assert list_exports(branch) == ()


def test_the_file_of_cases_is_none_by_another_of_its_names_either(branch: Branch, tmp_path: Path) -> None:
    other = tmp_path / "CASES.DB"
    os.link(branch.store.path, other)
    with pytest.raises(TargetUnfit):
        deliver(sit(branch, SUPERVISOR), order(), Target(other, replace=True), write_rows)


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "link", "root", "not_utf8"])
def test_what_is_no_plain_file_is_refused_before_anything_is_made(branch: Branch, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "place"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "device":
            path = Path(os.devnull)
        case "link":
            path.symlink_to(tmp_path / "nowhere")
        case "root":
            path = Path("/")
        case "not_utf8":
            path = tmp_path / os.fsdecode(b"\xff.csv")
    with pytest.raises(TargetUnfit) as refused:
        deliver(sit(branch, SUPERVISOR), order(), Target(path, replace=True), write_rows)
    refused.value.sentence(Language.ZH).encode()
    assert list_exports(branch) == ()


def test_a_folder_that_is_not_there_is_told_before_anything_is_recorded(branch: Branch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for folder in (tmp_path / "nowhere", tmp_path / "nowhere" / "deeper", tmp_path / "file"):
        with pytest.raises(FolderMissing) as told:
            deliver(sit(branch, SUPERVISOR), order(), Target(folder / "cases.csv", replace=True), write_rows)
        assert str(folder) in told.value.sentence(Language.ZH)
        assert told.value.exit_status == 2
    assert list_exports(branch) == ()


@pytest.mark.parametrize(("number", "said"), [(EACCES, "没有权限"), (EROFS, "磁盘只能读"), (ENOSPC, "磁盘已满")])
def test_what_the_system_says_is_told_in_the_language(
    branch: Branch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    before = os.open

    def refuse(name: str | Path, *words: int) -> int:
        if str(name).endswith(".part"):
            raise OSError(number, os.strerror(number))
        return before(name, *words)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ExportFailed) as told:
        deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "cases.csv"), write_rows)
    assert said in told.value.sentence(Language.ZH)
    assert os.strerror(number) not in told.value.sentence(Language.ZH)


def test_an_export_that_cannot_be_put_in_its_place_is_recorded_and_told(branch: Branch, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        written = write_rows(stamp, file)
        # As when the stick is pulled out.
        shutil.rmtree(folder)
        return written

    with pytest.raises(ExportUnplaced):
        deliver(sit(branch, SUPERVISOR), order(), Target(folder / "cases.csv"), write)
    assert len(list_exports(branch)) == 1


def test_a_killed_export_leaves_no_event_and_the_next_one_clears_it_away(branch: Branch, tmp_path: Path) -> None:
    pid = os.fork()
    if pid == 0:

        def write(stamp: Stamp, file: BinaryIO) -> Written:
            file.write(ROWS)
            file.flush()
            os.kill(os.getpid(), 9)
            raise AssertionError

        deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "cases.csv"), write)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -9
    assert not (tmp_path / "cases.csv").exists()
    assert list_exports(branch) == ()
    assert list(tmp_path.glob(".*.part"))
    deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "other.csv"), write_rows)
    assert list(tmp_path.glob(".*.part")) == []


def test_an_empty_file_may_be_just_being_made_and_is_cleared_away_later(branch: Branch, tmp_path: Path) -> None:
    young, old = (tmp_path / f".cases.csv.{digit * 16}.part" for digit in "01")
    young.touch()
    old.touch()
    os.utime(old, (0, 0))
    deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "cases.csv"), write_rows)
    assert list(tmp_path.glob(".*.part")) == [young]


def test_templates_beside_the_file_of_cases_do_not_make_its_folder_one_for_no_export(
    branch: Branch, tmp_path: Path
) -> None:
    (tmp_path / "settings.yaml").write_text("documents: {templates: .}\n", "utf-8")
    deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "cases.csv"), write_rows)
    assert verify_export(branch.store, tmp_path / "cases.csv").whole


def test_two_exports_into_one_folder_leave_each_other_alone(branch: Branch, tmp_path: Path) -> None:
    def write(stamp: Stamp, file: BinaryIO) -> Written:
        deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "inner.csv"), write_rows)
        return write_rows(stamp, file)

    deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "outer.csv"), write)
    assert all(verify_export(branch.store, tmp_path / name).whole for name in ("inner.csv", "outer.csv"))
