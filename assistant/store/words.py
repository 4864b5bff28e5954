"""Finding a text again by what stands in it, although all texts are sealed: by keyed hashes of what is next to what.

Of each text, as it is shown with its numbers masked, the pairs and the triples of neighbouring characters are hashed
under a key derived from the master key, cut to 24 bits, and put into an index without content under the row of the
case. A word of two characters is a pair, a longer one is all of its triples. What the index finds may fit by chance,
and is opened and read before it is shown: see `holds`. What the index gives away stands in docs/security.md.

A save would be half as long again if each text went into the index at once. They go there together, some dozens at a
time; until then they wait, and whoever looks for a word opens those that wait as well.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from assistant.case.events import EventKind
from assistant.case.subjects import REQUEST, is_case
from assistant.particulars.free_text import mask_numbers
from assistant.register.filters import tidy_words
from assistant.sealing.faults import SealBroken
from assistant.store.seals import SealedTexts, Seals

if TYPE_CHECKING:
    from assistant.store.folds import Counts

_PURPOSE: Final = "words-v1"
_HASH_BYTES: Final = 3
MOST_WAITING: Final = 64
"""So many texts are opened by each search at most, because they are not in the index yet; and put there in one save."""
SMALL: Final = 1_000
"""Blocks of four kilobytes: an index of so many is swept within the save that erases, in a tenth of a second."""
_ENDLESS: Final = 2**62
_OPENING: Final = "SELECT min(seq) FROM events WHERE case_id = ?"
_ABOUT: Final = "SELECT body FROM events WHERE case_id = ? ORDER BY seq LIMIT 1"
_TEXTS: Final = """
SELECT events.seq, kind, body, field, sealed FROM events CROSS JOIN private_texts ON private_texts.seq = events.seq
WHERE case_id = ? AND events.seq <= ?
"""
_WAITING: Final = """
SELECT case_id, events.seq, kind, body, field, sealed
FROM private_texts CROSS JOIN events ON events.seq = private_texts.seq WHERE private_texts.seq > ?
"""
_COUNT_WAITING: Final = "SELECT count(*) FROM private_texts WHERE seq > (SELECT seq FROM words_mark)"
_REQUESTS: Final = "SELECT subject FROM requests WHERE about = ? AND kind NOT IN ('restricted', 'erased')"
"""Why a case is to be erased outlives it, and is no part of it."""
_KEPT_APART: Final = frozenset({EventKind.RESTRICTED, EventKind.ERASED})
PUT: Final = "INSERT INTO words (rowid, grams) VALUES (?, ?)"
_DELETE: Final = "INSERT INTO words (words, rowid, grams) VALUES ('delete', ?, ?)"
_EMPTY: Final = "INSERT INTO words (words) VALUES ('delete-all')"
_OPTIMIZE: Final = "INSERT INTO words (words) VALUES ('optimize')"
_MERGE: Final = "INSERT INTO words (words, rank) VALUES ('merge', ?)"
_STEP: Final = 200
"""Pages of the index: others wait a tenth of a second for a step."""
_SOME: Final = 2
"""So many rows are changed at least by a step that did anything."""


def follow(raw: sqlite3.Connection, seals: Seals, counts: Counts, fresh: int) -> None:
    """Put the texts that wait into the index once they are many, inside the transaction of the newest of them, which
    are `fresh` in number."""
    if counts.waiting is None:
        counts.waiting = raw.execute(_COUNT_WAITING).fetchone()[0]
    else:
        counts.waiting += fresh
    if counts.waiting < MOST_WAITING:
        return
    counts.waiting = 0
    waiting: dict[str, list[tuple[Any, ...]]] = {}
    for subject, *text in raw.execute(_WAITING, (_read_mark(raw),)).fetchall():
        waiting.setdefault(subject, []).append(tuple(text))
    for subject, texts in waiting.items():
        opened_seq = _find_row(raw, subject)
        if opened_seq is not None:
            _put(raw, seals, opened_seq, _open(raw, seals, subject, texts))
    _set_mark(raw)


def list_waiting(raw: sqlite3.Connection) -> frozenset[int]:
    """Return the rows of the cases with texts that wait."""
    subjects = {subject for subject, *_ in raw.execute(_WAITING, (_read_mark(raw),))}
    return frozenset(row for subject in subjects if (row := _find_row(raw, subject)) is not None)


def forget(raw: sqlite3.Connection, seals: Seals, case_id: str) -> None:
    """Take all that is findable about a case out of the index, before its texts go. No trace of it is to stay in the
    file, which costs as much as the index is large: of a large one it is swept away in steps, see `sweep`."""
    mark, subjects = _read_mark(raw), list_subjects(raw, case_id)
    _delete(raw, seals, case_id, _list_grams(_read_all(raw, seals, subjects, mark)))


def forget_request(raw: sqlite3.Connection, seals: Seals, request: str) -> None:
    """Take the texts of a request out of the index before they go, but for what the case itself says as well."""
    case_id = _find_about(raw, request)
    if case_id is not None:
        mark = _read_mark(raw)
        others = [subject for subject in list_subjects(raw, case_id) if subject != request]
        gone = _list_grams(_read_subject(raw, seals, request, mark))
        _delete(raw, seals, case_id, gone - _list_grams(_read_all(raw, seals, others, mark)))


def sweep(raw: sqlite3.Connection) -> bool:
    """Go a step further in sweeping away what was taken out of the index, a transaction of its own; tell whether there
    is more to do."""
    (unswept,) = raw.execute("SELECT unswept FROM words_mark").fetchone()
    if unswept:
        before = raw.total_changes
        raw.execute(_MERGE, (-_STEP if unswept == 1 else _STEP,))
        unswept = 2 if raw.total_changes - before >= _SOME else 0
        raw.execute("UPDATE words_mark SET unswept = ?", (unswept,))
    return bool(unswept)


def remake(raw: sqlite3.Connection, seals: Seals) -> None:
    """Make the index anew from the texts, inside the caller's transaction; the derived tables must be right."""
    raw.execute(_EMPTY)
    for opened_seq, case_id in raw.execute("SELECT opened_seq, case_id FROM cases ORDER BY opened_seq"):
        _put(raw, seals, opened_seq, read_texts(raw, seals, case_id))
    _set_mark(raw)


