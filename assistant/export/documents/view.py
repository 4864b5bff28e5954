"""A case as one document of it may show it: gathered once, for whoever makes it and for whom it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from assistant.audit.dossier import Dossier
from assistant.audit.sentences import Sentences
from assistant.audit.timeline import Line, tell_case
from assistant.case.case import Case
from assistant.export.documents.kinds import Kind
from assistant.export.stamp import Order
from assistant.particulars.fields import Field, Party
from assistant.particulars.known import Known
from assistant.plain.case import CaseWriter
from assistant.quoting import fold
from assistant.settings import DocumentSettings
from assistant.store.outlet import Outlet
from rules.language import Catalogue, Language
from rules.model import Book


@dataclass(frozen=True)
class View:
    """What a document may say. Nothing in it is more than its reader may learn of the case."""

    kind: Kind
    order: Order
    dossier: Dossier
    book: Book
    """The rulebook by which the case was advised last."""
    outlet: Outlet
    settings: DocumentSettings
    """What the bank fills in on its papers."""
    folder: Path
    """Where the bank keeps its settings, and what they name."""
    particulars: Mapping[tuple[Party, Field], str]
    """What is noted about persons: in full if the order has a reason for it, masked otherwise."""
    staff: Mapping[str, str]
    """The names of the staff by number, as far as they are kept, for a document that says them."""
    at: int
    """Now, UTC milliseconds."""
    by: str
    needs_to_know: bool
    """Whether what concerns a suspicious transaction report in such a case is the business of whoever makes it."""
    words: Catalogue = field(repr=False)
    to_be_full: bool = False
    """Whether it is masked to be looked at only, and what it is a preview of will be in full."""

    @property
    def case(self) -> Case:
        """The case as it may be shown."""
        return self.dossier.case

    @property
    def language(self) -> Language:
        """The language of the document."""
        return self.order.language

    @property
    def in_full(self) -> bool:
        """Whether what is about persons is shown in full."""
        return self.order.reason is not None

    @property
    def reads_in_full(self) -> bool:
        """Whether it reads as it does in full, whatever is masked in it."""
        return self.in_full or self.to_be_full

    @property
    def bank(self) -> str:
        """The name of the bank as one finds an account by it: the outlet's says it where the settings do not."""
        return self.settings.bank or fold(self.outlet.name)

    @cached_property
    def known(self) -> Known:
        """The names and numbers of persons that the case knows, which are masked in what people wrote as well."""
        return Known.of(self.case)

    @property
    def templates(self) -> Path | None:
        """Where the bank keeps templates of its own, and what belongs to them."""
        return find_templates(self.settings, self.folder)

    @cached_property
    def writer(self) -> CaseWriter:
        """Puts the parts of the case into plain text."""
        return CaseWriter(self.book, self.outlet, self.language)

    @cached_property
    def sentences(self) -> Sentences:
        """Puts what is found about the case into sentences."""
        return Sentences(self.writer)

    def tell_story(self, *, texts: bool = False) -> tuple[Line, ...]:
        """Return the timeline; with `texts` what people wrote, masked."""
        return tell_case(self.case, self.sentences, self.dossier.requests, texts=texts)

    def say(self, key: str, **details: object) -> str:
        """Return a text of the documents' catalogue, filled in."""
        return self.words(key, self.language, **details)

    def particular(self, party: Party, name: Field) -> str | None:
        """Return what is noted about a person; None, which prints as a blank to fill in, where nothing is."""
        return self.particulars.get((party, name))


def find_templates(settings: DocumentSettings, folder: Path) -> Path | None:
    """Return where the bank keeps templates of its own, by its settings, which lie in `folder`; None where it has
    none."""
    return folder / settings.templates if settings.templates else None
