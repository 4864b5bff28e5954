"""`assistant access list`: who opened, revealed, exported or printed which case, or had all of them replayed."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Final

from assistant.case.events import Event
from assistant.case.subjects import ACCESS, EVERY_CASE
from assistant.cli.output import say
from assistant.cli.parsing import read_limit
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.cli.signing import at_desk
from assistant.people.permissions import Move
from assistant.plain.columns import set_columns
from assistant.plain.times import write_time
from assistant.store import Store
from rules.language import Catalogue, Language

_CASE: Final = Catalogue("assistant.case")
_HEADS: Final = ("when", "who", "how", "case", "reason")


def run(options: Namespace, language: Language) -> int:
    """Print the accesses, newest first. Raises UsageWrong, CaseUnknown, a NotPermitted, and what `at_desk` raises."""
    limit = read_limit(options.limit, "access list ")
    with at_desk(options, language) as desk:
        store = desk.store
        desk.demand(Move.READ_ACCESSES)
        accesses = _read(store, options.case, limit)
        cases = {access.case_id.removeprefix(ACCESS) for access in accesses if access.case_id != EVERY_CASE}
        numbers = {case_id: store.case(case_id).number for case_id in cases}
        if options.json:
            say(json.dumps([_lay_out(access, numbers) for access in accesses], ensure_ascii=False))
        elif not accesses:
            say(PEOPLE_WORDS("access.none", language))
        else:
            heads = [PEOPLE_WORDS(f"access.header.{name}", language) for name in _HEADS]
            rows = [_write(access, numbers, store.outlet.zone, language) for access in accesses]
            say(set_columns([heads, *rows]))
    return 0


def _read(store: Store, case: str | None, limit: int) -> tuple[Event, ...]:
    if case is None:
        return store.list_accesses(limit=limit)
    # Of one case, what was read of it together with all the others belongs to the answer.
    logs = (*store.read_log(ACCESS + store.find(case), limit), *store.read_log(EVERY_CASE, limit))
    return tuple(sorted(logs, key=lambda access: -access.seq)[:limit])


def _write(access: Event, numbers: dict[str, str], zone: str, language: Language) -> list[str]:
    reason = access.body.get("reason")
    return [
        write_time(access.at, zone),
        access.actor,
        _CASE(f"look.{access.body['how']}", language),
        numbers.get(access.case_id.removeprefix(ACCESS), PEOPLE_WORDS("access.every", language)),
        _CASE(f"reveal_reason.{reason}", language) if reason else "",
    ]


def _lay_out(access: Event, numbers: dict[str, str]) -> dict[str, object]:
    case_id = access.case_id.removeprefix(ACCESS)
    return {
        "seq": access.seq,
        "at": access.at,
        "actor": access.actor,
        "how": access.body["how"],
        "reason": access.body.get("reason"),
        "case_id": case_id if case_id in numbers else None,
        "number": numbers.get(case_id),
    }
