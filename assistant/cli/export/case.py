"""`assistant export case NUMBER --document NAME`: one document of one case."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Final

from assistant.case.events import RevealReason
from assistant.cli.export.forms import read_form
from assistant.cli.export.naming import read_document
from assistant.cli.export.target import find_target, tell_delivered
from assistant.cli.export.words import EXPORT_WORDS
from assistant.cli.output import note, say
from assistant.cli.parsing import Parser, UsageWrong, read_choice
from assistant.cli.rulebook import read_book
from assistant.cli.signing import at_desk
from assistant.export.documents.kinds import KINDS, DocumentForm
from assistant.export.documents.preparing import hand_out, prepare, preview
from assistant.export.endings import name_ending
from rules.language import Language

COMMAND: Final = "export case "


def take(command: Parser) -> None:
    """Add the options of `export case`."""
    command.take("number", key="case_number", metavar="NUMBER|ID")
    command.take("--document", metavar="NAME", required=True)
    command.take("--format", dest="form", key="own_format", metavar="|".join(DocumentForm), default="")
    command.take("--reveal", metavar="REASON")
    command.take("--preview", action="store_true")


def run(options: Namespace, language: Language) -> int:
    """Write the document, or show it only.

    Raises UsageWrong, CaseUnknown, a NotPermitted, and what `prepare` and `hand_out` raise.
    """
    name = read_document(options.document, COMMAND)
    form = read_form(options, DocumentForm, KINDS[name].forms, COMMAND)
    reason = read_choice(options.reveal, RevealReason, "--reveal", COMMAND) if options.reveal else None
    if options.preview and reason and not sys.stdout.isatty():
        # Into a file it would be an export that nobody recorded.
        raise UsageWrong("preview_in_full", COMMAND)
    with at_desk(options, language) as desk:
        case_id = desk.store.find(options.number)
        case = desk.store.case(case_id)
        book = read_book(desk.store, language, case.advice.rulebook if case.advice else None)
        prepared = prepare(desk, case_id, name, language, (book, desk.rulebooks.book), reason)
        if prepared.unset:
            note(EXPORT_WORDS("said.unset", language, names=", ".join(prepared.unset)))
        if options.preview:
            say(preview(prepared))
            return 0
        target = find_target(options, f"{case.number}-{name}.{name_ending(form)}")
        delivered, missing = hand_out(desk, prepared, form, target)
        if missing:
            note(EXPORT_WORDS("said.missing", language, characters=" ".join(missing)))
        tell_delivered(delivered, target, language)
    return 0
