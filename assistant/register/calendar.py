"""Days and moments as they are typed, by the wall clock of the outlet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from assistant.plain.times import find_moment
from assistant.register.faults import REGISTER_WORDS
from assistant.register.vocabulary import fold
from assistant.stamps import Clock
from rules.language import Text

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SPAN: Final = re.compile(r"近([0-9]{1,4})[天日]|([0-9]{1,4})(?:d|days?)", re.IGNORECASE)
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_DAY_OF_YEAR: Final = re.compile(r"([0-9]{1,2})[-/月]([0-9]{1,2})日?")
_LEAP_YEARS: Final = 8
"""The most years between two days of the same date."""


class Period(StrEnum):
    """Days of the calendar that have a name; a week begins on Monday."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"


PERIODS: Final[dict[str, Text]] = {period.value: REGISTER_WORDS.text(f"period.{period}") for period in Period}
"""Their names, by which they are typed."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Reads moments (UTC milliseconds) of the time zone `zone`; today is the day around `clock()`."""

    zone: str
    clock: Clock

    def read_span(self, word: str) -> int | None:
        """Return since when `近7天` or `7d` reach back: seven days of the calendar, of which today is one."""
        found = _SPAN.fullmatch(word)
        days = int(found[1] or found[2]) if found else 0
        return self._begin(self._today() - timedelta(days=days - 1)) if days else None

    def read_period(self, word: str) -> tuple[int, int | None] | None:
        """Return since when days that have a name are meant, and before when; None for those that last until now."""
        found = self._find_period(word)
        if found is None:
            return None
        first, after = found
        return self._begin(first), None if after > self._today() else self._begin(after)

    def read_begin(self, word: str) -> int | None:
        """Return when a day begins, or the first of those that have a name, or the moment that is written out; None
        for none of them."""
        if found := self._find_period(word):
            return self._begin(found[0])
        return self._read(word, lambda day: day)

    def read_end(self, word: str) -> int | None:
        """Return when a day is over, or the last of those that have a name, or the moment that is written out; None
        for none of them."""
        if found := self._find_period(word):
            return self._begin(found[1])
        return self._read(word, lambda day: day + timedelta(days=1))

    def _today(self) -> datetime:
        return find_moment(self.clock(), self.zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)

    def _find_period(self, word: str) -> tuple[datetime, datetime] | None:
        """Return the first of the days that a word names, and the day after the last; None for another word."""
        sought = fold(word)
        named = (name for name, text in PERIODS.items() if sought in (fold(name), fold(text.zh), fold(text.en)))
        name = next(named, None)
        if name is None:
            return None
        today, day = self._today(), timedelta(days=1)
        monday, month = today - today.weekday() * day, today.replace(day=1)
        return {
            Period.TODAY: (today, today + day),
            Period.YESTERDAY: (today - day, today),
            Period.THIS_WEEK: (monday, monday + 7 * day),
            Period.LAST_WEEK: (monday - 7 * day, monday),
            Period.THIS_MONTH: (month, (month + 31 * day).replace(day=1)),
            Period.LAST_MONTH: ((month - day).replace(day=1), month),
        }[Period(name)]

    def _read(self, word: str, find: Callable[[datetime], datetime]) -> int | None:
        try:
            if found := _DAY.fullmatch(word):
                return self._begin(find(datetime(*map(int, found.groups()))))  # type: ignore[arg-type]  # noqa: DTZ001
            if found := _DAY_OF_YEAR.fullmatch(word):
                day = self._find_latest(int(found[1]), int(found[2]))
                return None if day is None else self._begin(find(day))
            moment = datetime.fromisoformat(word)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.zone))
            return (aware - _EPOCH) // timedelta(milliseconds=1)
        except (ValueError, OverflowError):
            return None

    def _find_latest(self, month: int, day: int) -> datetime | None:
        """Return the latest day of that date that has begun, None when no year has it."""
        today = self._today()
        for year in range(today.year, max(today.year - _LEAP_YEARS, 1) - 1, -1):
            try:
                found = datetime(year, month, day)  # noqa: DTZ001 (by the wall clock)
            except ValueError:
                continue
            if found <= today:
                return found
        return None

    def _begin(self, day: datetime) -> int:
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=ZoneInfo(self.zone))
        return (midnight - _EPOCH) // timedelta(milliseconds=1)
