"""A text is found by any two neighbouring characters of it, by those whose business it is, and never once erased."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
import uuid6
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.case.events import Draft, EventKind, JsonValue, Matter, Outcome
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from assistant.particulars.free_text import mask_numbers
from assistant.register.filters import Filter, tidy_words
from assistant.stamps import read_clock
from assistant.store import Store, words
from assistant.store.cases import put_summary
from assistant.store.words import MOST_WAITING, SMALL
from rules.advice import Adviser
from rules.facts import StepOutcome
from tests.case.visits import HOUR, Clock, set_aside_gates
from tests.outlet import OUTLET, lay
from tests.register.conftest import make_row
from tests.ui.staff import AUDITOR, COMPLIANCE, MANAGER, SUPERVISOR, TELLER, staffed_desk

CHARACTERS: Final = "安全账户转公客警Ａaß １2,，。"
TEXTS: Final = 150
YEAR: Final = 366 * 24 * HOUR


def write_texts() -> list[list[str]]:
    """Return the texts of each case, in which the same few characters come again and again."""
    draw = random.Random(11)  # noqa: S311 (invented texts)
    return [
        ["".join(draw.choices(CHARACTERS, k=draw.randrange(1, 14))) for _ in range(draw.randrange(1, 4))]
        for _ in range(TEXTS)
    ]


def lay_texts(path: Path) -> None:
    """Make a file with a case for each of these lists of texts, one note after the other."""
    with Store.create(path, OUTLET) as store:
        drafts = []
        for texts in write_texts():
            case_id = str(uuid6.uuid7())
            drafts.append(Draft(str(uuid6.uuid7()), case_id, read_clock(), "t1", EventKind.OPENED, {"request": "help"}))
            for text in texts:
                drafts.append(
                    Draft(str(uuid6.uuid7()), case_id, read_clock(), "t1", EventKind.NOTED, {}, {"note": text or "-"})
                )
        store.append_all(drafts)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The file, open to be read."""
    path = tmp_path_factory.mktemp("texts") / "cases.db"
    lay(path, lay_texts)
    with Store.open(path, read_only=True) as store:
        yield store


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    made = staffed_desk(tmp_path / "cases.db", adviser, MANAGER, Clock())
    yield made
    made.store.close()


def find(store: Store, *sought: str, actor: str | None = None) -> list[str]:
    """Return the ids of the cases in whose texts the words stand, newest first."""
    return [row.case_id for row in store.list_cases(Filter(words=sought), actor=actor).rows]


