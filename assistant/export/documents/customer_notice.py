"""The notice to the customer that the law asks for: which measures, why, how to object, what to bring, by when.

Nothing that somebody wrote freely stands on it, nor what was suspected: it must accuse and forewarn nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from assistant.export.documents.citing import LAW, cite, list_places
from assistant.export.documents.kinds import NoOccasion
from assistant.export.documents.measures import LIFTING, MeasureBy, read_measures
from assistant.export.documents.words import WORDS
from assistant.particulars.fields import Field, Party
from assistant.people.reader import leave_out
from rules.facts import StepOutcome
from rules.language import Catalogue
from rules.model import Basis, Citation

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.case.case import Case, StepRecord
    from assistant.export.documents.measures import Limiting, Measures
    from assistant.export.documents.view import View
    from rules.model import Book

DUTY: Final = Citation(source="anti-fraud-law-2022", article="32")
OBJECTION: Final = Citation(source="aml-law-2024", article="39")
BY_POLICE: Final = "protective_stop_by_police"


class NoMeasure(NoOccasion):
    """Nothing was done in the case of which a customer has to be told."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "no_measure"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something by which the customer is limited."""

    what: str
    """What was done, in words for the customer."""
    why: str | None
    """Why, in words that accuse nobody; blank for a step of a bank's own rulebook that has no such words yet."""
    since: str
    """Since when, on the outlet's clock, to the minute."""
    lifted: str
    """When it was lifted; empty while it holds."""


@dataclass(frozen=True, slots=True)
class CustomerNotice:
    """What the notice to the customer says."""

    bank: str | None
    """The name of the bank; blank where the settings have none."""
    outlet: str
    """The outlet's name."""
    address: str | None
    """The outlet's address."""
    phone: str | None
    """The outlet's number for calling back."""
    number: str
    """The number of the case, by which the customer is found again."""
    date: str
    """The day on which the notice was made."""
    customer: str | None
    """The customer's name, masked unless the notice is made in full."""
    measures: tuple[Measure, ...]
    """The bank's measures in the sense of Art. 32 of the Anti-Telecom and Online Fraud Law."""
    requested: tuple[Measure, ...]
    """What limits the customer at his own request."""
    under_aml: bool
    """Whether a measure stands on the Anti-Money Laundering Law, so that its Art. 39 applies."""
    by_police: bool
    """Whether the police were asked to protect the customer's own accounts, which is no measure of the bank."""
    laws: str
    """The laws on which the measures stand, and those that give the customer the rights on the notice."""
    appeal_to: str | None
    """Who takes objections."""
    appeal_phone: str | None
    """The number for objections."""
    appeal_papers: str | None
    """What to bring along for one."""


def demand_occasion(case: Case, books: Collection[Book], own: Path | None) -> None:
    """Raise NoMeasure where nothing limits the customer: a notice of it would be false."""
    shown = leave_out(case, books)
    known = read_measures(own, next(iter(books)))
    if not any(_find_done(shown, step) for step in (*known.measures, BY_POLICE)):
        raise NoMeasure


def gather(view: View) -> CustomerNotice:
    """Return what the notice says of the measures that were taken so far."""
    settings, outlet = view.settings, view.outlet
    known = read_measures(view.templates, view.book)
    bases = tuple(_list_bases(view, known))
    under_aml = _stand_on_aml(view, bases)
    laws = (*_list_laws(view, bases, known.not_cited), DUTY, *((OBJECTION,) if under_aml else ()))
    return CustomerNotice(
        bank=settings.bank,
        outlet=outlet.name,
        address=settings.outlet_address,
        phone=settings.outlet_phone,
        number=view.case.number,
        date=view.writer.time(view.at)[:10],
        customer=view.particular(Party.CUSTOMER, Field.NAME),
        measures=tuple(_list_measures(view, known, MeasureBy.BANK)),
        requested=tuple(_list_measures(view, known, MeasureBy.CUSTOMER)),
        under_aml=under_aml,
        by_police=_find_done(view.case, BY_POLICE) is not None,
        laws=cite(view, laws, brief=True),
        appeal_to=settings.appeal_to,
        appeal_phone=settings.appeal_phone,
        appeal_papers=settings.appeal_papers,
    )


def _list_measures(view: View, known: Measures, by: MeasureBy) -> Iterator[Measure]:
    for name, limiting in known.measures.items():
        record = _find_done(view.case, name)
        if limiting.by is by and record is not None:
            yield _tell_measure(view, limiting, record)


def _tell_measure(view: View, limiting: Limiting, record: StepRecord) -> Measure:
    # A customer's own wish is not lifted with the measures of the bank.
    lifting = _find_done(view.case, LIFTING) if limiting.by is MeasureBy.BANK else None
    return Measure(
        what=limiting.what.read(view.language),
        why=limiting.why.read(view.language) if limiting.why else None,
        since=_write_minute(view, record.at),
        lifted=_write_minute(view, lifting.at) if lifting and lifting.at >= record.at else "",
    )


def _list_bases(view: View, known: Measures) -> Iterator[Basis]:
    """Yield what the measures of the bank stand on that were taken: the rulebook says it of each step."""
    for name, limiting in known.measures.items():
        if limiting.by is MeasureBy.BANK and name in view.book.steps and _find_done(view.case, name):
            yield view.book.steps[name].basis


def _list_laws(view: View, bases: Iterable[Basis], silent: Container[Citation]) -> Iterator[Citation]:
    for basis in bases:
        yield from (place for place in list_places(basis, view, LAW) if place not in silent)


def _stand_on_aml(view: View, bases: Iterable[Basis]) -> bool:
    """Tell whether a measure of the bank stands on the Anti-Money Laundering Law, of which Art. 39 then applies."""
    return any(place.source == OBJECTION.source for basis in bases for place in list_places(basis, view))


def _find_done(case: Case, step: str) -> StepRecord | None:
    record = case.steps.get(step)
    return record if record is not None and record.outcome is StepOutcome.DONE else None


def _write_minute(view: View, at: int) -> str:
    return view.writer.time(at)[:16]
