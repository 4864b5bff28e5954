"""Cases read a second time, from the table of events alone and by nothing that the program is made of; and tables read
back by whoever else reads such files."""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Rows = list[dict[str, Any]]

ZONE = ZoneInfo("Asia/Shanghai")
MONEY = ("amount", "at_risk", "protected", "lost")
TIMES = ("opened_at", "changed_at", "due_at", "called_at")
LISTS = ("typologies", "traits")


def read_cases(path: Path) -> Rows:
    """Return what the events of a file say of each case, the newest first: times in whole seconds, amounts in fen."""
    raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    stories: dict[str, list[dict[str, Any]]] = {}
    for case_id, at, actor, kind, body in raw.execute("SELECT case_id, at, actor, kind, body FROM events ORDER BY seq"):
        if case_id not in ("staff", "outlet", "rulebook", "retention", "export") and ":" not in case_id:
            event = {"at": at, "actor": actor, "kind": kind, "body": json.loads(body)}
            stories.setdefault(case_id, []).append(event)
    raw.close()
    return [_look_at(case_id, events) for case_id, events in stories.items()][::-1]


def _look_at(case_id: str, events: list[dict[str, Any]]) -> dict[str, Any]:
    def last(kind: str) -> dict[str, Any]:
        bodies: list[dict[str, Any]] = [event["body"] for event in events if event["kind"] == kind]
        return bodies[-1] if bodies else {}

    closed, advised = last("closed"), last("advised")
    kinds = [event["kind"] for event in events]
    return {
        "case_id": case_id,
        "number": events[0]["body"]["number"],
        "opened_at": events[0]["at"] // 1000,
        "changed_at": events[-1]["at"] // 1000,
        "opened_by": events[0]["actor"],
        "state": "closed" if closed else "open",
        "keeping": "erased" if "erased" in kinds else "restricted" if "restricted" in kinds else None,
        "request": events[0]["body"]["request"],
        "level": advised.get("level"),
        "typologies": advised.get("typologies", []),
        "amount": closed.get("at_risk", last("money_recorded").get("amount", 0)),
        "outcome": closed.get("outcome"),
        "at_risk": closed.get("at_risk"),
        "protected": closed.get("protected"),
        "lost": closed.get("lost"),
        "events": len(events),
    }


def read_table(path: Path) -> Rows:
    """Return the cases of a table, in that very form; one for people has to have been written with codes."""
    return {
        ".csv": read_csv,
        ".xlsx": read_xlsx,
        ".json": read_json,
        ".ndjson": read_ndjson,
        ".parquet": read_parquet,
    }[path.suffix](path)


def read_csv(path: Path) -> Rows:
    """Read CSV with the module of that name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [_read_sheet_row(row) for row in csv.DictReader(file, strict=True)]


def read_xlsx(path: Path) -> Rows:
    """Read a workbook with openpyxl."""
    from openpyxl import load_workbook
    from openpyxl.utils.escape import unescape

    book = load_workbook(path)
    found: Rows = []
    for sheet in book.worksheets[1:]:
        names, *rows = sheet.iter_rows(values_only=True)
        for row in rows:
            # What a spreadsheet shows: openpyxl leaves `_x005F_` in texts that stand in their cells.
            texts = (unescape(value) if isinstance(value, str) else value for value in row)
            found.append(_read_sheet_row(dict(zip(map(str, names), texts, strict=True))))
    book.close()
    return found


def _read_sheet_row(row: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in row.items():
        plain = name.removesuffix("_yuan")
        if plain in LISTS:
            told[plain] = value.split(";") if value else []
        elif value in ("", None):
            told[plain] = None
        elif plain in MONEY:
            told[plain] = round(float(value) * 100)
        elif plain in TIMES:
            told[plain] = _read_moment(value)
        else:
            told[plain] = int(value) if plain == "events" else value
    return told


def _read_moment(value: Any) -> int:
    if isinstance(value, datetime):
        # A cell has no zone, and openpyxl rounds to the nearest millisecond or so.
        return round((value.replace(tzinfo=ZONE) + timedelta(milliseconds=100)).timestamp() // 1)
    moment = datetime.fromisoformat(value)
    assert moment.utcoffset() is not None
    return int(moment.timestamp() // 1)


def read_json(path: Path) -> Rows:
    """Read one document."""
    return [_read_program_row(row) for row in json.loads(path.read_text("utf-8"))["cases"]]


def read_ndjson(path: Path) -> Rows:
    """Read an object a line."""
    return [_read_program_row(json.loads(line)) for line in path.read_bytes().splitlines()]


def read_parquet(path: Path) -> Rows:
    """Read columns with DuckDB."""
    import duckdb

    with duckdb.connect() as base:
        names = [str(row[0]) for row in base.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]  # noqa: S608
        wanted = ", ".join(f"epoch_ms({name}) // 1000" if name in TIMES else name for name in names)
        rows = base.execute(f"SELECT {wanted} FROM '{path}'").fetchall()  # noqa: S608
    return [_read_program_row(dict(zip(names, row, strict=True))) for row in rows]


def _read_program_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name.removesuffix("_fen"): _read_moment(value) if name in TIMES and isinstance(value, str) else value
        for name, value in row.items()
    }
