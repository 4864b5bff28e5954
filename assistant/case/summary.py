"""A case as one row of a table: what a list shows of it without reading its events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CaseState(StrEnum):
    """Whether the visit still goes on."""

    OPEN = "open"
    CLOSED = "closed"


class Keeping(StrEnum):
    """What is left to be done with a case whose purpose or term is over."""

    RESTRICTED = "restricted"
    """Only kept: the law still asks for it."""
    ERASED = "erased"
    """Nothing about a person is left; the events and figures are."""


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case as one row of a table. Times are UTC milliseconds, amounts fen."""

    case_id: str
    number: str
    opened_at: int
    changed_at: int
    opened_by: str
    state: CaseState
    request: str
    level: str | None
    next_step: str | None
    typology: str | None
    outcome: str | None
    at_risk_fen: int | None
    protected_fen: int | None
    lost_fen: int | None
    events: int
    keeping: str | None = None
