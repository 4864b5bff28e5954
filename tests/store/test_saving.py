"""A move that was saved comes back as it was given, once, in its place."""

from __future__ import annotations

import json
import sqlite3
import stat
import threading
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import uuid6
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from assistant.case.events import EventKind
from assistant.case.refusals import CaseClosed, GatesOpen, Refused
from assistant.case.summary import CaseState
from assistant.store import Outlet, Store, receipt
from assistant.store.faults import CaseUnknown, IdReused, UnfitDraft, UnfitOutlet

ANY_TEXT: Final = some.text(some.characters(codec="utf-8"), max_size=30) | some.sampled_from(
    [
        "",
        "\x00\x1b[31m",
        "\u202e右起\u202c",
        "👵🏽‍🦱",
        "𠮷野家",
        "e\u0301",
        "\r\n\t",
        "\ufeff",
        "'; DROP TABLE events; --",
    ]
)
ANY_BODY: Final = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53), 2**53) | ANY_TEXT,
    lambda inner: (
        some.lists(inner, max_size=3) | some.dictionaries(some.text("abcXYZ_09 .", max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_a_saved_event_reads_back_as_it_was_given(store: Store, moves: Any) -> None:
    opening, answer = moves.open(), moves.answer()
    store.append(opening)
    saved = store.append(answer)
    assert saved == store.read_case(moves.case_id)[1]
    assert (saved.id, saved.at, saved.actor, saved.kind, saved.body) == (
        answer.id,
        answer.at,
        "teller",
        EventKind.ANSWERED,
        answer.body,
    )
    assert (saved.seq, store.head()) == (2, (2, saved.hash))


def test_each_event_carries_the_hash_of_the_one_before(store: Store, moves: Any) -> None:
    first, second, third = store.append_all([moves.open(), moves.answer(), moves.note("记")])
    assert (second.prev, third.prev) == (first.hash, second.hash)
    assert [link.hash for link in store.walk_chain()] == [first.hash, second.hash, third.hash]


def test_saving_again_is_harmless_and_returns_what_was_saved(store: Store, moves: Any) -> None:
    drafts = [moves.open(), moves.note("客户说是儿子让汇的")]
    first = [store.append(draft) for draft in drafts]
    again = [store.append(draft) for draft in drafts]
    assert again == first
    assert store.head().seq == 2


def test_saving_again_is_harmless_after_the_case_is_closed(store: Store, moves: Any) -> None:
    answer = moves.answer()
    _, saved, *_ = store.append_all([moves.open(), answer, moves.advise("note", gates=False), moves.close()])
    assert store.append(answer) == saved


@pytest.mark.parametrize(
    "change",
    [
        {"body": {"sign": "on_phone", "value": "no", "known": "seen"}},
        {"at": 1},
        {"actor": "someone"},
        {"kind": EventKind.NOTED},
        {"private": {"note": "另一句"}},
        {"private": {}},
        {"private": {"note": "一句", "more": "两句"}},
    ],
    ids=str,
)
def test_an_id_is_refused_with_other_content(store: Store, moves: Any, change: dict[str, Any]) -> None:
    draft = replace(moves.answer(), private={"note": "一句"})
    store.append_all([moves.open(), draft])
    with pytest.raises(IdReused):
        store.append(replace(draft, **change))
    assert store.head().seq == 2


def test_the_case_is_asked_inside_the_save(store: Store, path: Path, moves: Any) -> None:
    store.append_all([moves.open(), moves.advise("call_110")])
    with pytest.raises(GatesOpen):
        store.append(moves.close())
    with Store.open(path) as elsewhere:
        elsewhere.append(moves.record("call_110"))
        elsewhere.append(moves.close())
    with pytest.raises(CaseClosed):
        store.append(moves.answer())
    assert store.case(moves.case_id).state is CaseState.CLOSED


def test_what_another_program_saved_counts_at_the_next_save_though_nothing_was_read_between(
    store: Store, path: Path, moves: Any
) -> None:
    store.append_all([moves.open(), moves.advise("call_110"), moves.record("call_110")])
    with Store.open(path) as elsewhere:
        elsewhere.append(moves.close())
        with pytest.raises(CaseClosed):
            store.append(moves.answer())
        elsewhere.append(moves.make(EventKind.REOPENED, {"reason": "new_information"}))
        store.append(moves.answer())
        first = moves.case_id
        moves.new_case()
        store.append(moves.open())
        moves.case_id = first
        elsewhere.append(moves.close())
        moves.new_case()
        store.append(moves.open())
        moves.case_id = first
        with pytest.raises(CaseClosed):
            store.append(moves.answer())
    assert sum(1 for _ in store.walk_chain()) == store.head().seq


def test_the_events_of_one_move_are_saved_all_or_none(store: Store, moves: Any) -> None:
    store.append(moves.open())
    with pytest.raises(Refused):
        store.append_all([moves.answer(), moves.record("never_advised")])
    assert store.head().seq == 1
    assert store.list()[0].events == 1
    assert len(store.append_all([moves.answer(), moves.answer("secrecy")])) == 2


def test_a_refused_move_leaves_nothing_behind_in_memory(store: Store, path: Path, moves: Any) -> None:
    store.append(moves.open())
    with pytest.raises(Refused):
        store.append_all([moves.answer(), moves.record("never_advised")])
    with Store.open(path) as elsewhere:
        elsewhere.append(moves.note("另一处的记录"))
    assert [event.kind for event in store.case(moves.case_id).history] == [EventKind.OPENED, EventKind.NOTED]


def test_nothing_is_lost_when_nothing_is_given(store: Store) -> None:
    assert store.append_all([]) == ()
    assert store.head().seq == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": 1.5}, "amount"),
        ({"金额": 1}, "body"),
        ({"amount": 2**53 + 1}, "amount"),
        ({"deep": [{"text": "\ud800"}]}, "body"),
        ({"when": {1, 2}}, "when"),
        ({"private": {}}, "private"),
    ],
    ids=str,
)
def test_a_body_that_would_not_come_back_the_same_is_refused(
    store: Store, moves: Any, body: dict[str, Any], field: str
) -> None:
    store.append(moves.open())
    with pytest.raises(UnfitDraft) as refusal:
        store.append(moves.make(EventKind.NOTED, body))
    assert refusal.value.details["field"] == field
    assert store.head().seq == 1


@pytest.mark.parametrize(
    "change",
    [{"private": {"note": "断\udfff"}}, {"actor": "\udce4"}, {"at": -1}, {"at": True}, {"id": ""}, {"case_id": ""}],
    ids=ascii,
)
def test_a_draft_with_broken_parts_is_refused(store: Store, moves: Any, change: dict[str, Any]) -> None:
    store.append(moves.open())
    with pytest.raises(UnfitDraft):
        store.append(replace(moves.note("好"), **change))
    assert store.head().seq == 1


@given(notes=some.lists(some.dictionaries(some.text("abc_", min_size=1, max_size=4), ANY_TEXT, max_size=3), max_size=4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_private_text_comes_back_and_saving_it_again_is_harmless(
    store: Store, moves: Any, notes: list[dict[str, str]]
) -> None:
    moves.new_case()
    drafts = [moves.open(), *(moves.make(EventKind.NOTED, {}, note) for note in notes)]
    saved = store.append_all(drafts)
    assert [event.private for event in store.read_case(moves.case_id)[1:]] == notes
    assert store.append_all(drafts) == saved
    assert list(store.walk_chain())[-1] == store.head()


@given(value=ANY_BODY)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_of_a_body_comes_back_or_is_refused_by_the_case(store: Store, moves: Any, value: Any) -> None:
    moves.new_case()
    store.append(moves.open())
    advice = {"rulebook": value, "level": "ask"}
    draft = moves.make(EventKind.ADVISED, advice)
    if isinstance(value, str):
        assert store.append(draft).body == advice
        assert store.append(draft) == store.read_case(moves.case_id)[1]
    else:
        with pytest.raises(Refused):
            store.append(draft)
    assert list(store.walk_chain())[-1] == store.head()


def test_cases_are_numbered_by_the_day_of_the_outlet(store: Store, moves: Any) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    last_minute = int(datetime(2025, 11, 23, 23, 59, tzinfo=zone).timestamp() * 1000)
    numbers = []
    for at in (last_minute - 60_000, last_minute, last_minute + 60_000, last_minute + 120_000):
        moves.new_case()
        store.append(replace(moves.open(), at=at))
        numbers.append(store.case(moves.case_id).number)
    assert numbers == ["0312-1123-001", "0312-1123-002", "0312-1124-001", "0312-1124-002"]


def test_cases_opened_by_one_move_get_numbers_of_their_own(store: Store, moves: Any) -> None:
    openings = []
    for _ in range(3):
        moves.new_case()
        openings.append(moves.open())
    store.append_all(openings)
    assert [case.number[-3:] for case in store.list()] == ["003", "002", "001"]


def test_a_case_is_found_by_number_and_by_id(store: Store, moves: Any) -> None:
    store.append(moves.open())
    assert store.find("0312-1123-001") == store.find(moves.case_id) == moves.case_id
    with pytest.raises(CaseUnknown):
        store.find("0312-1123-002")
    with pytest.raises(CaseUnknown):
        store.case("nobody")
    with pytest.raises(CaseUnknown):
        store.read_case("nobody")


def test_of_two_years_cases_with_one_number_the_newest_is_found(store: Store, moves: Any) -> None:
    opening = moves.open()
    moves.new_case()
    store.append_all([opening, replace(moves.open(), at=opening.at + 365 * 86_400_000)])
    assert len({case.number for case in store.list()}) == 1
    assert store.find("0312-1123-001") == moves.case_id


def test_the_list_is_paged_newest_first(store: Store, moves: Any) -> None:
    for _ in range(7):
        moves.new_case()
        store.append_all([moves.open(), moves.answer()])
    store.append_all([moves.advise("note", gates=False), moves.close()])
    whole = store.list()
    assert [case.opened_at for case in whole] == sorted((case.opened_at for case in whole), reverse=True)
    pages = [store.list(limit=3)]
    while len(pages[-1]) == 3:
        pages.append(store.list(limit=3, before=pages[-1][-1].case_id))
    assert sum(pages, ()) == whole
    assert len(store.list(CaseState.OPEN)) == 6
    assert [case.case_id for case in store.list(CaseState.CLOSED)] == [moves.case_id]


def test_the_row_of_a_case_is_what_its_events_say(store: Store, moves: Any) -> None:
    store.append_all([moves.open(), moves.advise("call_110"), moves.record("call_110"), moves.close()])
    row = store.list()[0]
    assert row == store.case(moves.case_id).summary()
    assert (row.state, row.level, row.outcome, row.protected_fen, row.events) == (
        CaseState.CLOSED,
        "hold",
        "intercepted",
        500,
        4,
    )


def test_the_row_of_a_case_is_what_its_events_say_when_two_programs_save_by_turns(
    store: Store, path: Path, moves: Any
) -> None:
    store.append_all([moves.open(), moves.advise("call_110")])
    with Store.open(path) as elsewhere:
        elsewhere.append(moves.record("call_110"))
        store.append(moves.note("记"))
        elsewhere.append(moves.close())
        store.append(moves.make(EventKind.REOPENED, {"reason": "new_information"}))
        elsewhere.append(moves.answer())
        store.append(moves.close())
        assert elsewhere.list() == store.list() == (elsewhere.case(moves.case_id).summary(),)
    with Store.open(path) as again:
        assert again.warnings == []


def test_a_row_that_another_hand_took_away_is_there_again_after_the_next_save(
    store: Store, path: Path, moves: Any
) -> None:
    store.append_all([moves.open(), moves.advise("call_110")])
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("DELETE FROM cases")
    store.append(moves.record("call_110"))
    assert store.list() == (store.case(moves.case_id).summary(),)


def test_the_table_of_cases_can_be_made_anew_from_the_events(store: Store, moves: Any) -> None:
    for _ in range(5):
        moves.new_case()
        store.append_all([moves.open(), moves.advise("note", gates=False), moves.close()])
    before = store.list()
    assert store.remake_cases() == 5
    assert store.list() == before


def test_decisions_are_anchored_outside_the_file(store: Store, path: Path, moves: Any) -> None:
    events = store.append_all([moves.open(), moves.advise("call_110"), moves.answer()])
    anchors = path.with_name("cases.db.anchor")
    assert not anchors.exists()
    step, closing = store.append(moves.record("call_110")), store.append(moves.close())
    lines = [json.loads(line) for line in anchors.read_text().splitlines()]
    assert lines == [{"db": store.db_id, "seq": e.seq, "hash": e.hash} for e in (step, closing)]
    assert stat.S_IMODE(anchors.stat().st_mode) == 0o600
    assert receipt(events[0]) == f"{events[0].hash[:10]}-1"


def test_an_anchor_that_cannot_be_written_is_a_warning_and_the_save_stands(
    store: Store, path: Path, moves: Any
) -> None:
    path.with_name("cases.db.anchor").mkdir()
    store.append_all([moves.open(), moves.advise("call_110")])
    saved = [store.append(moves.record("call_110")), store.append(moves.close())]
    assert list(store.read_case(moves.case_id)[2:]) == saved
    assert [trouble.code for trouble in store.warnings] == ["store_anchor_failed"]


def test_a_store_may_be_used_from_another_thread(store: Store, moves: Any) -> None:
    threads = []
    for _ in range(4):
        drafts = [replace(moves.open(), case_id=str(uuid6.uuid7())) for _ in range(10)]
        threads.append(threading.Thread(target=lambda mine=drafts: [store.append(draft) for draft in mine]))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(1 for _ in store.walk_chain()) == 40


def test_an_erased_private_text_leaves_the_chain_whole(store: Store, path: Path, moves: Any, tmp_path: Path) -> None:
    note = moves.note("身份证号一二三")
    store.append_all([moves.open(), note, moves.note("留下的")])
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA secure_delete = ON")
        raw.execute("DELETE FROM private_texts WHERE seq = 2")
    erased, kept = store.read_case(moves.case_id)[1:]
    assert (erased.private, kept.private) == ({}, {"note": "留下的"})
    assert list(erased.body["private"]) == ["note"]  # type: ignore[arg-type]
    assert sum(1 for _ in store.walk_chain()) == 3
    assert store.append(note).seq == 2
    store.close()
    assert "身份证号一二三".encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_nothing_private_stands_in_the_chain(store: Store, path: Path, moves: Any) -> None:
    _, saved = store.append_all([moves.open(), moves.note("王大妈")])
    assert saved.private == {"note": "王大妈"}
    assert "王大妈" not in json.dumps(saved.body, ensure_ascii=False)


@pytest.mark.parametrize(
    ("code", "zone"), [("", "Asia/Shanghai"), ("03-12", "Asia/Shanghai"), ("1", "Mars"), ("1", "")]
)
def test_an_outlet_needs_a_plain_code_and_a_known_zone(code: str, zone: str) -> None:
    with pytest.raises(UnfitOutlet):
        Outlet(code, "示范网点", zone)
