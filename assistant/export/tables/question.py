"""Which cases a table holds, as one line that may be kept: without the words and numbers that were looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Final

from assistant.plain.times import find_moment
from assistant.register.filters import Filter
from assistant.register.vocabulary import Flag, Part, Vocabulary
from rules.language import Language, Text

UNSAID: Final = "*"
"""In the place of a word or number that was looked for."""
_TERM: Final = re.compile(r"(?P<key>[a-z0-9_]+)(?P<sign>:|>=|<=)(?P<value>.+)")


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


def name_filter(line: str, words: Vocabulary, language: Language) -> str:
    """Return such a line as it is typed in that language, with days for their midnights; it asks for the same."""
    return " ".join(_name_term(term, words, language) for term in line.split(" ") if term)


def _name_term(term: str, words: Vocabulary, language: Language) -> str:
    found = _TERM.fullmatch(term)
    part = words.find_part(found["key"]) if found else None
    if found is None or part is None:
        return _name_value(term, words.flags, language)
    value = found["value"]
    if part in (Part.FROM, Part.TO):
        value = _name_day(value, last=part is Part.TO)
    elif part is Part.AMOUNT:
        value = value.removesuffix(".00")
    elif part in words.values:
        value = ",".join(_name_value(one, words.values[part], language) for one in value.split(","))
    return f"{words.keys[part].read(language)}{found['sign']}{value}"


def _name_value(value: str, names: Mapping[str, Text], language: Language) -> str:
    # English names are phrases, in whose place the ids are typed.
    return names[value].zh if language is Language.ZH and value in names else value


def _name_day(text: str, *, last: bool) -> str:
    """Return the day that begins, or whose end is, at a moment; the moment where it is no midnight."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if "T" not in text or moment.time() != time():
        return text
    return (moment - timedelta(days=last)).date().isoformat()