def read_documents(path: Path) -> set[int]:
    """Return the rows of the cases of which the index of words holds anything."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'words', 'instance')")
        return {row for (row,) in raw.execute("SELECT doc FROM held")}


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.text(CHARACTERS, min_size=2, max_size=6), min_size=1, max_size=2), limit=st.sampled_from((3, 500))
)
def test_exactly_the_cases_are_found_in_whose_texts_the_words_stand(texts: Store, words: list[str], limit: int) -> None:
    sought = [tidy_words(word) for word in words]
    if min(map(len, sought)) < 2:
        return
    written = [[tidy_words(mask_numbers(text)) for text in each] for each in write_texts()]
    numbers = [
        place for place, each in enumerate(written) if all(any(word in text for text in each) for word in sought)
    ]
    rows = texts.list(limit=500)[::-1]
    found: list[str] = []
    before: int | None = None
    while True:
        page = texts.list_cases(Filter(words=tuple(words)), before, limit)
        found += [row.case_id for row in page.rows]
        if page.next is None:
            break
        before = page.next
    assert found == [rows[place].case_id for place in reversed(numbers)]


def test_a_word_is_looked_for_within_what_else_is_looked_for(desk: Desk) -> None:
    first, second = desk.open("help").case.id, desk.open("transfer").case.id
    for case_id in (first, second):
        desk.note(case_id, "对方要求转到安全账户")
    desk.change_to(SUPERVISOR)
    assert find(desk.store, "安全账户") == [second, first]
    page = desk.store.list_cases(Filter(words=("安全账户",), tellers=frozenset({MANAGER}), until=read_clock() + YEAR))
    assert [row.case_id for row in page.rows] == [second, first]
    assert desk.store.list_cases(Filter(words=("安全账户",), tellers=frozenset({TELLER}))).rows == ()


def test_a_number_is_found_as_it_is_masked_and_a_person_not_at_all(desk: Desk) -> None:
    case_id = desk.open("help").case.id
    desk.note(case_id, "客户留的电话是13917462850")
    desk.note_particulars(case_id, Party.CUSTOMER, Field.NAME, "欧阳标记")
    assert find(desk.store, "电话是139") == [case_id]
    for hidden in ("13917462850", "17462", "欧阳", "标记"):
        assert find(desk.store, hidden) == []


def test_the_record_of_a_step_is_found_but_not_of_one_that_is_not_ones_business(desk: Desk) -> None:
    case_id = desk.open("help").case.id
    steps: list[JsonValue] = [{"id": "call_110"}, {"id": "str_referral"}]
    body: dict[str, JsonValue] = {"rulebook": "1", "level": "hold", "steps": steps}
    now = desk.clock()
    desk.store.append(Draft(str(uuid6.uuid7()), case_id, now, MANAGER, EventKind.ADVISED, body))
    for step, text in (("call_110", "接警员已登记"), ("str_referral", "已报送可疑交易")):
        done: dict[str, JsonValue] = {"step": step, "outcome": StepOutcome.DONE.value}
        desk.store.append(
            Draft(str(uuid6.uuid7()), case_id, now, MANAGER, EventKind.STEP_RECORDED, done, {"what": text})
        )
    for actor in (MANAGER, SUPERVISOR, COMPLIANCE, TELLER, AUDITOR):
        assert find(desk.store, "接警员", actor=actor) == [case_id]
    for actor in (MANAGER, SUPERVISOR, COMPLIANCE):
        assert find(desk.store, "可疑交易", actor=actor) == [case_id]
    for actor in (TELLER, AUDITOR):
        assert find(desk.store, "可疑交易", actor=actor) == []


def test_why_a_second_person_was_asked_is_found_with_the_case(desk: Desk) -> None:
    case_id = desk.open("help").case.id
    asked = {"matter": Matter.SET_ASIDE.value, "step": "str_referral"}
    desk.office.ask(EventKind.AUTHORISED, asked, about=case_id, why="主管认为不必报送")
    assert find(desk.store, "不必报送", actor=SUPERVISOR) == [case_id]
    assert find(desk.store, "不必报送", actor=AUDITOR) == []


def fill_the_index(desk: Desk) -> None:
    """Write so much that no text waits any more to be put into the index."""
    other = desk.open("help").case.id
    while not read_documents(desk.store.path):
        desk.note(other, "与此无关")


def erase(desk: Desk, case_id: str) -> None:
    """Close the case, restrict it, let its term pass, and erase it."""
    set_aside_gates(desk, case_id)
    desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0, "清除的结案备注")
    assert isinstance(desk.clock, Clock)
    for kind in (EventKind.RESTRICTED, EventKind.ERASED):
        desk.change_to(MANAGER)
        asked = desk.office.ask(kind, {}, about=case_id, why="保存期满")
        desk.change_to(COMPLIANCE)
        desk.office.approve(asked.subject)
        desk.clock.wait(11 * YEAR)


def test_of_an_erased_case_nothing_is_found_and_the_index_holds_nothing(desk: Desk) -> None:
    erased, kept = desk.open("help").case.id, desk.open("help").case.id
    for case_id in (erased, kept):
        desk.note(case_id, "清除标记甲乙")
    desk.office.ask(EventKind.AUTHORISED, {"matter": "set_aside", "step": "call_110"}, about=erased, why="清除的理由")
    assert find(desk.store, "清除标记") == [kept, erased]
    assert find(desk.store, "清除的理由") == [erased]
    rows = {row.case_id: row.opened_seq for row in desk.store.list()}
    fill_the_index(desk)
    assert set(rows.values()) < read_documents(desk.store.path)
    erase(desk, erased)
    assert find(desk.store, "清除标记") == [kept]
    assert find(desk.store, "清除的") == []
    assert rows[kept] in read_documents(desk.store.path)
    assert rows[erased] not in read_documents(desk.store.path)


def read_blocks(path: Path) -> bytes:
    """Return the index of words as it lies in the file."""
    with closing(sqlite3.connect(path)) as raw:
        return b"".join(block for (block,) in raw.execute("SELECT block FROM words_data ORDER BY id"))


@pytest.mark.parametrize("small", [SMALL, 0])
def test_no_hash_of_an_erased_text_stays_in_the_file(desk: Desk, monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    monkeypatch.setattr(words, "SMALL", small)
    path, case_id = desk.store.path, desk.open("help").case.id
    fill_the_index(desk)
    before = list_grams(path)
    desk.note(case_id, "清除标记甲乙丙丁戊己庚辛壬癸")
    desk.store.remake_cases()
    fresh = sorted(list_grams(path) - before)
    # In a block only the first of neighbours that begin alike is written out.
    marks = [gram for gram in fresh if gram.encode() in read_blocks(path)]
    assert marks
    erase(desk, case_id)
    desk.store.close()
    blocks = read_blocks(path)
    assert [gram for gram in marks if gram.encode() in blocks] == []
    assert not list_grams(path) & set(fresh)


def test_what_an_ended_program_left_is_swept_by_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "SMALL", 0)
    path, case_id = desk.store.path, desk.open("help").case.id
    desk.note(case_id, "清除标记甲乙丙丁戊己庚辛壬癸")
    desk.store.remake_cases()
    erase(desk, case_id)
    left = shutil.copy(path, path.with_name("left.db"))
    held = len(read_blocks(Path(left)))
    Store.open(Path(left)).close()
    assert len(read_blocks(Path(left))) < held


def list_grams(path: Path) -> set[str]:
    """Return the hashes in the index of words."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'words', 'row')")
        return {term for (term,) in raw.execute("SELECT term FROM held")}


