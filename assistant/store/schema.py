"""The tables of the file, and the guards in it that refuse everything but the next event."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import MappingProxyType
from typing import Final

from assistant.store import checkpoints
from assistant.store.faults import ForeignDatabase, GuardsMissing, NewerSchema, TablesMissing

APPLICATION_ID: Final = 0x46_43_41_53
"""The letters FCAS in the head of the file: whose database it is."""

SCHEMA_VERSION: Final = 5
"""The newest schema this release knows; the file keeps its own in `user_version`."""

META: Final = """
CREATE TABLE meta (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    db_id TEXT NOT NULL,
    genesis TEXT NOT NULL,
    outlet_code TEXT NOT NULL,
    outlet_name TEXT NOT NULL,
    zone TEXT NOT NULL
) STRICT
"""

KEY_CHECK: Final = "ALTER TABLE meta ADD COLUMN key_check TEXT NOT NULL DEFAULT ''"
"""What a master key must show to be the one of this file."""

EVENTS: Final = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT
"""

EVENTS_BY_CASE: Final = "CREATE INDEX events_by_case ON events (case_id, seq)"
EVENTS_OF_ACCESS: Final = "CREATE INDEX events_of_access ON events (seq) WHERE kind = 'accessed'"

OPEN_TEXTS: Final = """
CREATE TABLE private_texts (
    seq INTEGER NOT NULL REFERENCES events (seq),
    field TEXT NOT NULL,
    salt BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (seq, field)
) STRICT, WITHOUT ROWID
"""
"""As of schema 2, before the texts were sealed."""

PRIVATE_TEXTS: Final = """
CREATE TABLE private_texts (
    seq INTEGER NOT NULL REFERENCES events (seq),
    field TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (seq, field)
) STRICT, WITHOUT ROWID
"""

SUBJECT_KEYS: Final = """
CREATE TABLE subject_keys (
    subject TEXT PRIMARY KEY,
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID
"""

LOOKUPS: Final = """
CREATE TABLE lookups (
    digest BLOB NOT NULL,
    case_id TEXT NOT NULL,
    party TEXT NOT NULL,
    field TEXT NOT NULL,
    last_digits TEXT,
    PRIMARY KEY (digest, case_id, party, field)
) STRICT, WITHOUT ROWID
"""

LOOKUP_INDEXES: Final = (
    "CREATE INDEX lookups_by_digits ON lookups (last_digits) WHERE last_digits IS NOT NULL",
    "CREATE INDEX lookups_by_case ON lookups (case_id)",
)

RULEBOOKS: Final = """
CREATE TABLE rulebooks (
    digest TEXT PRIMARY KEY,
    files BLOB NOT NULL
) STRICT, WITHOUT ROWID
"""

