"""What somebody can do to a file of cases who writes past the program, and what it takes to notice."""

# ruff: noqa: S608 (the numbers are those of this file)

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from assistant.integrity.findings import Flaw
from assistant.sealing.keyplaces import load_key
from assistant.sealing.vault import Vault
from assistant.store import Store
from assistant.store.anchor import find_anchor
from assistant.store.checkpoints import write_mac
from assistant.store.seals import Seals
from tests.integrity.conftest import Kept, copy_file
from tests.integrity.record import (
    EVENTS,
    EVENTS_A_VISIT,
    TAIL,
    VISITS,
    cut,
    make_record,
    past_the_program,
    rehash,
    rewrite_anchors,
)
from tests.outlet import OUTLET


class Notice(IntEnum):
    """What notices an attack; each takes what is before it along."""

    GUARDS = 1
    """The file itself and its triggers, at every opening."""
    CHAIN = 2
    """The chain, and the derived tables made from the events once more."""
    SEALS = 3
    """The checkpoints in the file, sealed with the master key."""
    ANCHORS = 4
    """The anchors beside the file, where the attacker could not change them."""
    OUTSIDE = 5
    """Only a checkpoint that was kept elsewhere."""
    NEVER = 6


NOTICES: Final = {
    Notice.GUARDS: {Flaw.GUARDS, Flaw.PAGES},
    Notice.CHAIN: {
        *(Flaw.LINK, Flaw.UNREAD, Flaw.TEXT, Flaw.TEXT_GONE),
        *(Flaw.ROWS, Flaw.COUNT, Flaw.FOLD, Flaw.RULEBOOK),
    },
    Notice.SEALS: {Flaw.SEAL, Flaw.SEALED_OTHER, Flaw.SEALED_BEYOND, Flaw.UNSEALED},
    Notice.ANCHORS: {Flaw.ANCHOR_OTHER, Flaw.ANCHOR_BEYOND, Flaw.ANCHOR_FOREIGN},
    Notice.OUTSIDE: {Flaw.OUTSIDE_OTHER, Flaw.OUTSIDE_BEYOND, Flaw.OUTSIDE_FOREIGN},
}


@dataclass(frozen=True)
class Attack:
    """An attack, what notices it first, and the first event that is named, None where no event is."""

    number: int
    name: str
    run: Callable[[Kept], object]
    notice: Notice
    first: int | None = None


EDITED: Final = 13
"""The first answer of the second visit: on the phone, yes."""
_EDIT: Final = f"UPDATE events SET body = replace(body, 'seen', 'said') WHERE seq = {EDITED}"
_AFTER: Final = (VISITS - 2) * EVENTS_A_VISIT
_DECIDED: Final = VISITS * EVENTS_A_VISIT


