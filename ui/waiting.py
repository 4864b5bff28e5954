"""What waits for a second person, as whoever works here sees it: what is to be decided, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.desk import Desk
from ui.wording import Wording

if TYPE_CHECKING:
    from assistant.people.requests import Request


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reviews that are overdue stand first, then other reviews, then the newest requests."""

    decide: tuple[Request, ...]
    """What whoever works here may decide on."""
    own: tuple[Request, ...]
    """What whoever works here asked for."""
    late: int
    """How many reviews of an emergency are overdue."""

    @classmethod
    def of(cls, desk: Desk) -> Waiting:
        """Read what waits now."""
        requests = desk.store.list_requests()
        if not requests:
            # As it is most days, and the first screen waits for it.
            return cls((), (), 0)
        office, now = desk.office, desk.clock()
        decide = [request for request in requests if office.may_decide(request)]
        # Sorting keeps the order of those that are alike.
        decide.sort(key=lambda request: (not is_late(request, now), request.review_by is None))
        own = tuple(request for request in requests if request.asked_by == desk.actor)
        return cls(tuple(decide), own, sum(is_late(request, now) for request in decide))

    def write(self, wording: Wording) -> str:
        """Return how much waits in one line, "" for nothing."""
        return wording.join(self._parts(wording))

    def _parts(self, wording: Wording) -> Iterator[str]:
        if self.late:
            yield wording.say("home.late_reviews", count=self.late)
        if len(self.decide) > self.late:
            yield wording.say("home.to_decide", count=len(self.decide) - self.late)
        if self.own:
            yield wording.say("home.own_waiting", count=len(self.own))


def is_late(request: Request, now: int) -> bool:
    """Tell whether an emergency should have been looked at by another before now (UTC milliseconds)."""
    return request.review_by is not None and request.review_by < now
