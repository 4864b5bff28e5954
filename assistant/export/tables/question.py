"""Which cases a table holds, as one line that may be kept: without the words and numbers that were looked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assistant.plain.times import find_moment
from assistant.register.filters import Filter
from assistant.register.vocabulary import Flag, Part

UNSAID: Final = "*"
"""In the place of a word or number that was looked for."""


def write_filter(wanted: Filter, zone: str) -> str:
    """Return what a filter asks for in the words of the line in which it is typed, the ids for names."""
    return " ".join(_list_terms(wanted, zone))


def _list_terms(wanted: Filter, zone: str) -> Iterator[str]:
    several = ((Part.LEVEL, wanted.levels), (Part.TYPOLOGY, wanted.typologies), (Part.OUTCOME, wanted.outcomes))
    for part, values in (*several, (Part.REVIEW, wanted.reviews), (Part.TELLER, wanted.tellers)):
        if values:
            yield f"{_name(part)}:{','.join(sorted(values))}"
    for part, value in ((Part.STATE, wanted.state), (Part.OUTLET, wanted.outlet)):
        if value is not None:
            yield f"{part}:{value}"
    for part, at in ((Part.FROM, wanted.since), (Part.TO, wanted.until)):
        if at is not None:
            yield f"{part}:{find_moment(at, zone).isoformat()}"
    for sign, fen in ((">=", wanted.least_fen), ("<=", wanted.most_fen)):
        if fen is not None:
            yield f"{Part.AMOUNT}{sign}{fen // 100}.{fen % 100:02}"
    yield from ([Flag.OVERDUE] if wanted.overdue else []) + ([Flag.CALLED] if wanted.called else [])
    yield from sorted(wanted.traits)
    yield from [f'"{UNSAID}"' for _ in wanted.words]
    if wanted.noted is not None:
        yield f"{Part.LAST4}:{UNSAID}"


def _name(part: Part) -> str:
    return "type" if part is Part.TYPOLOGY else part.value
