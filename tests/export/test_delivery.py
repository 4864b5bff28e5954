"""An export is whole, recorded and proven, or it is not there: whatever happens while it is made."""

from __future__ import annotations

import io
import json
import resource
from pathlib import Path
from typing import BinaryIO

import pytest

from assistant.case.events import RevealReason
from assistant.case.subjects import ACCESS
from assistant.desk import Desk
from assistant.export.delivery import (
    ExportFailed,
    Target,
    Written,
    deliver,
)
from assistant.export.placing import find_stamp
from assistant.export.stamp import MARK, Stamp
from assistant.people.permissions import State
from assistant.people.refusals import NotPermitted
from assistant.store import Store, StoreTrouble
from rules.language import Language
from rules.names import Shelf
from tests.export.rows import ROWS, list_exports, list_files, order, sit, write_rows
from tests.people.branch import AUDITOR, MANAGER, SUPERVISOR, TELLER, Branch
from tests.people.moves import set_up


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
