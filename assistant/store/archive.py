"""Whatever is read from a file of cases: one case or a list of them, people, requests, how far the chain has come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.case.events import Event, EventKind
from assistant.case.subjects import is_case
from assistant.case.summary import CaseState, CaseSummary
from assistant.confidence import REFERRAL
from assistant.people.roster import Roster
from assistant.stamps import read_clock
from assistant.store import cases, checkpoints, journal
from assistant.store import requests as request_rows
from assistant.store.chain import Link
from assistant.store.connection import Connection
from assistant.store.faults import CaseUnknown
from assistant.store.folds import Folds
from assistant.store.outlet import Outlet, read_outlet
from assistant.store.seals import Seals
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.case.review import Standing
    from assistant.case.traits import Trait
    from assistant.particulars.fields import Field
    from assistant.people import requests
    from assistant.register import scope
    from assistant.register.filters import Filter, Noted
    from assistant.store import due, extract, listing, lookups, reviews, rulebooks, saved_filters
else:
    requests = import_later("assistant.people.requests")
    scope = import_later("assistant.register.scope")
    due = import_later("assistant.store.due")
    extract = import_later("assistant.store.extract")
    listing = import_later("assistant.store.listing")
    lookups = import_later("assistant.store.lookups")
    reviews = import_later("assistant.store.reviews")
    rulebooks = import_later("assistant.store.rulebooks")
    saved_filters = import_later("assistant.store.saved_filters")


class Archive:
    """What of a `Store` only reads."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals
        self._folds = Folds(seals)

    def case(self, case_id: str) -> Case:
        """Return the case as it stands after its last saved event. Raises CaseUnknown."""
        if not is_case(case_id):
            raise CaseUnknown(case=case_id)
        with self._connection.reading() as raw:
            case = self._folds.case(raw, case_id)
        if not case.history:
            raise CaseUnknown(case=case_id)
        return case

    @property
    def outlet(self) -> Outlet:
        """The outlet as the file has it now: another program may have renamed it."""
        with self._connection.reading() as raw:
            return read_outlet(raw)

    @property
    def roster(self) -> Roster:
        """Who works here now."""
        with self._connection.reading() as raw:
            return self._folds.roster(raw)

    def request(self, subject: str) -> requests.Request:
        """Return a request as it stands; one that is not there has no history."""
        with self._connection.reading() as raw:
            return self._folds.request(raw, subject)

    def list_requests(
        self,
        *,
        waiting: bool = True,
        about: str | None = None,
        asked_by: str | None = None,
        ending: str | None = None,
        limit: int = 100,
    ) -> tuple[requests.Request, ...]:
        """Return the newest requests first: those that wait for another, or all; about one subject; by one person;
        with an id of that ending."""
        with self._connection.reading() as raw:
            found = request_rows.list_requests(
                raw, waiting=waiting, about=about, asked_by=asked_by, ending=ending, limit=limit
            )
            return tuple(self._folds.request(raw, subject) for subject in found)

    def read_log(self, subject: str, limit: int = 100) -> tuple[Event, ...]:
        """Return the last events of a subject that is only written down, newest first."""
        with self._connection.reading() as raw:
            return journal.read_last(raw, self._seals, subject, limit)

    def read_hash(self, seq: int) -> str | None:
        """Return the hash of the event of that number, None for one that is not there."""
        with self._connection.reading() as raw:
            return journal.read_hash(raw, seq)

    def list_accesses(self, before: int | None = None, limit: int = 100) -> tuple[Event, ...]:
        """Return who looked at which case, newest first, before the event of that number."""
        with self._connection.reading() as raw:
            return journal.read_accesses(raw, self._seals, before or 2**62, limit)

    def find_same(self, field: Field, value: str) -> tuple[lookups.Found, ...]:
        """Return where this very value was noted about a person, newest case first."""
        with self._connection.reading() as raw:
            return lookups.find_same(raw, self._seals, field, value)

    def find_last_digits(self, digits: str) -> tuple[lookups.Found, ...]:
        """Return where a number that ends in these four digits was noted about a person, newest case first."""
        with self._connection.reading() as raw:
            return lookups.find_digits(raw, digits)

    def read_rulebook(self, digest: str) -> bytes | None:
        """Return the files of a rulebook as they were put in, or None."""
        with self._connection.reading() as raw:
            return rulebooks.read_files(raw, digest)

    def log_seq(self, subject: str) -> int:
        """Return the number of the last event of a subject, 0 for none: cheap enough to be asked every second."""
        with self._connection.reading() as raw:
            return journal.read_last_seq(raw, subject)

    def read_case(self, case_id: str) -> tuple[Event, ...]:
        """Return the saved events of a case, oldest first. Raises CaseUnknown."""
        with self._connection.reading() as raw:
            history = journal.read_events(raw, self._seals, case_id)
        if not history:
            raise CaseUnknown(case=case_id)
        return history

    def find(self, number_or_id: str) -> str:
        """Return the id of the case with this number or id; numbers recur after a year, and the newest is meant.

        Raises CaseUnknown.
        """
        with self._connection.reading() as raw:
            case_id = cases.find_case(raw, number_or_id)
        if case_id is None:
            raise CaseUnknown(case=number_or_id)
        return case_id

    def list(
        self, state: CaseState | None = None, limit: int = 50, before: str | None = None
    ) -> tuple[CaseSummary, ...]:
        """Return up to `limit` cases, newest opening first, of the page after the case `before` (its id)."""
        with self._connection.reading() as raw:
            return cases.list_summaries(raw, state, limit, before)

    def list_cases(
        self,
        wanted: Filter,
        before: int | None = None,
        limit: int = 50,
        stop: Callable[[], bool] | None = None,
        *,
        actor: str | None = None,
        confidential: frozenset[str] = REFERRAL,
    ) -> listing.Page:
        """Return the newest cases that fit, opened before the event `before`, as far as `actor` may read them; None for
        all. By a text about a `confidential` step a case is found by those only whose business it is.

        The file is held for moments only. Raises ListingStopped soon after `stop` says so, WordTooShort, and a
        NotPermitted.
        """
        readable = scope.WHOLE if actor is None else scope.find_scope(self.roster, actor, confidential)
        question = listing.Question(wanted, read_clock(), readable, before, limit)
        return listing.list_page(self._connection.reading, self._seals, question, stop)

    def extract_cases(
        self,
        wanted: Filter,
        columns: Sequence[str],
        up_to: int,
        *,
        actor: str,
        confidential: frozenset[str] = REFERRAL,
    ) -> Iterator[Sequence[extract.Row]]:
        """Yield all cases that fit and that `actor` may read, a few hundred at a time, see `extract.list_pages`.

        The file is held for moments only: a case that changes meanwhile stands there as it was when its turn came.
        Raises WordTooShort and a NotPermitted.
        """
        readable = scope.find_scope(self.roster, actor, confidential)
        question = listing.Question(wanted, read_clock(), readable)
        return extract.list_pages(self._connection.reading, self._seals, question, columns, up_to)

    def find_naming(self, case_ids: Collection[str], names: Collection[str]) -> frozenset[str]:
        """Return those of the cases in whose advice or records one of the names stands: of a step, or of a rule."""
        return extract.find_naming(self._connection.reading, case_ids, names)

    def find_noted(self, case_ids: Collection[str]) -> frozenset[str]:
        """Return those of the cases in which something is noted about a person."""
        return extract.find_noted(self._connection.reading, case_ids)

    def count_cases(self) -> int:
        """Return how many cases the file holds, whoever may read them."""
        with self._connection.reading() as raw:
            return int(raw.execute("SELECT count(*) FROM cases").fetchone()[0])

    def note_of(self, field: Field, value: str) -> Noted:
        """Return what a filter looks for to find where this very value was noted about a person."""
        return lookups.find_note(self._seals, field, value)

    @property
    def saved_filters(self) -> saved_filters.SavedFilters:
        """What people look for again and again."""
        return saved_filters.SavedFilters(self._connection)

    def list_rows(self, case_ids: Iterable[str]) -> tuple[CaseSummary, ...]:
        """Return these cases, newest opening first; those that are not there are left out."""
        with self._connection.reading() as raw:
            return cases.find_rows(raw, case_ids)

    def list_to_review(
        self, standings: Collection[Standing], first: Sequence[Collection[Trait]], limit: int = 50, past: int = 0
    ) -> tuple[CaseSummary, ...]:
        """Return up to `limit` cases whose review stands so, after leaving out `past`: those with one of the traits of
        `first[0]`, then of `first[1]` and so on, then the others, the oldest opening first in each."""
        with self._connection.reading() as raw:
            return reviews.list_waiting(raw, standings, first, limit, past)

    def list_due(self, kind: EventKind, before: int, up_to: int) -> tuple[due.Due, ...]:
        """Return the closed cases to be restricted, the restricted ones to be erased, or the settled requests whose
        texts are, that ended before that moment (UTC milliseconds) and on which nothing happened after the event
        `up_to`; oldest first."""
        with self._connection.reading() as raw:
            return due.list_due(raw, kind, before, up_to)

    def head(self) -> Link:
        """Return number and hash of the last event: how far the chain has come."""
        with self._connection.reading() as raw:
            return journal.read_head(raw)

    def dated_head(self) -> tuple[Link, int]:
        """Return the same with when that event was saved, UTC milliseconds; 0 in a file without events."""
        with self._connection.reading() as raw:
            return checkpoints.read_dated_head(raw)
