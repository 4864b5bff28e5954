"""Which steps limit what a customer can do: kept as data beside the documents, for a compliance officer to read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from rules.language import Text, read_yaml
from rules.model import Citation, Id

FILE: Final = Path(__file__).with_name("measures.yaml")


class MeasureBy(StrEnum):
    """At whose wish a step limits the customer."""

    BANK = "bank"
    """A measure in the sense of the Anti-Telecom and Online Fraud Law, Art. 32."""
    CUSTOMER = "customer"


class Limiting(BaseModel):
    """How the notice says that a step was taken, and why: words that accuse nobody."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: MeasureBy
    what: Text
    why: Text


class Measures(BaseModel):
    """What limits a customer, by step, in the order in which it is told; and the articles that no notice cites."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measures: Mapping[Id, Limiting]
    not_cited: tuple[Citation, ...]


@cache
def read_measures() -> Measures:
    """Return the file that comes with the program."""
    return Measures.model_validate(read_yaml(FILE.read_text("utf-8")))