CASES: Final = """
CREATE TABLE cases (
    case_id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    state TEXT NOT NULL,
    request TEXT NOT NULL,
    level TEXT,
    next_step TEXT,
    typology TEXT,
    outcome TEXT,
    at_risk_fen INTEGER,
    protected_fen INTEGER,
    lost_fen INTEGER,
    events INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""

KEEPING: Final = "ALTER TABLE cases ADD COLUMN keeping TEXT"

REGISTER: Final = """
CREATE TABLE cases (
    opened_seq INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    state TEXT NOT NULL,
    request TEXT NOT NULL,
    level TEXT,
    next_step TEXT,
    typologies TEXT NOT NULL,
    due_at INTEGER,
    called_at INTEGER,
    amount_fen INTEGER NOT NULL,
    outcome TEXT,
    at_risk_fen INTEGER,
    protected_fen INTEGER,
    lost_fen INTEGER,
    traits INTEGER NOT NULL,
    review TEXT,
    reviewer TEXT,
    events INTEGER NOT NULL,
    keeping TEXT,
    marks INTEGER NOT NULL
) STRICT
"""
"""The table of cases as of schema 4: in the order of opening, with what a supervisor looks for. What `marks` says is
written in `assistant.store.marks`."""

CASE_TYPOLOGIES: Final = """
CREATE TABLE case_typologies (
    typology TEXT NOT NULL,
    opened_seq INTEGER NOT NULL,
    PRIMARY KEY (typology, opened_seq)
) STRICT, WITHOUT ROWID
"""
"""The cases in which a typology is suspected, derived from their rows."""

WORDS: Final = """
CREATE VIRTUAL TABLE words USING fts5(grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii')
"""
"""Which hashes of pairs and triples of characters stand in the texts of which case; the row is that of the case."""

WORDS_MARK: Final = """
CREATE TABLE words_mark (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    seq INTEGER NOT NULL,
    unswept INTEGER NOT NULL
) STRICT
"""
"""Up to which event the texts are in that index, the few later ones wait to be put there together; and whether what was
taken out of it still has to be swept away: 0 no, 1 begin, 2 go on."""

SAVED_FILTERS: Final = """
CREATE TABLE saved_filters (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID
"""
"""What somebody looks for again and again in the list of cases: his own business, and no part of the record."""

REQUESTS: Final = """
CREATE TABLE requests (
    subject TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    standing TEXT NOT NULL,
    settled_by TEXT,
    settled_at INTEGER,
    review_by INTEGER,
    events INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""

LEDGERS: Final = """
CREATE TABLE ledgers (
    subject TEXT PRIMARY KEY,
    events INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""

TALLY: Final = "CREATE TABLE tally (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), events INTEGER NOT NULL) STRICT"
"""Up to which event the derived tables are known to count every event once, so that a row that is missing shows at
once; -1 once a row was changed past the program. It goes up in steps, see `assistant.store.rows.settle`: a page that
every save touched would cost each of them as much as a row of the register."""

REQUEST_INDEXES: Final = (
    "CREATE INDEX requests_by_standing ON requests (standing, asked_at)",
    "CREATE INDEX requests_by_about ON requests (about, asked_at)",
)

CASE_INDEXES: Final = (
    "CREATE INDEX cases_by_opening ON cases (opened_at, case_id)",
    "CREATE INDEX cases_by_state ON cases (state, opened_at, case_id)",
    "CREATE INDEX cases_by_number ON cases (number)",
)

REGISTER_INDEXES: Final = (
    "CREATE INDEX cases_by_opening ON cases (opened_at)",
    # Clocks differ, so that the order of opening is only nearly that of time: exact within a day of UTC.
    "CREATE INDEX cases_by_day ON cases (opened_at / 86400000)",
    "CREATE INDEX cases_by_number ON cases (number)",
    # One for each single thing that is looked for, newest first ...
    "CREATE INDEX cases_by_state ON cases (state)",
    "CREATE INDEX cases_by_level ON cases (level)",
    "CREATE INDEX cases_by_outcome ON cases (outcome)",
    "CREATE INDEX cases_by_teller ON cases (opened_by)",
    "CREATE INDEX cases_by_amount ON cases (amount_fen)",
    "CREATE INDEX cases_by_due ON cases (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX cases_by_review ON cases (review) WHERE review IS NOT NULL",
    "CREATE INDEX cases_called ON cases (opened_seq) WHERE called_at IS NOT NULL",
    *(
        f"CREATE INDEX cases_with_{name} ON cases (opened_seq) WHERE (traits & {1 << place}) <> 0"
        for place, name in enumerate(("override", "loss", "emergency", "late", "sampled"))
    ),
    # ... and one that holds all that is small, for whatever is looked for together.
    "CREATE INDEX cases_at_a_glance ON cases (opened_seq, marks, amount_fen, opened_at, opened_by)",
)

# `INSERT OR REPLACE` deletes without firing a delete guard when recursive triggers are off: hence the look at the id.
GUARDS: Final = MappingProxyType(
    {
        "events_only_next": """
CREATE TRIGGER events_only_next BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
    OR NEW.prev IS NOT coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), (SELECT genesis FROM meta))
    OR EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'only the next event may be added'); END
