"""What a case does not allow: each refusal is checked where the event is saved, so that no path leads around it."""

from __future__ import annotations

from typing import ClassVar

from rules.errors import Trouble
from rules.language import Catalogue


class Refused(Trouble):
    """The case does not allow this move; nothing was written."""

    catalogue: ClassVar[Catalogue] = Catalogue("assistant.case")
    exit_status: ClassVar[int] = 2


class BodyUnfit(Refused):
    """An event whose body does not fit its kind: `problem` is what of it does not."""

    code = "body_unfit"


class NotOpened(Refused):
    """An event before the case was opened, or a second opening."""

    code = "not_opened"


class CaseClosed(Refused):
    """A move on a closed case."""

    code = "case_closed"


class NotClosed(Refused):
    """A case was to be reopened that is not closed."""

    code = "not_closed"


class NotAdvised(Refused):
    """A step was recorded that the advice does not hold."""

    code = "not_advised"


class StepWithheld(Refused):
    """A contraindicated step was recorded as done."""

    code = "step_withheld"


class CheckFirst(Refused):
    """A step was recorded as done before the facts it depends on were answered."""

    code = "check_first"


class ReasonMissing(Refused):
    """A step was set aside without a coded reason."""

    code = "reason_missing"


class RecordMissing(Refused):
    """A step was recorded as done without what it asks to write down."""

    code = "record_missing"


class GatesOpen(Refused):
    """The case was to be closed while a gating step is open without a coded reason."""

    code = "gates_open"


class NeverAdvised(Refused):
    """The case was to be closed before any advice was recorded, so that no gate could be known."""

    code = "never_advised"


class AmountsDiffer(Refused):
    """More was protected and lost than was at risk."""

    code = "amounts_differ"


class NothingToTakeBack(Refused):
    """The event to be taken back is not there, is no answer, or is taken back already."""

    code = "nothing_to_take_back"


class VerifierMissing(Refused):
    """A clearing was recorded without who verified it and how."""

    code = "verifier_missing"


class CalledAlready(Refused):
    """The supervisor was called from this case, and the answer is still to come."""

    code = "called_already"


class NotCalled(Refused):
    """There is no call for the supervisor to be answered."""

    code = "not_called"


class OwnCall(Refused):
    """Somebody answered his own call."""

    code = "own_call"
    exit_status = 5


class OwnCase(Refused):
    """Somebody reviews a case that he had a hand in."""

    code = "own_case"
    exit_status = 5


class ReviewDone(Refused):
    """The review is finished."""

    code = "review_done"


class ReviewTaken(Refused):
    """Another has claimed the review, not long ago."""

    code = "review_taken"


class ClaimFirst(Refused):
    """A review was judged that was not claimed, or no longer."""

    code = "claim_first"


class ReviewReasonMissing(Refused):
    """A case was sent back without a coded reason."""

    code = "review_reason_missing"


class CommentMissing(Refused):
    """A case was sent back, or what was sent back answered, without a word."""

    code = "comment_missing"


class OwnReturn(Refused):
    """Somebody answers for a case that he sent back himself."""

    code = "own_return"
    exit_status = 5


class NotReturned(Refused):
    """There is nothing sent back to be answered."""

    code = "not_returned"


class CaseKept(Refused):
    """A move on a case that is restricted or erased."""

    code = "case_kept"


class RestrictFirst(Refused):
    """A case was to be erased that is not restricted yet, or one to be restricted that is."""

    code = "restrict_first"


class NothingNoted(Refused):
    """There is nothing noted about that person, or nothing was given."""

    code = "nothing_noted"
