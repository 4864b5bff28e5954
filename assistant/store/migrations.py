"""How a file comes to the newest schema, one step after the other.

A module of its own because it alone needs sqlite-utils, whose import takes longer than opening a file.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlite_utils import Database, Migrations

from assistant.store import schema

STEPS: Final = Migrations("store")


@STEPS()
def make_chain(db: Database) -> None:
    """Make what the file is about: the events, their private texts and the guards over both."""
    for statement in (schema.META, schema.EVENTS, schema.EVENTS_BY_CASE, schema.PRIVATE_TEXTS):
        db.execute(statement)
    for guard in schema.GUARDS.values():
        db.execute(guard)


@STEPS()
def make_cases(db: Database) -> None:
    """Make the table of cases, which is derived: whoever migrates fills it from the events."""
    for statement in (schema.CASES, *schema.CASE_INDEXES):
        db.execute(statement)


def migrate(raw: sqlite3.Connection) -> None:
    """Bring the tables to the newest schema. The caller has begun an IMMEDIATE transaction and commits it."""
    STEPS.apply(Database(raw, execute_plugins=False))
    raw.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")
