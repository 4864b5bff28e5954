"""Times for people: a moment on the wall clock of the outlet, and a length of time, both to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def find_moment(at: int, zone: str) -> datetime:
    """Return the moment `at` (UTC milliseconds) on the clock of the time zone `zone`."""
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone))


def write_time(at: int, zone: str) -> str:
    """Return the moment `at` (UTC milliseconds) as it reads in the time zone `zone`."""
    return f"{find_moment(at, zone):%Y-%m-%d %H:%M:%S}"


def write_length(seconds: int) -> str:
    """Return a length of time as minutes and seconds, with hours where there are any: `1:05`, `2:00:41`."""
    minutes, rest = divmod(abs(seconds), 60)
    hours, left = divmod(minutes, 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{hours:,}:{left:02}:{rest:02}" if hours else f"{sign}{left}:{rest:02}"
