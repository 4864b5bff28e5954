"""An invented record of five visits, with a checkpoint after each, and the ways of whoever writes past the program."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NoReturn

import uuid6

from assistant.case.events import Draft, EventKind
from assistant.store import Store, rows
from assistant.store.anchor import find_anchor
from assistant.store.folds import Folds
from assistant.store.journal import read_events
from assistant.store.seals import Seals
from tests.outlet import OUTLET

NOON: Final = 1_763_870_400_000
HOUR: Final = 3_600_000
VISITS: Final = 5
EVENTS_A_VISIT: Final = 11
TAIL: Final = 3
"""A sixth visit that has only begun: nothing was decided in it, so nothing of it is anchored."""
EVENTS: Final = VISITS * EVENTS_A_VISIT + TAIL
TELLER: Final = "teller"


def make_record(path: Path, visits: int = VISITS, tail: int = TAIL, begin: int = 0) -> None:
    """Add visits to the file of cases at `path`, which is made where there is none, each in a program of its own."""
    if not path.exists():
        Store.create(path, OUTLET).close()
    for visit in range(begin, begin + visits):
        with Store.open(path) as store:
            for draft in _play(NOON + visit * 2 * HOUR):
                store.append(draft)
    if tail:
        with Store.open(path) as store:
            for draft in _play(NOON + (begin + visits) * 2 * HOUR)[:tail]:
                store.append(draft)


def _play(now: int) -> list[Draft]:
    case_id = str(uuid6.uuid7())
    particulars = {"party": "payee", "field": "phone"}
    moves: list[tuple[EventKind, Mapping[str, Any], Mapping[str, str]]] = [
        (EventKind.OPENED, {"request": "transfer"}, {}),
        (EventKind.ANSWERED, {"sign": "on_phone", "value": "yes", "known": "seen"}, {}),
        (EventKind.ANSWERED, {"sign": "secrecy", "value": "yes", "known": "said"}, {}),
        (EventKind.PARTICULARS_NOTED, particulars, {"value": "+8613900001111"}),
        (EventKind.NOTED, {}, {"note": "客户神情紧张"}),
        (EventKind.ADVISED, {"rulebook": "1", "level": "hold", "steps": [{"id": "call_110", "gates": True}]}, {}),
        (EventKind.STEP_RECORDED, {"step": "call_110", "outcome": "done"}, {"reference": "J3101-77"}),
        (EventKind.ANSWERED, {"sign": "remote_app", "value": "no", "known": "seen"}, {}),
        (EventKind.ANSWERED, {"sign": "hurried", "value": "no", "known": "seen"}, {}),
        (EventKind.ANSWERED, {"sign": "third_party", "value": "no", "known": "seen"}, {}),
        (EventKind.CLOSED, {"outcome": "intercepted", "at_risk": 500, "protected": 500, "lost": 0}, {}),
    ]
    return [
        Draft(str(uuid6.uuid7()), case_id, now + turn * 60_000, TELLER, kind, body, private)
        for turn, (kind, body, private) in enumerate(moves)
    ]


@contextmanager
def past_the_program(path: Path, *, guards_back: bool = True) -> Iterator[sqlite3.Connection]:
    """Open the file with all its triggers lifted; they stand again afterwards unless told otherwise."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        # No cut of the power is tried here, and there are many of these.
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("BEGIN")
        triggers = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _, sql in triggers if guards_back else ():
            raw.execute(sql)
        raw.execute("COMMIT")


def rehash(raw: sqlite3.Connection, since: int = 1, *, with_ids: bool = True) -> None:
    """Write the chain anew from an event on, as anybody can who knows how it is made; without the ids, as an earlier
    release made it."""
    (db_id,) = raw.execute("SELECT db_id FROM meta").fetchone()
    row = raw.execute("SELECT hash FROM events WHERE seq = ?", (since - 1,)).fetchone()
    prev = row[0] if row else raw.execute("SELECT genesis FROM meta").fetchone()[0]
    columns = "SELECT seq, id, case_id, at, actor, kind, body FROM events WHERE seq >= ? ORDER BY seq"
    for seq, event_id, case_id, at, actor, kind, body in raw.execute(columns, (since,)).fetchall():
        ids = [event_id] if with_ids else []
        head = [db_id, seq, *ids, case_id, at, actor, kind, json.loads(body)]
        whole = json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        digest = sha256(f"case-event-v{2 if with_ids else 1}\n{prev}{whole}".encode()).hexdigest()
        raw.execute("UPDATE events SET prev = ?, hash = ? WHERE seq = ?", (prev, digest, seq))
        prev = digest
    _make_rows(raw)


def _make_rows(raw: sqlite3.Connection) -> None:
    """Make the rows of all cases agree with their events again, by the program's own means, which need no key."""
    seals = Seals(_have_no_key)
    folds = Folds(seals)
    for (case_id,) in raw.execute("SELECT DISTINCT case_id FROM events").fetchall():
        rows.put_rows(raw, folds, read_events(raw, seals, case_id))


def _have_no_key() -> NoReturn:
    raise LookupError


def cut(raw: sqlite3.Connection, after: int) -> None:
    """Cut the events after one that is the last of its visit, with everything that is derived from them."""
    raw.execute("DELETE FROM private_texts WHERE seq > ?", (after,))
    raw.execute("DELETE FROM lookups WHERE case_id IN (SELECT case_id FROM cases WHERE opened_seq > ?)", (after,))
    raw.execute("DELETE FROM case_typologies WHERE opened_seq > ?", (after,))
    raw.execute("DELETE FROM cases WHERE opened_seq > ?", (after,))
    raw.execute("DELETE FROM events WHERE seq > ?", (after,))
    raw.execute("UPDATE tally SET events = (SELECT count(*) FROM events)")


def rewrite_anchors(path: Path) -> None:
    """Let the anchors beside the file tell what the file tells now, as far as there is anything to tell."""
    with closing(sqlite3.connect(path)) as raw:
        hashes = dict(raw.execute("SELECT seq, hash FROM events"))
        (db_id,) = raw.execute("SELECT db_id FROM meta").fetchone()
    lines = [json.loads(line) for line in find_anchor(path).read_text().splitlines()]
    kept = [{**line, "db": db_id, "hash": hashes[line["seq"]]} for line in lines if line["seq"] in hashes]
    find_anchor(path).write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in kept))