""",
        "events_no_update": """
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END
""",
        "events_no_delete": """
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END
""",
        "private_texts_only_newest": """
CREATE TRIGGER private_texts_only_newest BEFORE INSERT ON private_texts
WHEN NEW.seq IS NOT (SELECT max(seq) FROM events)
    OR EXISTS (SELECT 1 FROM private_texts WHERE seq = NEW.seq AND field = NEW.field)
BEGIN SELECT RAISE(ABORT, 'a private text comes with its event'); END
""",
        "private_texts_no_update": """
CREATE TRIGGER private_texts_no_update BEFORE UPDATE ON private_texts
BEGIN SELECT RAISE(ABORT, 'a private text may be erased and never changed'); END
""",
        "rulebooks_no_update": """
CREATE TRIGGER rulebooks_no_update BEFORE UPDATE ON rulebooks
BEGIN SELECT RAISE(ABORT, 'a rulebook is never changed'); END
""",
        "rulebooks_no_delete": """
CREATE TRIGGER rulebooks_no_delete BEFORE DELETE ON rulebooks
BEGIN SELECT RAISE(ABORT, 'a rulebook is never deleted'); END
""",
        **checkpoints.GUARDS,
    }
)


def _count(table: str, subject: str) -> dict[str, str]:
    """Return the triggers that notice when the column `events` of a derived table changes without an event to count:
    there is none after those that are known to be counted. Of the others, `assistant.store.rows` looks at each."""
    changes = {
        "insert": ("INSERT", "NEW", "NEW.events <> 0"),
        "update": ("UPDATE OF events", "NEW", "NEW.events <> OLD.events"),
        "delete": ("DELETE", "OLD", "OLD.events <> 0"),
    }
    return {
        f"{table}_{verb}_counted": f"""
CREATE TRIGGER {table}_{verb}_counted AFTER {when} ON {table}
WHEN {change}
    AND NOT EXISTS (SELECT 1 FROM events WHERE case_id = {row}.{subject} AND seq > (SELECT events FROM tally))
BEGIN UPDATE tally SET events = -1; END
"""  # noqa: S608 - own names
        for verb, (when, row, change) in changes.items()
    }


COUNTERS: Final = MappingProxyType(
    {**_count("cases", "case_id"), **_count("requests", "subject"), **_count("ledgers", "subject")}
)
TRIGGERS: Final = MappingProxyType({**GUARDS, **COUNTERS})

_TABLES: Final = frozenset(
    {
        "meta",
        "events",
        "private_texts",
        "subject_keys",
        "lookups",
        "rulebooks",
        "cases",
        "case_typologies",
        "words",
        "words_mark",
        "saved_filters",
        "requests",
        "ledgers",
        "tally",
        "checkpoints",
    }
)


def read_version(raw: sqlite3.Connection) -> int:
    """Return the schema version of the file; 0 stands for a file without tables."""
    version: int = raw.execute("PRAGMA user_version").fetchone()[0]
    return version


def check_kind(raw: sqlite3.Connection, path: Path) -> None:
    """Raise ForeignDatabase, NewerSchema or TablesMissing when the file's head says that it is not one of ours."""
    if raw.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise ForeignDatabase(path=path)
    version = read_version(raw)
    if version > SCHEMA_VERSION:
        raise NewerSchema(path=path, found=version, known=SCHEMA_VERSION)
    if version == 0:
        raise TablesMissing(path=path)


def check_tables(raw: sqlite3.Connection, path: Path) -> None:
    """Raise TablesMissing when a table is not there, or the one row that describes the file."""
    found = {name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not found >= _TABLES or raw.execute("SELECT 1 FROM meta").fetchone() is None:
        raise TablesMissing(path=path)


def check_guards(raw: sqlite3.Connection, path: Path) -> None:
    """Raise GuardsMissing when the triggers of the file are not, to the letter, the guards and nothing else."""
    found = dict(raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    wanted = {name: sql.strip() for name, sql in TRIGGERS.items()}
    if changed := sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)):
        raise GuardsMissing(path=path, guards=", ".join(changed))
