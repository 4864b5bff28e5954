"""`assistant case ...`: the cases as they stand on disk, as far as whoever asks may read them, and masked."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import chain
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from assistant.audit.dossier import gather_dossier, look_back
from assistant.audit.page import PageWriter
from assistant.audit.page import lay_out as lay_out_page
from assistant.audit.sentences import Sentences
from assistant.audit.timeline import tell_case
from assistant.case.case import Case
from assistant.case.events import RevealReason
from assistant.cli.listing import lay_out_row, list_cases, search_cases
from assistant.cli.output import say
from assistant.cli.parsing import UsageWrong, read_choice
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.cli.rulebook import read_book
from assistant.cli.signing import ask_secret, at_desk
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from assistant.people.permissions import Move
from assistant.people.reader import Reader
from assistant.people.requests import Request
from assistant.plain.case import CaseWriter
from assistant.plain.requests import RequestWriter, name_step
from assistant.plain.requests import lay_out as lay_out_request
from assistant.plain.times import write_time
from assistant.rulebooks.gathering import consulting
from assistant.store.lookups import Found
from rules.language import Catalogue, Language
from rules.model import Book

if TYPE_CHECKING:
    from assistant.audit.hindsight import Hindsight

Particulars: TypeAlias = Mapping[tuple[Party, Field], str]
_PARTICULARS: Final = Catalogue("assistant.particulars")
_CASE: Final = Catalogue("assistant.case")
_NUMBERS: Final = {"phone": Field.PHONE, "account": Field.ACCOUNT, "id_number": Field.ID_NUMBER}
_DIGITS: Final = 4


def run(options: Namespace, language: Language) -> int:
    """Print what the command asks for: a list, named by the rulebook in force, or one case, named by its own.

    Raises UsageWrong, a FilterWrong, CaseUnknown, RulebookUnsound, a NotPermitted, and what `at_desk` raises.
    """
    _COMMANDS[options.look](options, language)
    return 0


def _show(options: Namespace, language: Language) -> None:
    with at_desk(options, language) as desk:
        whole = desk.look_at(desk.store.find(options.number))
        book = read_book(desk.store, language, whole.advice.rulebook if whole.advice else None)
        # A bank's older rulebook may not say what is confidential; the one that comes with the program does.
        books = (book, desk.rulebooks.book)
        dossier = gather_dossier(desk, whole, books)
        hindsight = _look_back(desk, whole, dossier.case, books) if options.replay else None
        noted, writer = desk.read_masked(dossier.case), CaseWriter(book, desk.store.outlet, language)
        looks = dossier.looks if options.looks else ()
        lines = tell_case(dossier.case, Sentences(writer), dossier.requests, looks, texts=options.texts)
        if options.json:
            told = {"particulars": _lay_out(noted), "second_person": [*map(lay_out_request, dossier.requests)]}
            page = lay_out_page(dossier, lines, hindsight)
            say(json.dumps(lay_out(dossier.case) | told | page, ensure_ascii=False))
            return
        page_writer = PageWriter(Sentences(writer))
        parts = [
            writer.head(dossier.case),
            page_writer.summary(dossier),
            writer.facts(dossier.case),
            writer.steps(dossier.case),
            _write_second_person(desk, book, dossier.requests, language),
            [_say("particulars", language), *_write_particulars(noted, language)] if noted else [],
            page_writer.timeline(lines, dossier.case, texts=options.texts),
            page_writer.hindsight(hindsight) if hindsight else [],
        ]
        say("\n".join(chain.from_iterable(parts)))


def _look_back(desk: Desk, whole: Case, shown: Case, books: Iterable[Book]) -> Hindsight:
    with consulting(desk.store) as rulebooks:
        return look_back(desk, whole, shown, books, rulebooks.adviser)


def _find(options: Namespace, language: Language) -> None:
    kinds = [name for name in _NUMBERS if getattr(options, name)]
    if len(kinds) + (options.last4 is not None) != 1:
        raise UsageWrong("one_number", "case find ")
    if options.last4 is not None and not (options.last4.isalnum() and len(options.last4) == _DIGITS):
        raise UsageWrong("last4", "case find ")
    with at_desk(options, language) as desk:
        desk.demand(Move.LIST)
        found = _look_up(desk, options.last4, kinds, language)
        shown = [(one, case) for one in found if desk.may(Move.READ, case := desk.store.case(one.case_id))]
        if options.json:
            say(json.dumps([{"number": case.number, **one._asdict()} for one, case in shown], ensure_ascii=False))
            return
        book, reader = read_book(desk.store, language), Reader(desk.store, desk.actor)
        writer = CaseWriter(book, desk.store.outlet, language)
        rows = [
            _say(
                "found",
                language,
                row=writer.list_cases([reader.see(case, lambda: (book,)).summary()]),
                party=_PARTICULARS(f"party.{one.party}", language),
                field=_PARTICULARS(f"field.{one.field}", language),
            )
            for one, case in shown
        ]
        say("\n".join(rows) or _say("not_found", language))


def _look_up(desk: Desk, digits: str | None, kinds: list[str], language: Language) -> tuple[Found, ...]:
    if digits is not None:
        return desk.store.find_last_digits(digits.upper())
    from assistant.particulars.checking import check

    field = _NUMBERS[kinds[0]]
    return desk.store.find_same(field, check(field, ask_secret(kinds[0], language)).value)


def _reveal(options: Namespace, language: Language) -> None:
    reason = read_choice(options.reason, RevealReason, "--reason", "case reveal ")
    with at_desk(options, language) as desk:
        store = desk.store
        values = desk.reveal(store.find(options.number), reason)
        mark = _say(
            "watermark",
            language,
            actor=desk.actor,
            when=write_time(desk.clock(), store.outlet.zone),
            reason=_CASE(f"reveal_reason.{reason}", language),
        )
        lines = list(_write_particulars(values, language)) or [_say("nothing_noted", language)]
        say("\n".join((mark, *lines, mark)))


_COMMANDS: Final = {"list": list_cases, "search": search_cases, "show": _show, "find": _find, "reveal": _reveal}


def _write_second_person(desk: Desk, book: Book, requests: Sequence[Request], language: Language) -> Iterator[str]:
    if requests:
        yield _say("second_person", language)
    writer, now = RequestWriter(desk.store, language, partial(name_step, book, language)), desk.clock()
    for request in requests:
        yield indent(writer.show(request, desk.office, now, texts=False), "  ")


def _write_particulars(values: Particulars, language: Language) -> Iterator[str]:
    for (party, field), value in sorted(values.items()):
        yield _say(
            "particular",
            language,
            party=_PARTICULARS(f"party.{party}", language),
            field=_PARTICULARS(f"field.{field}", language),
            value=value,
        )


def _lay_out(values: Particulars) -> list[dict[str, str]]:
    return [{"party": party, "field": field, "masked": value} for (party, field), value in sorted(values.items())]


def _say(key: str, language: Language, **details: object) -> str:
    return PEOPLE_WORDS(f"case.{key}", language, **details)


def lay_out(case: Case) -> dict[str, Any]:
    """Return a case as plain JSON: times in UTC milliseconds, amounts in fen, private texts counted and not shown."""
    return {
        **lay_out_row(case.summary()),
        "requests": list(case.requests),
        "age_band": case.age,
        "answers": {sign: asdict(reply) for sign, reply in case.answers.items()},
        "accounts": {fact: asdict(reply) for fact, reply in case.accounts.items()},
        "money": {str(number): asdict(portion) for number, portion in sorted(case.money.items())},
        "clearings": sorted(case.clearings),
        "steps": {
            step: {
                "outcome": record.outcome,
                "reason": record.reason,
                "at": record.at,
                "actor": record.actor,
                "colleague": record.colleague,
            }
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
