"""The proofs that a file of cases carries, and those kept of it elsewhere, each held against its events."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from assistant.integrity.checkpoints import Known, mark_file
from assistant.integrity.findings import Finding, Flaw
from assistant.rulebooks.archive import RulebookTampered, mark_of, unpack
from assistant.store import checkpoints, schema
from assistant.store.anchor import find_anchor, read_every_anchor
from assistant.store.chain import PRIVATE, Commit, Link, check_links, check_texts
from assistant.store.faults import ChainBroken, Corrupt, GuardsMissing, NotADatabase, translate
from assistant.store.seals import Seals

Tell: TypeAlias = Callable[[int], object]
"""Is told how many events were gone through."""

STRETCH: Final = 1000
UNKNOWN: Final = 0
"""In the place of the number of an event: it is among those looked at, and cannot be told yet."""
_ONE: Final = "SELECT seq, id, case_id, at, actor, kind, body, prev, hash FROM events WHERE seq = ?"


_PROMISING: Final = f"""
SELECT seq, (SELECT count(*) FROM json_each(body, '$.{PRIVATE}')) FROM events
WHERE seq > ? AND seq <= ? AND instr(body, '"{PRIVATE}":') AND json_valid(body) ORDER BY seq
"""  # noqa: S608 - own word
_COUNT_TEXTS: Final = "SELECT count(*) FROM private_texts WHERE seq = ?"
_LOST_TEXT: Final = """
SELECT EXISTS (SELECT 1 FROM private_texts WHERE seq NOT BETWEEN 1 AND (SELECT coalesce(max(seq), 0) FROM events))
"""


@contextmanager
def at_one_moment(raw: sqlite3.Connection) -> Iterator[None]:
    """Have everything that the block reads be of one moment; it must be short, for no save ends meanwhile."""
    raw.execute("BEGIN")
    try:
        yield
    finally:
        raw.execute("ROLLBACK")


def is_damage(error: sqlite3.Error, path: Path) -> bool:
    """Tell whether SQLite could not make sense of the bytes of the file."""
    return isinstance(translate(error, path), Corrupt | NotADatabase)


def read_last(raw: sqlite3.Connection) -> int:
    """Return the number of the last event, which can be read even when the event cannot."""
    last: int = raw.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]
    return last


def check_guards(raw: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the triggers. Raises TablesMissing, for what is not there cannot be verified."""
    schema.check_tables(raw, path)
    try:
        schema.check_guards(raw, path)
    except GuardsMissing as missing:
        yield Finding(Flaw.GUARDS, details=missing.details)