def edit_row(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute("UPDATE cases SET lost_fen = 100 WHERE opened_seq = 12")


def edit_unguarded(kept: Kept) -> None:
    with past_the_program(kept.path, guards_back=False) as raw:
        raw.execute(_EDIT)


def edit(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute(_EDIT)


def change_actor(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute(f"UPDATE events SET actor = 'another' WHERE seq = {EDITED}")


def delete_one(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute(f"DELETE FROM events WHERE seq = {EDITED}")


def delete_and_renumber(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute(f"DELETE FROM events WHERE seq = {EDITED}")
        _shift(raw, EDITED, -1)


def swap(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        for before, after in ((EDITED, -1), (EDITED + 1, EDITED), (-1, EDITED + 1)):
            raw.execute(f"UPDATE events SET seq = {after} WHERE seq = {before}")


def insert_back_dated(kept: Kept) -> None:
    """Add an answer to the fifth visit before it was closed, and write the chain anew from there."""
    closing_seq = _DECIDED
    with past_the_program(kept.path) as raw:
        _shift(raw, closing_seq - 1, 1)
        raw.execute(
            f"INSERT INTO events SELECT {closing_seq}, 'added', case_id, at + 1, actor, kind, "
            f"replace(body, 'third_party', 'in_a_rush'), prev, hash FROM events WHERE seq = {closing_seq - 1}"
        )
        raw.execute(f"UPDATE cases SET opened_seq = opened_seq + 1 WHERE opened_seq > {closing_seq}")
        raw.execute(f"UPDATE cases SET events = events + 1 WHERE opened_seq = {closing_seq - EVENTS_A_VISIT + 1}")
        raw.execute("UPDATE tally SET events = events + 1")
        rehash(raw, closing_seq)


def rehash_all(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute(_EDIT)
        rehash(raw)


def rehash_without_checkpoints(kept: Kept) -> None:
    rehash_all(kept)
    with past_the_program(kept.path) as raw:
        raw.execute("DELETE FROM checkpoints")


def reseal_with_stolen_key(kept: Kept) -> None:
    rehash_all(kept)
    with past_the_program(kept.path) as raw:
        reseal(raw)


def reseal(raw: sqlite3.Connection) -> None:
    """Seal every checkpoint anew over the events as they are now, as whoever has the master key can."""
    (db_id,) = raw.execute("SELECT db_id FROM meta").fetchone()
    (key_check,) = raw.execute("SELECT key_check FROM meta").fetchone()
    seals, prev = Seals(lambda: Vault(load_key(db_id, key_check))), ""
    for seq, at in raw.execute("SELECT seq, at FROM checkpoints ORDER BY seq").fetchall():
        (digest,) = raw.execute("SELECT hash FROM events WHERE seq = ?", (seq,)).fetchone()
        mac = write_mac(raw, seals, seq, digest, at, prev)
        raw.execute("UPDATE checkpoints SET hash = ?, prev = ?, mac = ? WHERE seq = ?", (digest, prev, mac, seq))
        prev = mac


def cut_end(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        cut(raw, _AFTER)


def cut_end_with_checkpoints(kept: Kept) -> None:
    cut_end(kept)
    with past_the_program(kept.path) as raw:
        raw.execute(f"DELETE FROM checkpoints WHERE seq > {_AFTER}")


def put_back_older_file(kept: Kept) -> None:
    shutil.copy(kept.earlier, kept.path)


def put_back_everything(kept: Kept) -> None:
    copy_file(kept.earlier, kept.path)


def put_back_and_go_on(kept: Kept) -> None:
    put_back_older_file(kept)
    make_record(kept.path, visits=2, begin=VISITS)


def put_new_file(kept: Kept) -> None:
    kept.path.unlink()
    Store.create(kept.path, OUTLET).close()
    make_record(kept.path)


def empty(kept: Kept) -> None:
    kept.path.write_bytes(b"")


def cut_unanchored(kept: Kept) -> None:
    """Cut what came after the last anchor, and the checkpoints after it."""
    with past_the_program(kept.path) as raw:
        cut(raw, _DECIDED)
        raw.execute(f"DELETE FROM checkpoints WHERE seq > {_DECIDED}")


def reseal_and_rewrite_anchors(kept: Kept) -> None:
    reseal_with_stolen_key(kept)
    rewrite_anchors(kept.path)


def cut_end_everywhere(kept: Kept) -> None:
    cut_end_with_checkpoints(kept)
    rewrite_anchors(kept.path)


def put_new_file_with_anchors(kept: Kept) -> None:
    find_anchor(kept.path).unlink()
    put_new_file(kept)


def exchange_ids(kept: Kept) -> None:
    """Exchange the ids of two answers, so that taking one back would take back the other."""
    with past_the_program(kept.path) as raw:
        ids = [raw.execute(f"SELECT id FROM events WHERE seq = {EDITED + turn}").fetchone()[0] for turn in (0, 1)]
        raw.execute(f"UPDATE events SET id = 'aside' WHERE seq = {EDITED}")
        raw.execute(f"UPDATE events SET id = ? WHERE seq = {EDITED + 1}", (ids[0],))
        raw.execute(f"UPDATE events SET id = ? WHERE seq = {EDITED}", (ids[1],))


def exchange_sealed_texts(kept: Kept) -> None:
    """Put the note of the first visit into the second, where the text is as well sealed."""
    with past_the_program(kept.path) as raw:
        raw.execute("UPDATE private_texts SET sealed = (SELECT sealed FROM private_texts WHERE seq = 5) WHERE seq = 16")


def delete_sealed_text(kept: Kept) -> None:
    with past_the_program(kept.path) as raw:
        raw.execute("DELETE FROM private_texts WHERE seq = 16")


def do_nothing(kept: Kept) -> None:
    """Leave everything as it is."""


def _shift(raw: sqlite3.Connection, after: int, by: int) -> None:
    """Renumber the events after one, and their texts."""
    for table in ("events", "private_texts"):
        for sign in (-1, 1):
            # By way of the negative numbers, so that no two are the same on the way.
            where = f"seq > {after}" if sign < 0 else "seq < 0"
            moved = f"-(seq + {by})" if sign < 0 else "-seq"
            raw.execute(f"UPDATE {table} SET seq = {moved} WHERE {where}")


ATTACKS: Final = (
    Attack(1, "a row of the list of cases is edited", edit_row, Notice.CHAIN),
    Attack(2, "an event is edited and the triggers are left off", edit_unguarded, Notice.GUARDS, EDITED),
    Attack(3, "an event is edited and the triggers are put back", edit, Notice.CHAIN, EDITED),
    Attack(4, "another one is made the actor of an event", change_actor, Notice.CHAIN, EDITED),
    Attack(5, "an event in the middle is deleted", delete_one, Notice.CHAIN, EDITED),
    Attack(6, "an event is deleted and the rest renumbered", delete_and_renumber, Notice.CHAIN, EDITED),
    Attack(7, "two events are exchanged", swap, Notice.CHAIN, EDITED),
    Attack(8, "an event is inserted and the chain rewritten from there", insert_back_dated, Notice.SEALS, 52),
    Attack(9, "an event is edited and the whole chain rewritten", rehash_all, Notice.SEALS, EDITED),
    Attack(10, "the same, and the checkpoints are deleted", rehash_without_checkpoints, Notice.SEALS, 1),
    Attack(11, "the same, resealed with the stolen master key", reseal_with_stolen_key, Notice.ANCHORS, 12),
    Attack(12, "the last 25 events are cut off, the checkpoints stay", cut_end, Notice.SEALS, _AFTER + 1),
    Attack(13, "they are cut off with their checkpoints", cut_end_with_checkpoints, Notice.ANCHORS, _AFTER + 1),
    Attack(14, "an older copy of the file is put back", put_back_older_file, Notice.ANCHORS, _AFTER + 1),
    Attack(15, "an older picture of the whole machine is put back", put_back_everything, Notice.OUTSIDE, _AFTER + 1),
    Attack(16, "an older copy is put back and worked on", put_back_and_go_on, Notice.ANCHORS, _AFTER + 1),
    Attack(17, "a new file is put in its place", put_new_file, Notice.ANCHORS),
    Attack(18, "the file is emptied", empty, Notice.GUARDS),
    Attack(19, "the 3 events after the last anchor are cut off", cut_unanchored, Notice.OUTSIDE, _DECIDED + 1),
    Attack(20, "11, and the anchors are rewritten", reseal_and_rewrite_anchors, Notice.OUTSIDE, 1),
    Attack(21, "13, and the anchors are cut as well", cut_end_everywhere, Notice.OUTSIDE, _AFTER + 1),
    Attack(22, "17, and the anchors are removed before", put_new_file_with_anchors, Notice.OUTSIDE),
    Attack(23, "the ids of two events are exchanged", exchange_ids, Notice.CHAIN, EDITED),
    Attack(24, "a sealed text is put into another event", exchange_sealed_texts, Notice.CHAIN, 16),
    Attack(25, "a sealed text is deleted", delete_sealed_text, Notice.CHAIN, 16),
)
assert EVENTS - _AFTER == 25
assert EVENTS - _DECIDED == TAIL
