"""How sure a share of so many cases is, and what the middle of many lengths of time is."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Final

FEWEST: Final = 20
"""Below so many judged cases a share says nothing, and no interval is given."""
_Z: Final = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""


def find_interval(part: int, whole: int) -> tuple[float, float]:
    """Return the bounds, 0 to 1, of Wilson's 95 % interval for so many of so many, at least one.

    Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22:209-212, without correction for continuity.
    """
    share, square = part / whole, _Z * _Z / whole
    middle = (share + square / 2) / (1 + square)
    spread = _Z * sqrt(share * (1 - share) / whole + square / (4 * whole)) / (1 + square)
    return max(0.0, middle - spread), min(1.0, middle + spread)


def find_rank(counted: Mapping[int, int], hundredths: int) -> int:
    """Return the least value that so many hundredths of all values do not exceed; `counted` says how often each is
    there, at least one."""
    whole, seen = sum(counted.values()), 0
    for value in sorted(counted):
        seen += counted[value]
        if seen * 100 >= whole * hundredths:
            return value
    raise ValueError(counted)
