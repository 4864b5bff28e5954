"""A moment for people: the wall clock of the outlet, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def write_time(at: int, zone: str) -> str:
    """Return the moment `at` (UTC milliseconds) as it reads in the time zone `zone`."""
    return f"{(_EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
