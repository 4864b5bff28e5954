"""The derived tables made once more from the events, a few subjects at a time, and held against those in the file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from assistant.case.events import Event
from assistant.case.subjects import STAFF, is_case, is_log
from assistant.integrity.erasures import find_gone
from assistant.integrity.findings import Finding, Flaw
from assistant.integrity.proofs import Tell, at_one_moment, is_damage
from assistant.integrity.words import WORDS
from assistant.store import journal, lookups, rows, schema
from assistant.store.folds import Folds
from assistant.store.seals import Seals

HOLD_SECONDS: Final = 0.03
"""How long the file is held for at a time, for no save ends meanwhile."""

_CASES_OF_RANGE: Final = "opened_seq IN (SELECT opened_seq FROM {0}.cases WHERE case_id > ? AND case_id <= ?)"


class Twin(NamedTuple):
    """A derived table: which of its columns names the subject, and which rows belong to the subjects of a range."""

    name: str
    key: int
    where: str


_TWINS: Final = (
    Twin("cases", 1, "case_id > ? AND case_id <= ?"),
    Twin("case_typologies", 1, _CASES_OF_RANGE),
    Twin("requests", 0, "subject > ? AND subject <= ?"),
    Twin("ledgers", 0, "subject > ? AND subject <= ?"),
    Twin("lookups", 1, "case_id > ? AND case_id <= ?"),
)
_MAKINGS: Final = (schema.REGISTER, schema.CASE_TYPOLOGIES, schema.REQUESTS, schema.LEDGERS, schema.LOOKUPS)
_NEXT: Final = "SELECT case_id, seq FROM events WHERE case_id > ? ORDER BY case_id, seq LIMIT 1"
_NUMBER: Final = "SELECT number FROM main.cases WHERE case_id = ? OR opened_seq = ?"
_LAST: Final = "\U0010ffff"
"""Comes after the name of every subject."""


class Comparison:
    """What making the tables once more has come to. `subjects` is how many were made, `events` how many they have."""

    def __init__(self, raw: sqlite3.Connection, path: Path, seals: Seals | None) -> None:
        self._raw = raw
        self._path = path
        self._has_key = seals is not None
        self._seals = seals or Seals(_refuse_key)
        self._folds = Folds(self._seals)
        self._differing: dict[str, list[str]] = {}
        self._gone: list[int] = []
        self._unsound: list[Finding] = []
        self.subjects = 0
        self.events = 0

    def run(self, up_to: int, tell: Tell) -> None:
        """Compare everything; the events up to that one are counted, later ones may come meanwhile."""
        # A name without more is that of a table for the while, which stands before the one in the file.
        for making in _MAKINGS:
            self._raw.execute(making.replace("TABLE", "TEMP TABLE", 1) if "VIRTUAL" not in making else making)
        reached = ""
        while reached != _LAST:
            # What is made goes when the moment is over.
            with at_one_moment(self._raw):
                last = self._make(reached, up_to)
                for twin in _TWINS:
                    if twin.name != "lookups" or self._has_key:
                        self._compare(twin, reached, last)
                reached = last
            tell(self.events)

    def _make(self, reached: str, up_to: int) -> str:
        """Make the rows of the subjects that come next, for a moment, and return up to which that is everything."""
        begun, subject = time.monotonic(), reached
        while time.monotonic() < begun + HOLD_SECONDS:
            following, first = self._raw.execute(_NEXT, (subject,)).fetchone() or (None, 0)
            if following is None:
                return _LAST
            subject = str(following)
            self._make_rows(subject, first, up_to)
        return subject

    def _make_rows(self, subject: str, first: int, up_to: int) -> None:
        self.subjects += 1
        try:
            history = self._read(subject)
            self.events += sum(event.seq <= up_to for event in history)
            self._gone += find_gone(self._raw, self._seals, self._folds, history)
            rows.put_rows(self._raw, self._folds, history)
            if is_case(subject) and self._has_key:
                lookups.note_all(self._raw, self._seals, self._folds.case(self._raw, subject))
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not is_damage(error, self._path):
                raise
            # Events that were never admitted can hold anything, and break a fold in any way.
            self._unsound.append(Finding(Flaw.FOLD, first, {"subject": subject, "since": first}))

    def _read(self, subject: str) -> tuple[Event, ...]:
        if is_case(subject):
            return self._folds.case(self._raw, subject).history
        if is_log(subject) or subject == STAFF:
            return journal.read_events(self._raw, self._seals, subject)
        return self._folds.request(self._raw, subject).history

    def _compare(self, twin: Twin, reached: str, last: str) -> None:
        made, found = (
            f"SELECT * FROM {place}.{twin.name} WHERE {twin.where.format(place)}"  # noqa: S608 - own names
            for place in ("temp", "main")
        )
        differing = {
            str(row[twin.key])
            for one, other in ((found, made), (made, found))
            for row in self._raw.execute(f"{one} EXCEPT {other}", (reached, last) * 2)
        }
        if differing:
            self._differing.setdefault(twin.name, []).extend(sorted(differing))

    def tell(self) -> Iterator[Finding]:
        """Yield what was found."""
        for name, subjects in self._differing.items():
            table, first = WORDS.text(f"table.{name}"), self._name(subjects[0])
            yield Finding(Flaw.ROWS, details={"table": table, "count": len(subjects), "subject": first})
        if self._gone:
            yield Finding(Flaw.TEXT_GONE, min(self._gone), {"count": len(self._gone)})
        yield from sorted(self._unsound, key=lambda found: found.seq or 0)[:1]

    def _name(self, subject: str) -> str:
        """Return the number of a case, by which people know it, or what else the subject is called."""
        row = self._raw.execute(_NUMBER, (subject, subject)).fetchone()
        return str(row[0]) if row else subject


def _refuse_key() -> NoReturn:
    raise LookupError