def write_grams(seals: Seals, texts: Iterable[str]) -> str:
    """Return what is put into the index for these texts, tidied."""
    return _hash(seals, _list_grams(texts))


def write_query(seals: Seals, words: Iterable[str]) -> str:
    """Return what the index is asked for texts with these words, each tidied and of two characters or more."""
    grams = {gram for word in words for gram in (_pairs(word) if len(word) == 2 else _triples(word))}
    return " AND ".join(f'"{gram}"' for gram in _hash(seals, grams).split())


def holds(raw: sqlite3.Connection, seals: Seals, case_id: str, words: Iterable[str], hidden: Collection[str]) -> bool:
    """Tell whether each of the words, tidied, stands in a text of the case that is not about a hidden step."""
    texts = list(read_texts(raw, seals, case_id, hidden))
    return all(any(word in text for text in texts) for word in words)


def read_texts(
    raw: sqlite3.Connection, seals: Seals, case_id: str, hidden: Collection[str] = frozenset()
) -> Iterator[str]:
    """Yield the texts of a case and of what was asked about it, tidied and with their numbers masked; without those
    about a hidden step. What is noted about a person is none of them, and one that cannot be opened is left out."""
    for subject in list_subjects(raw, case_id):
        yield from _read_subject(raw, seals, subject, hidden=hidden)


def _read_all(raw: sqlite3.Connection, seals: Seals, subjects: Iterable[str], up_to: int) -> Iterator[str]:
    for subject in subjects:
        yield from _read_subject(raw, seals, subject, up_to)


def list_subjects(raw: sqlite3.Connection, case_id: str) -> tuple[str, ...]:
    """Return the subjects whose texts belong to a case: it, and what was asked about it, but for its erasure."""
    return case_id, *(subject for (subject,) in raw.execute(_REQUESTS, (case_id,)).fetchall())


