"""A change behind the product's back shows: the guards refuse it, and where they were lifted the chain names it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from assistant.case.events import Event
from assistant.store import Store, walk_chain
from assistant.store.faults import ChainBroken, GuardsMissing
from assistant.store.seals import SealedTexts

REHASHED = "UPDATE events SET hash = printf('%064d', seq) WHERE seq = 4"


@pytest.mark.parametrize(
    ("attack", "broken"),
    [
        ("UPDATE events SET body = replace(body, 'yes', 'no') WHERE seq = 2", 2),
        ("UPDATE events SET actor = 'someone' WHERE seq = 3", 3),
        ("UPDATE events SET at = at - 86400000 WHERE seq = 1", 1),
        ("UPDATE events SET id = 'another' WHERE seq = 4", 4),
        ("UPDATE events SET kind = 'cleared' WHERE seq = 7", 7),
        ("UPDATE events SET case_id = 'another' WHERE seq = 5", 5),
        ("UPDATE events SET body = body || ' ' WHERE seq = 2", 2),
        (REHASHED, 4),
        ("UPDATE events SET prev = hash WHERE seq = 6", 6),
        ("DELETE FROM events WHERE seq = 2", 2),
        ("DELETE FROM events WHERE seq = 1", 1),
        ("DELETE FROM events WHERE seq = 2; UPDATE events SET seq = seq - 1 WHERE seq > 2", 2),
        ("UPDATE events SET seq = -1 WHERE seq = 2; UPDATE events SET seq = 2 WHERE seq = 3; "
         "UPDATE events SET seq = 3 WHERE seq = -1", 2),
        ("INSERT INTO events SELECT 9, 'x', case_id, at, actor, kind, body, hash, prev FROM events WHERE seq = 8", 9),
        ("UPDATE private_texts SET field = 'by' WHERE seq = 6", 6),
        ("INSERT INTO private_texts VALUES (3, 'note', x'00')", 3),
        ("UPDATE meta SET db_id = 'another'", 1),
        ("UPDATE meta SET genesis = printf('%064d', 1)", 1),
    ],
)  # fmt: skip
def test_the_chain_names_the_first_event_that_does_not_fit(
    visit: tuple[Event, ...], path: Path, tamper: Callable[[Path], Any], attack: str, broken: int
) -> None:
    with tamper(path) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.executescript(attack)
    with closing(sqlite3.connect(path)) as raw, pytest.raises(ChainBroken) as found:
        list(walk_chain(raw))
    assert found.value.details["seq"] == broken
    with pytest.raises(ChainBroken):
        Store.open(path)


@pytest.mark.parametrize(
    ("attack", "broken"),
    [
        ("UPDATE private_texts SET sealed = (SELECT sealed FROM private_texts WHERE seq = 6) WHERE seq = 4", 4),
        ("UPDATE private_texts SET sealed = x'0100' WHERE seq = 4", 4),
        ("UPDATE private_texts SET sealed = CAST(substr(sealed, 1, 40) || x'00' AS BLOB) WHERE seq = 6", 6),
        ("DELETE FROM subject_keys", 4),
        ("UPDATE subject_keys SET wrapped = zeroblob(61)", 4),
    ],
)
def test_a_sealed_text_that_was_touched_is_named_by_whoever_has_the_key(
    visit: tuple[Event, ...], path: Path, tamper: Callable[[Path], Any], attack: str, broken: int
) -> None:
    with tamper(path) as raw:
        raw.execute(attack)
    with Store.open(path) as store, pytest.raises(ChainBroken) as found:
        list(store.walk_chain())
    assert found.value.details["seq"] == broken


def test_an_untouched_chain_holds_from_end_to_end(visit: tuple[Event, ...], path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        assert list(walk_chain(raw)) == [(event.seq, event.hash) for event in visit]


def test_the_hash_is_what_an_outsider_computes_from_the_stored_text(visit: tuple[Event, ...], path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        (db_id,) = raw.execute("SELECT db_id FROM meta").fetchone()
        (body,) = raw.execute("SELECT body FROM events WHERE seq = 4").fetchone()
    noted = visit[3]
    assert isinstance(noted.private, SealedTexts)
    salt, text = noted.private.open("note")
    whole = json.dumps(
        [db_id, 4, noted.id, noted.case_id, noted.at, "teller", "noted", json.loads(body)],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert noted.hash == sha256(f"case-event-v2\n{visit[2].hash}{whole}".encode()).hexdigest()
    assert json.loads(body) == {"private": {"note": sha256(salt + text.encode()).hexdigest()}}
    assert len(salt) == 16


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET at = 0 WHERE seq = 1",
        "DELETE FROM events WHERE seq = 8",
        "INSERT INTO events SELECT 10, 'x', case_id, at, actor, kind, body, hash, 'h' FROM events WHERE seq = 8",
        "INSERT INTO events SELECT 9, 'x', case_id, at, actor, kind, body, prev, 'h' FROM events WHERE seq = 8",
        "REPLACE INTO events SELECT 8, 'x', case_id, at, actor, kind, body, prev, 'h' FROM events WHERE seq = 8",
        "REPLACE INTO events SELECT 9, id, case_id, at, actor, kind, body, hash, 'h' FROM events WHERE seq = 8",
        "UPDATE private_texts SET sealed = x'00' WHERE seq = 4",
        "REPLACE INTO private_texts VALUES (4, 'note', x'00')",
        "INSERT INTO private_texts VALUES (3, 'note', x'00')",
        "INSERT INTO rulebooks VALUES ('d', x'00'); UPDATE rulebooks SET files = x'01'",
        "INSERT INTO rulebooks VALUES ('d', x'00'); DELETE FROM rulebooks",
    ],
)
def test_the_guards_refuse_everything_but_the_next_event(visit: tuple[Event, ...], path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA recursive_triggers = OFF")
        with pytest.raises(sqlite3.IntegrityError):
            raw.executescript(statement)
    with Store.open(path) as store:
        assert list(store.walk_chain())[-1] == (8, visit[-1].hash)


@pytest.mark.parametrize(
    "attack",
    [
        "DROP TRIGGER events_no_update",
        "DROP TRIGGER private_texts_no_update",
        "DROP TRIGGER events_only_next; CREATE TRIGGER events_only_next BEFORE INSERT ON events BEGIN SELECT 1; END",
        "CREATE TRIGGER extra AFTER INSERT ON events BEGIN DELETE FROM private_texts; END",
    ],
)
def test_a_file_whose_guards_were_touched_is_not_opened(visit: tuple[Event, ...], path: Path, attack: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(attack)
    for read_only in (False, True):
        with pytest.raises(GuardsMissing) as found:
            Store.open(path, read_only=read_only)
        assert str(found.value.details["guards"]) in attack


def test_a_long_chain_is_judged_across_the_chunks_it_is_read_in(
    store: Store, path: Path, moves: Any, tamper: Callable[[Path], Any]
) -> None:
    store.append(moves.open())
    store.append_all(moves.answer(f"sign_{number}") for number in range(2100))
    assert sum(1 for _ in store.walk_chain()) == 2101
    store.close()
    with tamper(path) as raw:
        raw.execute("UPDATE events SET body = replace(body, 'yes', 'no') WHERE seq = 1001")
    # The tail that an opening looks at is whole.
    with Store.open(path) as opened, pytest.raises(ChainBroken) as found:
        list(opened.walk_chain())
    assert found.value.details["seq"] == 1001


def test_the_chain_can_be_walked_while_others_save(store: Store, moves: Any) -> None:
    store.append_all([moves.open(), *(moves.answer(f"sign_{number}") for number in range(1500))])
    walk = store.walk_chain()
    first = next(walk)
    store.append(moves.note("其间"))
    assert first.seq == 1
    assert [link.seq for link in walk][-1] == 1502
