"""Who may review a case, and what becomes of it: claimed, sent back, answered, signed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.case.case import Case
from assistant.case.events import EventKind, ReviewReason
from assistant.case.refusals import (
    BodyUnfit,
    ClaimFirst,
    CommentMissing,
    NotReturned,
    OwnCase,
    OwnReturn,
    Refused,
    ReviewDone,
    ReviewReasonMissing,
    ReviewTaken,
)
from assistant.case.review import CLAIM_MS, COMMENT, Standing
from assistant.desk import foresee
from assistant.people.refusals import NoHand, NotPermitted, Suspended
from assistant.people.roles import Role
from assistant.review.reviewer import Reviewer
from assistant.store import Store
from tests.people.branch import COMPLIANCE, MANAGER, SUPERVISOR, TELLER, Branch
from tests.review.closings import (
    JUDGED,
    LOST,
    RIGHT,
    STEP,
    THIN,
    close,
    lose,
    queue_of,
    reopen_and_close,
    reviewer,
    send_back,
    set_aside,
)


def ask_for_agreement(branch: Branch, case_id: str) -> None:
    asked = branch.office(SUPERVISOR).ask(EventKind.AUTHORISED, {"matter": "release"}, about=case_id)
    branch.office(MANAGER).approve(asked.subject)


def agree(branch: Branch, case_id: str) -> None:
    asked = branch.office(TELLER).ask(EventKind.AUTHORISED, {"matter": "release"}, about=case_id)
    branch.office(SUPERVISOR).approve(asked.subject)


def answer_a_call(branch: Branch, case_id: str) -> None:
    branch.append(case_id, EventKind.SUPERVISOR_CALLED, {"wanted": "customer_insists"}, TELLER)
    branch.append(case_id, EventKind.SUPERVISOR_ANSWERED, {"answer": "by_phone"}, SUPERVISOR)


def take_part(branch: Branch, case_id: str) -> str:
    body = {"step": STEP, "outcome": "done", "colleague": SUPERVISOR}
    return branch.append(case_id, EventKind.STEP_RECORDED, body, TELLER).id


def take_part_and_be_struck_out(branch: Branch, case_id: str) -> None:
    recorded = take_part(branch, case_id)
    branch.append(case_id, EventKind.TAKEN_BACK, {"event": recorded}, TELLER)
    branch.append(case_id, EventKind.STEP_RECORDED, {"step": STEP, "outcome": "done"}, TELLER)


def note(branch: Branch, case_id: str) -> None:
    branch.append(case_id, EventKind.NOTED, {}, SUPERVISOR, {"note": "虚构"})


def answer(branch: Branch, case_id: str) -> None:
    body = {"sign": "on_phone", "value": "yes", "known": "seen"}
    branch.append(case_id, EventKind.ANSWERED, body, SUPERVISOR)


@pytest.mark.parametrize(
    "act",
    [ask_for_agreement, agree, answer_a_call, take_part, take_part_and_be_struck_out, note, answer],
)
def test_nobody_reviews_a_case_in_which_he_had_a_hand(branch: Branch, act: Callable[[Branch, str], object]) -> None:
    case_id = branch.open_case()
    act(branch, case_id)
    close(branch, case_id, **LOST)
    assert case_id not in queue_of(branch, SUPERVISOR)
    before = branch.count()
    for kind, body in (
        (EventKind.REVIEW_CLAIMED, {}),
        (EventKind.REVIEW_APPROVED, JUDGED),
        (EventKind.REVIEW_RETURNED, {**JUDGED, "reasons": ["record_thin"]}),
    ):
        with pytest.raises(OwnCase):
            branch.append(case_id, kind, body, SUPERVISOR, {"comment": "虚构"})
    assert branch.count() == before
    assert reviewer(branch, COMPLIANCE).claim(case_id).summary().reviewer == COMPLIANCE


@pytest.mark.parametrize("opener", [SUPERVISOR, MANAGER])
def test_nobody_reviews_what_he_opened_closed_or_opened_again(branch: Branch, opener: str) -> None:
    opened, closed, again = lose(branch, opener), close(branch, branch.open_case(), opener, **LOST), lose(branch)
    reopen_and_close(branch, again, opener)
    assert not {opened, closed, again} & set(queue_of(branch, opener))
    for case_id in (opened, closed, again):
        with pytest.raises(OwnCase) as refused:
            reviewer(branch, opener).claim(case_id)
        assert refused.value.exit_status == 5


def test_who_only_looked_in_may_review(branch: Branch) -> None:
    case_id = branch.open_case()
    branch.append(case_id, EventKind.TIME_NOTED, {}, SUPERVISOR)
    reviewer(branch, SUPERVISOR).look_at(case_id)
    close(branch, case_id, **LOST)
    assert case_id in queue_of(branch, SUPERVISOR)
    assert reviewer(branch, SUPERVISOR).claim(case_id).summary().review is Standing.CLAIMED


MOVES: Final[dict[EventKind, dict[str, Any]]] = {
    EventKind.NOTED: {},
    EventKind.STEP_RECORDED: {"step": STEP, "outcome": "done", "colleague": SUPERVISOR},
    EventKind.CLOSED: LOST,
    EventKind.REOPENED: {"reason": "new_information"},
    EventKind.SUPERVISOR_CALLED: {"wanted": "advice_unclear"},
    EventKind.SUPERVISOR_ANSWERED: {"answer": "coming"},
    EventKind.REVIEW_CLAIMED: {},
    EventKind.REVIEW_APPROVED: JUDGED,
    EventKind.REVIEW_RETURNED: {**JUDGED, "reasons": ["step_late"]},
    EventKind.REVIEW_ANSWERED: {},
}
REVIEWS: Final = {EventKind.REVIEW_CLAIMED, EventKind.REVIEW_APPROVED, EventKind.REVIEW_RETURNED}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.sampled_from([TELLER, SUPERVISOR, MANAGER, COMPLIANCE]), st.sampled_from(list(MOVES))),
        min_size=10,
        max_size=40,
    )
)
def test_whoever_does_what_in_whatever_order_nobody_reviews_his_own_case(
    branch: Branch, moves: list[tuple[str, EventKind]]
) -> None:
    case_id = branch.open_case()
    for actor, kind in moves:
        try:
            branch.append(case_id, kind, MOVES[kind], actor, {"comment": "虚构", "note": "虚构"})
        except (Refused, NotPermitted):
            continue
    hands: set[str] = set()
    claimed = ""
    for event in branch.store.case(case_id).history:
        if event.kind in REVIEWS:
            assert event.actor not in hands
            assert event.kind is EventKind.REVIEW_CLAIMED or event.actor == claimed
            claimed = event.actor if event.kind is EventKind.REVIEW_CLAIMED else ""
        else:
            hands |= {event.actor, str(event.body.get("colleague"))}


def test_of_two_who_claim_at_once_one_has_it(branch: Branch) -> None:
    case_id, gate = lose(branch), Barrier(2)
    won: list[str] = []
    lost: dict[str, Exception] = {}

    def claim(number: str) -> None:
        with Store.open(branch.store.path) as store:
            gate.wait()
            try:
                Reviewer(store, number, branch.clock).claim(case_id)
                won.append(number)
            except ReviewTaken as taken:
                lost[number] = taken

    people = [Thread(target=claim, args=(number,)) for number in (SUPERVISOR, COMPLIANCE)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(won) == len(lost) == 1
    assert {*won, *lost} == {SUPERVISOR, COMPLIANCE}
    (refused,) = lost.values()
    assert won[0] in str(refused)
    assert case_id in queue_of(branch, won[0])
    assert case_id not in queue_of(branch, *lost)


def test_a_claim_is_left_alone_for_four_hours_and_then_another_may_take_it(branch: Branch) -> None:
    case_id = lose(branch)
    reviewer(branch, SUPERVISOR).claim(case_id)
    branch.clock.wait(CLAIM_MS - 1)
    assert case_id not in queue_of(branch, MANAGER)
    with pytest.raises(ReviewTaken):
        reviewer(branch, MANAGER).claim(case_id)
    branch.clock.wait(1)
    assert case_id in queue_of(branch, MANAGER)
    with pytest.raises(ClaimFirst):
        reviewer(branch, MANAGER).approve(case_id, *RIGHT)
    reviewer(branch, MANAGER).claim(case_id)
    with pytest.raises(ReviewTaken):
        reviewer(branch, SUPERVISOR).approve(case_id, *RIGHT)
    assert reviewer(branch, MANAGER).approve(case_id, *RIGHT).summary().review is Standing.APPROVED


def test_who_claimed_may_still_judge_after_four_hours_when_nobody_took_it(branch: Branch) -> None:
    case_id = lose(branch)
    reviewer(branch, SUPERVISOR).claim(case_id)
    branch.clock.wait(2 * CLAIM_MS)
    case = reviewer(branch, SUPERVISOR).approve(case_id, *RIGHT, [ReviewReason.STEP_LATE, ReviewReason.STEP_LATE])
    assert case.review is not None
    assert case.review.judged is not None
    assert case.review.judged.reasons == (ReviewReason.STEP_LATE,)


def test_the_claim_of_somebody_who_was_suspended_is_free_after_four_hours(branch: Branch) -> None:
    case_id = lose(branch)
    reviewer(branch, COMPLIANCE).claim(case_id)
    branch.suspend(COMPLIANCE)
    with pytest.raises(Suspended):
        reviewer(branch, COMPLIANCE).approve(case_id, *RIGHT)
    with pytest.raises(Suspended):
        reviewer(branch, COMPLIANCE).queue()
    branch.clock.wait(CLAIM_MS)
    assert queue_of(branch, SUPERVISOR) == [case_id]
    reviewer(branch, SUPERVISOR).claim(case_id)


def test_what_was_sent_back_is_answered_by_the_teller_and_comes_back(branch: Branch) -> None:
    case_id = lose(branch)
    send_back(branch, case_id)
    assert queue_of(branch) == []
    assert [row.case_id for row in reviewer(branch, TELLER).returned_to()] == [case_id]
    assert reviewer(branch, SUPERVISOR).returned_to() == ()
    assert [row.case_id for row in reviewer(branch, SUPERVISOR).returned_to(TELLER)] == [case_id]
    for blank in ("", " \n"):
        with pytest.raises(CommentMissing):
            reviewer(branch, TELLER).answer(case_id, blank)
    answered = reviewer(branch, TELLER).answer(case_id, "虚构的答复")
    assert answered.history[-1].private["comment"] == "虚构的答复"
    assert reviewer(branch, TELLER).returned_to() == ()
    assert queue_of(branch) == queue_of(branch, SUPERVISOR) == [case_id]
    with pytest.raises(NotReturned):
        reviewer(branch, TELLER).answer(case_id, "再答一次")
    reviewer(branch, SUPERVISOR).claim(case_id)
    assert reviewer(branch, SUPERVISOR).approve(case_id, *RIGHT).summary().review is Standing.APPROVED
    assert queue_of(branch) == []
    with pytest.raises(ReviewDone):
        reviewer(branch, MANAGER).claim(case_id)


@pytest.mark.parametrize("returner", [SUPERVISOR, MANAGER])
def test_nobody_answers_for_what_he_sent_back_himself_and_another_who_leads_may(branch: Branch, returner: str) -> None:
    case_id, other = lose(branch), {SUPERVISOR: MANAGER, MANAGER: SUPERVISOR}[returner]
    send_back(branch, case_id, returner)
    before = branch.count()
    with pytest.raises(OwnReturn) as refused:
        reviewer(branch, returner).answer(case_id, "自答")
    assert refused.value.exit_status == 5
    assert branch.count() == before
    assert reviewer(branch, other).answer(case_id, "虚构的代答").summary().review is Standing.ANSWERED
    # Who answered had a hand since; who sent it back looks at it again.
    assert case_id not in queue_of(branch, other)
    assert reviewer(branch, returner).claim(case_id).summary().reviewer == returner


def test_a_teller_answers_only_where_he_had_a_hand(branch: Branch) -> None:
    branch.name("t5", Role.TELLER)
    case_id, worked_on = lose(branch), branch.open_case()
    branch.append(worked_on, EventKind.NOTED, {}, "t5", {"note": "虚构"})
    close(branch, worked_on, **LOST)
    for each in (case_id, worked_on):
        send_back(branch, each)
    with pytest.raises(NoHand):
        reviewer(branch, "t5").answer(case_id, "虚构的答复")
    assert branch.store.case(case_id).summary().review is Standing.RETURNED
    assert reviewer(branch, "t5").answer(worked_on, "虚构的答复").summary().review is Standing.ANSWERED
    assert reviewer(branch, TELLER).answer(case_id, "虚构的答复").summary().review is Standing.ANSWERED


def test_an_answer_of_its_own_returner_that_is_on_file_already_stays_readable(branch: Branch) -> None:
    case_id = lose(branch)
    send_back(branch, case_id)
    history = branch.store.case(case_id).history
    draft = branch.draft(case_id, EventKind.REVIEW_ANSWERED, {}, SUPERVISOR, {COMMENT: "自答"})
    case = Case.of((*history, foresee(draft)))
    assert case.review is not None
    assert (case.review.standing, case.review.judge) == (Standing.ANSWERED, SUPERVISOR)
    assert SUPERVISOR in case.hands


def test_what_was_sent_back_can_be_taken_up_again_without_an_answer(branch: Branch) -> None:
    case_id = lose(branch)
    send_back(branch, case_id)
    assert reviewer(branch, MANAGER).claim(case_id).summary().review is Standing.CLAIMED


@pytest.mark.parametrize(
    ("kind", "body", "comment", "refusal"),
    [
        (EventKind.REVIEW_CLAIMED, {"reviewer": MANAGER}, "虚构", BodyUnfit),
        (EventKind.REVIEW_APPROVED, {"typology": "right", "level": "right"}, "虚构", BodyUnfit),
        (EventKind.REVIEW_APPROVED, {**JUDGED, "steps": "perfect"}, "虚构", BodyUnfit),
        (EventKind.REVIEW_APPROVED, {**JUDGED, "politeness": "wrong"}, "虚构", BodyUnfit),
        (EventKind.REVIEW_RETURNED, {**JUDGED, "reasons": ["tone"]}, "虚构", BodyUnfit),
        (EventKind.REVIEW_RETURNED, JUDGED, "虚构", ReviewReasonMissing),
        (EventKind.REVIEW_RETURNED, {**JUDGED, "reasons": ["record_thin"]}, " ", CommentMissing),
        (EventKind.REVIEW_ANSWERED, {}, "虚构", NotReturned),
    ],
)
def test_a_review_past_the_screen_is_held_to_the_same(
    branch: Branch, kind: EventKind, body: dict[str, Any], comment: str, refusal: type[Refused]
) -> None:
    case_id = lose(branch)
    reviewer(branch, SUPERVISOR).claim(case_id)
    with pytest.raises(refusal):
        branch.append(case_id, kind, body, SUPERVISOR, {"comment": comment})
    assert branch.store.case(case_id).history[-1].kind is EventKind.REVIEW_CLAIMED


def test_nobody_judges_what_he_did_not_claim_nor_a_case_that_is_open(branch: Branch) -> None:
    case_id, opened = lose(branch), branch.open_case()
    with pytest.raises(ClaimFirst):
        reviewer(branch, SUPERVISOR).approve(case_id, *RIGHT)
    reviewer(branch, SUPERVISOR).claim(case_id)
    with pytest.raises(ReviewTaken):
        reviewer(branch, MANAGER).return_(case_id, *RIGHT, THIN, "虚构")
    set_aside(branch, opened)
    with pytest.raises((Refused, NotPermitted)):
        reviewer(branch, SUPERVISOR).claim(opened)
    reviewer(branch, SUPERVISOR).return_(case_id, *RIGHT, THIN, "虚构")
    with pytest.raises(ClaimFirst):
        reviewer(branch, SUPERVISOR).approve(case_id, *RIGHT)
