"""The checked body of each kind of event: no floats, no free text, nothing about a person."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from assistant.case.events import (
    CallAnswer,
    CallFor,
    Draft,
    EventKind,
    Matter,
    Outcome,
    Reason,
    ReopenReason,
    ReviewReason,
    Verdict,
)
from assistant.naming import NUMBER
from assistant.particulars.fields import Field as Field_
from assistant.particulars.fields import Party
from rules.facts import AgeBand, Answer, Known, Level, MoneyState, PaidFrom, PayeeAt, StepOutcome

Id: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Fen: TypeAlias = Annotated[StrictInt, Field(ge=0, le=10**15)]
Milliseconds: TypeAlias = Annotated[StrictInt, Field(ge=0, le=2**53 - 1)]


class Body(BaseModel):
    """The checked body of an event: no floats, no free text, nothing about a person."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


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
    """The customer's age, as a band; None when it is not known after all."""

    band: AgeBand | None = None


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
    """What became of an advised step. What it asks to write down stands in the private texts, by field, but for the
    staff number of a colleague, who is no customer."""

    step: Id
    outcome: StepOutcome
    reason: Reason | None = None
    colleague: Annotated[str, Field(pattern=NUMBER)] | None = None


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
    colleague: Id | None = None
    """The field that takes the staff number of a colleague."""
    after: tuple[Id, ...] = ()
    after_visit: bool = False
    minutes: Annotated[StrictInt, Field(ge=1)] | None = None
    """How long the step may take, None for the visit itself."""
    term: bool = False
    """Whether a text sets these minutes, which then count from the last of the steps it follows."""


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


class Reopened(Body):
    """The closing before no longer holds; all that was answered and recorded does."""

    reason: ReopenReason


class ParticularsNoted(Body):
    """Something about a person was noted; it stands in the private text `value`, and takes the place of one before."""

    party: Party
    field: Field_
    doubts: tuple[Id, ...] = ()

    @property
    def place(self) -> dict[str, str]:
        """About whom, and what."""
        return {"party": self.party.value, "field": self.field.value}


class ParticularsRemoved(Body):
    """What was noted about a person turned out to be wrong, and was erased."""

    party: Party
    field: Field_

    @property
    def place(self) -> dict[str, str]:
        """About whom, and what."""
        return {"party": self.party.value, "field": self.field.value}


class Authorised(Body):
    """A second person agreed that the case be released, or that a step be set aside; or, `alone`, nobody was in reach
    to agree, and another looks at it afterwards."""

    matter: Matter
    step: Id | None = None
    alone: bool = False
    request: str = ""


class SupervisorCalled(Body):
    """The teller asks the supervisor to come to the case."""

    wanted: CallFor


class SupervisorAnswered(Body):
    """The supervisor says whether he comes."""

    answer: CallAnswer


class ReviewClaimed(Body):
    """Somebody took the closed case to review it."""


class Judged(Body):
    """What a review judges: the type, the level, the right steps, and nothing else."""

    typology: Verdict
    level: Verdict
    steps: Verdict
    reasons: tuple[ReviewReason, ...] = Field(default=(), max_length=len(ReviewReason))


class ReviewApproved(Judged):
    """The reviewer signs the case; a comment may stand in the private text `comment`."""


class ReviewReturned(Judged):
    """The reviewer sends the case back to be answered, for coded reasons and with the private text `comment`."""


class ReviewAnswered(Body):
    """What was sent back was answered, in the private text `comment`."""


class Restricted(Body):
    """The case is only kept from now on, until its legal term is over."""

    request: str = ""


class Erased(Body):
    """The key of the case was deleted, and with it all that was about a person."""

    request: str = ""


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
        EventKind.REOPENED: Reopened,
        EventKind.PARTICULARS_NOTED: ParticularsNoted,
        EventKind.PARTICULARS_REMOVED: ParticularsRemoved,
        EventKind.AUTHORISED: Authorised,
        EventKind.SUPERVISOR_CALLED: SupervisorCalled,
        EventKind.SUPERVISOR_ANSWERED: SupervisorAnswered,
        EventKind.REVIEW_CLAIMED: ReviewClaimed,
        EventKind.REVIEW_APPROVED: ReviewApproved,
        EventKind.REVIEW_RETURNED: ReviewReturned,
        EventKind.REVIEW_ANSWERED: ReviewAnswered,
        EventKind.RESTRICTED: Restricted,
        EventKind.ERASED: Erased,
    }
)


def read_body(event: Draft) -> Body:
    """Return the checked body of `event`; a body that does not fit its kind raises pydantic.ValidationError.

    The store keeps commitments to private texts under `private`; they are no part of what happened.
    """
    return BODIES[event.kind].model_validate({k: v for k, v in event.body.items() if k != "private"})


def write_body(body: Body) -> dict[str, Any]:
    """Return `body` as the plain JSON that is stored: nothing that was left out, so that stored text stays short."""
    return body.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
