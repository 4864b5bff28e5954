"""A case as one document of it may show it: gathered once, for whoever makes it and for whom it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assistant.audit.dossier import Dossier
from assistant.audit.sentences import Sentences
from assistant.audit.timeline import Line, tell_case
from assistant.case.case import Case
from assistant.export.documents.kinds import Kind
from assistant.export.stamp import Order
from assistant.particulars.fields import Field, Party
from assistant.plain.case import CaseWriter
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

    @cached_property
    def writer(self) -> CaseWriter:
        """Puts the parts of the case into plain text."""
        return CaseWriter(self.book, self.outlet, self.language)

    @cached_property
    def sentences(self) -> Sentences:
        """Puts what is found about the case into sentences."""
        return Sentences(self.writer)

    def tell_story(self, *, texts: bool = False) -> tuple[Line, ...]:
        """Return the timeline; with `texts` what people wrote, the numbers in it masked."""
        return tell_case(self.case, self.sentences, self.dossier.requests, texts=texts)

    def say(self, key: str, **details: object) -> str:
        """Return a text of the documents' catalogue, filled in."""
        return self.words(key, self.language, **details)

    def particular(self, party: Party, name: Field) -> str | None:
        """Return what is noted about a person; None, which prints as a blank to fill in, where nothing is."""
        return self.particulars.get((party, name))
