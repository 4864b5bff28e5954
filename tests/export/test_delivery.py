"""An export is whole, recorded and proven, or it is not there: whatever happens while it is made."""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import tracemalloc
from collections.abc import Iterator
from errno import EACCES, ENOSPC, EPERM, EROFS
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from assistant.case.events import Event, RevealReason
from assistant.case.subjects import ACCESS, EXPORT
from assistant.desk import Desk
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
from assistant.export.stamp import MARK, Order, Stamp
from assistant.export.verification import ExportUnread, Verdict, verify_export
from assistant.integrity.checkpoints import read_known
from assistant.integrity.verify import verify
from assistant.people.bodies import Leaving
from assistant.people.permissions import State
from assistant.people.refusals import NotPermitted
from assistant.store import Store, StoreTrouble
from rules.language import Language
from rules.names import Shelf
from tests.integrity.record import past_the_program
from tests.people.branch import AUDITOR, MANAGER, SUPERVISOR, TELLER, Branch
from tests.people.moves import set_up

ROWS = "编号,级别\r\n0312-1123-001,停办\r\n".encode()


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    made = Branch.full(tmp_path / "cases.db")
    yield made
    made.store.close()


def sit(branch: Branch, number: str) -> Desk:
    return Desk(branch.store, Shelf(), number, branch.clock)


def order(**told: object) -> Order:
    return Order(what=Leaving.TABLE, form="csv", language=Language.ZH, **told)  # type: ignore[arg-type]


def write_rows(stamp: Stamp, file: BinaryIO) -> Written:
    file.write(f"{stamp.export}\r\n".encode() + ROWS)
    return Written(1)


def list_exports(branch: Branch) -> tuple[Event, ...]:
    return branch.store.read_log(EXPORT)


def list_files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_left_is_recorded_with_its_digest_and_how_far_the_record_had_come(branch: Branch, tmp_path: Path) -> None:
    head = branch.store.dated_head()[0]
    path = tmp_path / "cases.csv"
    told = order(filter="级别:停办", columns=("number", "level"), rulebooks=("1",))
    delivered = deliver(sit(branch, SUPERVISOR), told, Target(path, stamp_beside=True), write_rows)
    (event,) = list_exports(branch)
    assert event.actor == SUPERVISOR
    assert event.body["sha256"] == delivered.sha256
    assert (event.body["seq"], event.body["hash"]) == (head.seq, head.hash)
    assert (event.body["filter"], event.body["columns"], event.body["count"]) == ("级别:停办", ["number", "level"], 1)
    assert delivered.stamp.export == MARK + event.id
    beside = json.loads(find_stamp(path).read_text("utf-8"))
    assert beside["sha256"] == delivered.sha256
    assert beside["masked"] is True
    assert path.stat().st_mode & 0o777 == 0o600


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


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_nothing_is_left_nor_recorded_of_an_export_that_was_broken_off(
    branch: Branch, tmp_path: Path, error: type[BaseException]
) -> None:
    before = list_files(tmp_path)

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        file.write(ROWS)
        raise error

    with pytest.raises(error):
        deliver(sit(branch, SUPERVISOR), order(), Target(tmp_path / "cases.csv"), write)
    assert list_files(tmp_path) == before
    assert list_exports(branch) == ()


def test_a_full_disk_leaves_what_was_there_before_and_is_told(branch: Branch, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("of last month")
    before = list_files(tmp_path)

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            file.write(ROWS * 100)
            file.flush()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        raise AssertionError

    with pytest.raises(ExportFailed) as failed:
        deliver(sit(branch, SUPERVISOR), order(), Target(path, replace=True), write)
    assert str(path) in failed.value.sentence(Language.ZH)
    assert list_files(tmp_path) == before
    assert path.read_text() == "of last month"
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


@pytest.mark.parametrize(
    ("name", "said"), [(".", "这是文件夹，不是文件"), ("nowhere.csv", "没有这个文件"), ("/dev/null", "不是普通文件")]
)
def test_what_is_no_file_to_verify_is_told_as_what_it_is(branch: Branch, tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(ExportUnread) as told:
        verify_export(branch.store, tmp_path / name)
    assert said in told.value.sentence(Language.ZH)


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


def test_a_stream_is_given_what_was_recorded_and_nothing_before(branch: Branch) -> None:
    class Watched(io.BytesIO):
        def write(self, data: object, /) -> int:
            assert len(list_exports(branch)) == 1
            return super().write(data)  # type: ignore[arg-type]

    stream = Watched()
    delivered = deliver(sit(branch, SUPERVISOR), order(), Target(stream=stream), write_rows)
    assert stream.getvalue().endswith(ROWS)
    assert len(stream.getvalue()) == delivered.size


def test_an_export_in_full_stands_in_the_log_of_each_of_its_cases(branch: Branch, tmp_path: Path) -> None:
    cases = tuple(branch.open_case(TELLER) for _ in range(2))

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        return Written(2, cases)

    told = order(reason=RevealReason.POLICE_REQUEST)
    deliver(sit(branch, MANAGER), told, Target(tmp_path / "cases.csv"), write)
    for case_id in cases:
        (look,) = branch.store.read_log(ACCESS + case_id)
        assert (look.body["how"], look.body["reason"]) == ("exported", "police_request")


@pytest.mark.parametrize(
    ("number", "told"),
    [(TELLER, {}), (AUDITOR, {"reason": RevealReason.REVIEW}), (SUPERVISOR, {"reason": RevealReason.REVIEW})],
)
def test_whoever_may_not_have_it_gets_no_file(
    branch: Branch, tmp_path: Path, number: str, told: dict[str, object]
) -> None:
    before = list_files(tmp_path)
    with pytest.raises(NotPermitted):
        deliver(sit(branch, number), order(**told), Target(tmp_path / "cases.csv"), write_rows)
    assert list_files(tmp_path) == before


def test_a_case_in_full_that_may_not_be_revealed_keeps_the_whole_export_back(branch: Branch, tmp_path: Path) -> None:
    open_case, restricted = branch.open_case(TELLER), branch.open_case(TELLER)
    set_up(branch, restricted, State.RESTRICTED)

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        return Written(2, (open_case, restricted))

    before = list_files(tmp_path)
    with pytest.raises(NotPermitted):
        deliver(sit(branch, MANAGER), order(reason=RevealReason.POLICE_REQUEST), Target(tmp_path / "cases.csv"), write)
    assert list_files(tmp_path) == before
    assert list_exports(branch) == ()


def test_nothing_leaves_a_file_that_takes_no_record(branch: Branch, tmp_path: Path) -> None:
    branch.store.close()
    with Store.open(branch.store.path, read_only=True) as store:
        desk = Desk(store, Shelf(), SUPERVISOR, branch.clock)
        with pytest.raises(StoreTrouble):
            deliver(desk, order(), Target(tmp_path / "cases.csv"), write_rows)
    assert not (tmp_path / "cases.csv").exists()
    branch.store = Store.open(branch.store.path)


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
