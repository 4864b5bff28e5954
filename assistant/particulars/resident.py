"""Identity numbers of GB 11643, read by themselves: the libraries refuse people whose county was renamed.

The provinces are a closed set and stand here. Counties do not: in 2.2 python-stdnum lacks some three hundred codes that
were in use and refuses a year that its list does not cover, id-validator has no release since 2021, and both cost more
memory than the screens have to spare. The check digit already finds a slip of the finger; a county that no list knows
is mostly an elderly customer's, whom a false warning would delay.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from assistant.particulars.fields import Doubt

OLDEST: Final = date(1900, 1, 1)
"""The earliest date of birth that is taken."""

_OLD_DIGITS: Final = 15
_AHEAD: Final = date(2100, 1, 1)

_FORM: Final = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_MAINLAND: Final = (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66))
_BEYOND: Final = frozenset({"71", "81", "82", "83"})
_PROVINCES: Final = frozenset(map(str, _MAINLAND)) | _BEYOND
_HAINAN: Final = "46"
_CITIES_MOST: Final = 53
_UNDER_THE_PROVINCE: Final = frozenset({"70", "90"})
# Jiayuguan, Dongguan, Zhongshan, Danzhou: cities whose people bear the city's own code.
_WITHOUT_COUNTIES: Final = frozenset({"620200", "441900", "442000", "460400"})
# The card of a foreigner who lives here for good: a nine, the province, the country; day and check digit as for all.
_FOREIGNER: Final = "9"


def has_form(number: str) -> bool:
    """Tell whether `number` is 17 digits and a digit or X, or the 15 digits of before 1999."""
    return _FORM.fullmatch(number) is not None


def has_province(number: str) -> bool:
    """Tell whether a number of that form begins with a province, or as a foreigner's residence card does."""
    if number.startswith(_FOREIGNER) and len(number) == 18:
        return number[1:3] in _PROVINCES
    return number[:2] in _PROVINCES


def find_birth(number: str) -> date | None:
    """Return the date of birth in a number of that form, None when there is no such day."""
    digits = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def has_birth(number: str) -> bool:
    """Tell whether a number of that form holds a day of the twentieth or twenty-first century, past or not."""
    birth = find_birth(number)
    return birth is not None and OLDEST <= birth < _AHEAD


def make_check_digit(seventeen: str) -> str:
    """Return the last character for 17 digits: ISO 7064, MOD 11-2."""
    rest = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(seventeen))
    return "10X98765432"[rest % 11]


def lengthen(number: str) -> str:
    """Return the 18 characters that stand for an identity number of 15 digits since 1999; any other as it is."""
    if len(number) != _OLD_DIGITS or not has_form(number):
        return number
    seventeen = f"{number[:6]}19{number[6:]}"
    return seventeen + make_check_digit(seventeen)


def is_sound(number: str) -> bool:
    """Tell whether a number of that form has a province, a likely day and the right last digit, if it has 18."""
    likely = has_province(number) and has_birth(number)
    return likely and (len(number) == 15 or make_check_digit(number[:17]) == number[17])


def doubt_area(number: str) -> tuple[str, ...]:
    """Return the doubt that the six digits never were a county's, by how the standard deals out the middle two."""
    province, city = number[:2], number[2:4]
    if province in _BEYOND or number.startswith(_FOREIGNER):
        return ()
    # Hainan numbered its counties under 00 until it had cities.
    possible = city in _UNDER_THE_PROVINCE or (int(city) <= _CITIES_MOST and (city != "00" or province == _HAINAN))
    if number[:6] in _WITHOUT_COUNTIES or (possible and number[4:6] != "00"):
        return ()
    return (Doubt.AREA_UNKNOWN,)
