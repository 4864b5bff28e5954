"""What can happen in a case, each as one event with a checked body; nothing is edited, a correction is a later event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias, Union

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from rules.facts import AgeBand, Answer, Known, Level, MoneyState, PaidFrom, PayeeAt, StepOutcome

JsonValue: TypeAlias = Union[None, bool, int, str, list["JsonValue"], dict[str, "JsonValue"]]
Id: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Fen: TypeAlias = Annotated[StrictInt, Field(ge=0, le=10**15)]
Milliseconds: TypeAlias = Annotated[StrictInt, Field(ge=0, le=2**53 - 1)]


class EventKind(StrEnum):
    """What happened, in the past tense."""

    OPENED = "opened"
    REQUESTED = "requested"
    ANSWERED = "answered"
    AGE_NOTED = "age_noted"
    ACCOUNT_ANSWERED = "account_answered"
    MONEY_RECORDED = "money_recorded"
    MONEY_REMOVED = "money_removed"
    CLEARED = "cleared"
    CLEARING_WITHDRAWN = "clearing_withdrawn"
    QUESTION_ASKED = "question_asked"
    STEP_RECORDED = "step_recorded"
    TIME_NOTED = "time_noted"
    NOTED = "noted"
    TAKEN_BACK = "taken_back"
    ADVISED = "advised"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a visit ended."""

    INTERCEPTED = "intercepted"
    PARTLY_INTERCEPTED = "partly_intercepted"
    NOT_INTERCEPTED = "not_intercepted"
    CLEARED = "cleared"
    PASSED_TO_POLICE = "passed_to_police"
    LEFT = "left"
    UNRESOLVED = "unresolved"


class Reason(StrEnum):
    """Why an advised step was not done, as a code."""

    CUSTOMER_REFUSES = "customer_refuses"
    CUSTOMER_LEFT = "customer_left"
    ALREADY_DONE = "already_done"
    NOT_POSSIBLE_HERE = "not_possible_here"
    POLICE_TOOK_OVER = "police_took_over"
    SUPERVISOR_DECIDED = "supervisor_decided"
    CLEARED_MEANWHILE = "cleared_meanwhile"
    DOES_NOT_FIT = "does_not_fit"
    SYSTEM_DOWN = "system_down"
    HANDED_OVER = "handed_over"


class Body(BaseModel):
    """The checked body of an event: no floats, no free text, nothing about a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Opened(Body):
    """A customer came with a request. The store gives the number."""

    request: Id
    number: str = ""


class Requested(Body):
    """The requests of this visit, the first one foremost."""

    requests: tuple[Id, ...] = Field(min_length=1, max_length=5)


class Answered(Body):
    """A red flag was answered, or its answer cleared (`value` None: not asked)."""

    sign: Id
    value: Answer | None = None
    known: Known | None = None


class AgeNoted(Body):
    """The customer's age, as a band."""

    band: AgeBand | None


class AccountAnswered(Body):
    """A fact of the accounts involved was looked up, or its answer cleared."""

    fact: Id
    value: Answer | None = None
    known: Known | None = None


class MoneyRecorded(Body):
    """A portion of the money, added or corrected under its own small number."""

    portion: Annotated[StrictInt, Field(ge=1, le=20)]
    state: MoneyState
    amount: Fen | None = None
    when: Milliseconds | None = None
    paid_from: PaidFrom | None = None
    payee: PayeeAt | None = None


class MoneyRemoved(Body):
    """A portion was entered by mistake."""

    portion: StrictInt


class Cleared(Body):
    """Something that lowers the suspicion was verified; by whom and how stands in the private texts `by` and `how`."""

    clearing: Id


class ClearingWithdrawn(Body):
    """A clearing turned out not to hold."""

    clearing: Id


class QuestionAsked(Body):
    """An open question was asked, or set aside for this visit; what it settled stands in the answers."""

    question: Id
    set_aside: bool = False


