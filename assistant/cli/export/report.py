"""`assistant export report [--month 2026-11]`: the outlet's figures of a month beside those of the month before."""

from __future__ import annotations

from argparse import Namespace
from typing import Final

from assistant.cli.export.forms import read_form
from assistant.cli.export.target import find_target, tell_delivered
from assistant.cli.export.words import EXPORT_WORDS
from assistant.cli.output import note, say
from assistant.cli.parsing import Parser
from assistant.cli.progress import counting
from assistant.cli.rulebook import read_book
from assistant.cli.signing import at_desk
from assistant.export.report.making import NAME, hand_out, prepare, preview
from assistant.export.report.month import find_month
from assistant.export.typesetting.marks import Form
from assistant.figures.period import WORDS as FIGURE_WORDS
from rules.language import Language

COMMAND: Final = "export report "


def take(command: Parser) -> None:
    """Add the options of `export report`."""
    command.take("--month", metavar="MONTH")
    command.take("--format", dest="form", key="report_format", metavar="|".join(Form), default="")
    command.take("--preview", action="store_true")


def run(options: Namespace, language: Language) -> int:
    """Write the report, or show it only; of the last month that is over unless another is named.

    Raises UsageWrong, MonthUnreadable, MonthAhead, a NotPermitted, and what `prepare` and `hand_out` raise.
    """
    form = read_form(options, Form, tuple(Form), COMMAND)
    with at_desk(options, language) as desk:
        outlet = desk.store.outlet
        month = find_month(options.month, desk.clock(), outlet.zone)
        book = read_book(desk.store, language)
        with counting(FIGURE_WORDS, "progress", language) as tell:
            prepared = prepare(desk, book, month, language, tell)
        if options.preview:
            say(preview(desk, prepared))
            return 0
        target = find_target(options, f"{outlet.code}-{month}-{NAME}.{form}")
        delivered, missing = hand_out(desk, prepared, form, target)
        if missing:
            note(EXPORT_WORDS("said.missing", language, characters=" ".join(missing)))
        tell_delivered(delivered, target, language)
    return 0
