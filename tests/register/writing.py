"""Writes the line that asks for what a filter asks for, so that what is read can be held against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.register.filters import Filter
from assistant.register.line import LineReader
from assistant.register.vocabulary import Flag, Part, find
from rules.language import Language, Text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_line(wanted: Filter, lines: LineReader, language: Language) -> str:
    """Return a line in which days stand as days where they can, and names as names."""
    return " ".join(_list_terms(wanted, lines, language))


def _list_terms(wanted: Filter, lines: LineReader, language: Language) -> Iterator[str]:
    vocabulary, zone = lines.vocabulary, lines.calendar.zone
    keys = {part: vocabulary.keys[part].read(language) for part in Part}
    named: Mapping[Part, Iterable[str]] = {
        Part.STATE: (wanted.state,) if wanted.state else (),
        Part.LEVEL: wanted.levels,
        Part.TYPOLOGY: wanted.typologies,
        Part.OUTCOME: wanted.outcomes,
        Part.REVIEW: wanted.reviews,
    }
    for part, values in named.items():
        if names := [_name(vocabulary.values[part], value, language) for value in sorted(values)]:
            yield f"{keys[part]}:{','.join(names)}"
    if wanted.tellers:
        yield f"{keys[Part.TELLER]}:{','.join(sorted(wanted.tellers))}"
    if wanted.outlet is not None:
        yield f"{keys[Part.OUTLET]}:{wanted.outlet}"
    for part, at, days in ((Part.FROM, wanted.since, 0), (Part.TO, wanted.until, 1)):
        if at is not None:
            yield f"{keys[part]}:{_write_moment(at, zone, days)}"
    for sign, fen in ((">=", wanted.least_fen), ("<=", wanted.most_fen)):
        if fen is not None:
            yield f"{keys[Part.AMOUNT]}{sign}{fen // 100}.{fen % 100:02}"
    flags: list[str] = [flag for flag in Flag if getattr(wanted, flag)]
    yield from (_name(vocabulary.flags, flag, language) for flag in (*flags, *sorted(wanted.traits)))
    yield from (f'"{word}"' for word in wanted.words)


def _name(names: Mapping[str, Text], value: str, language: Language) -> str:
    """Return a value as one word: its name in Chinese, and its id where that will not do."""
    name = names[value].zh if language is Language.ZH else value
    return name if name.isalnum() and find(names, name) == value else value


def _write_moment(at: int, zone: str, days: int) -> str:
    """Return the day that begins then, or the one before that ends then, or the moment to the millisecond."""
    moment = _EPOCH + timedelta(milliseconds=at)
    local = moment.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    day = (midnight - timedelta(days=days)).replace(tzinfo=None)
    # By the wall clock, for a zone may leave a day out.
    follows = (day + timedelta(days=days)).replace(tzinfo=ZoneInfo(zone))
    if (follows - _EPOCH) == timedelta(milliseconds=at):
        return f"{day:%Y-%m-%d}"
    return moment.isoformat(timespec="milliseconds")
