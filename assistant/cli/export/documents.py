"""`assistant export documents --filter LINE --document NAME -o FOLDER`: one document of each case that fits.

It is a command of its own beside `export case`: there `-o` is a file and the case is named, here it is a folder and the
cases are looked for; and what is shown in full is taken case by case, each for its own reason.
"""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from assistant.cli.export.days import check_days
from assistant.cli.export.naming import read_document
from assistant.cli.export.words import EXPORT_WORDS
from assistant.cli.output import note, warn
from assistant.cli.parsing import Parser, UsageWrong, read_choice
from assistant.cli.progress import counting
from assistant.cli.rulebook import read_book
from assistant.cli.signing import at_desk
from assistant.confidence import find_confidential
from assistant.export.documents.batch import Batch, Done, FolderUnfit, Selection, Standing, make_documents, select_cases
from assistant.export.documents.kinds import KINDS, DocumentForm
from assistant.export.documents.preparing import list_unset
from assistant.register.calendar import Calendar
from assistant.register.line import LineReader
from assistant.register.vocabulary import Vocabulary
from assistant.settings import read_settings
from rules.errors import Trouble
from rules.language import Language

COMMAND: Final = "export documents "
LEFT: Final = 2
"""The exit status when something in the way was left there."""
_MOST_NAMED: Final = 5


def take(command: Parser) -> None:
    """Add the options of `export documents`."""
    command.take("--filter", metavar="LINE", required=True)
    command.take("--document", metavar="NAME", required=True)
    command.take("--format", dest="form", metavar="|".join(DocumentForm), default="")
    command.take("-o", "--output", key="export_folder", metavar="FOLDER", required=True)
    command.take("--force", key="force_folder", action="store_true")


def run(options: Namespace, language: Language) -> int:
    """Make the files, and say how many there are now and what is missing.

    Raises UsageWrong, a FilterWrong, PeriodEmpty, a NotPermitted, and what `make_documents` raises before it has begun.
    """
    name = read_document(options.document, COMMAND)
    form = read_choice(options.form, DocumentForm, "--format", COMMAND) if options.form else KINDS[name].forms[0]
    if options.output == "-":
        raise UsageWrong("folder", COMMAND)
    batch = Batch(name, form, language, Path(options.output).expanduser().absolute(), options.force)
    with at_desk(options, language) as desk:
        book = read_book(desk.store, language)
        calendar = Calendar(desk.store.outlet.zone, desk.clock)
        wanted = LineReader(Vocabulary.of(book), calendar).parse(options.filter)
        check_days(wanted, calendar.zone)
        hidden = find_confidential(book) | find_confidential(desk.rulebooks.book)
        selection = select_cases(desk, wanted, hidden)
        if not selection.members and not selection.unreadable:
            note(EXPORT_WORDS("batch.none", language))
            return 0
        made = make_documents(desk, batch, selection, lambda label: read_book(desk.store, language, label))
        status = _Tally(batch, selection, language).follow(made)
        if unset := list_unset(KINDS[name], read_settings(desk.store.path).documents):
            note(EXPORT_WORDS("said.unset", language, names=", ".join(unset)))
        return status


@dataclass(slots=True)
class _Tally:
    """How far a batch has come."""

    batch: Batch
    selection: Selection
    language: Language
    standings: Counter[Standing] = field(default_factory=Counter)
    in_the_way: list[Path] = field(default_factory=list)
    lacking: dict[str, None] = field(default_factory=dict)
    """The characters that the font lacks."""

    def follow(self, made: Iterator[Done]) -> int:
        """Show how far it is, say at the end how it went, and return the exit status."""
        try:
            with counting(EXPORT_WORDS, "batch.progress", self.language) as tell:
                for done in made:
                    self._add(done)
                    tell(self.standings.total(), len(self.selection.members))
        except KeyboardInterrupt:
            self._tell_stopped()
            raise
        except Trouble as trouble:
            warn(trouble, self.language)
            if not isinstance(trouble, FolderUnfit):
                self._tell_stopped()
            return trouble.exit_status
        self._tell_all()
        return LEFT if self.in_the_way else 0

    def _add(self, done: Done) -> None:
        self.standings[done.standing] += 1
        self.lacking |= dict.fromkeys(done.missing)
        if done.standing is Standing.IN_THE_WAY:
            self.in_the_way.append(done.path)

    def _tell_stopped(self) -> None:
        self._say("batch.stopped", done=self._whole, total=len(self.selection.members), folder=self.batch.folder)

    @property
    def _whole(self) -> int:
        return self.standings[Standing.MADE] + self.standings[Standing.THERE]

    def _tell_all(self) -> None:
        made, there = self.standings[Standing.MADE], self.standings[Standing.THERE]
        self._say("batch.done", made=made, there=there, folder=self.batch.folder)
        if self.selection.unreadable:
            self._say("batch.unreadable", count=self.selection.unreadable)
        if refused := self.standings[Standing.NOT_PERMITTED]:
            self._say("batch.not_permitted", count=refused)
        if idle := self.standings[Standing.NO_OCCASION]:
            self._say("batch.no_occasion", count=idle)
        if self.in_the_way:
            names = ", ".join(path.name for path in self.in_the_way[:_MOST_NAMED])
            self._say("batch.in_the_way", count=len(self.in_the_way), names=names)
        if self.lacking:
            self._say("said.missing", characters=" ".join(self.lacking))

    def _say(self, key: str, **details: object) -> None:
        told = {name: f"{value:,}" if isinstance(value, int) else value for name, value in details.items()}
        note(EXPORT_WORDS(key, self.language, **told))
