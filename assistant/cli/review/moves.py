"""`assistant review ...`: what waits for a second look, what is said of it, and what the records raise."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Final

from assistant.case.case import Case
from assistant.case.events import CallAnswer, CallFor, ReviewReason, Verdict
from assistant.case.review import Standing
from assistant.case.summary import CaseSummary
from assistant.cli.listing import find_teller, lay_out_row
from assistant.cli.output import say
from assistant.cli.parsing import UsageWrong, read_choice, read_limit
from assistant.cli.review.words import REVIEW_WORDS, VERDICTS
from assistant.cli.rulebook import read_book
from assistant.cli.signing import at_desk, read_line
from assistant.desk import Desk
from assistant.people.permissions import Move
from assistant.people.reader import Reader
from assistant.plain.case import CaseWriter
from assistant.plain.columns import set_columns
from assistant.review.habits import find_habits
from assistant.review.reviewer import Reviewer
from assistant.review.signals import find_signals
from assistant.review.words import ask_habit, ask_signal
from rules.language import Language

_HEADS: Final = ("number", "standing", "about", "level", "amount", "opened", "teller")
_HEADS_UNANSWERED: Final = ("number", "returned_by", "since", "level", "amount", "teller")


def run(options: Namespace, language: Language) -> int:
    """Run the command that `options.look` names.

    Raises UsageWrong, CaseUnknown, a NotPermitted, a Refused, and what `at_desk` raises.
    """
    _check_words(options)
    with at_desk(options, language) as desk:
        reviewer = Reviewer(desk.store, desk.actor, desk.clock)
        if options.look == "list":
            _list(desk, reviewer, options, language)
        elif options.look == "signals":
            _tell_signals(desk, options, language)
        else:
            _move(desk, reviewer, options, language)
    return 0


def _check_words(options: Namespace) -> None:
    """Turn the words for codes into codes, before anything is opened. Raises UsageWrong."""
    command = f"review {options.look} "
    if options.look == "list":
        options.limit = read_limit(options.limit, command)
        if options.returned + options.calls + options.unanswered > 1:
            raise UsageWrong("one_list", command)
    elif options.look == "signals" and (options.case is None) is (options.teller is None):
        raise UsageWrong("one_subject", command)
    elif options.look in ("approve", "return"):
        for name in VERDICTS:
            setattr(options, name, read_choice(getattr(options, name), Verdict, f"--{name}", command))
        options.reason = [read_choice(word, ReviewReason, "--reason", command) for word in options.reason]
    elif options.look == "call":
        options.wanted = read_choice(options.wanted, CallFor, "--for", command)
    elif options.look == "answer-call":
        options.answer = read_choice(options.answer, CallAnswer, "ANSWER", command)


def _move(desk: Desk, reviewer: Reviewer, options: Namespace, language: Language) -> None:
    case_id = reviewer.store.find(options.case)
    before = reviewer.store.case(case_id).review
    case = _make_move(reviewer, case_id, options, language)
    if options.json:
        say(json.dumps(lay_out_row(_see(desk, [case.summary()], language)[0]), ensure_ascii=False))
    else:
        say(_say(f"did.{options.look.replace('-', '_')}", language, number=case.number))
        if options.look == "claim" and before is not None and before.judged is not None:
            writer = CaseWriter(read_book(desk.store, language), desk.store.outlet, language)
            waits = before.standing is Standing.RETURNED
            told = "earlier.unanswered" if waits else "earlier.judged"
            say(_say(told, language, who=before.judge, when=writer.time(before.judged_at)))


def _make_move(reviewer: Reviewer, case_id: str, options: Namespace, language: Language) -> Case:
    match options.look:
        case "claim":
            return reviewer.claim(case_id)
        case "approve":
            verdicts = (options.typology, options.level, options.steps)
            return reviewer.approve(case_id, *verdicts, options.reason, options.comment or "")
        case "return":
            verdicts = (options.typology, options.level, options.steps)
            return reviewer.return_(case_id, *verdicts, options.reason, _read_comment(options, language))
        case "answer":
            return reviewer.answer(case_id, _read_comment(options, language))
        case "call":
            return reviewer.call(case_id, options.wanted)
        case _:
            return reviewer.answer_call(case_id, options.answer)


def _read_comment(options: Namespace, language: Language) -> str:
    """Return the comment that was given; without one it is asked for at the terminal, or read as one line where there
    is none. Raises NothingTyped."""
    if options.comment is not None:
        return str(options.comment)
    if sys.stdin.isatty():
        print(_say("ask_comment", language), end="", file=sys.stderr, flush=True)
    return read_line()


def _list(desk: Desk, reviewer: Reviewer, options: Namespace, language: Language) -> None:
    rows: Sequence[CaseSummary]
    kind = next((name for name in ("returned", "calls", "unanswered") if getattr(options, name)), "queue")
    if kind == "returned":
        rows = reviewer.returned_to()[: options.limit]
    elif kind == "calls":
        rows = reviewer.list_calls()[: options.limit]
    elif kind == "unanswered":
        rows = reviewer.list_unanswered()[: options.limit]
    else:
        rows = reviewer.queue(options.limit)
    rows = _see(desk, rows, language)
    if options.json:
        say(json.dumps([lay_out_row(row) for row in rows], ensure_ascii=False))
        return
    writer = CaseWriter(read_book(desk.store, language), desk.store.outlet, language)
    say(_tabulate(desk, writer, kind, rows) if rows else _say(f"none.{kind}", language))
    if kind == "queue" and (waiting := reviewer.list_unanswered()[: options.limit]):
        say(f"\n{_say('unanswered', language)}\n{_tabulate(desk, writer, 'unanswered', waiting)}")


def _tabulate(desk: Desk, writer: CaseWriter, kind: str, rows: Sequence[CaseSummary]) -> str:
    names, write = (_HEADS_UNANSWERED, _write_unanswered) if kind == "unanswered" else (_HEADS, _write)
    heads = [_say(f"header.{name}", writer.language) for name in names]
    return set_columns([heads, *(write(desk, writer, row) for row in rows)])


def _see(desk: Desk, rows: Sequence[CaseSummary], language: Language) -> list[CaseSummary]:
    """Return rows as the person may see them: a teller to whom a case was sent back does not learn of all its steps."""
    reader = Reader(desk.store, desk.actor)
    # Once for all the rows, and not at all for whoever needs to know everything.
    books = cache(lambda: (read_book(desk.store, language), desk.rulebooks.book))
    return [
        row if reader.needs_to_know(row) else reader.see(desk.store.case(row.case_id), books).summary() for row in rows
    ]


def _write(desk: Desk, writer: CaseWriter, row: CaseSummary) -> list[str]:
    call = desk.store.case(row.case_id).call if row.called_at is not None else None
    about = writer.join(writer.code(f"trait.{trait}") for trait in sorted(row.traits))
    return [
        row.number,
        _say("calls", writer.language, since=writer.time(call.at)) if call else writer.code(f"review.{row.review}"),
        writer.code(f"call_for.{call.wanted}") if call else about,
        writer.name(writer.book.levels, row.level) if row.level else "",
        writer.amount(row.amount_fen),
        writer.time(row.opened_at),
        row.opened_by,
    ]


def _write_unanswered(desk: Desk, writer: CaseWriter, row: CaseSummary) -> list[str]:
    review = desk.store.case(row.case_id).review
    return [
        row.number,
        review.actor if review else "",
        writer.time(review.at) if review else "",
        writer.name(writer.book.levels, row.level) if row.level else "",
        writer.amount(row.amount_fen),
        row.opened_by,
    ]


def _tell_signals(desk: Desk, options: Namespace, language: Language) -> None:
    desk.demand(Move.READ_FIGURES)
    if options.teller is not None:
        habits = find_habits(desk.store, find_teller(desk, options.teller, "review signals "))
        found = [(asdict(habit), ask_habit(habit, language)) for habit in habits]
    else:
        whole = desk.look_at(desk.store.find(options.case))
        book = read_book(desk.store, language, whole.advice.rulebook if whole.advice else None)
        case = Reader(desk.store, desk.actor).see(whole, lambda: (book, desk.rulebooks.book))
        writer = CaseWriter(book, desk.store.outlet, language)
        found = [
            (
                {"code": signal.code, "events": signal.events, "details": dict(signal.details)},
                ask_signal(signal, language, lambda step: writer.name(book.steps, step)),
            )
            for signal in find_signals(case)
        ]
    if options.json:
        say(json.dumps([{**laid_out, "question": question} for laid_out, question in found], ensure_ascii=False))
    else:
        say("\n".join(question for _, question in found) or _say("no_signals", language))


def _say(key: str, language: Language, **details: object) -> str:
    return REVIEW_WORDS(key, language, **details)
