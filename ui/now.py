"""What waits for whoever stands at home: calls for the supervisor, cases to review, cases that were sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len
from textual.app import App

from assistant.people.permissions import Move, State, may
from assistant.quoting import clip
from assistant.review.reviewer import Reviewer
from assistant.stamps import Clock
from assistant.store import Store
from ui.calls import may_answer, name_wanted
from ui.reviews import read_comment
from ui.seeking import Seeker
from ui.widgets.rows import Cell, Row
from ui.wording import Wording, wait

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.desk import Desk

CALL: Final = "call"
RETURNED: Final = "returned"
REVIEWS: Final = "reviews"
MANY: Final = 20
"""So many cases to review are counted; there is no need to know how many more."""
COUNT_SECONDS: Final = 5.0
"""How long such a count holds, for which all that wait are looked through; a call is looked for at each save."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for one person; `reviews` is None where they were not counted this time."""

    calls: tuple[Case, ...] = ()
    returned: tuple[Case, ...] = ()
    reviews: int | None = None


def read_waits(store: Store, actor: str, clock: Clock, *, count: bool) -> Waits:
    """Read what waits for that person; without `count` the reviews are not counted."""
    member = store.roster.members.get(actor)
    if member is None:
        return Waits()
    reviewer, reviews = Reviewer(store, actor, clock), None
    calls: tuple[Case, ...] = ()
    if may(member, Move.ANSWER_CALL, State.OPEN):
        cases = (store.case(row.case_id) for row in reviewer.list_calls())
        calls = tuple(case for case in cases if may_answer(reviewer, case))
    if count and may(member, Move.REVIEW, State.CLOSED):
        reviews = len(reviewer.queue(limit=MANY))
    return Waits(calls, tuple(store.case(row.case_id) for row in reviewer.returned_to()), reviews)


class Now:
    """Read behind the screen, and again for somebody else, or when something was saved; `changed` is then called."""

    def __init__(self, app: App[Any], desk: Desk, changed: Callable[[], object]) -> None:
        self._desk = desk
        self._changed = changed
        self._seeker = Seeker(app, desk.store.path)
        self._seen = ("", -1)
        self._counted_at = -COUNT_SECONDS
        self._waits = Waits()
        self._reviews = 0
        self._stale = False
        """Whether something was saved since the reviews were counted."""
        self.has_read = False
        """Whether anything was read yet."""

    def close(self) -> None:
        """Read nothing any more."""
        self._seeker.close()

    def read(self) -> None:
        """Have read what waits, unless nothing can have changed; what another saw is forgotten at once."""
        if self._desk.member is None:
            # Nobody is called and nothing reviewed where nobody is named.
            self._waits, self._reviews, self.has_read = Waits(), 0, True
            return
        actor, seq = self._desk.actor, self._desk.store.head().seq
        if actor != self._seen[0]:
            self._waits, self._reviews, self._counted_at = Waits(), 0, -COUNT_SECONDS
            self._seeker.cancel()
        due = monotonic() - self._counted_at >= COUNT_SECONDS
        if self._seeker.busy or ((actor, seq) == self._seen and not (due and self._stale)):
            return
        self._stale, self._seen, clock = not due, (actor, seq), self._desk.clock
        if due:
            self._counted_at = monotonic()
        self._seeker.ask(
            lambda store, _: read_waits(store, actor, clock, count=due), self._take, lambda _: self._take(Waits())
        )

    def _take(self, waits: Waits) -> None:
        self.has_read = True
        self._waits = waits
        if waits.reviews is not None:
            self._reviews = waits.reviews
        self._changed()

    def list_calls(self, wording: Wording) -> Iterator[Row]:
        """Yield a line for each call that waits, the oldest first, under a heading."""
        if self._waits.calls:
            yield Row("calls", (Cell(wording.say("now.calls", count=len(self._waits.calls))),), heading=True)
        for case in self._waits.calls:
            if (call := case.call) is None:
                continue
            waited = wording.say("home.waiting", time=wait(self._desk.clock() - call.at))
            mark, wanted = wording.say("now.called"), name_wanted(call, wording)
            cells = (
                Cell(mark, cell_len(mark), "bad"),
                Cell(case.number, cell_len(case.number)),
                Cell(call.actor, cell_len(call.actor)),
                Cell(wanted, 0, "strong"),
                Cell(waited, cell_len(waited), "warn"),
            )
            yield Row(f"{CALL}:{case.id}", cells)

    def list_notices(self, wording: Wording) -> Iterator[Row]:
        """Yield how many cases wait to be reviewed, and a line for each that was sent back."""
        if self._reviews:
            count = f"{self._reviews}+" if self._reviews >= MANY else self._reviews
            yield Row(REVIEWS, (Cell("[F3]", 4, "muted"), Cell(wording.say("now.reviews", count=count), 0, "warn")))
        for case in self._waits.returned:
            if (review := case.review) is None:
                continue
            reasons = review.judged.reasons if review.judged else ()
            named = [wording.case_word(f"review_reason.{reason}") for reason in reasons]
            said = wording.join(filter(None, (*named, "" if wording.quiet else clip(read_comment(case)))))
            told = wording.say(
                "now.returned", number=case.number, who=review.actor, time=wording.clock(review.at), said=said
            )
            yield Row(f"{RETURNED}:{case.id}", (Cell(told, 0, "warn"),))
