"""What comes up for review by itself, in which order, and that nothing gets out of it by being opened again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from assistant.case.case import Case
from assistant.case.events import EventKind
from assistant.case.refusals import CaseKept
from assistant.case.review import CLAIM_MS, Standing
from assistant.case.traits import SAMPLE, Trait
from assistant.desk import foresee
from assistant.people.permissions import State
from assistant.people.refusals import NotAllowed, NotNamed, NotPermitted
from assistant.review.reviewer import Reviewer
from assistant.store import Store
from tests.outlet import lay
from tests.people.branch import AUDITOR, COMPLIANCE, MANAGER, SUPERVISOR, TELLER, Branch
from tests.review.closings import (
    LOST,
    RIGHT,
    SAVED,
    STEP,
    close,
    close_sampled,
    lose,
    override,
    queue_of,
    reopen_and_close,
    reviewer,
    send_back,
    use_emergency,
)


def test_losses_emergencies_and_overrides_come_up_by_themselves_and_in_this_order(branch: Branch) -> None:
    sampled, left = close_sampled(branch, sampled=True), close_sampled(branch, sampled=False)
    against, alone, lost, again = override(branch), use_emergency(branch), lose(branch), override(branch)
    queue, made = queue_of(branch), {sampled, left, against, alone, lost, again}
    assert [case_id for case_id in queue if case_id in made] == [alone, lost, against, again, sampled]
    assert queue_of(branch, SUPERVISOR) == queue_of(branch, COMPLIANCE) == queue
    assert [row.case_id for row in reviewer(branch, MANAGER).queue(limit=2)] == queue[:2]


def test_the_sample_is_one_in_twenty_and_falls_only_when_the_case_is_saved(branch: Branch) -> None:
    case_id = branch.open_case()
    draft = branch.draft(case_id, EventKind.CLOSED, SAVED, TELLER)
    foreseen = branch.store.case(case_id).after(foresee(draft))
    assert foreseen.summary().review is None
    history = (*foreseen.history[:-1], branch.store.append(draft))
    drawn = 4000
    hashes = (sha256(str(number).encode()).hexdigest() for number in range(drawn))
    cases = (Case.of((*history[:-1], replace(history[-1], hash=hash_))) for hash_ in hashes)
    fell = sum(Trait.SAMPLED in case.summary().traits for case in cases)
    assert 0.8 * drawn / SAMPLE < fell < 1.2 * drawn / SAMPLE


@pytest.mark.parametrize(
    ("outcome", "lost"), [("not_intercepted", 0), ("partly_intercepted", 1), ("intercepted", 1), ("unresolved", 1)]
)
def test_it_is_a_loss_when_money_is_lost_or_nothing_was_stopped(branch: Branch, outcome: str, lost: int) -> None:
    case_id = close(branch, branch.open_case(), outcome=outcome, protected=0, lost=lost)
    assert Trait.LOSS in branch.store.case(case_id).summary().traits
    assert queue_of(branch) == [case_id]


def test_a_claim_that_lapsed_comes_back_to_everybody_but_those_who_had_a_hand(branch: Branch) -> None:
    case_id = lose(branch, SUPERVISOR)
    reviewer(branch, MANAGER).claim(case_id)
    assert queue_of(branch, COMPLIANCE) == []
    branch.clock.wait(CLAIM_MS)
    assert queue_of(branch, COMPLIANCE) == [case_id]
    assert queue_of(branch, SUPERVISOR) == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_queue_goes_past_what_is_not_this_persons_to_review(branch: Branch, count: int) -> None:
    own, others = [lose(branch, MANAGER) for _ in range(count)], [lose(branch) for _ in range(3)]
    assert [row.case_id for row in reviewer(branch, MANAGER).queue(limit=2)] == others[:2]
    assert queue_of(branch, SUPERVISOR) == [*own, *others]


@pytest.mark.parametrize("number", [TELLER, AUDITOR])
def test_whoever_may_not_review_has_no_queue(branch: Branch, number: str) -> None:
    case_id = lose(branch, MANAGER)
    with pytest.raises(NotAllowed):
        reviewer(branch, number).queue()
    with pytest.raises(NotAllowed):
        reviewer(branch, number).claim(case_id)


def test_where_nobody_is_named_nobody_reviews(branch: Branch) -> None:
    path = branch.store.path.with_name("unnamed.db")
    lay(path)
    with Store.open(path) as store, pytest.raises(NotNamed):
        Reviewer(store, TELLER, branch.clock).queue()


def test_an_ordinary_case_may_be_reviewed_as_well(branch: Branch) -> None:
    case_id = close_sampled(branch, sampled=False)
    assert case_id not in queue_of(branch)
    reviewer(branch, MANAGER).claim(case_id)
    assert case_id in queue_of(branch)


@pytest.mark.parametrize("make", [lose, override, use_emergency])
def test_by_opening_a_case_again_nobody_escapes_its_review(branch: Branch, make: Callable[[Branch], str]) -> None:
    case_id = make(branch)
    branch.append(case_id, EventKind.REOPENED, {"reason": "wrong_amounts"}, TELLER)
    assert queue_of(branch) == []
    if make is override:
        branch.append(case_id, EventKind.STEP_RECORDED, {"step": STEP, "outcome": "done"}, TELLER)
    close(branch, case_id)
    assert queue_of(branch) == [case_id]


def test_what_was_once_to_be_reviewed_stays_so_however_often_the_case_is_opened_again(branch: Branch) -> None:
    case_id = close_sampled(branch, sampled=False)
    branch.append(case_id, EventKind.REOPENED, {"reason": "wrong_amounts"}, TELLER)
    close(branch, case_id, **LOST)
    for _ in range(2):
        assert case_id in queue_of(branch)
        reopen_and_close(branch, case_id)
    assert case_id in queue_of(branch)


def test_the_sample_stays_where_it_fell_when_a_case_is_opened_again(branch: Branch) -> None:
    case_id = close_sampled(branch, sampled=True)
    assert queue_of(branch) == [reopen_and_close(branch, case_id)]


@pytest.mark.parametrize("standing", ["approved", "sent back"])
def test_a_reviewed_case_that_is_opened_again_is_due_again(branch: Branch, standing: str) -> None:
    case_id = lose(branch)
    if standing == "approved":
        reviewer(branch, SUPERVISOR).claim(case_id)
        reviewer(branch, SUPERVISOR).approve(case_id, *RIGHT)
    else:
        send_back(branch, case_id)
    row = branch.store.case(reopen_and_close(branch, case_id)).summary()
    assert (row.review, row.reviewer) == (Standing.DUE, None)
    assert queue_of(branch) == [case_id]


def test_a_restricted_case_leaves_the_queue_and_its_comment_goes_with_it(branch: Branch) -> None:
    kept = {standing: branch.case_in(State.CLOSED) for standing in (Standing.RETURNED, Standing.APPROVED)}
    send_back(branch, kept[Standing.RETURNED])
    reviewer(branch, SUPERVISOR).claim(kept[Standing.APPROVED])
    reviewer(branch, SUPERVISOR).approve(kept[Standing.APPROVED], *RIGHT, comment="虚构的说明")
    for case_id in kept.values():
        branch.agree(EventKind.RESTRICTED, case_id)
    assert queue_of(branch) == []
    assert reviewer(branch, TELLER).returned_to() == ()
    rows = {standing: branch.store.case(case_id).summary() for standing, case_id in kept.items()}
    assert rows[Standing.RETURNED].review is None
    assert rows[Standing.APPROVED].review is Standing.APPROVED
    with pytest.raises((CaseKept, NotPermitted)):
        reviewer(branch, MANAGER).claim(kept[Standing.RETURNED])
    for case_id in kept.values():
        branch.agree(EventKind.ERASED, case_id)
        case = branch.store.case(case_id)
        assert case.review is not None
        assert not any("comment" in event.private for event in case.history)
