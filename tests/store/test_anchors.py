"""The anchors beside the file are held against it at every opening, and lists that were edited are made anew."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.case.events import Event, EventKind
from assistant.case.subjects import OUTLET
from assistant.people.first import draft_manager
from assistant.people.requests import Standing
from assistant.people.roles import Role
from assistant.stamps import make_id
from assistant.store import Outlet, Store
from assistant.store.anchor import TAIL_BYTES
from rules.language import Language
from tests.case.visits import NOON
from tests.people.branch import COMPLIANCE, MANAGER, SUPERVISOR, TELLER, Branch
from tests.people.moves import RELEASE


@pytest.fixture
def branch(path: Path) -> Iterator[Branch]:
    made = Branch.full(path)
    yield made
    made.store.close()


def change(path: Path, *statements: str) -> None:
    """Change the file past the program, whose guards stand again afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE name LIKE 'events_no_%'").fetchall()
        for name, _ in guards:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        for _, sql in guards:
            raw.execute(sql)


def list_warnings(path: Path, *, read_only: bool = False) -> list[str]:
    with Store.open(path, read_only=read_only) as store:
        return [warning.code for warning in store.warnings]


def find_anchors(path: Path) -> Path:
    return path.with_name("cases.db.anchor")


def test_a_file_that_agrees_with_its_anchors_opens_without_a_word(visit: tuple[Event, ...], path: Path) -> None:
    assert find_anchors(path).read_text()
    assert list_warnings(path) == []
    assert list_warnings(path, read_only=True) == []


def test_records_that_were_cut_off_are_missed_and_where_they_ended_is_said(
    visit: tuple[Event, ...], path: Path
) -> None:
    change(
        path,
        "DELETE FROM private_texts WHERE seq > 5",
        "DELETE FROM events WHERE seq > 5",
        "UPDATE cases SET events = 5",
    )
    assert list_warnings(path, read_only=True) == ["store_records_missing"]
    with Store.open(path) as store:
        (warning,) = store.warnings
    for language in Language:
        said = warning.sentence(language)
        assert str(find_anchors(path)) in said
        assert "5" in said
        assert "8" in said


