"""`assistant verify-export FILE`: whether a file is what this file of cases exported, byte by byte."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assistant.cli.export.naming import Objects, name_export, name_form
from assistant.cli.export.target import STREAM
from assistant.cli.integrity import UNFIT
from assistant.cli.output import say
from assistant.cli.signing import at_desk
from assistant.desk import Desk
from assistant.export.log import conceal_export, find_month, find_number
from assistant.export.stamp import MARK
from assistant.export.verification import Verification, verify_export, verify_stream
from assistant.export.words import WORDS
from assistant.people.permissions import Move
from assistant.plain.times import write_time
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Say what the record says of the file; 6 for one that is not what left. Raises ExportUnread, a
    NotPermitted, and what `read_book` raises."""
    with at_desk(options, language) as desk:
        desk.demand(Move.LIST)
        if options.file == STREAM:
            found = verify_stream(desk.store, sys.stdin.buffer)
        else:
            found = verify_export(desk.store, Path(options.file).expanduser())
        if found.event is not None:
            found = replace(found, event=conceal_export(desk, found.event))
        if options.json:
            say(json.dumps(_lay_out(desk, found), ensure_ascii=False))
        else:
            say("\n".join(_write(desk, found, language)))
    return 0 if found.whole else UNFIT


def _lay_out(desk: Desk, found: Verification) -> dict[str, object]:
    if found.event is None:
        return found.as_json()
    return {"number": find_number(desk, found.event), "month": find_month(found.event), **found.as_json()}


def _write(desk: Desk, found: Verification, language: Language) -> Iterator[str]:
    event = found.event
    if event is None:
        yield WORDS(f"said.{found.verdict}", language)
        return
    yield WORDS(
        f"said.{found.verdict}",
        language,
        export=MARK + event.id,
        when=write_time(event.at, desk.store.outlet.zone),
        by=event.actor,
        what=" ".join(filter(None, (name_export(event, language), Objects(desk, language).name(event)))),
        form=name_form(event, language),
        count=event.body["count"],
        shown=WORDS("footer_in_full" if event.body["reason"] else "footer_masked", language),
    )
    if not found.stamp_holds:
        yield WORDS("said.stamp_unfit", language)
    if not found.record_holds:
        yield WORDS("said.record_unfit", language, seq=event.body["seq"])
