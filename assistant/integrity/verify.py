"""The verification of a whole file: every proof it carries, every table made from its events, what is known elsewhere.

It reads through a connection of its own and a little at a time, so that saves go on meanwhile, and changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from assistant.integrity import proofs
from assistant.integrity.checkpoints import Known
from assistant.integrity.findings import Finding, Flaw, Gap, Part, Report, say
from assistant.integrity.twins import Comparison
from assistant.store import rows, schema
from assistant.store.chain import Link
from assistant.store.checkpoints import read_dated_head
from assistant.store.connection import Connection
from assistant.store.faults import OlderSchema, translating
from assistant.store.keys import Keyring, MasterKeys
from assistant.store.seals import Seals
from rules.errors import Trouble

PAGES_LIMIT: Final = 500 * 2**20
"""Bytes up to which SQLite looks at every page and index: in one go, in which no save ends, for some three seconds."""

Progress: TypeAlias = Callable[[Part, int, int], object]
"""Is told what is being done, how many events of how many are behind."""


class Depth(NamedTuple):
    """How far a verification goes."""

    key: bool = True
    """Whether the seals are opened and the checkpoints tried."""
    rows: bool = True
    """Whether the derived tables are made once more, which takes by far the longest."""
    alone: bool = False
    """Whether nobody saves into the file meanwhile, so that it may be held for as long as it takes."""


def verify(
    path: Path,
    *,
    outside: Iterable[Known] = (),
    depth: Depth = Depth(),  # noqa: B008 - cannot be changed
    progress: Progress = lambda part, done, total: None,
    keyring: Keyring | None = None,
) -> Report:
    """Verify the file of cases at `path` and return what was found; `outside` are checkpoints that were kept elsewhere.

    Raises the StoreTrouble of a file that is not there, is none of ours, or of an older release that was never opened
    by this one.
    """
    with _examining(path, depth, progress, keyring or MasterKeys().keyring) as examination:
        return examination.run(tuple(outside))


def compare_rows(
    path: Path, progress: Progress = lambda part, done, total: None, keyring: Keyring | None = None
) -> tuple[Finding, ...]:
    """Make the derived tables once more and return what is wrong with those in the file; raises what `verify` does."""
    with _examining(path, Depth(), progress, keyring or MasterKeys().keyring) as examination:
        return examination.compare()


@contextmanager
def _examining(path: Path, depth: Depth, progress: Progress, keyring: Keyring) -> Iterator[_Examination]:
    own = Connection(path, read_only=True)
    with closing(own), translating(path):
        raw = own.raw
        schema.check_kind(raw, path)
        if (found := schema.read_version(raw)) < schema.SCHEMA_VERSION:
            raise OlderSchema(path=path, found=found, known=schema.SCHEMA_VERSION)
        raw.execute("PRAGMA temp_store = MEMORY")
        yield _Examination(raw, path, depth, progress, keyring)


class _Examination:
    """One verification: what it has found so far."""

    def __init__(self, raw: sqlite3.Connection, path: Path, depth: Depth, progress: Progress, keyring: Keyring) -> None:
        self._raw = raw
        self._keyring = keyring
        self._path = path
        self._depth = depth
        self._progress = progress
        self._findings: list[Finding] = []
        self._gaps: list[Gap] = []

    def run(self, outside: tuple[Known, ...]) -> Report:
        """Verify everything."""
        raw, path = self._raw, self._path
        self._gather(lambda: proofs.check_guards(raw, path))
        (db_id,) = raw.execute("SELECT db_id FROM meta").fetchone()
        self._check_pages()
        head, head_at = self._read_head()
        seals = self._take_seals()
        self._gather(lambda: proofs.check_chain(raw, path, partial(self._tell, Part.CHAIN, head.seq)))
        texts = partial(self._tell, Part.TEXTS, head.seq)
        self._gather(lambda: proofs.check_private_texts(raw, path, seals, head.seq, texts))
        anchors = self._check_known(db_id, seals, outside)
        subjects = self._check_rows(seals, head.seq) if self._depth.rows else 0
        return Report(
            path=path,
            db_id=db_id,
            events=head.seq,
            head=head.hash,
            head_at=head_at,
            checkpoints=self._count("checkpoints"),
            texts=self._count("private_texts"),
            anchors=anchors,
            outside=len(outside),
            subjects=subjects,
            findings=tuple(self._findings),
            gaps=tuple(self._gaps),
        )

    def compare(self) -> tuple[Finding, ...]:
        """Look at the derived tables alone."""
        self._check_rows(self._take_seals(), proofs.read_last(self._raw))
        return tuple(self._findings)

    def _read_head(self) -> tuple[Link, int]:
        """Return the last event with its time, as far as it can be read: its hash may be any bytes by now."""
        try:
            with proofs.at_one_moment(self._raw):
                head, at = read_dated_head(self._raw)
                return _hold_to_text(head), at
        except (sqlite3.Error, TypeError, ValueError) as error:
            if isinstance(error, sqlite3.Error) and not proofs.is_damage(error, self._path):
                raise
            return Link(proofs.read_last(self._raw), ""), 0

    def _check_pages(self) -> None:
        if self._path.stat().st_size > PAGES_LIMIT and not self._depth.alone:
            self._gaps.append(Gap.PAGES)
            return
        self._progress(Part.PAGES, 0, 1)
        self._findings += proofs.check_pages(self._raw, self._path)

    def _take_seals(self) -> Seals | None:
        if not self._depth.key:
            self._gaps.append(Gap.KEY)
            return None
        db_id, key_check = self._raw.execute("SELECT db_id, key_check FROM meta").fetchone()
        seals = Seals(lambda: self._keyring.load(db_id, key_check))
        try:
            seals.sealing  # noqa: B018 (gets the key)
        except Trouble as trouble:
            self._findings.append(Finding(Flaw.KEY, details={"problem": say(trouble)}))
            return None
        return seals

    def _check_known(self, db_id: str, seals: Seals | None, outside: tuple[Known, ...]) -> int:
        self._progress(Part.OUTSIDE, 0, 1)
        self._gather(lambda: proofs.check_checkpoints(self._raw, seals))
        anchors, found = proofs.check_anchors(self._raw, self._path, db_id)
        self._findings += found
        self._gather(lambda: proofs.check_outside(self._raw, db_id, outside))
        if not anchors:
            self._gaps.append(Gap.ANCHORS)
        if not outside:
            self._gaps.append(Gap.OUTSIDE)
        return anchors

    def _check_rows(self, seals: Seals | None, head: int) -> int:
        comparison = Comparison(self._raw, self._path, seals)
        self._gather(lambda: proofs.check_rulebooks(self._raw))
        self._gather(lambda: self._compare(comparison, head))
        return comparison.subjects

    def _compare(self, comparison: Comparison, head: int) -> Iterator[Finding]:
        with proofs.at_one_moment(self._raw):
            agrees = rows.agrees_with_events(self._raw)
        comparison.run(head, partial(self._tell, Part.ROWS, head))
        yield from comparison.tell()
        if not agrees or comparison.events != head:
            yield Finding(Flaw.COUNT)

    def _gather(self, check: Callable[[], Iterable[Finding]]) -> None:
        """Add what a check finds, or that it came upon what makes no sense to SQLite or is of another type."""
        try:
            self._findings += check()
        except (sqlite3.Error, TypeError, ValueError) as error:
            if isinstance(error, sqlite3.Error) and not proofs.is_damage(error, self._path):
                raise
            self._findings.append(Finding(Flaw.PAGES, details={"problem": type(error).__name__}))

    def _tell(self, part: Part, total: int, done: int) -> None:
        self._progress(part, done, total)

    def _count(self, table: str) -> int:
        try:
            return int(self._raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - own names
        except sqlite3.Error as error:
            if not proofs.is_damage(error, self._path):
                raise
            return 0


def _hold_to_text(head: Link) -> Link:
    """Return a link of which the hash is one. Raises TypeError."""
    "".join((head.hash,))
    return head
