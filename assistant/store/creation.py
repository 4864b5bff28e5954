"""The first start: the file is made whole under another name and only then put in its place."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from assistant.naming import LONGEST_OUTLET, is_name
from assistant.store.chain import make_genesis
from assistant.store.checks import TakeKey
from assistant.store.connection import choose_journal, set_journal
from assistant.store.drafts import drafting, placing
from assistant.store.faults import StoreExists, UnfitOutletName, translating
from assistant.store.migrations import migrate
from assistant.store.outlet import Outlet
from assistant.store.schema import APPLICATION_ID
from assistant.store.seals import Seals

Begin: TypeAlias = Callable[[Path], object]


def create_file(path: Path, outlet: Outlet, take_key: TakeKey, begin: Begin) -> None:
    """Make the file of cases of `outlet` at `path`, mode 0600; a folder that it has to make for it gets 0700.

    `take_key` gets the master key for the id of the file: what seals with it, and what it shows to be known again by.
    `begin` may record what the file begins with, before anybody can find it.

    Two processes may do this at once: one of them makes the file and the other raises StoreExists.
    Raises StoreExists also for the journal of an earlier file of that name, which SQLite would play into the new one,
    and UnfitOutletName.
    """
    if not is_name(outlet.name, LONGEST_OUTLET):
        raise UnfitOutletName(most=LONGEST_OUTLET)
    with placing(path, StoreExists):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with drafting(path, StoreExists) as draft:
        with translating(path):
            _fill(draft, outlet, take_key)
        begin(draft)


def _fill(path: Path, outlet: Outlet, take_key: TakeKey) -> None:
    db_id = str(uuid.uuid4())
    sealing, key_check = take_key(db_id)
    raw = sqlite3.connect(path, isolation_level=None)
    try:
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrate(raw, Seals(lambda: sealing))
        raw.execute(
            "INSERT INTO meta (only_row, db_id, genesis, outlet_code, outlet_name, zone, key_check) "
            "VALUES (1, ?, ?, ?, ?, ?, ?)",
            (db_id, make_genesis(db_id), outlet.code, outlet.name, outlet.zone, key_check),
        )
        raw.execute("COMMIT")
        # WAL stays with the file: to set it here spares those who open it first a race for it.
        set_journal(raw, choose_journal(sqlite3.sqlite_version_info))
    finally:
        raw.close()
