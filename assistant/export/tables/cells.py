"""What may stand in a cell: nothing that a spreadsheet would carry out or a reader could not see, and times as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from string import ascii_letters, digits
from typing import Any, Final
from zoneinfo import ZoneInfo

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS: Final = 86_400_000
_HOUR: Final = 3600
_QUARTER: Final = 900
_OF_DAY: Final = 96
MOST_KEPT: Final = 20_000
_FEW: Final = 2_000
"""So many stay near the processor."""

_UNSEEN: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for the tab and the line's end
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\u2028\u2029"  # other ends of a line
    "\ud800-\udfff\ufffe\uffff"  # no characters at all
    "]"
)
_CARRIED_OUT: Final = re.compile("[\t\r\n]|[\\s\"'\u200b-\u200d\u2060\ufeff]*[-=+@\u2212\ufe62\ufe63＝＋－＠]")
_MANGLED: Final = re.compile(r"0[0-9]+|[0-9]{12,}")


def show(text: str) -> str:
    """Return a text with whatever cannot be seen, or turns what is around it, shown by its code: `\\u202e`."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def defuse(text: str) -> str:
    """Return a text fit for a cell whose kind a spreadsheet guesses: with an apostrophe in front of what it would
    carry out as a formula, and of digits that it would take for a number and change."""
    return f"'{show(text)}" if _CARRIED_OUT.match(text) or _MANGLED.fullmatch(text) else show(text)


_PLAIN: Final = f"{ascii_letters}{digits}-\n".encode()


def are_plain(texts: Sequence[str]) -> bool:
    """Tell whether all of these texts are letters, digits and hyphens of ASCII, and none begins with a hyphen; they are
    looked at all at once, for that is quick."""
    joined = "\n" + "\n".join(texts)
    whole = joined.isascii() and joined.count("\n") == len(texts) and "\n-" not in joined
    return whole and not joined.encode().translate(None, _PLAIN)


def narrow(text: str) -> str:
    """Return the bytes of a text in UTF-8 as one character each: of these a line is put together, and written by
    `write_narrow`, in a third of the time."""
    return text.encode().decode("latin-1")


def write_narrow(text: str) -> bytes:
    """Return the bytes of a text that was put together of narrow ones."""
    return text.encode("latin-1")


