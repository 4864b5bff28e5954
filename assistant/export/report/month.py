"""A month of the calendar, as the outlet has it."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from assistant.export.report.words import WORDS
from assistant.figures.period import Period, find_day
from rules.errors import BadInput
from rules.language import Catalogue, Language

_FORM: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_FIRST_YEAR: Final = 1971
_LAST_YEAR: Final = 9998
_DAYS_OF_WEEK: Final = 7


class MonthUnreadable(BadInput):
    """A text that is not a month of the calendar."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "month_unreadable"


class MonthAhead(BadInput):
    """A month that has not begun."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "month_ahead"


@dataclass(frozen=True, slots=True)
class Month:
    """A month by the outlet's calendar; `today` is the day from which it is looked at."""

    first: date
    today: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first, self.last)

    @property
    def before(self) -> Month:
        """The month before it."""
        return Month((self.first - timedelta(days=1)).replace(day=1), self.today)

    @property
    def running(self) -> bool:
        """Whether it is not over."""
        return self.last >= self.today

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    def read(self, language: Language) -> str:
        """Return its name."""
        year, month = self.first.year, self.first.month
        return WORDS("month", language, year=year, month=month, name=WORDS(f"month_name.{month}", language))

    def weeks(self) -> tuple[tuple[date | None, ...], ...]:
        """Return its days week by week, Monday first; None for what belongs to the months around it."""
        blank: list[date | None] = [None] * self.first.weekday()
        days = [*blank, *(self.first + timedelta(days=number) for number in range(self.last.day))]
        days += [None] * (-len(days) % _DAYS_OF_WEEK)
        return tuple(tuple(days[at : at + _DAYS_OF_WEEK]) for at in range(0, len(days), _DAYS_OF_WEEK))


def find_month(text: str | None, now: int, zone: str) -> Month:
    """Return the month that `text` names, such as `2026-11`; without a text the last one that is over at the moment
    `now` (UTC milliseconds) in `zone`. Raises MonthUnreadable and MonthAhead."""
    today = find_day(now, zone)
    if text is None:
        return Month(today.replace(day=1), today).before
    found = _FORM.fullmatch(text)
    if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        raise MonthUnreadable(text=text[:20])
    month = Month(date(int(found[1]), int(found[2]), 1), today)
    if month.first > today:
        raise MonthAhead(month=month, today=today)
    return month
