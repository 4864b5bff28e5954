"""`assistant retention`: shows what has passed its term, asks for all of it at once, and does what was approved."""

from __future__ import annotations

import json
from argparse import Namespace
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
from assistant.people.terms import Terms
from assistant.settings import read_settings
from rules.language import Language

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.people.requests import Request
    from assistant.store.cases import Due

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
    found = plan_rest(desk, order) if order else plan(desk, Terms.of(retention))
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
    for kind, cases in (("restrict", found.restrict), ("erase", found.erase)):
        years = retention.restrict_years if kind == "restrict" else retention.erase_years
        say(_describe(WORDS(f"kind.{kind}", language, years=years), cases, desk, language))
    say(WORDS(f"run.{stage}", language, number=_mark(order), done=done))


def _describe(kind: str, cases: tuple[Due, ...], desk: Desk, language: Language) -> str:
    if not cases:
        return WORDS("run.none", language, kind=kind)
    closed = sorted(due.closed_at for due in cases)
    numbers = ", ".join(due.number for due in cases[:NUMBERS_SHOWN])
    more = len(cases) - NUMBERS_SHOWN
    return WORDS(
        "run.kind",
        language,
        kind=kind,
        count=len(cases),
        oldest=_day(desk, closed[0]),
        newest=_day(desk, closed[-1]),
        numbers=numbers + (WORDS("run.more", language, count=more) if more > 0 else ""),
    )


def _ask_for_one(desk: Desk, options: Namespace, language: Language) -> None:
    case = desk.store.case(desk.store.find(options.case))
    check(desk.store.roster, desk.actor, Move.ASK_ERASURE, state_of(case))
    kind = EventKind.RESTRICTED if options.look == "restrict" else EventKind.ERASED
    request = desk.office.ask(kind, {}, about=case.id, why=options.why)
    say(WORDS(f"one.{options.look}", language, case=case.number, number=_mark(request)))


def _lay_out(found: Plan, order: Request | None, stage: str, done: int) -> dict[str, Any]:
    def list_cases(cases: tuple[Due, ...]) -> list[dict[str, Any]]:
        return [{"case_id": due.case_id, "number": due.number, "closed_at": due.closed_at} for due in cases]

    return {
        "stage": stage,
        "request": order.subject.removeprefix(REQUEST) if order else None,
        "restrict_before": found.restrict_before,
        "erase_before": found.erase_before,
        "restrict": list_cases(found.restrict),
        "erase": list_cases(found.erase),
        "done": done,
    }


def _mark(order: Request | None) -> str:
    return order.subject[-DIGITS:] if order else ""


def _day(desk: Desk, at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, ZoneInfo(desk.store.outlet.zone)):%Y-%m-%d}"