def check_pages(raw: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    """Yield what SQLite itself finds wrong with the pages and the indexes."""
    try:
        (said,) = raw.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        if not is_damage(error, path):
            raise
        said = type(error).__name__
    if said != "ok":
        # SQLite's words may quote a stored text; its first line names page, table or index.
        yield Finding(Flaw.PAGES, details={"problem": str(said).splitlines()[0][:80]})


def check_chain(raw: sqlite3.Connection, path: Path, tell: Tell) -> Iterator[Finding]:
    """Recompute the whole chain and yield the first event that does not fit or cannot be read."""
    reached = 0
    try:
        for link in check_links(raw):
            reached = link.seq
            tell(reached)
    except ChainBroken as broken:
        yield Finding(Flaw.LINK, _read_seq(broken))
    except sqlite3.Error as error:
        if not is_damage(error, path):
            raise
        yield Finding(Flaw.UNREAD, _find_unread(raw, reached))


def _find_unread(raw: sqlite3.Connection, reached: int) -> int:
    """Return the first event after `reached` that cannot be read by itself."""
    for seq in range(reached + 1, reached + STRETCH + 1):
        try:
            if raw.execute(_ONE, (seq,)).fetchone() is None:
                return seq
        except sqlite3.Error:
            return seq
    return reached + 1


def check_private_texts(
    raw: sqlite3.Connection, path: Path, seals: Seals | None, head: int, tell: Tell
) -> Iterator[Finding]:
    """Yield the first event up to `head` one of whose texts is not what it promised; without seals, one that has a text
    which it did not promise."""
    commit = seals.commit if seals else None
    found = None
    for after in range(0, head, STRETCH):
        last = min(after + STRETCH, head)
        found = _find_broken_text(raw, path, after, last, commit)
        if found == UNKNOWN:
            found = _find_lacking(raw, path, after, last, commit)
        if found is not None:
            break
        tell(last)
    if found is None and _has_lost_text(raw, path):
        found = _find_lacking(raw, path, 0, head, commit)
    if found is not None:
        yield Finding(Flaw.TEXT, found)


def _find_broken_text(raw: sqlite3.Connection, path: Path, after: int, last: int, commit: Commit | None) -> int | None:
    """Return the first event after `after` up to `last` that has an unfit text; UNKNOWN when that cannot be told."""
    try:
        check_texts(raw, after, last, commit)
    except ChainBroken as broken:
        return _read_seq(broken)
    except sqlite3.Error as error:
        if not is_damage(error, path):
            raise
        return last if last == after + 1 else UNKNOWN
    return None


def _find_lacking(raw: sqlite3.Connection, path: Path, after: int, last: int, commit: Commit | None) -> int:
    """Return the first of these events that promises a text which is not there or cannot be read, each looked up by
    itself, for the table cannot be read in one go; the last of them where it cannot be told."""
    seq = last
    try:
        for seq, fields in raw.execute(_PROMISING, (after, last)).fetchall():
            if _find_broken_text(raw, path, seq - 1, seq, commit) is not None:
                break
            if raw.execute(_COUNT_TEXTS, (seq,)).fetchone()[0] < fields:
                break
        else:
            seq = last
    except sqlite3.Error as error:
        if not is_damage(error, path):
            raise
    return int(seq)


def _has_lost_text(raw: sqlite3.Connection, path: Path) -> bool:
    """Tell whether a text stands at a number that no event has, or cannot be read."""
    try:
        return bool(raw.execute(_LOST_TEXT).fetchone()[0])
    except sqlite3.Error as error:
        if not is_damage(error, path):
            raise
        return True


def check_checkpoints(raw: sqlite3.Connection, seals: Seals | None) -> Iterator[Finding]:
    """Yield the first checkpoint that is not genuine, and the first that tells of other events, or of more."""
    with at_one_moment(raw):
        known = checkpoints.read_all(raw)
        unsealed = _find_unsealed(raw, known[-1] if known else None)
        head = read_last(raw)
    prev = ""
    for found in known:
        if found.prev != prev or (seals is not None and not checkpoints.is_sealed(raw, seals, found)):
            yield Finding(Flaw.SEAL, details={"until": found.seq})
            return
        prev = found.mac
    comparison = Comparison(raw)
    for found in known:
        comparison.hold(Link(found.seq, found.hash))
    yield from comparison.tell(Flaw.SEALED_OTHER, Flaw.SEALED_BEYOND, head)
    if unsealed is not None:
        yield Finding(Flaw.UNSEALED, unsealed)


def _find_unsealed(raw: sqlite3.Connection, last: checkpoints.Checkpoint | None) -> int | None:
    """Return the first event after the last checkpoint that came so late that it must have been sealed."""
    seq, until = (last.seq, last.at + checkpoints.INTERVAL_MS) if last else (0, 0)
    found: int | None = raw.execute("SELECT min(seq) FROM events WHERE seq > ? AND at >= ?", (seq, until)).fetchone()[0]
    return found


def check_anchors(raw: sqlite3.Connection, path: Path, db_id: str) -> tuple[int, list[Finding]]:
    """Return how many anchors stand beside the file, and what they tell of that is not in it."""
    comparison, foreign, count = Comparison(raw), 0, 0
    for file, link in read_every_anchor(path):
        if file == db_id:
            comparison.hold(link)
            count += 1
        else:
            foreign += 1
    found = list(comparison.tell(Flaw.ANCHOR_OTHER, Flaw.ANCHOR_BEYOND, read_last(raw)))
    if foreign:
        found.append(Finding(Flaw.ANCHOR_FOREIGN, details={"anchors": find_anchor(path)}))
    return count, found


def check_outside(raw: sqlite3.Connection, db_id: str, known: Iterable[Known]) -> Iterator[Finding]:
    """Yield what checkpoints that were kept elsewhere tell of that is not in the file."""
    comparison, own = Comparison(raw), mark_file(db_id)
    for one in known:
        if one.file == own:
            comparison.hold(Link(one.seq, one.digits))
        else:
            yield Finding(Flaw.OUTSIDE_FOREIGN, details={"known": one.file, "found": own})
    yield from comparison.tell(Flaw.OUTSIDE_OTHER, Flaw.OUTSIDE_BEYOND, read_last(raw))


class Comparison:
    """Links that were known once, held against the events: where they part first, and how far they go beyond."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._agreed = array("q")
        self._other: int | None = None
        self._absent: list[int] = []

    def hold(self, link: Link) -> None:
        """Hold one link, of whose hash a head is enough, against the file."""
        query = "SELECT hash FROM events WHERE seq = ?" if link.seq else "SELECT genesis FROM meta"
        row = self._raw.execute(query, (link.seq,) if link.seq else ()).fetchone()
        if row is None:
            self._absent.append(link.seq)
        elif not str(row[0]).startswith(str(link.hash)):
            self._other = link.seq if self._other is None else min(self._other, link.seq)
        else:
            self._agreed.append(link.seq)

    def tell(self, other: Flaw, beyond: Flaw, last: int) -> Iterator[Finding]:
        """Yield what was found, `last` being the last event of the file."""
        parted = [seq for seq in (*self._absent, self._other) if seq is not None and seq <= last]
        if parted:
            until = min(parted)
            since = max((seq for seq in self._agreed if seq < until), default=0) + 1
            yield Finding(other, since, {"since": since, "until": until})
        if (furthest := max(self._absent, default=0)) > last:
            yield Finding(beyond, last + 1, {"until": furthest, "last": last})


def check_rulebooks(raw: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the rulebooks kept in the file that are not what was put in."""
    for (digest,) in raw.execute("SELECT digest FROM rulebooks ORDER BY digest").fetchall():
        (files,) = raw.execute("SELECT files FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
        try:
            unpack(files, digest)
        except RulebookTampered:
            yield Finding(Flaw.RULEBOOK, details={"digest": mark_of(digest)})


def _read_seq(broken: ChainBroken) -> int:
    return int(str(broken.details["seq"]))
