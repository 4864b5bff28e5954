"""The facts of a visit as the rulebook reads them: who asks for what, what is answered, where the money is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

RECENT_MS: Final = 48 * 60 * 60 * 1000
"""How long a credit counts as recent: the length of one emergency stop (银发〔2016〕86号), in milliseconds."""


class Answer(StrEnum):
    """What was answered. A question that is not in the answers was not asked, which is never a no."""

    YES = "yes"
    NO = "no"


class Known(StrEnum):
    """How an answer is known: seen by the teller, said by the customer, or verified by paper or independent call."""

    SEEN = "seen"
    SAID = "said"
    VERIFIED = "verified"


class MoneyState(StrEnum):
    """Where a portion of the money is now."""

    NOT_MOVED = "not_moved"
    MOVED_OWN_NAME = "moved_own_name"
    PENDING = "pending"
    CREDITED_RECENT = "credited_recent"
    CREDITED_OLDER = "credited_older"
    CASH_IN_HAND = "cash_in_hand"
    HANDED_OVER = "handed_over"


class PaidFrom(StrEnum):
    """Where a portion was paid from."""

    HERE = "here"
    OTHER_BANK = "other_bank"
    WALLET = "wallet"


class PayeeAt(StrEnum):
    """Who keeps the payee's account: this bank, another bank, or a payment institution."""

    THIS_BANK = "this_bank"
    OTHER_BANK = "other_bank"
    PAYMENT_ACCOUNT = "payment_account"


class AgeBand(StrEnum):
    """The customer's age, as coarse as the rules need it."""

    MINOR = "minor"
    YOUNG = "young"
    MIDDLE = "middle"
    SENIOR = "senior"
    ELDER = "elder"


class Level(StrEnum):
    """How far the teller goes; each level includes the ones before it."""

    PROCEED = "proceed"
    ASK = "ask"
    HOLD = "hold"
    POLICE = "police"

    @property
    def rank(self) -> int:
        """Position from 0 (proceed) to 3 (police)."""
        return LEVELS.index(self)


LEVELS: Final = tuple(Level)


class StepOutcome(StrEnum):
    """What became of an advised step."""

    DONE = "done"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and how it is known."""

    value: Answer
    known: Known = Known.SAID

    @property
    def yes(self) -> bool:
        """A yes raises a suspicion however it is known."""
        return self.value is Answer.YES

    @property
    def no(self) -> bool:
        """A no counts only when seen or verified: what the customer merely denies clears nothing."""
        return self.value is Answer.NO and self.known is not Known.SAID


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of the money with a fate of its own. `amount` is in fen, `when` in UTC milliseconds; None is unknown."""

    state: MoneyState
    amount: int | None = None
    when: int | None = None
    paid_from: PaidFrom | None = None
    payee: PayeeAt | None = None

    def at(self, now: int) -> MoneyState:
        """Return the state at `now` (UTC milliseconds): a credit grows old after 48 hours, if its time is known."""
        aged = self.state is MoneyState.CREDITED_RECENT and self.when is not None and now - self.when > RECENT_MS
        return MoneyState.CREDITED_OLDER if aged else self.state


def _empty() -> Mapping[str, Reply]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rulebook may know of a visit. `now` is recorded, so that a replay gives the same advice."""

    requests: frozenset[str] = frozenset()
    answers: Mapping[str, Reply] = field(default_factory=_empty)
    """By sign; a sign that is missing was not asked."""
    money: tuple[Portion, ...] = ()
    age: AgeBand | None = None
    accounts: Mapping[str, Reply] = field(default_factory=_empty)
    """By account fact (`class_1_exposed` and the like); a fact that is missing is not known."""
    clearings: frozenset[str] = frozenset()
    """Only the verified ones: a clearing that was merely said is not a clearing."""
    steps: Mapping[str, StepOutcome] = field(default_factory=lambda: MappingProxyType({}))
    now: int = 0
    """UTC milliseconds."""

    @property
    def amount(self) -> int:
        """The money spoken of, in fen: the sum of the portions whose amount is known."""
        return sum(portion.amount or 0 for portion in self.money)
