"""Days and moments as they are typed, by the wall clock of the outlet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from assistant.plain.times import find_moment
from assistant.register.faults import REGISTER_WORDS
from assistant.stamps import Clock
from rules.language import Language

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SPAN: Final = re.compile(r"近([0-9]{1,4})[天日]|([0-9]{1,4})(?:d|days?)", re.IGNORECASE)
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Reads moments (UTC milliseconds) of the time zone `zone`; today is the day around `clock()`."""

    zone: str
    clock: Clock

    def read_span(self, word: str) -> int | None:
        """Return since when `近7天` or `7d` reach back: seven days of the calendar, of which today is one."""
        found = _SPAN.fullmatch(word)
        days = int(found[1] or found[2]) if found else 0
        if word.casefold() in {REGISTER_WORDS("day.today", language) for language in Language}:
            days = 1
        today = find_moment(self.clock(), self.zone).replace(tzinfo=None)
        return self._begin(today - timedelta(days=days - 1)) if days else None

    def read_begin(self, word: str) -> int | None:
        """Return when a day begins, or the moment that is written out; None for neither."""
        return self._read(word, lambda day: day)

    def read_end(self, word: str) -> int | None:
        """Return when a day is over, or the moment that is written out; None for neither."""
        return self._read(word, lambda day: day + timedelta(days=1))

    def _read(self, word: str, find: Callable[[datetime], datetime]) -> int | None:
        try:
            if found := _DAY.fullmatch(word):
                return self._begin(find(datetime(*map(int, found.groups()))))  # type: ignore[arg-type]  # noqa: DTZ001
            moment = datetime.fromisoformat(word)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.zone))
            return (aware - _EPOCH) // timedelta(milliseconds=1)
        except (ValueError, OverflowError):
            return None

    def _begin(self, day: datetime) -> int:
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=ZoneInfo(self.zone))
        return (midnight - _EPOCH) // timedelta(milliseconds=1)
