"""What is left of a case once it is erased: its figures and its place in the chain; of the persons not a byte."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.case.events import EventKind, Outcome, RevealReason
from assistant.case.summary import Keeping
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from assistant.store import Store
from rules.advice import Adviser
from tests.case.visits import HOUR, Clock, set_aside_gates
from tests.leaks import find_marks, read_files
from tests.ui.staff import COMPLIANCE, MANAGER, staffed_desk

PERSONS = {
    (Party.CUSTOMER, Field.NAME): "清除标记甲乙",
    (Party.CUSTOMER, Field.ID_NUMBER): "11010519491231002X",
    (Party.PAYEE, Field.ACCOUNT): "6217003847251906389",
    (Party.CONTACT, Field.PHONE): "13917462850",
}
TEXTS = {"note": "清除标记丙丁", "closing note": "清除标记戊己"}
YEAR = 366 * 24 * HOUR
OLD_NUMBER, NEW_NUMBER = "110105491231002", PERSONS[Party.CUSTOMER, Field.ID_NUMBER]


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    made = staffed_desk(tmp_path / "cases.db", adviser, MANAGER, Clock())
    yield made
    made.store.close()


@pytest.fixture
def case_id(desk: Desk) -> str:
    """The id of a closed case with persons and texts in it."""
    made = desk.open("help").case.id
    for (party, field), value in PERSONS.items():
        desk.note_particulars(made, party, field, value)
    desk.note(made, TEXTS["note"])
    set_aside_gates(desk, made)
    desk.close(made, Outcome.UNRESOLVED, 500_00, 400_00, 100_00, TEXTS["closing note"])
    return made


def agree(desk: Desk, kind: EventKind, case_id: str) -> None:
    """Have the manager ask for something and the compliance officer approve it."""
    desk.change_to(MANAGER)
    asked = desk.office.ask(kind, {}, about=case_id)
    desk.change_to(COMPLIANCE)
    desk.office.approve(asked.subject)


def erase(desk: Desk, case_id: str) -> None:
    """Restrict the case, let its term pass, and erase it."""
    agree(desk, EventKind.RESTRICTED, case_id)
    assert isinstance(desk.clock, Clock)
    desk.clock.wait(11 * YEAR)
    agree(desk, EventKind.ERASED, case_id)


def read_sealed(path: Path, case_id: str) -> dict[str, bytes]:
    """Return everything in the file by which a person of the case could be read or found."""
    with closing(sqlite3.connect(path)) as raw:
        (key,) = raw.execute("SELECT wrapped FROM subject_keys WHERE subject = ?", (case_id,)).fetchone()
        texts = raw.execute(
            "SELECT sealed FROM private_texts JOIN events USING (seq) WHERE case_id = ?", (case_id,)
        ).fetchall()
        hashes = raw.execute("SELECT digest FROM lookups WHERE case_id = ?", (case_id,)).fetchall()
    assert len(texts) == len(PERSONS) + len(TEXTS)
    assert len(hashes) == len(PERSONS)
    sealed = {f"ciphertext {number}": text for number, (text,) in enumerate(texts)}
    digests = {f"keyed hash {number}": digest for number, (digest,) in enumerate(hashes)}
    # Four digits may stand in any hash; with the letter they do not.
    return {"key": key, **sealed, **digests, "last digits": b"002X"}


def test_no_key_no_ciphertext_no_hash_and_no_word_stays_in_any_file(desk: Desk, case_id: str) -> None:
    folder = desk.store.path.parent
    sealed = read_sealed(desk.store.path, case_id)
    assert {mark for _, mark, _ in find_marks(read_files(folder), sealed)} == sealed.keys()
    erase(desk, case_id)
    marks: dict[str, str | bytes] = {value: value for value in (*PERSONS.values(), *TEXTS.values())}
    marks.update(sealed)
    assert find_marks(read_files(folder), marks) == set()
    desk.store.close()
    assert find_marks(read_files(folder), marks) == set()


def test_nobody_finds_the_persons_again(desk: Desk, case_id: str) -> None:
    erase(desk, case_id)
    for (_, field), value in PERSONS.items():
        assert desk.store.find_same(field, value) == ()
        assert desk.store.find_last_digits(value[-4:]) == ()
    assert desk.store.case(case_id).particulars == {}
    assert [dict(event.private) for event in desk.store.read_case(case_id) if event.private] == []


def test_the_chain_holds_and_the_figures_stay(desk: Desk, case_id: str) -> None:
    before = desk.store.list()[0]
    erase(desk, case_id)
    assert [link.seq for link in desk.store.walk_chain()] == list(range(1, desk.store.head().seq + 1))
    after = desk.store.list()[0]
    assert after.keeping == Keeping.ERASED
    for figure in ("number", "outcome", "request", "level", "at_risk_fen", "protected_fen", "lost_fen"):
        assert getattr(after, figure) == getattr(before, figure)


def test_another_case_of_the_same_person_keeps_what_is_its_own(desk: Desk, case_id: str) -> None:
    other = desk.open("help").case.id
    phone = PERSONS[Party.CONTACT, Field.PHONE]
    desk.note_particulars(other, Party.CUSTOMER, Field.PHONE, phone)
    erase(desk, case_id)
    assert desk.reveal(other, RevealReason.REVIEW) == {(Party.CUSTOMER, Field.PHONE): phone}
    assert [found.case_id for found in desk.store.find_same(Field.PHONE, phone)] == [other]


@pytest.mark.parametrize(("first", "second"), [(OLD_NUMBER, NEW_NUMBER), (NEW_NUMBER, OLD_NUMBER)])
def test_whoever_shows_the_number_of_before_1999_is_found_by_the_one_of_today(
    desk: Desk, first: str, second: str
) -> None:
    earlier, later = desk.open("help").case.id, desk.open("help").case.id
    desk.note_particulars(earlier, Party.CUSTOMER, Field.ID_NUMBER, first)
    desk.note_particulars(later, Party.CUSTOMER, Field.ID_NUMBER, second)
    assert [found.case_id for found in desk.find_earlier(desk.store.case(later))] == [earlier]
    assert desk.reveal(earlier, RevealReason.REVIEW)[Party.CUSTOMER, Field.ID_NUMBER] == first


def test_a_backup_from_before_still_opens_with_the_key(desk: Desk, case_id: str, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    shutil.copy(desk.store.path, backup)
    erase(desk, case_id)
    with Store.open(backup) as store:
        kept = Desk(store, desk.rulebooks, COMPLIANCE, desk.clock)
        assert kept.reveal(case_id, RevealReason.REVIEW) == PERSONS


@pytest.mark.parametrize("place", PERSONS, ids="-".join)
def test_what_is_removed_leaves_no_byte_either(desk: Desk, place: tuple[Party, Field]) -> None:
    case_id = desk.open("help").case.id
    party, field = place
    desk.note_particulars(case_id, party, field, PERSONS[place])
    with closing(sqlite3.connect(desk.store.path)) as raw:
        (sealed,) = raw.execute("SELECT sealed FROM private_texts ORDER BY seq DESC").fetchone()
        (digest,) = raw.execute("SELECT digest FROM lookups WHERE case_id = ?", (case_id,)).fetchone()
    gone = {"ciphertext": sealed, "keyed hash": digest}
    assert {mark for _, mark, _ in find_marks(read_files(desk.store.path.parent), gone)} == gone.keys()
    desk.remove_particulars(case_id, party, field)
    assert find_marks(read_files(desk.store.path.parent), gone) == set()
    assert desk.store.find_same(field, PERSONS[place]) == ()
