"""The outlet whose cases a file holds: its code begins every case number, its zone decides where a day ends."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from assistant.case.events import Event, EventKind
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

    def after(self, event: Event) -> Outlet:
        """Return the outlet after `event`."""
        return replace(self, name=str(event.body["name"])) if event.kind is EventKind.OUTLET_RENAMED else self

    def day(self, at: int) -> tuple[int, int, str]:
        """Return the outlet's day around `at` (UTC milliseconds): its first millisecond, the next day's, and MMDD."""
        moment = datetime.fromtimestamp(at // 1000, ZoneInfo(self.zone))
        start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        # Adding to a wall clock and not to an instant: a day of the zone may be 23 or 25 hours long.
        following = start + timedelta(days=1)
        return int(start.timestamp()) * 1000, int(following.timestamp()) * 1000, f"{start:%m%d}"


def carry_out(raw: sqlite3.Connection, event: Event) -> None:
    """Do what an event means for what the file says of its outlet, inside its transaction."""
    if event.kind is EventKind.OUTLET_RENAMED:
        raw.execute("UPDATE meta SET outlet_name = ?", (event.body["name"],))


def number_case(raw: sqlite3.Connection, outlet: Outlet, at: int) -> str:
    """Return the number of a case opened at `at`: outlet, day, running number, such as 0312-1123-007.

    Called inside the transaction that opens the case. Numbers come again after a year.
    """
    start, following, day = outlet.day(at)
    (before,) = raw.execute(
        "SELECT count(*) FROM cases WHERE opened_at >= ? AND opened_at < ?", (start, following)
    ).fetchone()
    return f"{outlet.code}-{day}-{before + 1:03}"
