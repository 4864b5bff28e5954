"""All there is about one saved case, as far as one reader may know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from assistant.audit.departures import Departure, find_departures
from assistant.audit.moments import Moments, find_moments
from assistant.case.case import Case
from assistant.case.events import Event, EventKind
from assistant.case.subjects import ACCESS
from assistant.confidence import find_confidential, needs_to_know
from assistant.desk import Desk
from assistant.earlier import Earlier, list_earlier
from assistant.people.permissions import Move, state_of
from assistant.people.reader import Reader
from assistant.people.requests import Request

if TYPE_CHECKING:
    from assistant.audit.hindsight import Hindsight
    from rules.advice import Adviser
    from rules.model import Book

MOST_LOOKS: Final = 500
"""So many of the last looks at a case are told."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case and what belongs to it. What the reader must not learn of is in none of its parts."""

    case: Case
    moments: Moments
    departures: tuple[Departure, ...]
    earlier: tuple[Earlier, ...]
    """Newest first."""
    requests: tuple[Request, ...]
    """What was asked of a second person, oldest first; without what was written where the reader may not look in."""
    looks: tuple[Event, ...]
    """Who looked at the case, oldest first; none for a reader who may not read that."""

    @property
    def rulebooks(self) -> tuple[str, ...]:
        """The versions by which the case was advised, the first one first."""
        advices = (event for event in self.case.history if event.kind is EventKind.ADVISED)
        return tuple(dict.fromkeys(str(event.body["rulebook"]) for event in advices))


def gather_dossier(desk: Desk, whole: Case, books: Iterable[Book]) -> Dossier:
    """Return all there is about a saved case for whoever works at `desk`, who may read it.

    The `books`, that of the case and the one that comes with the program, say which steps are confidential. The look
    itself is recorded by `desk.look_at` and not here. Raises the KeyTrouble of a lost key.
    """
    known, reader = tuple(books), Reader(desk.store, desk.actor)
    case = reader.see(whole, lambda: known)
    looks = desk.store.read_log(ACCESS + case.id, MOST_LOOKS)[::-1] if desk.may(Move.READ_ACCESSES) else ()
    return Dossier(
        case=case,
        moments=find_moments(case),
        departures=find_departures(case),
        earlier=list_earlier(desk, case),
        requests=tuple(_read_as(desk, request) for request in reader.list_requests(whole, lambda: known)),
        looks=looks,
    )


def look_back(desk: Desk, whole: Case, shown: Case, books: Iterable[Book], adviser: Adviser) -> Hindsight:
    """Return what `adviser` would have said at each advice of a case, of which the reader sees `shown`."""
    # It brings along what replays all cases on several cores, for which whoever only reads one need not wait.
    from assistant.audit.hindsight import replay_case

    hidden: frozenset[str] = frozenset()
    if not needs_to_know(desk.store.roster, desk.actor, state_of(whole)):
        hidden = frozenset(name for book in (*books, adviser.book) for name in find_confidential(book))
    return replay_case(whole, adviser, shown, hidden)


def _read_as(desk: Desk, request: Request) -> Request:
    """Return a request without what people wrote in it, unless whoever works at the desk may look into it."""
    if desk.office.sees(request):
        return request
    return replace(request, history=tuple(replace(event, private={}) for event in request.history))
