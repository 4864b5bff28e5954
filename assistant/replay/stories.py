"""The saved cases as a replay needs them: the facts as they stood when each was closed; the file is only read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import file_digest
from io import BufferedReader
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Final

from assistant.case.case import Case
from assistant.case.events import Event, EventKind, Outcome
from assistant.case.subjects import is_case
from assistant.store import schema
from assistant.store.checks import check_content
from assistant.store.connection import identify
from assistant.store.faults import NotPermitted, OlderSchema, StoreTrouble, translating
from rules.facts import Facts, StepOutcome
from rules.language import Catalogue

_WAL_MARK: Final = b"\x02\x02"
"""Where a file of SQLite says (in its bytes 18 and 19) that it is kept in WAL mode."""
_SELECT: Final = """
SELECT seq, id, case_id, at, actor, kind, body FROM events
WHERE case_id BETWEEN ? AND ? AND seq <= ? ORDER BY case_id, seq
"""
_LIST: Final = "SELECT DISTINCT case_id FROM events WHERE seq <= ? ORDER BY case_id"


class FileChanged(StoreTrouble):
    """Somebody else changed the file while it was read as a bare one, so that what was read may not fit together."""

    catalogue = Catalogue("assistant.replay")
    code = "file_changed"


@dataclass(frozen=True, slots=True)
class Story:
    """One saved case: its facts before it was closed, or as they are now, and how it ended if it has."""

    number: str
    facts: Facts
    outcome: Outcome | None
    paces: tuple[tuple[str, int], ...] = ()
    """Each step that was recorded as done, and the milliseconds since the entry before it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of cases that is read up to its event `head` and not beyond, whatever others save meanwhile.

    `alone` says that nobody else had it open: it is then read as a bare file, so that SQLite makes nothing beside it.
    """

    path: Path
    head: int
    alone: bool

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that can only read, and close it in the end."""
        with _connect(self.path, alone=self.alone) as raw:
            yield raw


def find_source(path: Path) -> Source:
    """Return the file of cases at `path` as it stands now.

    Its kind, tables, guards and newest events are checked. Raises the StoreTrouble of whatever a check finds; an older
    file is not brought up to date but refused, for that would be to write.
    """
    identify(path)
    alone = _is_alone(path)
    with _connect(path, alone=alone) as raw:
        schema.check_kind(raw, path)
        if (found := schema.read_version(raw)) < schema.SCHEMA_VERSION:
            raise OlderSchema(path=path, found=found, known=schema.SCHEMA_VERSION)
        head = check_content(raw, path)
    return Source(path, head, alone)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of the file, in hexadecimal."""
    with _open(path) as file:
        return file_digest(file, "sha256").hexdigest()


def list_cases(raw: sqlite3.Connection, source: Source) -> list[str]:
    """Return the ids of all cases, in their order."""
    return [name for (name,) in raw.execute(_LIST, (source.head,)) if is_case(name)]


def read_stories(raw: sqlite3.Connection, source: Source, first: str, last: str) -> Iterator[Story]:
    """Yield the cases whose ids lie between `first` and `last`, both included; no private text is read."""
    rows = raw.execute(_SELECT, (first, last, source.head))
    for subject, group in groupby(rows, key=itemgetter(2)):
        if not is_case(subject):
            # Staff, requests and who looked at what stand in the same chain.
            continue
        yield make_story(
            Event(name, case_id, at, actor, EventKind(kind), json.loads(body), seq=seq)
            for seq, name, case_id, at, actor, kind, body in group
        )


def make_story(history: Iterable[Event]) -> Story:
    """Return what a replay needs of a case with this history, oldest event first.

    The facts are those before the closing: what is recorded later, such as a call the day after, was not known then.
    """
    events = tuple(history)
    ended = [place for place, event in enumerate(events) if event.kind is EventKind.CLOSED]
    before = events[: ended[-1]] if ended else events
    outcome = Outcome(str(events[ended[-1]].body["outcome"])) if ended else None
    # Without the advice, which is no fact: every answer was followed by one, and folding them takes as long again.
    case = Case.of(event for event in before if event.kind is not EventKind.ADVISED)
    facts = replace(case.facts, now=before[-1].at)
    return Story(case.number, facts, outcome, tuple(_find_paces(case.history)))


def _find_paces(events: tuple[Event, ...]) -> Iterator[tuple[str, int]]:
    for earlier, event in pairwise(events):
        if event.kind is EventKind.STEP_RECORDED and event.body["outcome"] == StepOutcome.DONE:
            yield str(event.body["step"]), max(0, event.at - earlier.at)


def _open(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError:
        raise NotPermitted(path=path) from None


def _is_alone(path: Path) -> bool:
    """Tell whether the file is in WAL mode with nobody at work on it: only then is it whole by itself."""
    if path.with_name(f"{path.name}-wal").exists():
        return False
    with _open(path) as file:
        return file.read(20)[18:] == _WAL_MARK


@contextmanager
def _connect(path: Path, *, alone: bool) -> Iterator[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?{'immutable=1' if alone else 'mode=ro'}"
    with translating(path):
        raw = sqlite3.connect(uri, uri=True, isolation_level=None)
        try:
            yield raw
        finally:
            raw.close()
