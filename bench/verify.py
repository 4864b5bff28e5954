"""How fast the chain of a million events is verified, beside a bare loop that reads the same rows and hashes them."""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import uuid6

from assistant.demo.player import make_demo
from assistant.demo.script import read_script
from assistant.integrity.twins import Comparison
from assistant.stamps import read_clock
from assistant.store import Outlet, Store
from assistant.store.chain import (
    PRIVATE,
    SALT_BYTES,
    check_links,
    check_texts,
    commit_to,
    hash_event,
    name_file,
    write_canonical,
)
from assistant.store.checkpoints import seal_head
from assistant.store.journal import NUMBER
from assistant.store.keys import MasterKeys
from assistant.store.schema import SCHEMA_VERSION
from assistant.store.seals import Seals

LEAST: Final = 0.6
"""Of the speed of the bare loop."""
ROUNDS: Final = 5
NOON: Final = 1_763_870_400_000
STEP_MS: Final = 2_000
EVENTS_A_CHECKPOINT: Final = 1_800
STRETCH: Final = 1_000
_EVENT: Final = "INSERT INTO events (seq, id, case_id, at, actor, kind, body, prev, hash) VALUES (?,?,?,?,?,?,?,?,?)"
_EVENTS: Final = "SELECT seq, id, case_id, at, actor, kind, body, prev, hash FROM events ORDER BY seq"
_TEXTS: Final = "SELECT seq, field, sealed FROM private_texts ORDER BY seq"
_STORIES: Final = "SELECT case_id, kind, body FROM events JOIN cases USING (case_id) ORDER BY opened_seq, seq"


class Move(NamedTuple):
    """An event of an invented visit, with the fields of its private texts."""

    kind: str
    body: dict[str, Any]
    private: tuple[str, ...]


def read_stories(folder: Path) -> list[list[Move]]:
    """Return the visits of the demo, as long as real ones are, to be played again and again."""
    path = folder / "demo.db"
    make_demo(path, read_script(), read_clock())
    stories: dict[str, list[Move]] = {}
    with closing(sqlite3.connect(path)) as raw:
        for case_id, kind, written in raw.execute(_STORIES):
            body = json.loads(written)
            fields = tuple(body.pop(PRIVATE, ()))
            stories.setdefault(case_id, []).append(Move(kind, body, fields))
    return [story for story in stories.values() if all(move.kind != "taken_back" for move in story)]


def fill(path: Path, count: int) -> None:
    """Make a file with so many events: each hash and each seal in it is right, only the way in is a short one."""
    with tempfile.TemporaryDirectory() as folder:
        stories = cycle(read_stories(Path(folder)))
    Store.create(path, Outlet("0312", "示范网点")).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -200000"):
            raw.execute(f"PRAGMA {pragma}")
        triggers = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("BEGIN")
        _write(raw, stories, count)
        raw.execute("COMMIT")
        for _, sql in triggers:
            raw.execute(sql)


def _write(raw: sqlite3.Connection, stories: Iterable[list[Move]], count: int) -> None:
    db_id, prev = raw.execute("SELECT db_id, genesis FROM meta").fetchone()
    seals, file, salt, seq = find_seals(raw), name_file(db_id), bytes(SALT_BYTES), 0
    for story in stories:
        case_id = str(uuid6.uuid7())
        for move in story:
            seq += 1
            body = dict(move.body)
            if NUMBER in body:
                body[NUMBER] = f"0312-1123-{seq:03}"
            texts = {field: f"虚构的文字，第{seq}条，客户神情紧张" for field in move.private}
            if texts:
                body[PRIVATE] = {field: commit_to(salt, text) for field, text in texts.items()}
            at = NOON + seq * STEP_MS
            row = (seq, str(uuid6.uuid7()), case_id, at, "9003", move.kind, write_canonical(body))
            digest = hash_event(prev, file, *row)
            raw.execute(_EVENT, (*row, prev, digest))
            for field, text in texts.items():
                seals.put(raw, case_id, seals.need_key(raw, case_id), seq, field, salt, text)
            prev = digest
            if seq % EVENTS_A_CHECKPOINT == 0 or seq == count:
                seal_head(raw, seals)
            if seq == count:
                return


def find_seals(raw: sqlite3.Connection) -> Seals:
    """Return what opens the seals of the file."""
    db_id, key_check = raw.execute("SELECT db_id, key_check FROM meta").fetchone()
    return Seals(lambda: MasterKeys().keyring.load(db_id, key_check))


def loop_bare(raw: sqlite3.Connection) -> None:
    """Read the same rows of events and sealed texts and hash each: the least that a verification could do."""
    for row in raw.execute(_EVENTS):
        sha256("".join(map(str, row)).encode()).hexdigest()
    for seq, field, sealed in raw.execute(_TEXTS):
        sha256(f"{seq}{field}".encode() + sealed).hexdigest()


def verify_links(raw: sqlite3.Connection) -> int:
    """Recompute the chain and return how many events it has."""
    return max(link.seq for link in check_links(raw))


def verify_texts(raw: sqlite3.Connection, seals: Seals, count: int) -> None:
    """Open every sealed text and hold it against what its event promised."""
    for after in range(0, count, STRETCH):
        check_texts(raw, after, after + STRETCH, seals.commit)


def fold(raw: sqlite3.Connection, path: Path, seals: Seals, count: int) -> None:
    """Make the derived tables once more from the events and compare them; those of this file are empty."""
    Comparison(raw, path, seals).run(count, lambda done: None)


def clock(work: Callable[[], object]) -> float:
    """Return how many seconds `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    """Print the figures; exit status 1 when the ratio is below its limit."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    path = Path(tempfile.gettempdir()) / f"teller-verify-{SCHEMA_VERSION}-{count}.db"
    if not path.exists():
        print(f"made {path.name} in {clock(partial(fill, path, count)):.0f} s")
    bare, links, texts = [], [], []
    with closing(sqlite3.connect(path)) as raw:
        seals = find_seals(raw)
        assert verify_links(raw) == count
        for _ in range(ROUNDS):
            bare.append(clock(lambda: loop_bare(raw)))
            links.append(clock(lambda: verify_links(raw)))
            texts.append(clock(lambda: verify_texts(raw, seals, count)))
        sealed = raw.execute("SELECT count(*) FROM private_texts").fetchone()[0]
    ratio = median(bare) / median(map(sum, zip(links, texts, strict=True)))
    print(f"{count} events, {sealed} sealed texts, {path.stat().st_size / 2**20:.0f} MiB, {ROUNDS} rounds in turn")
    for name, times in (("bare loop", bare), ("chain", links), ("sealed texts", texts)):
        print(f"{name:<14} median {median(times):.2f} s  best {min(times):.2f} s")
    print(f"{'ratio':<14} {ratio:.2f}  (limit {LEAST}); of the chain alone {median(bare) / median(links):.2f}")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        print(f"{'fold':<14} {clock(partial(fold, raw, path, find_seals(raw), count)):.1f} s")
    return 0 if ratio >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
