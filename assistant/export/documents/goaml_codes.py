"""The codes of goAML reports: those that come with the program, or the bank's own; and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from assistant.export.documents.own_data import read_data
from rules.errors import BadInput, Trouble
from rules.facts import MoneyState, PaidFrom
from rules.language import Catalogue

NAME: Final = "goaml.yaml"
GOAML_WORDS: Final = Catalogue("assistant.export.documents", "goaml_text.yaml")
OTHER: Final = "other"


class GoamlSchemaMissing(BadInput):
    """The settings name no schema."""

    catalogue: ClassVar[Catalogue] = GOAML_WORDS
    code = "goaml_schema_missing"


class GoamlMasked(BadInput):
    """Persons would stand in the file masked."""

    catalogue: ClassVar[Catalogue] = GOAML_WORDS
    code = "goaml_masked"


class GoamlSchemaUnread(BadInput):
    """The file at `path` is no schema: `problem` says why."""

    catalogue: ClassVar[Catalogue] = GOAML_WORDS
    code = "goaml_schema_unread"


class GoamlCodesUnread(BadInput):
    """The bank's codes at `path` cannot be used: `problem` names the place."""

    catalogue: ClassVar[Catalogue] = GOAML_WORDS
    code = "goaml_codes_unread"


class GoamlCheckerMissing(Trouble):
    """What holds XML against a schema is not installed."""

    catalogue: ClassVar[Catalogue] = GOAML_WORDS
    code = "goaml_checker_missing"


class GoamlUnfit(BadInput):
    """The file does not fit the schema at `path`: how often, and the `first` of it."""

    catalogue: ClassVar[Catalogue] = GOAML_WORDS
    code = "goaml_unfit"


class Codes(BaseModel):
    """The codes of one financial intelligence unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    submission_code: str
    report_code: str
    currency: str
    country: str
    address_type: str
    city: str | None = None
    contact_type: str
    communication_type: str
    first_name: str | None = None
    transmode: Mapping[str, str] = Field(default_factory=dict)
    funds_from: Mapping[str, str] = Field(default_factory=dict)
    funds_to: Mapping[str, str] = Field(default_factory=dict)
    indicators: Mapping[str, str] = Field(default_factory=dict)

    def find_transmode(self, request: str) -> str | None:
        """Return how a transaction was to be made."""
        return self.transmode.get(request, self.transmode.get(OTHER))

    def find_funds_from(self, paid_from: PaidFrom | None, state: MoneyState) -> str | None:
        """Return out of what the money went."""
        return self.funds_from.get(paid_from or state, self.funds_from.get(OTHER))

    def find_funds_to(self, state: MoneyState) -> str | None:
        """Return into what it went."""
        return self.funds_to.get(state, self.funds_to.get(OTHER))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    codes: Codes


def read_codes(own: Path | None) -> Codes:
    """Return the codes in the bank's folder, or else those that come with the program. Raises GoamlCodesUnread."""
    path = own / NAME if own is not None and (own / NAME).exists() else Path(__file__).with_name(NAME)
    return read_data(path, _File, GoamlCodesUnread).codes
