"""Invented numbers: none was taken from a person; each is an area, a day or a row, with its check digit computed."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from assistant.particulars import resident

WIDE = str.maketrans("0123456789X-+ ", "０１２３４５６７８９Ｘ－＋\u3000")
TODAY = date(2026, 11, 24)
OLD = "310104800101002"
CARD = "6222020000000000"
MOBILE = "13800138000"


def with_luhn(number: str) -> str:
    """Return these digits and the check digit that a card bears after them."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number))]
    return number + str(-sum(sum(divmod(part, 10)) for part in doubled) % 10)


def with_check(seventeen: str) -> str:
    """Return these 17 digits with the check digit of an identity number, by the weights that GB 11643 prints."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, weights, strict=True))
    return seventeen + "10X98765432"[total % 11]


WOMAN = with_check("31010419800101002")


def digits(least: int, most: int) -> st.SearchStrategy[str]:
    """Draw a row of ASCII digits."""
    return st.text("0123456789", min_size=least, max_size=most)


AREAS = st.sampled_from(["110101", "310104", "412723", "441282", "460022", "510107", "650105", "810000", "830000"])
BIRTHS = st.dates(resident.OLDEST, TODAY)
PEOPLE = st.builds(lambda area, born, row: with_check(f"{area}{born:%Y%m%d}{row}"), AREAS, BIRTHS, digits(3, 3))
# A card of 18 digits may by chance be a sound identity number of Gansu, and is then rightly taken for one.
CARDS = st.builds(with_luhn, st.builds(lambda rest: f"62{rest}", digits(13, 16))).filter(
    lambda number: len(number) != 18 or not resident.is_sound(number)
)
MOBILES = st.builds(lambda head, rest: f"{head}{rest}", st.sampled_from(["138", "159", "177", "199"]), digits(8, 8))
