"""The days that figures are about, as the outlet's calendar has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from assistant.plain.times import find_moment
from rules.errors import BadInput
from rules.language import Catalogue

WORDS: Final = Catalogue("assistant.figures")
_DAY: Final = timedelta(days=1)
_EVER: Final = 2**62
"""Later than any moment, in milliseconds."""


class DayUnreadable(BadInput):
    """A text that is not a day of the calendar."""

    catalogue = WORDS
    code = "day_unreadable"


class PeriodEmpty(BadInput):
    """The last day of a period lies before its first."""

    catalogue = WORDS
    code = "period_empty"


class Span(StrEnum):
    """A period that ends today."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"

    @property
    def following(self) -> Span:
        """The next longer one; after the longest, the shortest."""
        spans = list(Span)
        return spans[(spans.index(self) + 1) % len(spans)]


_DAYS: Final = {Span.TODAY: 1, Span.WEEK: 7, Span.MONTH: 30, Span.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included; None leaves that end open. Raises PeriodEmpty."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise PeriodEmpty(since=self.since, until=self.until)

    @classmethod
    def lasting(cls, span: Span, now: int, zone: str) -> Period:
        """Return the period of that length that ends with the day of `now` (UTC milliseconds) in `zone`."""
        if span is Span.ALL:
            return cls()
        today = find_day(now, zone)
        return cls(today - _DAY * (_DAYS[span] - 1), today)

    def find_bounds(self, zone: str) -> tuple[int, int]:
        """Return the first moment of the period and the first one after it, in UTC milliseconds."""
        begin = 0 if self.since is None else _find_midnight(self.since, zone)
        return begin, _EVER if self.until is None else _find_midnight(self.until + _DAY, zone)


def find_day(at: int, zone: str) -> date:
    """Return the day of the moment `at` (UTC milliseconds) in `zone`."""
    return find_moment(at, zone).date()


def read_day(text: str) -> date:
    """Return the day that `text` names, such as `2026-11-01`. Raises DayUnreadable."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DayUnreadable(text=text[:20]) from None
    if day.isoformat() != text or not date(1970, 1, 2) <= day < date(9999, 12, 31):
        raise DayUnreadable(text=text[:20])
    return day


def _find_midnight(day: date, zone: str) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
