"""Which documents of a case there are, whom each is for, and in which forms it comes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from rules.errors import BadInput

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.export.documents.view import View
    from rules.model import Book


class NoOccasion(BadInput):
    """A case gives no occasion for a document, which would say something false; none was made."""


class DocumentName(StrEnum):
    """A document. The catalogue names them as `name.<value>`; the templates are called so, too."""

    CASE_SUMMARY = "case_summary"
    RECEIPT = "receipt"
    POLICE_HANDOVER = "police_handover"
    CUSTOMER_NOTICE = "customer_notice"
    RISK_NOTICE = "risk_notice"
    SLIP = "slip"
    STR_PAPER = "str_paper"
    RECORD = "record"


class DocumentForm(StrEnum):
    """A format of a document."""

    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"
    JSON = "json"
    GOAML = "goaml"
    """XML after the schema that the bank supplies."""


PAGES: Final = (DocumentForm.PDF, DocumentForm.HTML, DocumentForm.MARKDOWN)
"""The forms that are typeset from a template."""
_OUTLET: Final = ("outlet_address", "outlet_phone")


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for a document. The module of its name in this package gathers what it says."""

    name: DocumentName
    forms: tuple[DocumentForm, ...] = PAGES
    for_customer: bool = False
    """The customer gets it: nothing of a suspicious transaction report is in it, whoever makes it."""
    confidential: bool = False
    """It speaks of a suspicious transaction report: only for those who need to know."""
    large: bool = False
    """In large print."""
    tells_of_report: bool = False
    """It tells whoever needs to know of a suspicious transaction report, and is confidential then."""
    names_staff: bool = False
    """It says who the staff are, and not only their numbers."""
    says_if_masked: bool = False
    """It reads otherwise where it is masked than in full, beside the masks."""
    needs_occasion: bool = False
    """It would be false of a case that gives no occasion for it."""
    settings: tuple[str, ...] = ()
    """The settings that are printed on it: what is missing of them is a blank."""

    def demand_occasion(self, case: Case, books: Collection[Book], own: Path | None) -> None:
        """Raise the NoOccasion of a case of which it would be false; `own` is the bank's folder of templates."""
        if self.needs_occasion:
            self._module.demand_occasion(case, books, own)

    @property
    def gather(self) -> Callable[[View], object]:
        """The function that gathers what a page of it says: a frozen dataclass, which fills the template."""
        found: Callable[[View], object] = self._module.gather
        return found

    @property
    def lay_out(self) -> Callable[[View], dict[str, Any]]:
        """The function that returns the same as plain JSON, for a document that comes in that form."""
        found: Callable[[View], dict[str, Any]] = self._module.lay_out
        return found

    @property
    def _module(self) -> Any:
        return import_module(f"assistant.export.documents.{self.name}")


KINDS: Final[Mapping[DocumentName, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(DocumentName.CASE_SUMMARY, tells_of_report=True),
            Kind(DocumentName.RECEIPT, tells_of_report=True),
            Kind(DocumentName.POLICE_HANDOVER, names_staff=True, says_if_masked=True, settings=_OUTLET),
            Kind(
                DocumentName.CUSTOMER_NOTICE,
                for_customer=True,
                large=True,
                needs_occasion=True,
                settings=("appeal_to", "appeal_phone", "appeal_papers", *_OUTLET),
            ),
            Kind(DocumentName.RISK_NOTICE, for_customer=True, large=True, says_if_masked=True),
            Kind(DocumentName.SLIP, for_customer=True, large=True),
            Kind(
                DocumentName.STR_PAPER,
                (*PAGES, DocumentForm.JSON, DocumentForm.GOAML),
                confidential=True,
                settings=("goaml_entity", *_OUTLET),
            ),
            Kind(DocumentName.RECORD, (DocumentForm.JSON,), tells_of_report=True),
        )
    }
)
