"""What can happen, in a case and around it, each as one event; nothing is edited, a correction is a later event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias, Union

JsonValue: TypeAlias = Union[bool, int, str, list["JsonValue"], dict[str, "JsonValue"], None]  # noqa: UP007 (recursive)


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
    REOPENED = "reopened"
    PARTICULARS_NOTED = "particulars_noted"
    PARTICULARS_REMOVED = "particulars_removed"
    AUTHORISED = "authorised"
    SUPERVISOR_CALLED = "supervisor_called"
    SUPERVISOR_ANSWERED = "supervisor_answered"
    REVIEW_CLAIMED = "review_claimed"
    REVIEW_APPROVED = "review_approved"
    REVIEW_RETURNED = "review_returned"
    REVIEW_ANSWERED = "review_answered"
    RESTRICTED = "restricted"
    ERASED = "erased"

    ACCESSED = "accessed"

    MEMBER_NAMED = "member_named"
    ROLE_CHANGED = "role_changed"
    MEMBER_SUSPENDED = "member_suspended"
    MEMBER_RESTORED = "member_restored"
    LOGIN_BOUND = "login_bound"
    PASSWORD_RESET = "password_reset"  # noqa: S105 (what happened)
    PASSWORD_SET = "password_set"  # noqa: S105 (what happened)
    MEMBER_ERASED = "member_erased"
    SIGNED_ON = "signed_on"
    SIGN_ON_FAILED = "sign_on_failed"

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EMERGENCY_USED = "emergency_used"
    EMERGENCY_REVIEWED = "emergency_reviewed"
    REQUEST_ERASED = "request_erased"

    OUTLET_RENAMED = "outlet_renamed"
    RULEBOOK_PUBLISHED = "rulebook_published"
    RETENTION_ORDERED = "retention_ordered"

    EXPORTED = "exported"


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


class ReopenReason(StrEnum):
    """Why a closed case is opened again, as a code."""

    WRONG_OUTCOME = "wrong_outcome"
    WRONG_AMOUNTS = "wrong_amounts"
    NEW_INFORMATION = "new_information"
    CUSTOMER_CAME_BACK = "customer_came_back"
    CLOSED_TOO_EARLY = "closed_too_early"
    SUPERVISOR_ASKED = "supervisor_asked"


class Look(StrEnum):
    """How somebody looked at a case."""

    OPENED = "opened"
    """What is about a person was masked."""
    REVEALED = "revealed"
    EXPORTED = "exported"
    """It left the program with what is about a person in full."""
    EXPORTED_MASKED = "exported_masked"
    REPLAYED = "replayed"
    """All cases at once, for what another rulebook would have advised; nothing about a person was read."""


class RevealReason(StrEnum):
    """Why somebody needs to see what is masked, as a code."""

    SERVE_CUSTOMER = "serve_customer"
    CALL_BACK = "call_back"
    POLICE_REQUEST = "police_request"
    COMPLAINT = "complaint"
    REVIEW = "review"
    CORRECTION = "correction"


class Matter(StrEnum):
    """What a second person has to agree to in a case."""

    RELEASE = "release"
    """To close it as cleared, although the advice is, or was once, to hold or to call the police."""
    SET_ASIDE = "set_aside"
    """To leave a step undone because the supervisor decided so."""


class CallFor(StrEnum):
    """What a teller calls the supervisor for, from the open case."""

    SECOND_INTERVIEW = "second_interview"
    CUSTOMER_INSISTS = "customer_insists"
    ADVICE_UNCLEAR = "advice_unclear"


class CallAnswer(StrEnum):
    """What the supervisor answers to such a call."""

    COMING = "coming"
    BY_PHONE = "by_phone"
    NOT_FREE = "not_free"
    """Another leader is to be called."""


class Verdict(StrEnum):
    """What a reviewer says of one of the three things that a review judges."""

    RIGHT = "right"
    WRONG = "wrong"
    CANNOT_TELL = "cannot_tell"


class ReviewReason(StrEnum):
    """What a reviewer found, as a code."""

    TYPOLOGY_OTHER = "typology_other"
    LEVEL_TOO_LOW = "level_too_low"
    LEVEL_TOO_HIGH = "level_too_high"
    STEP_MISSING = "step_missing"
    STEP_NEEDLESS = "step_needless"
    STEP_LATE = "step_late"
    RECORD_THIN = "record_thin"
    OUTCOME_UNCLEAR = "outcome_unclear"
    AMOUNTS_UNCLEAR = "amounts_unclear"
    TIMES_DOUBTFUL = "times_doubtful"


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
    """The subject: the id of a case, or `staff`, `request:...` and the like for what happens around the cases."""
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


def find_taken_back(story: Iterable[Event]) -> frozenset[str]:
    """Return the ids of the events that were taken back."""
    return frozenset(str(event.body["event"]) for event in story if event.kind is EventKind.TAKEN_BACK)


def list_counting(story: Sequence[Event]) -> list[Event]:
    """Return the events that were not taken back, in their order."""
    gone = find_taken_back(story)
    return [event for event in story if event.id not in gone]
