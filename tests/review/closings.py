"""Cases that were closed in the ways that a review looks for, and people who review them."""

from __future__ import annotations

from typing import Any, Final

from assistant.case.events import EventKind, ReviewReason, Verdict
from assistant.case.traits import Trait
from assistant.review.reviewer import Reviewer
from assistant.stamps import make_id
from tests.people.branch import MANAGER, SUPERVISOR, TELLER, Branch

STEP: Final = "probe_questions"
RIGHT: Final = (Verdict.RIGHT, Verdict.RIGHT, Verdict.RIGHT)
JUDGED: Final = {"typology": "right", "level": "wrong", "steps": "cannot_tell"}
THIN: Final = (ReviewReason.RECORD_THIN,)
LOST: Final[dict[str, Any]] = {"outcome": "not_intercepted", "at_risk": 500, "protected": 0, "lost": 500}
SAVED: Final[dict[str, Any]] = {"outcome": "intercepted", "at_risk": 500, "protected": 500, "lost": 0}


def reviewer(branch: Branch, number: str) -> Reviewer:
    """Return somebody at the cases of the branch."""
    return Reviewer(branch.store, number, branch.clock)


def close(branch: Branch, case_id: str, actor: str = TELLER, **body: Any) -> str:
    """Close a case, as one that was intercepted unless `body` says otherwise, and return its id."""
    branch.append(case_id, EventKind.CLOSED, {**SAVED, **body}, actor)
    return case_id


def lose(branch: Branch, actor: str = TELLER) -> str:
    """Return a case in which money was lost."""
    return close(branch, branch.open_case(actor), actor, **LOST)


def set_aside(branch: Branch, case_id: str, actor: str = TELLER) -> None:
    """Set an advised step aside, against the advice."""
    body = {"step": STEP, "outcome": "not_applicable", "reason": "does_not_fit"}
    branch.append(case_id, EventKind.STEP_RECORDED, body, actor)


def override(branch: Branch, actor: str = TELLER) -> str:
    """Return a case in which somebody decided against the advice."""
    case_id = branch.open_case(actor)
    set_aside(branch, case_id, actor)
    return close(branch, case_id, actor)


def use_emergency(branch: Branch, actor: str = TELLER) -> str:
    """Return a case in which somebody did alone what takes two."""
    case_id = branch.open_case(actor)
    asked = branch.office(actor).ask(EventKind.AUTHORISED, {"matter": "release"}, about=case_id)
    branch.office(actor).use_emergency(asked.subject, "system_down", 1)
    return close(branch, case_id, actor)


def close_sampled(branch: Branch, *, sampled: bool) -> str:
    """Return an ordinary case on which the sample fell, or did not."""
    advice = {"rulebook": "1", "level": "ask", "steps": [{"id": STEP, "gates": False}]}
    while True:
        case_id = make_id()
        kinds: dict[EventKind, dict[str, Any]] = {
            EventKind.OPENED: {"request": "transfer"},
            EventKind.ADVISED: advice,
            EventKind.CLOSED: SAVED,
        }
        branch.store.append_all(branch.draft(case_id, kind, body, TELLER) for kind, body in kinds.items())
        if (Trait.SAMPLED in branch.store.case(case_id).summary().traits) is sampled:
            return case_id


def send_back(branch: Branch, case_id: str, number: str = SUPERVISOR) -> None:
    """Have somebody claim a case and send it back."""
    reviewer(branch, number).claim(case_id)
    reviewer(branch, number).return_(case_id, *RIGHT, THIN, "虚构的说明")


def reopen_and_close(branch: Branch, case_id: str, actor: str = TELLER) -> str:
    """Open a case again and close it as an ordinary one."""
    branch.append(case_id, EventKind.REOPENED, {"reason": "wrong_amounts"}, actor)
    return close(branch, case_id, actor)


def queue_of(branch: Branch, number: str = MANAGER) -> list[str]:
    """Return the ids of the cases that wait for somebody's review."""
    return [row.case_id for row in reviewer(branch, number).queue()]
