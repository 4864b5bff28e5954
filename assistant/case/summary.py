"""A case as one row of a table: what a list shows of it without reading its events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.case.review import Standing
    from assistant.case.traits import Trait


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
    opened_seq: int
    """The number of its first event: newest first is by this."""
    number: str
    opened_at: int
    changed_at: int
    opened_by: str
    state: CaseState
    request: str
    level: str | None
    next_step: str | None
    typologies: tuple[str, ...]
    """The suspected ones of the last advice, the likeliest first."""
    due_at: int | None
    """By when the first of the steps still to do is due."""
    called_at: int | None
    """Since when the teller waits for the supervisor who was called."""
    amount_fen: int
    """What was at risk, or as long as the case is open, all that is known of the money."""
    outcome: str | None
    at_risk_fen: int | None
    protected_fen: int | None
    lost_fen: int | None
    traits: frozenset[Trait]
    review: Standing | None
    """Where its review stands, None where nothing asks for one."""
    reviewer: str | None
    """Who claimed the review last."""
    events: int
    keeping: str | None = None

    @property
    def typology(self) -> str | None:
        """The likeliest of the suspected typologies."""
        return next(iter(self.typologies), None)
