"""The command says whether everything fits, names the first record that does not, and keeps nobody from saving."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from pydantic import ValidationError

from assistant.case.events import EventKind
from assistant.case.subjects import STAFF
from assistant.cli import main
from assistant.cli.integrity import UNFIT
from assistant.integrity.findings import Flaw, Gap
from assistant.integrity.verify import Depth, verify
from assistant.people.logins import find_login
from assistant.people.permissions import State
from assistant.people.roles import Role
from assistant.store import Store
from assistant.store.anchor import find_anchor
from rules.language import Language
from tests.integrity.attacks import reseal
from tests.integrity.conftest import Kept
from tests.integrity.record import EVENTS, past_the_program, rehash
from tests.people.branch import LONG_AGO, OF_ROLE, TELLER, Branch
from tests.store.conftest import Moves

NOT_PERMITTED: Final = 5
UNUSABLE: Final = 3
BAD_INPUT: Final = 2
TOLD: Final = 26
"""An event with a text about a person."""
OFFICE: Final = {Role.OUTLET_MANAGER, Role.COMPLIANCE_OFFICER}
"""Who answers for the file itself."""


def edit(path: Path, *statements: str) -> None:
    with past_the_program(path) as raw:
        for statement in statements:
            raw.execute(statement)


@pytest.mark.parametrize("language", Language)
def test_the_command_names_the_first_record_that_does_not_fit_and_its_status_says_so(
    kept: Kept, capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    command = ["verify", "--db", str(kept.path), "--lang", language]
    assert main([*command, "--checkpoint", kept.line]) == 0
    whole = capsys.readouterr().out
    edit(kept.path, "UPDATE events SET actor = 'another' WHERE seq = 31")
    assert main(command) == UNFIT
    said = capsys.readouterr().out
    assert "31" in said
    assert {Language.ZH: "[完好]", Language.EN: "[whole]"}[language] in whole
    assert {Language.ZH: "[不符]", Language.EN: "[unfit]"}[language] in said


def test_a_program_reads_the_same_as_json(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    edit(kept.path, "UPDATE events SET actor = 'another' WHERE seq = 31")
    assert main(["verify", "--db", str(kept.path), "--json"]) == UNFIT
    told = json.loads(capsys.readouterr().out)
    assert (told["whole"], told["first_unfit"], told["events"]) == (False, 31, EVENTS)
    assert [found["flaw"] for found in told["findings"]] == ["link"]
    assert told["not_checked"] == ["outside"]
    assert told["checkpoint"] == kept.line


def test_a_checkpoint_is_printed_or_added_to_a_file_and_found_again(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db, file = str(kept.path), tmp_path / "checkpoints.txt"
    assert main(["checkpoint", "--db", db]) == 0
    assert capsys.readouterr().out == f"{kept.line}\n"
    for _ in range(2):
        assert main(["checkpoint", "--db", db, "-o", str(file)]) == 0
    assert file.read_text() == f"{kept.line}\n" * 2
    assert main(["verify", "--db", db, "--checkpoint", str(file)]) == 0
    shutil.copy(kept.earlier, kept.path)
    assert main(["verify", "--db", db, "--checkpoint", str(file)]) == UNFIT


def test_a_checkpoint_that_cannot_be_written_is_told_of_its_own_file(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "nowhere" / "checkpoints.txt"
    assert main(["checkpoint", "--db", str(kept.path), "-o", str(target), "--lang", "en"]) == BAD_INPUT
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert said.err.startswith("The file ")


def test_a_line_with_a_slip_verifies_nothing(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    slip = kept.line.replace(" 58 ", " 85 ")
    assert main(["verify", "--db", str(kept.path), "--checkpoint", slip, "--lang", "en"]) == BAD_INPUT
    assert "copied wrong" in capsys.readouterr().err


def test_without_the_key_nothing_is_taken_for_whole_unless_that_is_wanted(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_KEY", "YW5vdGhlciBrZXksIHRoYXQgb2Ygbm8gZmlsZSAhISE=")
    assert main(["verify", "--db", str(kept.path), "--lang", "en"]) == UNFIT
    assert "key" in capsys.readouterr().out
    assert main(["verify", "--db", str(kept.path), "--without-key"]) == 0
    edit(kept.path, "UPDATE events SET actor = 'another' WHERE seq = 31")
    assert main(["verify", "--db", str(kept.path), "--without-key"]) == UNFIT


def test_a_file_that_cannot_be_opened_is_verified_all_the_same(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    edit(kept.path, "UPDATE events SET actor = 'another' WHERE seq = 58")
    assert main(["case", "list", "--db", str(kept.path)]) == UNUSABLE
    assert main(["verify", "--db", str(kept.path), "--lang", "en"]) == UNFIT
    assert f"Record {EVENTS}" in capsys.readouterr().out


@pytest.mark.parametrize("role", Role)
def test_whoever_may_not_do_it_to_the_whole_file_is_refused(tmp_path: Path, role: Role) -> None:
    branch = Branch.full(tmp_path / "cases.db")
    branch.bind(OF_ROLE[role], find_login())
    branch.store.close()
    backup = tmp_path / "backup.db"
    for command, refused in {
        ("verify",): {Role.TELLER},
        ("checkpoint",): {Role.TELLER},
        ("backup", str(backup)): set(Role) - OFFICE,
        ("rebuild",): set(Role) - OFFICE,
    }.items():
        expected = NOT_PERMITTED if role in refused else 0
        assert main([*command, "--db", str(tmp_path / "cases.db")]) == expected, command
    assert backup.exists() is (role in OFFICE)


def test_a_verification_changes_nothing_in_the_file(kept: Kept) -> None:
    edit(kept.path, "UPDATE cases SET events = events + 1")
    before = kept.path.read_bytes()
    assert main(["verify", "--db", str(kept.path)]) == UNFIT
    assert kept.path.read_bytes() == before


def test_saves_go_on_while_a_file_is_verified(kept: Kept) -> None:
    done = threading.Event()
    saved: list[int] = []

    def work() -> None:
        with Store.open(kept.path) as store:
            moves = Moves()
            store.append(moves.open())
            while not done.is_set():
                saved.append(store.append(moves.answer(f"sign_{len(saved)}")).seq)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(2):
            assert verify(kept.path).findings == ()
    finally:
        done.set()
        worker.join()
    assert saved
    assert verify(kept.path).findings == ()


def test_whatever_was_erased_by_the_rules_is_not_missed_and_what_was_erased_past_them_is(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    branch = Branch.full(path)
    case_id = branch.open_case()
    for value in ("+8613900002222", "+8613900003333"):
        body = {"party": "customer", "field": "phone"}
        branch.append(case_id, EventKind.PARTICULARS_NOTED, body, TELLER, {"value": value})
    branch.append(case_id, EventKind.PARTICULARS_REMOVED, {"party": "customer", "field": "phone"}, TELLER)
    branch.case_in(State.ERASED)
    branch.leave_at("t5", LONG_AGO)
    for turn in range(2):
        branch.append(STAFF, EventKind.PASSWORD_SET, {"number": TELLER}, TELLER, {"hash": f"$argon2id${turn}"})
    branch.store.close()
    assert verify(path).findings == ()
    with past_the_program(path) as raw:
        texts = raw.execute("SELECT seq, field FROM private_texts ORDER BY seq").fetchall()
    for seq, field in texts:
        with past_the_program(path) as raw:
            (sealed,) = raw.execute("SELECT sealed FROM private_texts WHERE seq = ?", (seq,)).fetchone()
            raw.execute("DELETE FROM private_texts WHERE seq = ?", (seq,))
        gone = [found for found in verify(path).findings if found.flaw is Flaw.TEXT_GONE]
        assert [found.seq for found in gone] == [seq], field
        with past_the_program(path) as raw:
            raw.execute("INSERT INTO private_texts VALUES (?, ?, ?)", (seq, field, sealed))
    assert verify(path).findings == ()


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("UPDATE cases SET opened_by = 'another' WHERE opened_seq = 12", Flaw.ROWS),
        ("DELETE FROM cases WHERE opened_seq = 12", Flaw.ROWS),
        ("INSERT INTO ledgers VALUES ('access:nobody', 0)", Flaw.ROWS),
        ("INSERT INTO case_typologies VALUES ('investment', 12)", Flaw.ROWS),
        ("UPDATE lookups SET last_digits = '0000'", Flaw.ROWS),
        ("UPDATE tally SET events = 7", Flaw.COUNT),
        ("INSERT INTO rulebooks VALUES ('3fa9c1d2', x'00')", Flaw.RULEBOOK),
        ("UPDATE meta SET outlet_name = '另一个网点'", None),
        ("CREATE TRIGGER extra AFTER INSERT ON events BEGIN SELECT 1; END", Flaw.GUARDS),
    ],
)
def test_what_is_derived_from_the_records_is_held_against_them(kept: Kept, statement: str, flaw: Flaw | None) -> None:
    edit(kept.path, statement)
    flaws = {found.flaw for found in verify(kept.path).findings}
    if "opened_by" in statement:
        (found,) = verify(kept.path).findings
        assert "0312-1123-002" in found.sentence(Language.EN)
    # Of the name that an outlet began with there is no event.
    assert (flaw in flaws) if flaw else (flaws == set())


def test_where_there_are_no_anchors_that_is_said(kept: Kept) -> None:
    kept.path.with_name("cases.db.anchor").unlink()
    report = verify(kept.path)
    assert report.findings == ()
    assert Gap.ANCHORS in report.gaps


def test_the_records_of_an_earlier_release_hold_and_so_do_their_ids(kept: Kept) -> None:
    kept.path.with_name("cases.db.anchor").unlink()
    with past_the_program(kept.path) as raw:
        ids = [event_id for (event_id,) in raw.execute("SELECT id FROM events ORDER BY seq")]
        digest = sha256("".join(f"{event_id}\n" for event_id in ids).encode()).hexdigest()
        raw.execute("UPDATE meta SET old_events = ?, old_ids = ?", (EVENTS, digest))
        raw.execute("DELETE FROM checkpoints")
        rehash(raw, with_ids=False)
    moves = Moves()
    with Store.open(kept.path) as store:
        store.append_all([moves.open(), moves.answer()])
    assert verify(kept.path).findings == ()
    edit(kept.path, "UPDATE events SET actor = 'another' WHERE seq = 31")
    assert verify(kept.path).first == 31
    edit(kept.path, "UPDATE events SET actor = 'teller' WHERE seq = 31")
    edit(kept.path, "UPDATE events SET id = 'another' WHERE seq = 31")
    assert verify(kept.path).first == 1
    edit(kept.path, f"UPDATE events SET id = '{ids[30]}' WHERE seq = 31")  # noqa: S608 - an id
    assert verify(kept.path).findings == ()


def test_on_a_terminal_it_tells_how_far_it_has_come(kept: Kept) -> None:
    program = "import sys; sys.stderr.isatty = lambda: True; from assistant.cli import main; sys.exit(main())"
    run = subprocess.run(
        [sys.executable, "-c", program, "verify", "--db", str(kept.path)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=True,
    )
    assert "%" in run.stderr.decode()
    assert "%" not in run.stdout.decode()


def test_where_only_the_records_of_a_case_make_no_sense_together_the_first_of_them_is_named(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        changed, case_id = raw.execute("SELECT max(seq), case_id FROM events WHERE kind = 'advised'").fetchone()
        (first,) = raw.execute("SELECT min(seq) FROM events WHERE case_id = ?", (case_id,)).fetchone()
        raw.execute('UPDATE events SET body = \'{"level":"no level"}\' WHERE seq = ?', (changed,))
        with suppress(ValidationError):
            # The chain is made anew first; of such events no row can be.
            rehash(raw, changed)
        reseal(raw)
    find_anchor(kept.path).unlink()
    report = verify(kept.path)
    assert {found.flaw for found in report.findings} <= {Flaw.FOLD, Flaw.ROWS, Flaw.COUNT}
    assert report.first == first < changed


def write_untyped(path: Path, table: str, statement: str) -> None:
    """Write into a table as a damaged disk does, for which a column has no type."""
    with closing(sqlite3.connect(path)) as raw:
        (made,) = raw.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    untyped = made.replace("TEXT", "BLOB").replace("STRICT, ", "").replace("STRICT", "")
    rewrite_schema(path, table, untyped)
    edit(path, statement)
    rewrite_schema(path, table, made)


def rewrite_schema(path: Path, table: str, made: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (made, table))


@pytest.mark.parametrize("key", [True, False], ids=["with the key", "without it"])
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("private_texts", "sealed", "'text'"),
        ("private_texts", "sealed", "17"),
        ("private_texts", "field", "CAST(field AS BLOB)"),
        ("private_texts", "field", "17"),
        ("events", "body", "CAST(body AS BLOB)"),
        ("events", "body", "17"),
    ],
)
def test_a_column_that_changed_its_type_is_found_at_its_event(
    kept: Kept, table: str, column: str, value: str, *, key: bool
) -> None:
    write_untyped(kept.path, table, f"UPDATE {table} SET {column} = {value} WHERE seq = {TOLD}")  # noqa: S608
    report = verify(kept.path, depth=Depth(key=key))
    # What is sealed is not opened without the key; that it is no bytes any more SQLite tells of its page.
    assert report.first == (None if (column, key) == ("sealed", False) else TOLD)
    assert not report.whole
