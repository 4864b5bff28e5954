"""The chain as it lies in the file, read past the store, and what takes two in it for which two do not stand."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from assistant.case.events import EventKind
from assistant.case.subjects import REQUEST
from assistant.people.requests import MATTERS, REQUEST_KEY
from assistant.people.terms import KEEPING

SETTLING: Final = (EventKind.APPROVED, EventKind.DECLINED, EventKind.WITHDRAWN, EventKind.EMERGENCY_REVIEWED)
DECIDING: Final = frozenset({EventKind.APPROVED, EventKind.EMERGENCY_USED})


@dataclass(frozen=True, slots=True)
class Row:
    """An event as it lies in the file."""

    seq: int
    subject: str
    at: int
    actor: str
    kind: EventKind
    body: dict[str, Any] = field(default_factory=dict)


def read_rows(path: Path) -> list[Row]:
    """Read the chain past the store."""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT seq, case_id, at, actor, kind, body FROM events ORDER BY seq").fetchall()
    return [
        Row(seq, subject, at, actor, EventKind(kind), json.loads(body)) for seq, subject, at, actor, kind, body in rows
    ]


def find_lonely(rows: list[Row], alone: int) -> list[Row]:
    """Return the events after the event `alone` that take two and for which two do not stand, read independently of
    the product; an emergency must be the asker's own."""
    asked = {row.subject: row for row in rows if row.kind is EventKind.ASKED}
    by_seq = {row.seq: row for row in rows}
    lonely = []
    for row in rows:
        if (row.kind not in MATTERS and row.kind not in KEEPING) or row.seq <= alone:
            continue
        subject = REQUEST + row.body.get(REQUEST_KEY, "")
        request, before = asked.get(subject), by_seq[row.seq - 1]
        if request is None:
            lonely.append(row)
            continue
        wanted = (request.body["kind"], request.body["about"], json.loads(request.body["body"]))
        body = {key: value for key, value in row.body.items() if key not in (REQUEST_KEY, "alone", "private")}
        if row.kind in KEEPING and wanted[0] == EventKind.RETENTION_ORDERED:
            settled = [each for each in rows if each.subject == subject and each.kind is EventKind.APPROVED]
            good = find_end(rows, row) < wanted[2][f"{KEEPING[row.kind]}_before"]
            good &= len(settled) == 1 and settled[0].seq < row.seq and settled[0].actor != request.actor
        else:
            good = before.subject == subject and wanted == (row.kind, row.subject, body)
            good &= before.actor == row.actor and before.kind in DECIDING
            alone = before.kind is EventKind.EMERGENCY_USED
            good &= (before.actor == request.actor) is alone
            good &= row.body.get("alone", False) is (alone and row.kind is EventKind.AUTHORISED)
        if not good:
            lonely.append(row)
    return lonely


def find_released(rows: list[Row]) -> list[Row]:
    """Return the closings as cleared of what was once to be held, with no agreement since the case was opened, or
    opened again; where nothing is taken back in haste."""
    released = []
    held: set[str] = set()
    agreed: set[str] = set()
    for row in rows:
        if row.kind is EventKind.ADVISED and row.body["level"] in ("hold", "police"):
            held.add(row.subject)
        elif row.kind is EventKind.AUTHORISED and row.body["matter"] == "release":
            agreed.add(row.subject)
        elif row.kind is EventKind.REOPENED:
            agreed.discard(row.subject)
        elif row.kind is EventKind.CLOSED and row.body["outcome"] == "cleared" and row.subject in held - agreed:
            released.append(row)
    return released


def find_end(rows: list[Row], row: Row) -> int:
    """Return when what a row restricts or erases had ended: closed, suspended or settled."""
    if row.kind is EventKind.MEMBER_ERASED:
        ends = [each.at for each in rows if is_suspension(each, row.body["number"])]
    elif row.kind is EventKind.REQUEST_ERASED:
        ends = [each.at for each in rows if each.subject == row.subject and each.kind in SETTLING]
    else:
        ends = [each.at for each in rows if each.subject == row.subject and each.kind is EventKind.CLOSED]
    return ends[-1]


def is_suspension(row: Row, number: str) -> bool:
    """Tell whether a row suspends that member of staff."""
    return row.kind is EventKind.MEMBER_SUSPENDED and row.body["number"] == number
