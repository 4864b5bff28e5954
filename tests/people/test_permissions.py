"""Every role in every state tries every move at the front door of the store: the table holds, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

from assistant.case.events import Draft, EventKind
from assistant.case.refusals import Refused
from assistant.case.subjects import EVERY_CASE, EXPORT, HOMES, REQUEST
from assistant.desk import Desk
from assistant.people.permissions import PERMISSIONS, Grant, Move, State, may_read, move_of
from assistant.people.refusals import NotOnStaff, NotPermitted, Suspended
from assistant.people.requests import MATTERS
from assistant.people.roles import Role
from assistant.stamps import make_id
from rules.names import Shelf
from tests.people.branch import LONG_AGO, OF_ROLE, STRANGER, SUSPENDED, TELLER, Branch
from tests.people.moves import (
    ATTEMPTS,
    EXPORTED,
    LATER,
    RULES,
    SECOND_COMPLIANCE,
    SECOND_MANAGER,
    SECOND_TELLER,
    is_about,
    set_up,
)

LOOKED_UP: Final = (
    Move.LIST,
    Move.READ_STR,
    Move.READ_ACCESSES,
    Move.READ_FIGURES,
    Move.VERIFY,
    Move.BACK_UP,
)
"""The moves that write nothing: whoever shows something asks the table."""
OPENERS: Final = (Role.TELLER, Role.SUPERVISOR, Role.OUTLET_MANAGER)
CASE_KINDS: Final = tuple(kind for kind in EventKind if kind not in HOMES and kind not in MATTERS)


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branch]:
    made = Branch.full(tmp_path_factory.mktemp("branch") / "cases.db")
    for number, role in (
        (SECOND_MANAGER, Role.OUTLET_MANAGER),
        (SECOND_COMPLIANCE, Role.COMPLIANCE_OFFICER),
        (SECOND_TELLER, Role.TELLER),
    ):
        made.name(number, role)
    made.store.keep_rulebook(str(RULES["digest"]), b"")
    # Cases that were closed long ago can be erased.
    made.store.path.with_name("settings.yaml").write_text("retention: {erase_years: 1}\n", "utf-8")
    yield made
    made.store.close()


def allows(role: Role, move: Move, state: State, *, own: bool) -> bool:
    """Read the table itself, and not what reads it for the product."""
    grant = PERMISSIONS[move].get(state, {}).get(role)
    return grant is Grant.ALL or (grant is Grant.OWN and own)


def read_bytes(branch: Branch) -> tuple[bytes, bytes]:
    """Return every byte of the file and of its write-ahead log, where it has one."""
    path = branch.store.path
    log = path.with_name(f"{path.name}-wal")
    return path.read_bytes(), log.read_bytes() if log.exists() else b""


def make_attempt(branch: Branch, move: Move, state: State, actor: str, opener: str) -> Sequence[Draft]:
    """Return the drafts of a move on a case in that state that `opener` opened, all of it long ago."""
    case_id = make_id()
    if state is not State.NONE:
        branch.clock.now = LONG_AGO
        case_id = branch.open_case(opener)
    subject, act = REQUEST + make_id(), None
    if move in LATER:
        prepare, act = LATER[move]
        if state is not State.NONE:
            subject = prepare(branch, actor, case_id)
        if state is State.NONE and move is Move.REVIEW_EMERGENCY:
            subject = suspend_in_emergency(branch, actor)
    set_up(branch, case_id, state)
    return act(branch, subject, actor) if act else ATTEMPTS[move](branch, actor, case_id)


def suspend_in_emergency(branch: Branch, actor: str) -> str:
    """Have a manager who is not the actor suspend a new teller alone, and return the request."""
    number = make_id()[-8:]
    branch.name(number, Role.TELLER)
    asker = SECOND_MANAGER if actor != SECOND_MANAGER else OF_ROLE[Role.OUTLET_MANAGER]
    asked = branch.office(asker).change(EventKind.MEMBER_SUSPENDED, {"number": number})
    assert asked is not None
    branch.office(asker).use_emergency(asked.subject, "system_down", 1)
    return asked.subject


def is_refused(branch: Branch, drafts: Sequence[Draft]) -> bool:
    """Try to save the drafts; when they are refused, not a byte of what the file holds is another."""
    before, count = read_bytes(branch), branch.count()
    try:
        branch.store.append_all(drafts)
    except (NotPermitted, Refused):
        assert read_bytes(branch) == before
        return True
    assert branch.count() == count + len(drafts)
    return False


@pytest.fixture(autouse=True)
def now(branch: Branch) -> Iterator[None]:
    """Let each test begin and leave off at the same time."""
    moment = branch.clock.now
    yield
    branch.clock.now = moment


WALK: Final = [
    pytest.param(role, state, move, id=f"{role}-{state}-{move}")
    for move in Move
    for state in State
    for role in Role
    if move not in LOOKED_UP and is_about(move, state)
]


@pytest.mark.parametrize(("role", "state", "move"), WALK)
def test_what_the_table_allows_is_saved_and_nothing_else(branch: Branch, role: Role, state: State, move: Move) -> None:
    actor = OF_ROLE[role]
    for opener in (actor, SECOND_TELLER) if role in OPENERS else (SECOND_TELLER,):
        drafts = make_attempt(branch, move, state, actor, opener)
        own_review = move is Move.REVIEW and opener == actor
        # The teller closes each of them, and so had a hand in it.
        own = opener == actor or (move is Move.ANSWER_REVIEW and actor == TELLER)
        assert is_refused(branch, drafts) is not (allows(role, move, state, own=own) and not own_review)


def make_drafts(branch: Branch, kind: EventKind, case_id: str, actor: str) -> list[Draft]:
    """Return an event of that kind with a body that suits it, after a claim where it judges a case."""
    body, private = dict(BODIES[kind]), dict(PRIVATE.get(kind, {}))
    if kind is EventKind.TAKEN_BACK:
        given = branch.store.case(case_id).last_answer() if branch.has(case_id) else None
        body["event"] = given.id if given else make_id()
    claim = [branch.draft(case_id, EventKind.REVIEW_CLAIMED, {}, actor)] if kind in JUDGING else []
    return [*claim, branch.draft(case_id, kind, body, actor, private)]


def send_back(branch: Branch, case_id: str) -> None:
    """Have a second compliance officer send back a closed case."""
    branch.append(case_id, EventKind.REVIEW_CLAIMED, {}, SECOND_COMPLIANCE)
    branch.append(case_id, EventKind.REVIEW_RETURNED, BODIES[EventKind.REVIEW_RETURNED], SECOND_COMPLIANCE, COMMENT)


JUDGING: Final = (EventKind.REVIEW_APPROVED, EventKind.REVIEW_RETURNED)
JUDGED: Final = {"typology": "right", "level": "right", "steps": "cannot_tell"}
COMMENT: Final = {"comment": "虚构"}
BODIES: Final[dict[EventKind, dict[str, Any]]] = {
    EventKind.OPENED: {"request": "transfer"},
    EventKind.REQUESTED: {"requests": ["transfer"]},
    EventKind.ANSWERED: {"sign": "on_phone", "value": "yes", "known": "seen"},
    EventKind.AGE_NOTED: {"band": None},
    EventKind.ACCOUNT_ANSWERED: {"fact": "account_known", "value": None},
    EventKind.MONEY_RECORDED: {"portion": 1, "state": "not_moved"},
    EventKind.MONEY_REMOVED: {"portion": 1},
    EventKind.CLEARED: {"clearing": "family_confirmed"},
    EventKind.CLEARING_WITHDRAWN: {"clearing": "family_confirmed"},
    EventKind.QUESTION_ASKED: {"question": "who_asked"},
    EventKind.STEP_RECORDED: {"step": "probe_questions", "outcome": "done"},
    EventKind.TIME_NOTED: {},
    EventKind.NOTED: {},
    EventKind.TAKEN_BACK: {},
    EventKind.ADVISED: {"rulebook": "1", "level": "ask", "steps": []},
    EventKind.CLOSED: {"outcome": "left", "at_risk": 0, "protected": 0, "lost": 0},
    EventKind.REOPENED: {"reason": "new_information"},
    EventKind.PARTICULARS_NOTED: {"party": "customer", "field": "name"},
    EventKind.PARTICULARS_REMOVED: {"party": "customer", "field": "phone"},
    EventKind.SUPERVISOR_CALLED: {"wanted": "second_interview"},
    EventKind.SUPERVISOR_ANSWERED: {"answer": "coming"},
    EventKind.REVIEW_CLAIMED: {},
    EventKind.REVIEW_APPROVED: JUDGED,
    EventKind.REVIEW_RETURNED: {**JUDGED, "reasons": ["record_thin"]},
    EventKind.REVIEW_ANSWERED: {},
}
PRIVATE: Final = {
    EventKind.CLEARED: {"by": "虚构", "how": "虚构"},
    EventKind.NOTED: {"note": "虚构"},
    EventKind.PARTICULARS_NOTED: {"value": "某人"},
    EventKind.REVIEW_RETURNED: COMMENT,
    EventKind.REVIEW_ANSWERED: COMMENT,
}


def test_every_kind_of_event_of_a_case_is_tried() -> None:
    assert set(BODIES) == set(CASE_KINDS)


@pytest.mark.parametrize("kind", CASE_KINDS)
@pytest.mark.parametrize("state", State)
def test_every_kind_of_event_is_held_to_the_move_that_it_is(branch: Branch, kind: EventKind, state: State) -> None:
    move = move_of(kind, state)
    for role, actor in OF_ROLE.items():
        case_id = make_id()
        if state is not State.NONE:
            branch.clock.now = LONG_AGO
            case_id = branch.open_case(TELLER)
            branch.append(case_id, EventKind.ANSWERED, BODIES[EventKind.ANSWERED], TELLER)
        if kind is EventKind.SUPERVISOR_ANSWERED and state is not State.NONE:
            branch.append(case_id, EventKind.SUPERVISOR_CALLED, BODIES[EventKind.SUPERVISOR_CALLED], TELLER)
        set_up(branch, case_id, state)
        if kind is EventKind.REVIEW_ANSWERED and state is State.CLOSED:
            send_back(branch, case_id)
        refused = is_refused(branch, make_drafts(branch, kind, case_id, actor))
        assert refused is not allows(role, move, state, own=actor == TELLER), role


@pytest.mark.parametrize(("actor", "refusal"), [(SUSPENDED, Suspended), (STRANGER, NotOnStaff)])
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", [move for move in Move if move not in LOOKED_UP])
def test_whoever_is_suspended_or_unknown_can_do_nothing(
    branch: Branch, move: Move, state: State, actor: str, refusal: type[NotPermitted]
) -> None:
    drafts = make_attempt(branch, move, state, actor, SECOND_TELLER)
    assert is_refused(branch, drafts)
    desk = Desk(branch.store, Shelf(), actor, branch.clock)
    assert not any(desk.may(each) for each in Move)
    with pytest.raises(refusal):
        desk.change_to(actor)


@pytest.mark.parametrize("move", LOOKED_UP)
@pytest.mark.parametrize("state", State)
def test_what_is_only_looked_at_follows_the_table(branch: Branch, move: Move, state: State) -> None:
    for role, actor in OF_ROLE.items():
        branch.clock.now = LONG_AGO
        case_id = branch.open_case(TELLER) if state is not State.NONE else ""
        set_up(branch, case_id, state)
        case = branch.store.case(case_id) if case_id else None
        desk = Desk(branch.store, Shelf(), actor, branch.clock)
        assert desk.may(move, case) is allows(role, move, state, own=actor == TELLER), role


def test_one_case_is_not_replayed_and_all_are_looked_at_in_no_other_way(branch: Branch) -> None:
    case_id = branch.open_case(TELLER)
    for subject, how in ((f"access:{case_id}", "replayed"), (EVERY_CASE, "opened"), (EVERY_CASE, "revealed")):
        draft = branch.draft(subject, EventKind.ACCESSED, {"how": how}, OF_ROLE[Role.COMPLIANCE_OFFICER])
        assert is_refused(branch, [draft]), (subject, how)


@pytest.mark.parametrize("state", [state for state in State if state is not State.NONE])
@pytest.mark.parametrize(
    ("told", "moves"),
    [
        ({}, (Move.READ,)),
        ({"reason": "police_request"}, (Move.READ, Move.REVEAL)),
        ({"confidential": True}, (Move.READ, Move.READ_STR)),
    ],
    ids=["masked", "in_full", "confidential"],
)
def test_a_document_is_held_to_what_may_be_seen_of_its_case(
    branch: Branch, state: State, told: dict[str, Any], moves: tuple[Move, ...]
) -> None:
    branch.clock.now = LONG_AGO
    case_id = branch.open_case(TELLER)
    set_up(branch, case_id, state)
    body = EXPORTED | {"what": "document", "case": case_id} | told
    for role, actor in OF_ROLE.items():
        refused = is_refused(branch, [branch.draft(EXPORT, EventKind.EXPORTED, body, actor)])
        assert refused is not all(allows(role, move, state, own=actor == TELLER) for move in moves), role


def test_a_report_is_for_whoever_may_read_the_figures(branch: Branch) -> None:
    for role, actor in OF_ROLE.items():
        draft = branch.draft(EXPORT, EventKind.EXPORTED, EXPORTED | {"what": "report"}, actor)
        assert is_refused(branch, [draft]) is not allows(role, Move.READ_FIGURES, State.NONE, own=False), role


def test_an_event_is_saved_on_no_subject_but_its_own(branch: Branch) -> None:
    for kind, home in HOMES.items():
        for subject in (
            "staff",
            "outlet",
            "rulebook",
            "retention",
            "export",
            f"access:{make_id()}",
            f"request:{make_id()}",
        ):
            if not subject.startswith(home):
                assert is_refused(branch, [branch.draft(subject, kind, {}, OF_ROLE[Role.OUTLET_MANAGER])]), kind


@pytest.mark.parametrize("state", [state for state in State if state is not State.NONE])
def test_a_row_of_a_list_is_held_to_the_state_of_its_case(branch: Branch, state: State) -> None:
    branch.clock.now = LONG_AGO
    case_id = branch.open_case(TELLER)
    set_up(branch, case_id, state)
    (row,) = branch.store.list_rows([case_id])
    for role, actor in OF_ROLE.items():
        readable = allows(role, Move.READ, state, own=actor == TELLER)
        assert may_read(branch.store.roster, actor, row) is readable, role
