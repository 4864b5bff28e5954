"""How much waits for a second person, in a line."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.waiting import Waiting
from ui.wording import Wording


def write_waiting(waiting: Waiting, now: int, wording: Wording) -> str:
    """Return how much waits at `now` (UTC milliseconds), "" for nothing."""
    return wording.join(_count(waiting, now, wording))


def _count(waiting: Waiting, now: int, wording: Wording) -> Iterator[str]:
    reviews = sum(request.review_by is not None for request in waiting.decide)
    late = sum(request.is_late(now) for request in waiting.decide)
    agreed = sum(request.standing == "approved" for request in waiting.answered)
    counts = {
        "late_reviews": late,
        "agreed": agreed,
        "declined": len(waiting.answered) - agreed,
        "to_review": reviews - late,
        "to_decide": len(waiting.decide) - reviews,
        "own_waiting": len(waiting.own),
    }
    for name, count in counts.items():
        if count:
            yield wording.say(f"home.{name}", count=count)
