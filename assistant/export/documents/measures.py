"""Which steps limit what a customer can do: kept as data beside the documents, for a compliance officer to read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import BaseModel, ConfigDict

from assistant.export.documents.own_data import read_data
from assistant.export.documents.words import WORDS
from rules.conditions import Subject, atoms
from rules.errors import BadInput
from rules.language import Catalogue, Text
from rules.model import Citation, Id

if TYPE_CHECKING:
    from rules.model import Book

NAME: Final = "measures.yaml"
FILE: Final = Path(__file__).with_name(NAME)
LIFTING: Final = "lift_controls"
"""The step by which the bank lifts its measures."""


class MeasuresUnread(BadInput):
    """The bank's own measures at `path` cannot be used: `problem` names the place."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "measures_unread"


class MeasureBy(StrEnum):
    """At whose wish a step limits the customer."""

    BANK = "bank"
    """A measure in the sense of the Anti-Telecom and Online Fraud Law, Art. 32."""
    CUSTOMER = "customer"


class Limiting(BaseModel):
    """How the notice says that a step was taken, and why: words that accuse nobody; a reason that nobody wrote is
    filled in by hand."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: MeasureBy
    what: Text
    why: Text | None


class Measures(BaseModel):
    """What limits a customer, by step, in the order in which it is told; and the articles that no notice cites."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measures: Mapping[Id, Limiting]
    not_cited: tuple[Citation, ...] = ()


def read_measures(own: Path | None = None, book: Book | None = None) -> Measures:
    """Return the measures that come with the program, those in the bank's folder laid over them, and whatever else the
    rulebook lifts with them, by the name that it has there. Raises MeasuresUnread."""
    ours = _read_ours()
    theirs = Measures(measures={})
    if own is not None and (own / NAME).exists():
        theirs = read_data(own / NAME, Measures, MeasuresUnread)
    worded = {**ours.measures, **theirs.measures}
    unworded = {step: _name(book, step) for step in find_lifted(book) if step not in worded} if book else {}
    return Measures(measures=worded | unworded, not_cited=(*ours.not_cited, *theirs.not_cited))


def find_lifted(book: Book) -> tuple[str, ...]:
    """Return the steps after which a rulebook advises to lift what they did: its measures of the bank."""
    lifting = (rule.when for rule in book.step_rules.values() if LIFTING in rule.advises)
    found = (atom.id for when in lifting for atom in atoms(when) if atom.subject is Subject.DONE)
    return tuple(dict.fromkeys(found))


@cache
def _read_ours() -> Measures:
    return read_data(FILE, Measures, MeasuresUnread)


def _name(book: Book, step: str) -> Limiting:
    return Limiting(by=MeasureBy.BANK, what=book.steps[step].name, why=None)
