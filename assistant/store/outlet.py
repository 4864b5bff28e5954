"""The outlet whose cases a file holds: its code begins every case number, its zone decides where a day ends."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from assistant.case.events import Event, EventKind
from assistant.case.subjects import OUTLET
from assistant.store.faults import UnfitOutlet

_CODE: Final = re.compile(r"[0-9A-Za-z]{1,16}")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A bank's outlet. Raises UnfitOutlet for a code that is not 1 to 16 letters or digits, a name with
    half a character, or a zone nobody knows."""

    code: str
    name: str
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        try:
            self.name.encode()
            ZoneInfo(self.zone)
        except (OSError, ValueError, LookupError):
            raise UnfitOutlet(code=self.code, zone=self.zone) from None
        if not _CODE.fullmatch(self.code):
            raise UnfitOutlet(code=self.code, zone=self.zone)

    def day(self, at: int) -> tuple[int, int, str]:
        """Return the outlet's day around `at` (UTC milliseconds): its first millisecond, the next day's, and MMDD."""
        moment = datetime.fromtimestamp(at // 1000, ZoneInfo(self.zone))
        start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        # Adding to a wall clock and not to an instant: a day of the zone may be 23 or 25 hours long.
        following = start + timedelta(days=1)
        return int(start.timestamp()) * 1000, int(following.timestamp()) * 1000, f"{start:%m%d}"


def read_outlet(raw: sqlite3.Connection) -> Outlet:
    """Return the outlet whose cases the file holds."""
    return Outlet(*raw.execute("SELECT outlet_code, outlet_name, zone FROM meta").fetchone())


def carry_out(raw: sqlite3.Connection, event: Event) -> None:
    """Do what an event means for what the file says of its outlet, inside its transaction."""
    if event.kind is EventKind.OUTLET_RENAMED:
        raw.execute("UPDATE meta SET outlet_name = ?", (event.body["name"],))


def is_named_by_events(raw: sqlite3.Connection) -> bool:
    """Tell whether the outlet has the name that it was given last; of the one that it began with there is no event."""
    return _read_given_name(raw) in (None, read_outlet(raw).name)


def restore_name(raw: sqlite3.Connection) -> None:
    """Give the outlet the name that it was given last."""
    if (name := _read_given_name(raw)) is not None:
        raw.execute("UPDATE meta SET outlet_name = ?", (name,))


def _read_given_name(raw: sqlite3.Connection) -> str | None:
    row = raw.execute("SELECT body FROM events WHERE case_id = ? ORDER BY seq DESC LIMIT 1", (OUTLET,)).fetchone()
    return str(json.loads(row[0])["name"]) if row else None


def number_case(raw: sqlite3.Connection, at: int) -> str:
    """Return the number of a case opened at `at`: outlet, day, running number, such as 0312-1123-007.

    Called inside the transaction that opens the case. Numbers come again after a year.
    """
    outlet = read_outlet(raw)
    start, following, day = outlet.day(at)
    (before,) = raw.execute(
        "SELECT count(*) FROM cases WHERE opened_at >= ? AND opened_at < ?", (start, following)
    ).fetchone()
    return f"{outlet.code}-{day}-{before + 1:03}"
