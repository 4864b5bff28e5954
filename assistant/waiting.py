"""What waits for a second person, as whoever works at a desk sees it: to decide on, answered, or open still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.agreement import list_standing
from assistant.case.subjects import is_case

if TYPE_CHECKING:
    from assistant.attendance import Attendance
    from assistant.people.requests import Request

_OWN_LOOKED_AT: Final = 20
"""Among so many of the newest requests of a person one looks for those that were answered."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Empty, and then false, for who has nothing to do with any request."""

    decide: tuple[Request, ...] = ()
    """What one may decide on: overdue reviews first, then other reviews, then the newest requests."""
    answered: tuple[Request, ...] = ()
    """What one asked for and another agreed to or declined, as long as the case has not gone on from there."""
    own: tuple[Request, ...] = ()
    """What one asked for and another has still to look at."""

    @classmethod
    def of(cls, desk: Attendance) -> Waiting:
        """Read what waits now."""
        answered, requests = tuple(_list_answered(desk)), desk.store.list_requests()
        if not requests:
            # As it is most days, and the first screen waits for it.
            return cls(answered=answered)
        office, now = desk.office, desk.clock()
        decide = [request for request in requests if office.may_decide(request)]
        # Sorting keeps the order of those that are alike.
        decide.sort(key=lambda request: (not request.is_late(now), request.review_by is None))
        own = tuple(request for request in requests if request.asked_by == desk.actor)
        return cls(tuple(decide), answered, own)

    def __bool__(self) -> bool:
        return bool(self.decide or self.answered or self.own)


def _list_answered(desk: Attendance) -> Iterator[Request]:
    own = desk.store.list_requests(waiting=False, asked_by=desk.actor, limit=_OWN_LOOKED_AT)
    for case_id in dict.fromkeys(request.about for request in own if is_case(request.about)):
        for request in list_standing(desk.store, desk.store.case(case_id)):
            if request.asked_by == desk.actor and request.is_answered:
                yield request
