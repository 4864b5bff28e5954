"""How a file comes to the newest schema, one step after the other.

A module of its own because it alone needs sqlite-utils, whose import takes longer than opening a file.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlite_utils import Database, Migrations

from assistant.store import chain, checkpoints, schema
from assistant.store.seals import Seals

STEPS: Final = Migrations("store")
_SET_ASIDE: Final = "open_texts"


@STEPS()
def make_chain(db: Database) -> None:
    """Make what the file is about: the events, their private texts and the guards over both."""
    for statement in (schema.META, schema.EVENTS, schema.EVENTS_BY_CASE, schema.OPEN_TEXTS):
        db.execute(statement)


@STEPS()
def make_cases(db: Database) -> None:
    """Make the table of cases, which is derived: whoever migrates fills it from the events."""
    for statement in (schema.CASES, *schema.CASE_INDEXES):
        db.execute(statement)


@STEPS()
def make_room_for_people(db: Database) -> None:
    """Make what staff, requests and sealed texts need, and set the open texts aside, to be sealed by `migrate`."""
    _drop_triggers(db)
    # Derived, and counted from nothing once the counters stand.
    db.execute("DELETE FROM cases")
    for statement in (
        schema.KEY_CHECK,
        schema.KEEPING,
        schema.EVENTS_OF_ACCESS,
        f"ALTER TABLE private_texts RENAME TO {_SET_ASIDE}",
        schema.PRIVATE_TEXTS,
        schema.SUBJECT_KEYS,
        schema.LOOKUPS,
        *schema.LOOKUP_INDEXES,
        schema.RULEBOOKS,
        schema.REQUESTS,
        *schema.REQUEST_INDEXES,
        schema.LEDGERS,
        schema.TALLY,
        "INSERT INTO tally VALUES (1, 0)",
    ):
        db.execute(statement)


@STEPS()
def make_register(db: Database) -> None:
    """Make the table of cases anew, in the order of opening and with what a supervisor looks for: it is derived."""
    _drop_triggers(db)
    for table in ("cases", "requests", "ledgers"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - own names
    db.execute("UPDATE tally SET events = 0")
    db.execute("DROP TABLE cases")
    for statement in (
        schema.REGISTER,
        *schema.REGISTER_INDEXES,
        schema.CASE_TYPOLOGIES,
        schema.WORDS,
        schema.WORDS_MARK,
        "INSERT INTO words_mark VALUES (1, 0, 0)",
        schema.SAVED_FILTERS,
    ):
        db.execute(statement)


@STEPS()
def make_checkpoints(db: Database) -> None:
    """Make room for the checkpoints, and keep what stands for the ids that the hashes so far do not cover."""
    for statement in (checkpoints.TABLE, *chain.OLD_EVENTS):
        db.execute(statement)
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
    db.execute("UPDATE meta SET old_events = ?, old_ids = ?", (last, chain.hash_ids(db.conn, last)))


@STEPS()
def make_tally_rare(db: Database) -> None:
    """Have the tally follow in steps: its triggers notice only what has no event. Whoever migrates counts anew."""
    _drop_triggers(db)


def migrate(raw: sqlite3.Connection, seals: Seals) -> None:
    """Bring the tables to the newest schema. The caller has begun an IMMEDIATE transaction and commits it."""
    STEPS.apply(Database(raw, execute_plugins=False))
    if raw.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (_SET_ASIDE,)).fetchone():
        _seal_texts(raw, seals)
    for trigger in schema.TRIGGERS.values():
        raw.execute(trigger)
    raw.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")


def _drop_triggers(db: Database) -> None:
    """Take the guards off for a step; `migrate` puts those of the newest schema on."""
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")


def _seal_texts(raw: sqlite3.Connection, seals: Seals) -> None:
    rows = raw.execute(
        f"SELECT seq, case_id, field, salt, text FROM {_SET_ASIDE} JOIN events USING (seq)"  # noqa: S608 - own name
    )
    for seq, subject, field, salt, text in rows.fetchall():
        seals.put(raw, subject, seals.need_key(raw, subject), seq, field, salt, text)
    raw.execute(f"DROP TABLE {_SET_ASIDE}")