class Cells(dict[Any, str]):
    """What a value looks like in a cell, made once for each value that is there often."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> str:
        if len(self) >= MOST_KEPT:
            self.clear()
        made = self[value] = self._make(value)
        return made


_CENTS: Final = [f".{cent:02}" for cent in range(100)]


class Yuan(dict[int | None, str]):
    """Amounts in fen as yuan with two decimals, and nothing as an empty text; the last few are kept, for what was at
    risk is mostly what was protected."""

    def __missing__(self, fen: int | None) -> str:
        if len(self) >= _FEW:
            self.clear()
        made = self[fen] = "" if fen is None else str(fen // 100) + _CENTS[fen % 100]
        return made


class Zone:
    """By how much the clock of a time zone is ahead of UTC, looked up once a day."""

    def __init__(self, name: str) -> None:
        self._zone = ZoneInfo(name)
        self._days: dict[int, int | None] = {}

    def find_distance(self, at: int) -> int:
        """Return by how many seconds it is at a moment (UTC milliseconds)."""
        day = self.find_distance_of_day(at // _DAY_MS)
        return self._look_up(at) if day is None else day

    def find_distance_of_day(self, day: int) -> int | None:
        """Return it for all of a day of UTC; None when clocks are changed on it. No zone changes them twice a day."""
        if day not in self._days:
            if len(self._days) >= MOST_KEPT:
                self._days.clear()
            begin, end = self._look_up(day * _DAY_MS), self._look_up((day + 1) * _DAY_MS - 1)
            self._days[day] = begin if begin == end else None
        return self._days[day]

    def _look_up(self, at: int) -> int:
        moment = (_EPOCH + timedelta(milliseconds=at)).astimezone(self._zone)
        return int((moment.utcoffset() or timedelta()).total_seconds())


find_zone: Final = cache(Zone)


class _Days(dict[int, str]):
    """The days by how many have gone since 1970."""

    def __missing__(self, day: int) -> str:
        made = self[day] = f"{(_EPOCH + timedelta(days=day)).date().isoformat()}T"
        return made


class Quarters(dict[int, tuple[str, Sequence[str], Sequence[str]]]):
    """Writes moments (UTC milliseconds) on the clock of a zone as ISO 8601 with the distance from UTC, to the second or
    the millisecond, with a text behind.

    By the quarter of an hour it has what stands in front, behind it by the second of the quarter, and behind that by
    the millisecond: clocks are changed, and are apart, by quarters.
    """

    def __init__(self, zone: str, *, precise: bool = False, after: str = "") -> None:
        super().__init__()
        self._zone = find_zone(zone)
        self._precise, self._after = precise, after
        self._tails: dict[tuple[int, int], Sequence[str]] = {}
        self._ends: dict[int, Sequence[str]] = {}

    def __missing__(self, quarter: int) -> tuple[str, Sequence[str], Sequence[str]]:
        if len(self) >= MOST_KEPT:
            self.clear()
        # A whole day at once, for cases come in the order of time.
        begin = quarter // _OF_DAY * _OF_DAY
        distance = self._zone.find_distance_of_day(begin // _OF_DAY)
        if distance is not None and distance % _QUARTER == 0:
            self._fill_day(begin, distance)
        else:
            for each in range(begin, begin + _OF_DAY):
                self._fill(each, self._zone.find_distance(each * _QUARTER * 1000))
        return self[quarter]

    def _fill_day(self, begin: int, distance: int) -> None:
        """Make what stands there for all quarters of a day of UTC, on which the clock is so many seconds ahead."""
        ahead = begin + distance // _QUARTER
        tails = [self._find_tails(distance, place * _QUARTER) for place in range(4)]
        ends, days, hour = self._find_ends(distance), _Days(), ""
        for local in range(ahead, ahead + _OF_DAY):
            if local % 4 == 0 or not hour:
                hour = f"{days[local // _OF_DAY]}{local // 4 % 24:02}:"
            self[begin + local - ahead] = hour, tails[local % 4], ends

    def _fill(self, quarter: int, distance: int) -> None:
        """Make what stands there for one quarter of an hour."""
        local = quarter * _QUARTER + distance
        hour = (_EPOCH + timedelta(seconds=local)).isoformat()[: len("1970-01-01T00:")]
        self[quarter] = hour, self._find_tails(distance, local % _HOUR), self._find_ends(distance)

    def write(self, at: int | None) -> str:
        """Return a moment as text, and nothing as an empty one."""
        if at is None:
            return ""
        hour, tails, ends = self[at // (_QUARTER * 1000)]
        return hour + tails[at // 1000 % _QUARTER] + (ends[at % 1000] if self._precise else "")

    def _find_tails(self, distance: int, begin: int) -> Sequence[str]:
        if (distance, begin) not in self._tails:
            end = "" if self._precise else self._name_distance(distance)
            self._tails[distance, begin] = [
                f"{second // 60:02}:{second % 60:02}{end}" for second in range(begin, begin + _QUARTER)
            ]
        return self._tails[distance, begin]

    def _find_ends(self, distance: int) -> Sequence[str]:
        if distance not in self._ends:
            end = self._name_distance(distance)
            self._ends[distance] = [f".{rest:03}{end}" for rest in range(1000)] if self._precise else ()
        return self._ends[distance]

    def _name_distance(self, distance: int) -> str:
        sign, minutes = "-" if distance < 0 else "+", abs(distance) // 60
        return f"{sign}{minutes // 60:02}:{minutes % 60:02}{self._after}"
