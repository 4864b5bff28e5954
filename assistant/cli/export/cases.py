"""`assistant export cases`: the cases that fit, as a table for a spreadsheet or a program."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import Final

from assistant.case.events import RevealReason
from assistant.cli.export.days import check_days, choose, narrow_days
from assistant.cli.export.forms import read_form
from assistant.cli.export.target import find_target, tell_delivered
from assistant.cli.parsing import Parser, UsageWrong, read_choice
from assistant.cli.progress import counting
from assistant.cli.rulebook import read_book
from assistant.cli.signing import at_desk
from assistant.desk import Desk
from assistant.export.tables.columns import read_columns
from assistant.export.tables.faults import OptionIdle
from assistant.export.tables.layout import SHEETS, STAMPLESS, TableForm
from assistant.export.tables.making import TableQuery, export_cases
from assistant.export.tables.words import TABLE_WORDS
from assistant.plain.times import find_moment
from assistant.register.calendar import Calendar
from assistant.register.filters import Filter
from assistant.register.keeping import KeptFilters
from assistant.register.line import LineReader
from assistant.register.vocabulary import Vocabulary
from rules.language import Language
from rules.model import Book

COMMAND: Final = "export cases "


def take(command: Parser) -> None:
    """Add the options of `export cases`."""
    command.take("--format", dest="form", key="table_format", metavar="|".join(TableForm), default="")
    command.take("--filter", metavar="LINE")
    command.take("--saved", key="table_saved", metavar="NAME")
    command.take("--since", key="table_since", metavar="DAY")
    command.take("--until", key="table_until", metavar="DAY")
    command.take("--outlet", key="table_outlet", metavar="CODE")
    command.take("--columns", metavar="NAME,...")
    command.take("--codes", action="store_true")
    command.take("--bom", action="store_true", default=None)
    command.take("--no-bom", dest="bom", action="store_false", default=None)
    command.take("--reveal", metavar="REASON")


def run(options: Namespace, language: Language) -> int:
    """Write the table and say what left.

    Raises UsageWrong, a TableWrong, a FilterWrong, PeriodEmpty, a NotPermitted, and what `export_cases` and `at_desk`
    raise.
    """
    form = read_form(options, TableForm, tuple(TableForm), COMMAND)
    _check_options(options, form)
    reason = read_choice(options.reveal, RevealReason, "--reveal", COMMAND) if options.reveal is not None else None
    columns = read_columns(options.columns)
    with at_desk(options, language) as desk:
        book = read_book(desk.store, language)
        wanted = _read_filter(desk, book, options)
        bom = options.bom is not False
        query = TableQuery(wanted, columns, form, language, codes=options.codes, bom=bom, reason=reason)
        target = find_target(options, _name_file(desk, form), stamp_beside=form in STAMPLESS)
        total = desk.store.count_cases()
        with counting(TABLE_WORDS, "progress", language) as tell:
            # A bank's older rulebook may not say what is confidential; the one that comes with the program does.
            delivered = export_cases(desk, query, (book, desk.rulebooks.book), target, lambda done: tell(done, total))
        tell_delivered(delivered, target, language)
    return 0


def _check_options(options: Namespace, form: TableForm) -> None:
    """Raise what is wrong with options that cannot stand together, so that none of them is passed over in silence."""
    if options.filter is not None and options.saved is not None:
        raise UsageWrong("one_filter", COMMAND)
    if options.bom is not None and form is not TableForm.CSV:
        raise OptionIdle(option="--bom" if options.bom else "--no-bom", form=form)
    if options.codes and form not in SHEETS:
        raise OptionIdle(option="--codes", form=form)


def _read_filter(desk: Desk, book: Book, options: Namespace) -> Filter:
    """Return what is looked for: by the line, narrowed by the days and the outlet that are named beside it."""
    calendar = Calendar(desk.store.outlet.zone, desk.clock)
    lines = LineReader(Vocabulary.of(book), calendar)
    line = options.filter or ""
    if options.saved is not None:
        line = KeptFilters(desk.store, desk.actor, lines).open(options.saved).line
    wanted = lines.parse(line)
    wanted = narrow_days(wanted, options, calendar, COMMAND)
    if options.outlet is not None:
        wanted = replace(wanted, outlet=choose("outlet", wanted.outlet, options.outlet))
    check_days(wanted, calendar.zone)
    return wanted


def _name_file(desk: Desk, form: TableForm) -> str:
    """Return the usual name of such a file, in the folder where the command is given."""
    moment = find_moment(desk.clock(), desk.store.outlet.zone)
    return f"cases-{desk.store.outlet.code}-{moment:%Y%m%d-%H%M}.{form}"
