"""The cases of a period read from the file, a few at a time, while others go on saving."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from assistant.case.events import Event, EventKind
from assistant.figures.facts import CaseFacts, find_facts
from assistant.figures.period import Period
from assistant.store.connection import Connection

CHUNK: Final = 100
"""Cases that are read at a stretch."""
Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many of how many cases are done; what it raises ends the reading."""

_KINDS: Final = {kind.value: kind for kind in EventKind}
_NO_TEXTS: Final[Mapping[str, str]] = MappingProxyType({})
_SELECTED: Final = "opened_at < ? AND opened_seq <= ? AND ? IN ('', opened_by)"
_COUNT: Final = f"SELECT count(*) FROM cases WHERE opened_at >= ? AND {_SELECTED}"  # noqa: S608 - own words
_LIST: Final = f"""
SELECT opened_at, opened_seq, case_id FROM cases WHERE (opened_at, opened_seq) > (?, ?) AND {_SELECTED}
ORDER BY opened_at, opened_seq LIMIT ?
"""  # noqa: S608 - own words
_READ: Final = """
SELECT case_id, seq, id, at, actor, kind, body FROM events
WHERE case_id IN ({places}) AND seq <= ? ORDER BY case_id, seq
"""


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases figures are about: those opened in the period, by one teller or, where that is "", by anyone."""

    period: Period
    teller: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of cases as it stood after its event `head`."""

    path: Path
    head: int
    zone: str


def gather_facts(path: Path, query: Query, tell: Tell) -> tuple[Source, Iterator[CaseFacts]]:
    """Return the file as it stands, and what each of its cases adds to the figures.

    The cases are read as the iterator is used, through a connection of its own that is closed with it: nothing that is
    saved meanwhile counts, and nothing waits. Raises the StoreTrouble that keeps the file from being read.
    """
    connection = Connection(path, read_only=True)
    try:
        with connection.reading() as raw:
            (head,) = raw.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
            (zone,) = raw.execute("SELECT zone FROM meta").fetchone()
    except BaseException:
        connection.close()
        raise
    source = Source(path, head, zone)
    return source, _walk(connection, source, query, tell)


def _walk(connection: Connection, source: Source, query: Query, tell: Tell) -> Iterator[CaseFacts]:
    begin, end = query.period.find_bounds(source.zone)
    selected = end, source.head, query.teller
    try:
        with connection.reading() as raw:
            (total,) = raw.execute(_COUNT, (begin, *selected)).fetchone()
        after, done = (begin, 0), 0
        while True:
            with connection.reading() as raw:
                listed = raw.execute(_LIST, (*after, *selected, CHUNK)).fetchall()
                stories = _read_stories(raw, [case_id for *_, case_id in listed], source.head)
            if not listed:
                return
            yield from map(find_facts, stories)
            after, done = listed[-1][:2], done + len(listed)
            tell(done, total)
    finally:
        connection.close()


def _read_stories(raw: sqlite3.Connection, case_ids: list[str], head: int) -> list[list[Event]]:
    places = ", ".join("?" * len(case_ids))
    rows = raw.execute(_READ.format(places=places), (*case_ids, head)).fetchall()
    return [[_make_event(*row) for row in story] for _, story in groupby(rows, key=itemgetter(0))]


def _make_event(case_id: str, seq: int, name: str, at: int, actor: str, kind: str, body: str) -> Event:
    read = _read_advice if kind == EventKind.ADVISED else json.loads
    return Event(name, case_id, at, actor, _KINDS[kind], read(body), _NO_TEXTS, seq)


@lru_cache(maxsize=512)
def _read_advice(text: str) -> Any:
    # Most visits are ordinary and have the same advice to the letter, which is the longest of what is read.
    return json.loads(text)