def test_a_text_is_found_at_once_although_it_waits_to_be_put_into_the_index(desk: Desk) -> None:
    first = desk.open("help").case.id
    desk.note(first, "第一段文字")
    assert find(desk.store, "一段文") == [first]
    assert read_documents(desk.store.path) == set()
    second = desk.open("help").case.id
    for turn in range(MOST_WAITING):
        desk.note(second, f"第二段文字{turn}")
        assert find(desk.store, "段文字") == [second, first]
    rows = {row.case_id: row.opened_seq for row in desk.store.list()}
    assert read_documents(desk.store.path) == set(rows.values())
    desk.note(first, "第三段文字")
    assert find(desk.store, "第三段") == [first]
    assert find(desk.store, "第一段", "第三段") == [first]


def test_the_index_is_made_anew_from_the_texts(desk: Desk) -> None:
    case_id = desk.open("help").case.id
    desk.note(case_id, "对方要求转到安全账户")
    desk.store.remake_cases()
    with closing(sqlite3.connect(desk.store.path, isolation_level=None)) as raw:
        raw.execute("INSERT INTO words (words) VALUES ('delete-all')")
    assert find(desk.store, "安全账户") == []
    desk.store.remake_cases()
    assert find(desk.store, "安全账户") == [case_id]


def test_what_fits_by_chance_is_not_shown(desk: Desk) -> None:
    case_id = desk.open("help").case.id
    desk.note(case_id, "安全账户")
    desk.store.remake_cases()
    with closing(sqlite3.connect(desk.store.path)) as raw, raw:
        raw.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'words', 'row')")
        grams = " ".join(term for (term,) in raw.execute("SELECT term FROM held"))
        put_summary(raw, make_row(random.Random(1), 5_000))  # noqa: S311 (an invented case)
        raw.execute("INSERT INTO words (rowid, grams) VALUES (?, ?)", (10_020, grams))
    assert find(desk.store, "安全账户") == [case_id]


def test_no_hash_stands_in_the_file_in_the_order_of_the_text(desk: Desk) -> None:
    desk.note(desk.open("help").case.id, "安全账户安全账户")
    desk.store.remake_cases()
    with closing(sqlite3.connect(desk.store.path)) as raw:
        raw.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'words', 'instance')")
        places = {offset for (offset,) in raw.execute("SELECT offset FROM held")}
    assert places == {None}
