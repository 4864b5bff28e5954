"""Whatever single byte or single row of the file is changed: if it changes an event, the event is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from assistant.integrity.findings import Flaw
from assistant.integrity.verify import verify
from assistant.store import StoreTrouble
from tests.integrity.conftest import Kept
from tests.integrity.record import EVENTS, past_the_program

Content: TypeAlias = dict[int, set[tuple[Any, ...]]]
"""By the number of an event: its row and those of its sealed texts; what cannot be read is not there."""

_BEGINNING: Final = "SELECT 1, db_id, genesis, old_events, old_ids FROM meta"
"""What the first event follows on."""
_EVENTS: Final = "SELECT * FROM events WHERE {}"
_TEXTS: Final = """
SELECT private_texts.*, wrapped FROM private_texts JOIN events USING (seq) LEFT JOIN subject_keys ON subject = case_id
WHERE private_texts.{}
"""
SOME: Final = 75
MANY: Final = 1000
FIRST_TEXT: Final = 4
TABLES: Final = ("events", "private_texts", "cases", "requests", "ledgers", "lookups", "checkpoints", "subject_keys")


def read_content(path: Path) -> Content:
    """Read every event with its texts and their key past the program, with what the first follows on; whatever can be
    read in one go, and whatever can be read by itself."""
    content: Content = {}
    with closing(sqlite3.connect(path)) as raw:
        read_rows(raw, _BEGINNING, content)
        for query in (_EVENTS, _TEXTS):
            read_rows(raw, query.format("seq > 0"), content)
            for seq in range(1, EVENTS + 1):
                read_rows(raw, query.format(f"seq = {seq}"), content)
    return content


def read_rows(raw: sqlite3.Connection, query: str, content: Content) -> None:
    with suppress(sqlite3.Error, UnicodeDecodeError):
        for row in raw.execute(query):
            content.setdefault(row[0], set()).add(row)


def find_changed(before: Content, after: Content) -> int | None:
    """Return the first event of which something is nowhere to be read as it was."""
    return min((seq for seq, rows in before.items() if not rows <= after.get(seq, set())), default=None)


def change_byte(path: Path, chance: random.Random) -> None:
    """Change one byte of the file, wherever it is, but not where there is nothing: most of a small file is empty."""
    content = bytearray(path.read_bytes())
    place = chance.choice([place for place, byte in enumerate(content) if byte])
    content[place] = chance.choice([byte for byte in range(256) if byte != content[place]])
    path.write_bytes(content)


def change_row(path: Path, chance: random.Random) -> None:
    """Change one column of one row, or delete the row, past the program."""
    with past_the_program(path) as raw:
        table = chance.choice([name for name in TABLES if raw.execute(f"SELECT 1 FROM {name}").fetchone()])  # noqa: S608
        columns = raw.execute(f"PRAGMA table_info({table})").fetchall()
        keys = [column[1] for column in columns if column[5]]
        row = chance.choice(raw.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall())  # noqa: S608
        where = " AND ".join(f"{key} = ?" for key in keys)
        if chance.random() < 0.3:
            raw.execute(f"DELETE FROM {table} WHERE {where}", row)  # noqa: S608
            return
        _, name, kind, *_ = chance.choice(columns)
        other = {"INTEGER": f"coalesce({name}, 0) + 1000", "TEXT": f"coalesce({name}, '') || 'x'"}.get(
            kind, f"CAST({name} || x'00' AS BLOB)"
        )
        raw.execute(f"UPDATE OR IGNORE {table} SET {name} = {other} WHERE {where}", row)  # noqa: S608


def hold(original: Kept, path: Path, content: Content, *, rows: bool, seed: int) -> bool:
    """Make a random change to a copy and require that the event it changes is named; tell whether there is one."""
    shutil.copy(original.path, path)
    (change_row if rows else change_byte)(path, random.Random(seed))  # noqa: S311 - must come again
    changed = find_changed(content, read_content(path))
    try:
        report = verify(path)
    except StoreTrouble:
        # The head of the file or the name of a table is another: no row was changed, or all of it are out of reach.
        assert changed in (None, 1, FIRST_TEXT), seed
        return changed is not None
    damaged = any(found.flaw is Flaw.PAGES for found in report.findings)
    # In a tree that is damaged, what comes before may be out of reach by one way and not by another.
    named = report.first == changed or (damaged and report.first is not None and report.first <= (changed or EVENTS))
    assert named, (seed, changed, report.findings)
    return changed is not None


@pytest.fixture(scope="module")
def content(original: Kept) -> Content:
    found = read_content(original.path)
    assert len(found) == EVENTS
    return found


@pytest.mark.parametrize("rows", [False, True], ids=["bytes", "rows"])
def test_every_random_change_of_an_event_is_named(
    original: Kept, content: Content, tmp_path: Path, *, rows: bool
) -> None:
    path = tmp_path / "cases.db"
    changed = [hold(original, path, content, rows=rows, seed=seed) for seed in range(SOME)]
    assert sum(changed) > SOME // 10


@pytest.mark.long
@pytest.mark.parametrize("rows", [False, True], ids=["bytes", "rows"])
def test_so_is_each_of_a_thousand(original: Kept, content: Content, tmp_path: Path, *, rows: bool) -> None:
    path = tmp_path / "cases.db"
    changed = [hold(original, path, content, rows=rows, seed=seed) for seed in range(SOME, MANY // 2 + SOME)]
    assert sum(changed) > MANY // 20