def _read_subject(
    raw: sqlite3.Connection, seals: Seals, subject: str, up_to: int = _ENDLESS, hidden: Collection[str] = frozenset()
) -> Iterator[str]:
    is_request = subject.startswith(REQUEST)
    if is_request and hidden and _read_step(raw.execute(_ABOUT, (subject,)).fetchone()[0], "body") in hidden:
        return
    rows = raw.execute(_TEXTS, (subject, up_to)).fetchall()
    yield from _open(raw, seals, subject, (row for row in rows if not hidden or _read_step(row[2]) not in hidden))


def _open(
    raw: sqlite3.Connection, seals: Seals, subject: str, rows: Iterable[tuple[int, str, str, str, bytes]]
) -> Iterator[str]:
    """Yield what stands in texts of a subject: number, kind and body of the event, the field, and what is sealed."""
    wrapped = b""
    for seq, kind, _, field, sealed in rows:
        if kind == EventKind.PARTICULARS_NOTED:
            continue
        wrapped = wrapped or seals.read_key(raw, subject)
        try:
            yield _tidy(SealedTexts(seals, subject, seq, wrapped, {field: sealed})[field])
        except SealBroken:
            continue


def _read_step(body: str, within: str | None = None) -> object:
    found = json.loads(body)
    return (json.loads(found[within]) if within else found).get("step")


def _find_row(raw: sqlite3.Connection, subject: str) -> int | None:
    """Return the row of the case that a subject is, or that it is asked about."""
    case_id = subject if is_case(subject) else _find_about(raw, subject)
    found: int | None = raw.execute(_OPENING, (case_id,)).fetchone()[0] if case_id else None
    return found


def _find_about(raw: sqlite3.Connection, request: str) -> str | None:
    """Return the case that a request is about, if it is about one whose texts it shares."""
    row = raw.execute(_ABOUT, (request,)).fetchone() if request.startswith(REQUEST) else None
    asked = json.loads(row[0]) if row else {}
    about = str(asked.get("about", ""))
    return about if is_case(about) and asked.get("kind") not in _KEPT_APART else None


def _read_mark(raw: sqlite3.Connection) -> int:
    mark: int = raw.execute("SELECT seq FROM words_mark").fetchone()[0]
    return mark


def _set_mark(raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE words_mark SET seq = (SELECT coalesce(max(seq), 0) FROM events)")


def _delete(raw: sqlite3.Connection, seals: Seals, case_id: str, grams: Collection[str]) -> None:
    row = _find_row(raw, case_id)
    if grams and row is not None:
        raw.execute(_DELETE, (row, _hash(seals, grams)))
        (blocks,) = raw.execute("SELECT count(*) FROM words_data").fetchone()
        if blocks <= SMALL:
            raw.execute(_OPTIMIZE)
        else:
            raw.execute("UPDATE words_mark SET unswept = 1")


def _tidy(text: str) -> str:
    return tidy_words(mask_numbers(text))


def _put(raw: sqlite3.Connection, seals: Seals, opened_seq: int, texts: Iterable[str]) -> None:
    if grams := write_grams(seals, texts):
        raw.execute(PUT, (opened_seq, grams))


def _list_grams(texts: Iterable[str]) -> set[str]:
    grams: set[str] = set()
    for text in texts:
        grams.update(_pairs(text), _triples(text))
    return grams


def _pairs(text: str) -> Iterator[str]:
    return map("".join, pairwise(text))


def _triples(text: str) -> Iterator[str]:
    return map("".join, zip(text, text[1:], text[2:], strict=False))


def _hash(seals: Seals, grams: Iterable[str]) -> str:
    """Return the hashes in an order of their own: that of the text would say which stood next to which."""
    keyed = blake2b(digest_size=_HASH_BYTES, key=seals.sealing.digest(_PURPOSE, ""))
    hashes = []
    for gram in grams:
        one = keyed.copy()
        one.update(gram.encode())
        hashes.append(one.hexdigest())
    return " ".join(sorted(hashes))
