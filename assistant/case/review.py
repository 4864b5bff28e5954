"""The review of a closed case and the call for a supervisor to an open one, each as it stands after its events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from assistant.case.events import CallAnswer, CallFor

if TYPE_CHECKING:
    from assistant.case.bodies import Judged

COMMENT: Final = "comment"
"""The private text in which a reviewer, or who answers him, says what is meant."""
CLAIM_MS: Final = 4 * 3_600_000
"""How long a claimed review is left to whoever claimed it."""


class Standing(StrEnum):
    """Where the review of a case stands."""

    DUE = "due"
    """Nobody has taken it yet, although something in the case asks for it."""
    CLAIMED = "claimed"
    RETURNED = "returned"
    """Sent back: the teller has to answer."""
    ANSWERED = "answered"
    """Answered: a reviewer has to look again."""
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Review:
    """The last that happened in the review, by whom and when (UTC milliseconds)."""

    standing: Standing
    actor: str
    at: int
    judged: Judged | None = None
    """What the last reviewer to approve or return the case said of it."""
    judge: str = ""
    """Who that was."""
    judged_at: int = 0
    """When that was, UTC milliseconds."""
    reviewer: str = ""
    """Who claimed it last."""

    def is_kept_from(self, actor: str, now: int) -> bool:
        """Tell whether it is still left to another, who claimed it not long before `now` (UTC milliseconds)."""
        return self.standing is Standing.CLAIMED and self.actor != actor and now - self.at < CLAIM_MS


@dataclass(frozen=True, slots=True)
class Call:
    """A call for the supervisor: what for, by whom and when (UTC milliseconds), and what was answered."""

    wanted: CallFor
    actor: str
    at: int
    answer: CallAnswer | None = None
    answered_by: str | None = None
    answered_at: int | None = None
