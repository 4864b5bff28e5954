"""Who looks up what was exported learns of a suspicious transaction report only if it is his business."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from assistant.cli import main
from assistant.desk import Desk
from assistant.export.delivery import Target, Written, deliver
from assistant.export.log import list_exports
from assistant.export.stamp import Order, Stamp
from assistant.people.bodies import Leaving
from assistant.people.logins import find_login
from rules.language import Language
from rules.names import Shelf
from tests.people.branch import AUDITOR, COMPLIANCE, MANAGER, SUPERVISOR, TELLER, Branch

WORDS = ("str_paper", "可疑交易", "suspicious", '"confidential": true')


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    made = Branch.full(tmp_path / "cases.db")
    case_id = made.open_case(TELLER)
    order = Order(
        what=Leaving.DOCUMENT,
        form="md",
        language=Language.ZH,
        name="str_paper",
        case_id=case_id,
        columns=("next_step",),
        confidential=True,
    )

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        file.write(stamp.export.encode())
        return Written(1, (case_id,))

    deliver(Desk(made.store, Shelf(), COMPLIANCE, made.clock), order, Target(tmp_path / "paper.md"), write)
    yield made
    made.store.close()


@pytest.mark.parametrize(("number", "knows"), [(TELLER, False), (AUDITOR, False), (SUPERVISOR, True), (MANAGER, True)])
def test_a_confidential_export_is_told_as_such_to_who_needs_to_know(
    branch: Branch, number: str, *, knows: bool
) -> None:
    (event,) = list_exports(Desk(branch.store, Shelf(), number, branch.clock), 10)
    assert (event.body["name"] == "str_paper") is knows
    assert (event.body["case"] is not None) is knows
    assert (event.body["columns"] == ["next_step"]) is knows
    # There is a form that only such a document has.
    assert (event.body["form"] == "md") is knows
    assert event.body["confidential"] is knows


@pytest.mark.parametrize("number", [TELLER, AUDITOR])
@pytest.mark.parametrize("words", [("export", "list"), ("verify-export", "paper.md"), ("verify-export", "changed.md")])
@pytest.mark.parametrize("more", [(), ("--json",), ("--lang", "en")])
def test_no_command_names_one_to_whom_it_is_no_business(
    branch: Branch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    number: str,
    words: tuple[str, ...],
    more: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "changed.md").write_bytes((tmp_path / "paper.md").read_bytes() + b"x")
    branch.bind(number, find_login())
    status = main((*words, *more, "--db", str(branch.store.path)))
    said = capsys.readouterr()
    assert status == 5 if (number, words[1]) == (TELLER, "list") else status in (0, 6)
    assert not [word for word in WORDS if word in said.out + said.err]
    if "--json" in more and status != 5:
        assert json.loads(said.out)
