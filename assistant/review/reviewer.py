"""What whoever answers for the cases may do to them: answer a call, take a closed case, sign it or send it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from assistant.attendance import Attendance
from assistant.case import bodies
from assistant.case.case import Case
from assistant.case.events import CallAnswer, CallFor, Draft, EventKind, ReviewReason, Verdict
from assistant.case.review import COMMENT, Standing
from assistant.case.summary import CaseSummary
from assistant.case.traits import Trait
from assistant.people.judging import find_hands
from assistant.people.permissions import Move, State, check
from assistant.register.filters import Filter
from assistant.stamps import make_id

_PAGE = 500
_FIRST = ({Trait.LOSS, Trait.EMERGENCY}, {Trait.OVERRIDE})
_TO_REVIEW = (Standing.DUE, Standing.CLAIMED, Standing.ANSWERED)


class Reviewer(Attendance):
    """One person at the cases of one file. Every move returns after it is on disk, or raises a Trouble and has written
    nothing."""

    def queue(self, limit: int = 50) -> tuple[CaseSummary, ...]:
        """Return up to `limit` closed cases that wait for a review by this person, in the order to take them: losses
        and what somebody did alone, then decisions against the advice, then the others, the oldest first in each.

        Not there are those in which this person had a hand, and those that another claimed and may still judge. Raises
        a NotPermitted.
        """
        check(self.store.roster, self.actor, Move.REVIEW, State.CLOSED)
        return tuple(islice(filter(self._is_mine, self._walk_waiting(limit)), limit))

    def returned_to(self, number: str | None = None) -> tuple[CaseSummary, ...]:
        """Return the cases that were sent back to whoever opened them, this person unless `number` says who, and wait
        for an answer; the oldest first. Raises a NotPermitted."""
        check(self.store.roster, self.actor, Move.LIST, State.NONE)
        opener = self.actor if number is None else number
        found = Filter(tellers=frozenset({opener}), reviews=frozenset({Standing.RETURNED}))
        return tuple(sorted(self._walk(found), key=lambda row: row.opened_seq))

    def list_unanswered(self) -> tuple[CaseSummary, ...]:
        """Return the cases that were sent back, by whomever, and wait for an answer; the longest wait first. Raises a
        NotPermitted."""
        check(self.store.roster, self.actor, Move.REVIEW, State.CLOSED)
        rows = self._walk(Filter(reviews=frozenset({Standing.RETURNED})))
        return tuple(sorted(rows, key=lambda row: self._since(row.case_id)))

    def list_calls(self) -> tuple[CaseSummary, ...]:
        """Return the open cases from which the supervisor was called and has not answered, the longest wait first.

        Raises a NotPermitted.
        """
        check(self.store.roster, self.actor, Move.ANSWER_CALL, State.OPEN)
        return tuple(sorted(self._walk(Filter(called=True)), key=lambda row: row.called_at or 0))

    def claim(self, case_id: str) -> Case:
        """Take a closed case to review it; for four hours nobody else can. Raises OwnCase, ReviewTaken and ReviewDone,
        and as every move below a NotPermitted, another Refused, or the StoreTrouble that kept it from being saved."""
        return self._move(case_id, EventKind.REVIEW_CLAIMED, bodies.ReviewClaimed())

    def approve(
        self,
        case_id: str,
        typology: Verdict,
        level: Verdict,
        steps: Verdict,
        reasons: Iterable[ReviewReason] = (),
        comment: str = "",
    ) -> Case:
        """Sign a case that this person claimed."""
        given = tuple(dict.fromkeys(reasons))
        judged = bodies.ReviewApproved(typology=typology, level=level, steps=steps, reasons=given)
        return self._move(case_id, EventKind.REVIEW_APPROVED, judged, comment)

    def return_(
        self,
        case_id: str,
        typology: Verdict,
        level: Verdict,
        steps: Verdict,
        reasons: Iterable[ReviewReason],
        comment: str,
    ) -> Case:
        """Send a case that this person claimed back to be answered, for at least one reason and with a comment."""
        given = tuple(dict.fromkeys(reasons))
        judged = bodies.ReviewReturned(typology=typology, level=level, steps=steps, reasons=given)
        return self._move(case_id, EventKind.REVIEW_RETURNED, judged, comment)

    def answer(self, case_id: str, comment: str) -> Case:
        """Answer what was sent back; a reviewer looks at it again."""
        return self._move(case_id, EventKind.REVIEW_ANSWERED, bodies.ReviewAnswered(), comment)

    def call(self, case_id: str, wanted: CallFor) -> Case:
        """Call the supervisor to an open case. Raises CalledAlready while an answer is still to come."""
        return self._move(case_id, EventKind.SUPERVISOR_CALLED, bodies.SupervisorCalled(wanted=wanted))

    def answer_call(self, case_id: str, answer: CallAnswer) -> Case:
        """Tell whoever called whether one comes. Raises NotCalled, and OwnCall to whoever called."""
        return self._move(case_id, EventKind.SUPERVISOR_ANSWERED, bodies.SupervisorAnswered(answer=answer))

    def had_a_hand(self, case: Case) -> bool:
        """Tell whether this person had a hand in a case, and so cannot review it."""
        return self.actor in find_hands(case, self.store.request)

    def _move(self, case_id: str, kind: EventKind, body: bodies.Body, comment: str = "") -> Case:
        private = {COMMENT: comment} if comment.strip() else {}
        written = bodies.write_body(body)
        self.store.append(Draft(make_id(), case_id, self.clock(), self.actor, kind, written, private))
        return self.store.case(case_id)

    def _walk_waiting(self, limit: int) -> Iterator[CaseSummary]:
        past, size = 0, min(limit, _PAGE)
        while rows := self.store.list_to_review(_TO_REVIEW, _FIRST, size, past):
            yield from rows
            past, size = past + size, _PAGE

    def _walk(self, wanted: Filter) -> Iterator[CaseSummary]:
        before: int | None = None
        while True:
            page = self.store.list_cases(wanted, before, _PAGE)
            yield from page.rows
            if page.next is None:
                return
            before = page.next

    def _since(self, case_id: str) -> int:
        review = self.store.case(case_id).review
        return review.at if review else 0

    def _is_mine(self, row: CaseSummary) -> bool:
        case = self.store.case(row.case_id)
        review = case.review
        kept = review is not None and review.is_kept_from(self.actor, self.clock())
        return not kept and not self.had_a_hand(case)