class StepRecorded(Body):
    """What became of an advised step. What it asks to write down stands in the private texts, by field."""

    step: Id
    outcome: StepOutcome
    reason: Reason | None = None


class TimeNoted(Body):
    """The clock was read, so that what grows old is advised on as of now."""


class Noted(Body):
    """A note for the file, in the private text `note`."""


class TakenBack(Body):
    """An earlier move of this case no longer counts."""

    event: str


class AdvisedStep(Body):
    """An advised step with all that is needed to hold the case to it, whatever the rulebook says later."""

    id: Id
    gates: bool = False
    check_first: tuple[Id, ...] = ()
    required: tuple[Id, ...] = ()
    after: tuple[Id, ...] = ()


class Withheld(Body):
    """A step that a contraindication forbids, and the rule that says so."""

    step: Id
    rule: str


class Advised(Body):
    """The advice the teller saw."""

    rulebook: str
    level: Level
    typologies: tuple[Id, ...] = ()
    steps: tuple[AdvisedStep, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    rules: tuple[str, ...] = ()
    disagreement: tuple[str, ...] = ()


class Closed(Body):
    """The visit ended."""

    outcome: Outcome
    at_risk: Fen
    protected: Fen
    lost: Fen


BODIES: Final[Mapping[EventKind, type[Body]]] = MappingProxyType(
    {
        EventKind.OPENED: Opened,
        EventKind.REQUESTED: Requested,
        EventKind.ANSWERED: Answered,
        EventKind.AGE_NOTED: AgeNoted,
        EventKind.ACCOUNT_ANSWERED: AccountAnswered,
        EventKind.MONEY_RECORDED: MoneyRecorded,
        EventKind.MONEY_REMOVED: MoneyRemoved,
        EventKind.CLEARED: Cleared,
        EventKind.CLEARING_WITHDRAWN: ClearingWithdrawn,
        EventKind.QUESTION_ASKED: QuestionAsked,
        EventKind.STEP_RECORDED: StepRecorded,
        EventKind.TIME_NOTED: TimeNoted,
        EventKind.NOTED: Noted,
        EventKind.TAKEN_BACK: TakenBack,
        EventKind.ADVISED: Advised,
        EventKind.CLOSED: Closed,
    }
)

ANSWERS: Final = frozenset(
    {
        EventKind.REQUESTED,
        EventKind.ANSWERED,
        EventKind.AGE_NOTED,
        EventKind.ACCOUNT_ANSWERED,
        EventKind.MONEY_RECORDED,
        EventKind.MONEY_REMOVED,
        EventKind.CLEARED,
        EventKind.CLEARING_WITHDRAWN,
        EventKind.QUESTION_ASKED,
        EventKind.STEP_RECORDED,
    }
)
"""The kinds that can be taken back: a person gave them and they feed the advice."""


def _no_texts() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Draft:
    """A move before it is saved. `id` (UUIDv7) is made by the client, so that saving it again is harmless."""

    id: str
    case_id: str
    at: int
    """UTC milliseconds."""
    actor: str
    kind: EventKind
    body: Mapping[str, JsonValue]
    private: Mapping[str, str] = field(default_factory=_no_texts)
    """Free text and anything about a person, by field; kept apart from the chain of events."""


@dataclass(frozen=True, slots=True)
class Event(Draft):
    """A move as it was saved: its place in the outlet's chain and the hash of it and all before it."""

    seq: int = 0
    prev: str = ""
    hash: str = ""


def read_body(event: Draft) -> Body:
    """Return the checked body of `event`; a body that does not fit its kind raises pydantic.ValidationError.

    The store keeps commitments to private texts under `private`; they are no part of what happened.
    """
    return BODIES[event.kind].model_validate({k: v for k, v in event.body.items() if k != "private"})


def write_body(body: Body) -> dict[str, Any]:
    """Return `body` as the plain JSON that is stored: nothing that was left out, so that stored text stays short."""
    return body.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
