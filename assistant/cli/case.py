"""`assistant case list` and `assistant case show`: the cases as they stand on disk; private texts stay there."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from typing import Any

from assistant.case.case import Case
from assistant.case.summary import CaseState
from assistant.cli.output import say, warn
from assistant.cli.parsing import MOST_LISTED, UsageWrong
from assistant.cli.rulebook import read_book
from assistant.places import find_database
from assistant.plain.case import CaseWriter
from assistant.store import Store
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Print a list of cases, named by the rulebook in force, or one case, named by the rulebook that it began with.

    Raises UsageWrong, CaseUnknown, RulebookUnsound, and what `Store.open` raises.
    """
    listing = options.look == "list"
    state = _read_state(options.state) if listing else None
    limit = _read_limit(options.limit) if listing else 0
    with Store.open(find_database(getattr(options, "db", None))) as store:
        for warning in store.warnings:
            warn(warning, language)
        if listing:
            _list_cases(store, state, limit, language, as_json=options.json)
        else:
            _show_case(store, options.number, language, as_json=options.json)
    return 0


def _list_cases(store: Store, state: CaseState | None, limit: int, language: Language, *, as_json: bool) -> None:
    summaries = store.list(state, limit)
    if as_json:
        say(json.dumps([asdict(summary) for summary in summaries], ensure_ascii=False))
    else:
        book = read_book(store.path, language)
        say(CaseWriter(book, store.outlet, language).list_cases(summaries))


def _show_case(store: Store, number: str, language: Language, *, as_json: bool) -> None:
    case = store.case(store.find(number))
    if as_json:
        say(json.dumps(lay_out(case), ensure_ascii=False))
    else:
        book = read_book(store.path, language, case.advice.rulebook if case.advice else None)
        say(CaseWriter(book, store.outlet, language).show_case(case))


def lay_out(case: Case) -> dict[str, Any]:
    """Return a case as plain JSON: times in UTC milliseconds, amounts in fen, private texts counted and not shown."""
    return {
        **asdict(case.summary()),
        "requests": list(case.requests),
        "age_band": case.age,
        "answers": {sign: asdict(reply) for sign, reply in case.answers.items()},
        "accounts": {fact: asdict(reply) for fact, reply in case.accounts.items()},
        "money": {str(number): asdict(portion) for number, portion in sorted(case.money.items())},
        "clearings": sorted(case.clearings),
        "steps": {
            step: {"outcome": record.outcome, "reason": record.reason, "at": record.at, "actor": record.actor}
            for step, record in case.steps.items()
        },
        "advice": case.advice.model_dump(mode="json") if case.advice else None,
        "closing": asdict(case.closing) if case.closing else None,
        "private_texts": sum(len(event.private) for event in case.history),
        "history": [
            {
                "id": event.id,
                "seq": event.seq,
                "at": event.at,
                "actor": event.actor,
                "kind": event.kind,
                "body": {name: value for name, value in event.body.items() if name != "private"},
                "hash": event.hash,
            }
            for event in case.history
        ],
    }


def _read_state(word: str | None) -> CaseState | None:
    if word is None:
        return None
    try:
        return CaseState(word)
    except ValueError:
        raise UsageWrong("choice", "case list ", option="--state", choices=", ".join(CaseState)) from None


def _read_limit(word: str) -> int:
    if word.isascii() and word.isdigit() and len(word) <= len(str(MOST_LISTED)) and 1 <= int(word) <= MOST_LISTED:
        return int(word)
    raise UsageWrong("count", "case list ", option="--limit", most=MOST_LISTED)