def test_an_older_copy_that_was_put_back_shows_and_so_does_what_was_written_on_it(
    store: Store, path: Path, moves: Any, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    store.append_all([moves.open(), moves.advise("call_110")])
    store.close()
    shutil.copy(path, copy)
    with Store.open(path) as used:
        used.append_all([moves.record("call_110"), moves.answer()])
    shutil.copy(copy, path)
    assert list_warnings(path) == ["store_records_missing"]
    with Store.open(path) as used:
        used.append_all([moves.answer("secrecy"), moves.answer("hurried"), moves.record("call_110"), moves.answer()])
    assert list_warnings(path) == ["store_anchors_differ"]


def test_the_list_of_cases_that_was_made_anew_claims_no_more_than_was_checked(
    visit: tuple[Event, ...], path: Path
) -> None:
    change(path, "DELETE FROM cases")
    with Store.open(path) as store:
        (warning,) = store.warnings
    assert "200" in warning.sentence(Language.ZH)
    assert "完好" not in warning.sentence(Language.ZH)
    assert "whole" not in warning.sentence(Language.EN)


def test_lines_of_another_file_and_lines_that_are_none_are_passed_over(visit: tuple[Event, ...], path: Path) -> None:
    other = {"db": "another", "seq": 9000, "hash": "0" * 64}
    lines = [json.dumps(other), "{", "[]", "7", json.dumps({"db": "another"}), '{"seq": "x"}', "\ufffd"]
    with find_anchors(path).open("a") as file:
        file.write("\n".join(lines) + "\n")
    assert list_warnings(path) == []


def test_where_the_anchors_are_gone_there_is_nothing_to_compare(visit: tuple[Event, ...], path: Path) -> None:
    find_anchors(path).unlink()
    assert list_warnings(path) == []


def test_of_many_anchors_the_newest_are_read(visit: tuple[Event, ...], path: Path) -> None:
    anchors = find_anchors(path)
    line = json.loads(anchors.read_text().splitlines()[0])
    early = json.dumps({**line, "seq": 9000}) + "\n"
    anchors.write_text(early + anchors.read_text() * TAIL_BYTES)
    assert list_warnings(path) == []
    anchors.write_text(anchors.read_text() + early)
    assert list_warnings(path) == ["store_records_missing"]


def test_whatever_is_decided_is_anchored(branch: Branch, path: Path) -> None:
    branch.name("t5", Role.TELLER)
    case_id = branch.open_case()
    asked = branch.office(TELLER).ask(EventKind.AUTHORISED, RELEASE, about=case_id)
    branch.office(SUPERVISOR).approve(asked.subject)
    branch.agree(EventKind.RESTRICTED, branch.close(branch.open_case()))
    seqs = [json.loads(line)["seq"] for line in find_anchors(path).read_text().splitlines()]
    anchored = {event.kind for event in read_all(path) if event.seq in seqs}
    assert anchored >= {EventKind.ASKED, EventKind.MEMBER_NAMED, EventKind.AUTHORISED, EventKind.RESTRICTED}


def test_how_a_file_began_is_anchored_beside_it_and_nowhere_else(path: Path, outlet: Outlet) -> None:
    with Store.create(path, outlet, begin=[draft_manager(MANAGER, "boss", make_id(), NOON)]) as store:
        assert [found.name for found in path.parent.glob("*anchor*")] == ["cases.db.anchor"]
        line = {"db": store.db_id, "seq": 1, "hash": store.head().hash}
        assert json.loads(find_anchors(path).read_text()) == line


def wait_for_review(branch: Branch) -> str:
    """Have a teller do alone what takes two, and return the request."""
    asked = branch.office(TELLER).ask(EventKind.AUTHORISED, RELEASE, about=branch.open_case())
    return branch.office(TELLER).use_emergency(asked.subject, "system_down", 24).subject


@pytest.mark.parametrize(
    "edit", ["UPDATE requests SET standing = 'upheld'", "UPDATE requests SET subject = subject || '-'"]
)
def test_a_request_that_waits_cannot_be_hidden_in_the_list(branch: Branch, path: Path, edit: str) -> None:
    subject = wait_for_review(branch)
    change(path, edit)
    with Store.open(path) as store:
        assert [warning.code for warning in store.warnings] == ["store_cases_remade"]
        assert [request.subject for request in store.list_requests()] == [subject]


def test_nor_can_one_that_is_settled_be_made_to_wait_again(branch: Branch, path: Path) -> None:
    subject = wait_for_review(branch)
    branch.office(SUPERVISOR).review(subject, upheld=True)
    change(path, "UPDATE requests SET standing = 'emergency'")
    with Store.open(path) as store:
        assert [warning.code for warning in store.warnings] == ["store_cases_remade"]
        assert store.request(subject).standing is Standing.UPHELD
        assert store.list_requests() == ()


def test_the_outlet_keeps_the_name_that_was_agreed_on(branch: Branch, path: Path) -> None:
    asked = branch.office(MANAGER).ask(EventKind.OUTLET_RENAMED, {"name": "新网点"}, about=OUTLET)
    branch.office(COMPLIANCE).approve(asked.subject)
    change(path, "UPDATE meta SET outlet_name = '别的网点'")
    with Store.open(path) as store:
        assert [warning.code for warning in store.warnings] == ["store_cases_remade"]
        assert store.outlet.name == "新网点"


def read_all(path: Path) -> list[Event]:
    """Return all events, without their bodies."""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT id, case_id, at, actor, kind, seq FROM events").fetchall()
    return [Event(one, subject, at, actor, EventKind(kind), {}, seq=seq) for one, subject, at, actor, kind, seq in rows]
