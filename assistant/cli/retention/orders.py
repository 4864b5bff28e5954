"""`assistant retention`: shows what has passed its term, asks for all of it at once, and does what was approved."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from assistant.case.events import EventKind
from assistant.case.subjects import REQUEST
from assistant.cli.output import say
from assistant.cli.retention.words import RETENTION_WORDS as WORDS
from assistant.cli.signing import at_desk
from assistant.people.permissions import Move, State, check, state_of
from assistant.people.retention import Plan, ask, carry_out, find_unfinished, find_waiting, plan, plan_rest
from assistant.people.terms import KEEPING, find_years
from assistant.settings import read_settings
from rules.language import Language

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.people.requests import Request
    from assistant.store.due import Due

NUMBERS_SHOWN: Final = 20
DIGITS: Final = 4


def run(options: Namespace, language: Language) -> int:
    """Show, ask for or carry out what is due; or ask for one case to be restricted or erased.

    Raises CaseUnknown, SettingsUnfit, and what `at_desk` and a move that is not permitted raise.
    """
    with at_desk(options, language) as desk:
        if options.look == "run":
            _run(desk, options, language)
        else:
            _ask_for_one(desk, options, language)
    return 0


def _run(desk: Desk, options: Namespace, language: Language) -> None:
    check(desk.store.roster, desk.actor, Move.ASK_ERASURE, State.NONE)
    retention = read_settings(desk.store.path).retention
    unfinished, waiting = find_unfinished(desk), find_waiting(desk)
    order = unfinished or waiting
    # Whoever is to approve sees what the order covers, and not what would be due by now.
    found = plan_rest(desk, order) if order else plan(desk, retention)
    done = 0
    if options.yes and unfinished:
        for done in carry_out(desk, unfinished):  # noqa: B007 (the last number is told)
            pass
        stage = "done"
    elif options.yes and waiting is None and not found.empty:
        order, stage = ask(desk, found, options.why), "asked"
    else:
        stage = "approved" if unfinished else "waiting" if waiting else "nothing" if found.empty else "shown"
    if options.json:
        say(json.dumps(_lay_out(found, order, stage, done), ensure_ascii=False))
        return
    say("\n".join(tell_plan(desk, found, language, NUMBERS_SHOWN)))
    say(WORDS(f"run.{stage}", language, number=_mark(order), done=done))


def tell_plan(desk: Desk, found: Plan, language: Language, most: int | None = None) -> Iterator[str]:
    """Yield what has passed its term, by kind, with its numbers: the first `most`, or all. Raises SettingsUnfit."""
    retention = read_settings(desk.store.path).retention
    for kind, word in KEEPING.items():
        name = WORDS(f"kind.{word}", language, years=find_years(retention, kind))
        yield _describe(name, found.due[kind], desk, language, most)


def _describe(kind: str, found: tuple[Due, ...], desk: Desk, language: Language, most: int | None) -> str:
    if not found:
        return WORDS("run.none", language, kind=kind)
    ended = sorted(due.ended_at for due in found)
    shown = found[:most]
    numbers = ", ".join(map(_name, shown))
    more = len(found) - len(shown)
    return WORDS(
        "run.kind",
        language,
        kind=kind,
        count=len(found),
        oldest=_day(desk, ended[0]),
        newest=_day(desk, ended[-1]),
        numbers=numbers + (WORDS("run.more", language, count=more) if more > 0 else ""),
    )


def _ask_for_one(desk: Desk, options: Namespace, language: Language) -> None:
    case = desk.store.case(desk.store.find(options.case))
    check(desk.store.roster, desk.actor, Move.ASK_ERASURE, state_of(case))
    kind = EventKind.RESTRICTED if options.look == "restrict" else EventKind.ERASED
    request = desk.office.ask(kind, {}, about=case.id, why=options.why)
    say(WORDS(f"one.{options.look}", language, case=case.number, number=_mark(request)))


def _lay_out(found: Plan, order: Request | None, stage: str, done: int) -> dict[str, Any]:
    moments = {f"{word}_before": found.before[kind] for kind, word in KEEPING.items()}
    due = {word: [_lay_out_due(kind, each) for each in found.due[kind]] for kind, word in KEEPING.items()}
    request = order.subject.removeprefix(REQUEST) if order else None
    return {"stage": stage, "request": request, **moments, **due, "done": done}


def _lay_out_due(kind: EventKind, due: Due) -> dict[str, Any]:
    if kind is EventKind.MEMBER_ERASED:
        return {"number": due.name, "suspended_at": due.ended_at}
    if kind is EventKind.REQUEST_ERASED:
        return {"request": due.subject.removeprefix(REQUEST), "settled_at": due.ended_at}
    return {"case_id": due.subject, "number": due.name, "closed_at": due.ended_at}


def _name(due: Due) -> str:
    """Return what people know it by: of a request, the last digits of its id."""
    return due.name[-DIGITS:] if due.name.startswith(REQUEST) else due.name


def _mark(order: Request | None) -> str:
    return order.subject[-DIGITS:] if order else ""


def _day(desk: Desk, at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, ZoneInfo(desk.store.outlet.zone)):%Y-%m-%d}"
