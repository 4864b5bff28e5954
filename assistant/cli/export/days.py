"""From which day to which the cases were opened that leave: by the line, and by the days that are named beside it."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import TypeVar

from assistant.cli.parsing import UsageWrong
from assistant.figures.period import PeriodEmpty, find_day
from assistant.plain.times import write_time
from assistant.quoting import clip
from assistant.register.calendar import Calendar
from assistant.register.faults import REGISTER_WORDS, PartTwice
from assistant.register.filters import Filter

_Value = TypeVar("_Value", int, str)


def narrow_days(wanted: Filter, options: Namespace, calendar: Calendar, command: str) -> Filter:
    """Return the filter with the days of `--since` and `--until` in it.

    Raises UsageWrong for what is no day, and PartTwice where the line says another.
    """
    if options.since is not None:
        since = calendar.read_span(options.since) or calendar.read_begin(options.since)
        if since is None:
            raise UsageWrong("since", command, word=clip(options.since))
        wanted = replace(wanted, since=choose("from", wanted.since, since))
    if options.until is not None:
        until = calendar.read_end(options.until)
        if until is None:
            raise UsageWrong("until", command, word=clip(options.until))
        wanted = replace(wanted, until=choose("to", wanted.until, until))
    return wanted


def choose(part: str, before: _Value | None, value: _Value) -> _Value:
    """Return what is named beside the line. Raises PartTwice where the line names another."""
    if before not in (None, value):
        raise PartTwice(part=REGISTER_WORDS.text(f"key.{part}"))
    return value


def check_days(wanted: Filter, zone: str) -> None:
    """Raise PeriodEmpty where the last moment lies before the first, so that no case could ever fit."""
    if wanted.since is None or wanted.until is None or wanted.since < wanted.until:
        return
    days = [find_day(at, zone) for at in (wanted.since, wanted.until - 1)]
    moments = [write_time(at, zone) for at in (wanted.since, wanted.until)]
    since, until = moments if days[0] == days[1] else days
    raise PeriodEmpty(since=since, until=until)
