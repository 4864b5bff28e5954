"""A document of one case on its way out: gathered once to be looked at, and once more where it is to be unmasked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.export.documents.kinds import PAGES, DocumentForm, DocumentName, Kind
from assistant.export.documents.preparing import Prepared, hand_out, prepare, preview
from assistant.export.documents.words import WORDS
from assistant.export.endings import name_ending
from assistant.export.typesetting.blocks import Block, Paragraph, Run
from assistant.people.permissions import Move
from ui.screens.export.outgoing import Choice, Gathered, Left, Tell

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.export.delivery import Target
    from rules.model import Book
    from ui.wording import Wording


@dataclass(frozen=True, slots=True)
class DocumentLeaving:
    """One document of one case; the `books` are that of the case and the newest."""

    kind: Kind
    case_id: str
    number: str
    books: tuple[Book, Book]

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that it comes in."""
        return tuple(form.value for form in self.kind.forms)

    @property
    def has_persons(self) -> bool:
        """Persons stand in every one of them."""
        return True

    @property
    def masked(self) -> str:
        """What is said of persons where there is no reason for more."""
        return "export.masked"

    def title(self, wording: Wording) -> str:
        """Return what it is called, and of which case it is."""
        return f"{name_document(self.kind.name, wording)}  {self.number}"

    def name_file(self, form: str) -> str:
        """Return the usual name of its file."""
        return f"{self.number}-{self.kind.name}.{name_ending(form)}"

    def demand_in_full(self, desk: Desk) -> None:
        """Raise the NotPermitted that keeps whoever works there from revealing the case."""
        desk.demand(Move.REVEAL, desk.store.case(self.case_id))

    def name_command(self, choice: Choice) -> str:
        """Return the command that puts the same out elsewhere."""
        words = ["export case", self.number, "--document", self.kind.name, "--format", choice.form]
        words += ["--reveal", choice.reason.value] if choice.reason else []
        return " ".join([*words, "--lang", choice.language, "-o -"])

    def is_stale(self, desk: Desk, gathered: Gathered) -> bool:
        """Tell whether something happened to the case since."""
        return desk.store.log_seq(self.case_id) != gathered.seq

    def gather(self, desk: Desk, choice: Choice, tell: Tell) -> Gathered:
        """Gather it to be looked at, masked, which is a look. Raises what `prepare` and `preview` do."""
        # What comes last may be what a customer must not see: the document does not tell of it.
        seq = desk.store.log_seq(self.case_id)
        prepared = self._prepare(desk, replace(choice, reason=None))
        in_full = _lay_out(_foresee(prepared)) if self.kind.says_if_masked else ()
        return Gathered(_lay_out(prepared), prepared, seq, in_full, prepared.unset)

    def hand_out(self, desk: Desk, gathered: Gathered, choice: Choice, target: Target, tell: Tell) -> Left:
        """Write it. Raises what `hand_out` does, and what `prepare` does where it is to be unmasked."""
        prepared = gathered.thing if choice.reason is None else self._prepare(desk, choice)
        delivered, missing = hand_out(desk, prepared, DocumentForm(choice.form), target)
        return Left(delivered, missing)

    def _prepare(self, desk: Desk, choice: Choice) -> Prepared:
        return prepare(desk, self.case_id, self.kind.name, choice.language, self.books, choice.reason)


def name_document(name: DocumentName, wording: Wording) -> str:
    """Return what a document is called."""
    return WORDS(f"name.{name}", wording.language)


def _foresee(prepared: Prepared) -> Prepared:
    """Return a masked document as it reads in full, but for the masks."""
    return replace(prepared, view=replace(prepared.view, to_be_full=True))


def _lay_out(prepared: Prepared) -> tuple[Block, ...]:
    """Return the blocks of a document; one that is no page is shown as it is written."""
    if PAGES[0] in prepared.view.kind.forms:
        return read_page(prepared)
    return (Paragraph((Run(preview(prepared)),)),)


def read_page(prepared: Prepared) -> tuple[Block, ...]:
    """Return the page that a document's template makes, without what is put around it. Raises TemplateUnsound and
    TextTooLong."""
    # Jinja and a reader of Markdown, for which whoever only works on a case does not wait.
    from assistant.export.typesetting.typesetting import find_template, make_blocks

    view = prepared.view
    template = find_template(view.kind.name.value, view.language, view.templates)
    return make_blocks(template, view.kind.gather(view))
