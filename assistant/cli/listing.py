"""`assistant case list` and `case search`: the cases that fit and may be read, newest first, and the filters kept."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict, replace
from typing import Any

from assistant.case.summary import CaseState, CaseSummary
from assistant.cli.output import note, say
from assistant.cli.parsing import UsageWrong, read_choice, read_limit
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.cli.rulebook import read_book
from assistant.cli.signing import at_desk
from assistant.confidence import find_confidential
from assistant.desk import Desk
from assistant.naming import tidy
from assistant.people.permissions import Move
from assistant.people.reader import Reader
from assistant.plain.case import CaseWriter
from assistant.quoting import clip
from assistant.register.calendar import Calendar
from assistant.register.filters import EVERYTHING, Filter
from assistant.register.keeping import KeptFilters
from assistant.register.line import LineReader
from assistant.register.vocabulary import Vocabulary
from rules.language import Language
from rules.model import Book


def list_cases(options: Namespace, language: Language) -> None:
    """Print a page of the cases that fit, or the filters that are kept. Raises UsageWrong and a FilterWrong."""
    limit = read_limit(options.limit, "case list ")
    state = read_choice(options.state, CaseState, "--state", "case list ") if options.state is not None else None
    _check_words(options)
    with at_desk(options, language) as desk:
        book = read_book(desk.store, language)
        lines = LineReader(Vocabulary.of(book), Calendar(desk.store.outlet.zone, desk.clock))
        kept = KeptFilters(desk.store, desk.actor, lines)
        if options.saved_filters or options.drop is not None:
            desk.demand(Move.LIST)
            _show_kept(kept, options, language)
            return
        line = kept.open(options.saved).line if options.saved is not None else options.filter or ""
        wanted = lines.parse(line, state)
        if state is not None and wanted.state is not state:
            raise UsageWrong("two_states", "case list ")
        if options.save is not None:
            desk.demand(Move.LIST)
            kept.keep(options.save, line)
            if not options.json:
                note(PEOPLE_WORDS("case.now_kept", language, name=options.save))
        _print(desk, book, wanted, limit, options, language)


def _check_words(options: Namespace) -> None:
    """Raise UsageWrong for options that cannot stand together, so that none of them is passed over in silence."""
    if options.filter is not None and options.saved is not None:
        raise UsageWrong("one_filter", "case list ")
    if options.save is not None and not (options.filter or "").strip():
        raise UsageWrong("nothing_to_save", "case list ")
    if options.saved_filters or options.drop is not None:
        other = "--drop" if options.drop is not None else "--saved-filters"
        for name in ("filter", "save", "saved", "state", "before"):
            if getattr(options, name) is not None:
                raise UsageWrong("not_together", "case list ", option=f"--{name}", other=other)


def search_cases(options: Namespace, language: Language) -> None:
    """Print the cases in whose texts all the words stand. Raises UsageWrong and WordTooShort."""
    limit = read_limit(options.limit, "case search ")
    with at_desk(options, language) as desk:
        book = read_book(desk.store, language)
        _print(desk, book, replace(EVERYTHING, words=tuple(options.words)), limit, options, language)


def _print(desk: Desk, book: Book, wanted: Filter, limit: int, options: Namespace, language: Language) -> None:
    reader = Reader(desk.store, desk.actor)
    # A bank's older rulebook may not say what is confidential; the one that comes with the program does.
    books = (book, desk.rulebooks.book)
    hidden = frozenset(name for each in books for name in find_confidential(each))
    before = desk.store.case(desk.store.find(options.before)).summary().opened_seq if options.before else None

    def see(row: CaseSummary) -> CaseSummary:
        if reader.needs_to_know(row) or not (options.json or row.next_step in hidden):
            return row
        return reader.see(desk.store.case(row.case_id), lambda: books).summary()

    rows = [see(row) for row in reader.list_cases(wanted, hidden, before, limit).rows]
    if options.json:
        say(json.dumps([lay_out_row(row) for row in rows], ensure_ascii=False))
    else:
        none = PEOPLE_WORDS("case.none_fits", language) if wanted != EVERYTHING else ""
        say(CaseWriter(book, desk.store.outlet, language).list_cases(rows) if rows or not none else none)


def _show_kept(kept: KeptFilters, options: Namespace, language: Language) -> None:
    if options.drop is not None:
        kept.drop(options.drop)
    found = kept.list()
    if options.json:
        say(json.dumps([one._asdict() for one in found], ensure_ascii=False))
    else:
        lines = [PEOPLE_WORDS("case.kept", language, name=one.name, line=one.line) for one in found]
        say("\n".join(lines) or PEOPLE_WORDS("case.none_kept", language))


def lay_out_row(row: CaseSummary) -> dict[str, Any]:
    """Return a case of a list as plain JSON: times in UTC milliseconds, amounts in fen."""
    return asdict(row) | {"typology": row.typology, "typologies": list(row.typologies), "traits": sorted(row.traits)}


def find_teller(desk: Desk, word: str, command: str) -> str:
    """Return the staff number that was typed, if somebody has it or has opened cases as that. Raises UsageWrong.

    Where nobody has, that nothing was found would be taken for an answer.
    """
    number = tidy(word)
    if number in desk.store.roster.members or desk.store.list_cases(Filter(tellers=frozenset({number})), limit=1).rows:
        return number
    raise UsageWrong("nobody", command, number=clip(number))
