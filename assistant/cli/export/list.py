"""`assistant export list`: what left the program, who took it and why."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Final

from assistant.case.events import Event
from assistant.cli.export.naming import Objects, name_export, name_form
from assistant.cli.export.words import EXPORT_WORDS
from assistant.cli.output import say
from assistant.cli.parsing import Parser, read_limit
from assistant.cli.signing import at_desk
from assistant.desk import Desk
from assistant.export.log import find_month, find_number, list_exports
from assistant.export.stamp import MARK
from assistant.export.words import WORDS
from assistant.people.permissions import Move
from assistant.plain.columns import set_columns
from assistant.plain.times import write_time
from rules.language import Catalogue, Language

_CASE: Final = Catalogue("assistant.case")
_HEADS: Final = ("when", "who", "what", "object", "form", "count", "shown", "export")


def take(command: Parser) -> None:
    """Add the options of `export list`."""
    command.take("--limit", metavar="N", default="50")
    command.take("--json", action="store_true")


def run(options: Namespace, language: Language) -> int:
    """Print the exports, newest first. Raises UsageWrong, a NotPermitted, and what `at_desk` raises."""
    limit = read_limit(options.limit, "export list ")
    with at_desk(options, language) as desk:
        desk.demand(Move.READ_ACCESSES)
        exports = list_exports(desk, limit)
        if options.json:
            say(json.dumps([_lay_out(desk, event) for event in exports], ensure_ascii=False))
        elif not exports:
            say(EXPORT_WORDS("said.none", language))
        else:
            heads = [EXPORT_WORDS(f"header.{name}", language) for name in _HEADS]
            objects = Objects(desk, language)
            rows = [_write(objects, event, desk.store.outlet.zone, language) for event in exports]
            say(set_columns([heads, *rows]))
    return 0


def _write(objects: Objects, event: Event, zone: str, language: Language) -> list[str]:
    reason = event.body["reason"]
    return [
        write_time(event.at, zone),
        event.actor,
        name_export(event, language),
        objects.name(event),
        name_form(event, language),
        str(event.body["count"]),
        _CASE(f"reveal_reason.{reason}", language) if reason else WORDS("footer_masked", language),
        MARK + event.id,
    ]


def _lay_out(desk: Desk, event: Event) -> dict[str, object]:
    told: dict[str, object] = {"export": MARK + event.id, "recorded": event.seq, "at": event.at, "by": event.actor}
    return told | {"number": find_number(desk, event), "month": find_month(event), **event.body}
