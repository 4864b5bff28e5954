"""The one table of who may do what to a case in which state, asked for every move whatever path leads to it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from assistant.case.events import EventKind
from assistant.case.summary import CaseState, CaseSummary, Keeping
from assistant.people.refusals import NoHand, NotAllowed, NotNamed, NotOnStaff, NotOwn, NotPermitted, Suspended
from assistant.people.roles import Role
from assistant.people.roster import Member, Roster

if TYPE_CHECKING:
    from assistant.case.case import Case


class Move(StrEnum):
    """What somebody may want to do."""

    OPEN_CASE = "open_case"
    WORK = "work"
    NOTE_PARTICULARS = "note_particulars"
    CLOSE = "close"
    FOLLOW_UP = "follow_up"
    REOPEN = "reopen"
    LIST = "list"
    READ = "read"
    READ_STR = "read_str"
    """What concerns a suspicious transaction report: for those who need to know (AML Law, Art. 37; Order 2016-3)."""
    REVEAL = "reveal"
    ASK_AUTHORITY = "ask_authority"
    AUTHORISE = "authorise"
    USE_EMERGENCY = "use_emergency"
    REVIEW_EMERGENCY = "review_emergency"
    ASK_STAFF_CHANGE = "ask_staff_change"
    DECIDE_STAFF_CHANGE = "decide_staff_change"
    CHANGE_OWN_PASSWORD = "change_own_password"  # noqa: S105 (a move)
    ASK_RULEBOOK = "ask_rulebook"
    DECIDE_RULEBOOK = "decide_rulebook"
    ASK_ERASURE = "ask_erasure"
    DECIDE_ERASURE = "decide_erasure"
    READ_ACCESSES = "read_accesses"
    ANSWER_CALL = "answer_call"
    """Tell a teller who called whether one comes."""
    REVIEW = "review"
    ANSWER_REVIEW = "answer_review"
    """Answer for a case that a reviewer sent back."""
    READ_FIGURES = "read_figures"
    VERIFY = "verify"
    """Have the whole file checked against its own proofs."""
    BACK_UP = "back_up"
    EXPORT = "export"
    """Take the rows of many cases out of the program, masked."""
    EXPORT_IN_FULL = "export_in_full"
    """The same with what is about a person (Order 2025-3, Art. 17 asks for a duty behind it)."""
    REPLAY = "replay"
    """Have all cases read at once, what concerns suspicious transaction reports among the rest."""


class State(StrEnum):
    """What a move finds: no case at all, or a case that is open, closed, restricted or erased."""

    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"
    RESTRICTED = "restricted"
    """Only kept, until its legal term is over (Personal Information Protection Law, Art. 47)."""
    ERASED = "erased"
    """Nothing about a person is left in it."""


class Grant(StrEnum):
    """How far a permission goes."""

    ALL = "all"
    OWN = "own"
    """Only for a case that the person opened; to answer for one that was sent back, one in which he had a hand."""


_T, _S, _M, _C, _A = Role
_COUNTER: Final = {_T: Grant.ALL, _S: Grant.ALL, _M: Grant.ALL}
_LEADERS: Final = {_S: Grant.ALL, _M: Grant.ALL}
_DECIDERS: Final = {_S: Grant.ALL, _M: Grant.ALL, _C: Grant.ALL}
_OFFICE: Final = {_M: Grant.ALL, _C: Grant.ALL}
_READERS: Final = {_S: Grant.ALL, _M: Grant.ALL, _C: Grant.ALL, _A: Grant.ALL}
_EVERYBODY: Final = {role: Grant.ALL for role in Role}

Grants: TypeAlias = Mapping[Role, Grant]

PERMISSIONS: Final[Mapping[Move, Mapping[State, Grants]]] = MappingProxyType(
    {
        Move.OPEN_CASE: {State.NONE: _COUNTER},
        Move.WORK: {State.OPEN: _COUNTER},
        Move.NOTE_PARTICULARS: {State.OPEN: _COUNTER, State.CLOSED: _LEADERS},
        Move.CLOSE: {State.OPEN: _COUNTER},
        Move.FOLLOW_UP: {State.CLOSED: _COUNTER},
        Move.REOPEN: {State.CLOSED: {_T: Grant.OWN, **_LEADERS}},
        Move.LIST: {State.NONE: _EVERYBODY},
        Move.READ: {
            State.OPEN: _EVERYBODY,
            State.CLOSED: {_T: Grant.OWN, **_READERS},
            State.RESTRICTED: {_M: Grant.ALL, _C: Grant.ALL, _A: Grant.ALL},
            State.ERASED: _READERS,
        },
        Move.READ_STR: {state: _DECIDERS for state in (State.OPEN, State.CLOSED)}
        | {state: _OFFICE for state in (State.RESTRICTED, State.ERASED)},
        Move.REVEAL: {
            State.OPEN: {_T: Grant.OWN, **_DECIDERS},
            State.CLOSED: _DECIDERS,
            State.RESTRICTED: {_C: Grant.ALL},
        },
        Move.ASK_AUTHORITY: {State.OPEN: _COUNTER},
        Move.AUTHORISE: {State.OPEN: _LEADERS},
        Move.USE_EMERGENCY: {State.OPEN: _COUNTER},
        Move.REVIEW_EMERGENCY: {state: _DECIDERS for state in (State.NONE, State.OPEN, State.CLOSED)}
        | {state: _OFFICE for state in (State.RESTRICTED, State.ERASED)},
        Move.ASK_STAFF_CHANGE: {State.NONE: {_M: Grant.ALL}},
        Move.DECIDE_STAFF_CHANGE: {State.NONE: _DECIDERS},
        Move.CHANGE_OWN_PASSWORD: {State.NONE: _EVERYBODY},
        Move.ASK_RULEBOOK: {State.NONE: {_C: Grant.ALL}},
        Move.DECIDE_RULEBOOK: {State.NONE: _OFFICE},
        Move.ASK_ERASURE: {State.CLOSED: _OFFICE, State.RESTRICTED: _OFFICE, State.NONE: _OFFICE},
        Move.DECIDE_ERASURE: {State.CLOSED: _OFFICE, State.RESTRICTED: _OFFICE, State.NONE: _OFFICE},
        Move.READ_ACCESSES: {State.NONE: _READERS},
        Move.ANSWER_CALL: {State.OPEN: _LEADERS},
        Move.REVIEW: {State.CLOSED: _DECIDERS},
        Move.ANSWER_REVIEW: {State.CLOSED: {_T: Grant.OWN, **_LEADERS}},
        Move.READ_FIGURES: {State.NONE: _READERS},
        Move.VERIFY: {State.NONE: _READERS},
        Move.BACK_UP: {State.NONE: _OFFICE},
        Move.EXPORT: {State.NONE: _READERS},
        Move.EXPORT_IN_FULL: {State.NONE: _OFFICE},
        Move.REPLAY: {State.NONE: _OFFICE},
    }
)
"""Whatever does not stand here is not allowed."""

_MOVES_OF_CASE: Final = MappingProxyType(
    {
        EventKind.OPENED: Move.OPEN_CASE,
        EventKind.CLOSED: Move.CLOSE,
        EventKind.REOPENED: Move.REOPEN,
        EventKind.PARTICULARS_NOTED: Move.NOTE_PARTICULARS,
        EventKind.PARTICULARS_REMOVED: Move.NOTE_PARTICULARS,
        EventKind.ACCESSED: Move.READ,
        EventKind.RESTRICTED: Move.DECIDE_ERASURE,
        EventKind.ERASED: Move.DECIDE_ERASURE,
        EventKind.AUTHORISED: Move.AUTHORISE,
        EventKind.SUPERVISOR_ANSWERED: Move.ANSWER_CALL,
        EventKind.REVIEW_CLAIMED: Move.REVIEW,
        EventKind.REVIEW_APPROVED: Move.REVIEW,
        EventKind.REVIEW_RETURNED: Move.REVIEW,
        EventKind.REVIEW_ANSWERED: Move.ANSWER_REVIEW,
    }
)
_AFTER_CLOSING: Final = frozenset({EventKind.STEP_RECORDED, EventKind.NOTED})

_OF_EVENTS: Final = frozenset(
    {
        Move.OPEN_CASE,
        Move.WORK,
        Move.NOTE_PARTICULARS,
        Move.CLOSE,
        Move.FOLLOW_UP,
        Move.REOPEN,
        Move.ANSWER_REVIEW,
    }
)
"""The moves that are events of a case, which admits them or not by its own state."""
UNNAMED: Final = _OF_EVENTS | {
    Move.LIST,
    Move.READ,
    Move.READ_STR,
    Move.REVEAL,
    Move.REPLAY,
    Move.EXPORT,
    Move.EXPORT_IN_FULL,
    Move.READ_FIGURES,
    Move.VERIFY,
    Move.BACK_UP,
}
"""What whoever the operating system says is there may do, in a file from before there were people in it, until an
outlet manager is named."""


def state_of(case: Case) -> State:
    """Return the state of a case in the table of permissions."""
    if not case.history:
        return State.NONE
    if case.keeping:
        return State.ERASED if case.keeping is Keeping.ERASED else State.RESTRICTED
    return State.CLOSED if case.closing else State.OPEN


def state_of_row(row: CaseSummary) -> State:
    """Return the state of a case in the table of permissions, by its row of a list."""
    if row.keeping:
        return State.ERASED if row.keeping == Keeping.ERASED else State.RESTRICTED
    return State.CLOSED if row.state is CaseState.CLOSED else State.OPEN


def may_read(roster: Roster, actor: str, row: CaseSummary) -> bool:
    """Tell whether `actor` may read the case of that row of a list; one that may not be read is not listed."""
    try:
        check(roster, actor, Move.READ, state_of_row(row), own=row.opened_by == actor)
    except NotPermitted:
        return False
    return True


def move_of(kind: EventKind, state: State) -> Move:
    """Return the move that an event of a case is."""
    if kind in _AFTER_CLOSING and state is State.CLOSED:
        return Move.FOLLOW_UP
    return _MOVES_OF_CASE.get(kind, Move.WORK)


def may(member: Member, move: Move, state: State, *, own: bool = False) -> bool:
    """Tell whether the table lets an active member make that move; `own` for a case that is the member's own, as
    `Grant.OWN` says."""
    grant = PERMISSIONS[move].get(state, {}).get(member.role)
    return member.active and (grant is Grant.ALL or (grant is Grant.OWN and own))


def check(roster: Roster, actor: str, move: Move, state: State, *, own: bool = False) -> None:
    """Raise a NotAllowed, NotOnStaff, Suspended or NotNamed unless `actor` may make that move now; `own` as `may` has
    it."""
    if move in _OF_EVENTS and state not in PERMISSIONS[move]:
        # Nobody may: the case itself says why, in better words.
        return
    if not roster.members:
        if move not in UNNAMED:
            raise NotNamed
        return
    member = roster.members.get(actor)
    if member is None:
        raise NotOnStaff(number=actor)
    if not member.active:
        raise Suspended(number=actor)
    if not may(member, move, state, own=own):
        refusal = NotAllowed
        if may(member, move, state, own=True):
            refusal = NoHand if move is Move.ANSWER_REVIEW else NotOwn
        raise refusal(role=name_role(member.role), move=name_move(move), state=name_state(state))


def check_on(roster: Roster, actor: str, move: Move, case: Case | None) -> None:
    """Raise what `check` raises unless `actor` may make that move on a case as it stands, None for what is about none;
    `actor` owns the case that he opened, and answers for every one in which he had a hand."""
    own = case is not None and bool(case.history) and case.history[0].actor == actor
    if case is not None and move is Move.ANSWER_REVIEW:
        own = actor in case.hands
    check(roster, actor, move, state_of(case) if case is not None else State.NONE, own=own)


def name_role(role: Role) -> object:
    """Return the name of a role, for a sentence."""
    return NotAllowed.catalogue.text(f"role.{role}")


def name_move(move: Move) -> object:
    """Return the name of a move, for a sentence."""
    return NotAllowed.catalogue.text(f"move.{move}")


def name_state(state: State) -> object:
    """Return the name of a state, for a sentence."""
    return NotAllowed.catalogue.text(f"state.{state}")
