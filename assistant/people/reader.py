"""What of the cases one person may read: which of them stand in a list, and what of a case is not shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from assistant.case.case import Case
from assistant.case.concealment import conceal
from assistant.case.summary import CaseSummary
from assistant.confidence import find_confidential, needs_to_know
from assistant.people.permissions import state_of, state_of_row
from assistant.people.requests import Request
from assistant.register.filters import Filter
from assistant.store import Store
from assistant.store.listing import Page
from rules.model import Book


class Reader:
    """One person reading the cases of one file, held to the table of permissions."""

    def __init__(self, store: Store, actor: str) -> None:
        self._store = store
        self._actor = actor
        self._roster = store.roster

    def list_cases(
        self,
        wanted: Filter,
        confidential: frozenset[str],
        before: int | None = None,
        limit: int = 50,
    ) -> Page:
        """Return a page of the cases that fit and may be read, see `Store.list_cases`. Raises a NotPermitted."""
        return self._store.list_cases(wanted, before, limit, actor=self._actor, confidential=confidential)

    def needs_to_know(self, row: CaseSummary) -> bool:
        """Tell whether what concerns a suspicious transaction report in that case is the person's business."""
        return needs_to_know(self._roster, self._actor, state_of_row(row))

    def see(self, case: Case, list_books: Callable[[], Iterable[Book]]) -> Case:
        """Return a case as the person may see it: without what concerns a suspicious transaction report, unless that
        is the person's business. The books of `list_books` say which steps do."""
        if needs_to_know(self._roster, self._actor, state_of(case)):
            return case
        return leave_out(case, tuple(list_books()))

    def list_requests(self, case: Case, list_books: Callable[[], Iterable[Book]]) -> tuple[Request, ...]:
        """Return what was asked of a second person about a case, oldest first, as far as the person may see it."""
        found = self._store.list_requests(waiting=False, about=case.id)[::-1]
        if needs_to_know(self._roster, self._actor, state_of(case)):
            return found
        hidden = _list_confidential(list_books())
        return tuple(request for request in found if request.body.get("step") not in hidden)


def leave_out(case: Case, books: Collection[Book]) -> Case:
    """Return a case without what concerns a suspicious transaction report, as the books say which steps do."""
    hidden = _list_confidential(books)
    return conceal(case, hidden, _list_rules(books, hidden))


def _list_confidential(books: Iterable[Book]) -> frozenset[str]:
    return frozenset(name for book in books for name in find_confidential(book))


def _list_rules(books: Iterable[Book], hidden: frozenset[str]) -> frozenset[str]:
    """Return the rules that speak of hidden steps alone, by the names under which advice records them."""
    return frozenset(name for book in books for name in _walk_rules(book, hidden))


def _walk_rules(book: Book, hidden: frozenset[str]) -> Iterator[str]:
    for name, rule in book.step_rules.items():
        if hidden.issuperset(rule.advises):
            yield f"step.{name}"
    for step in hidden & book.steps.keys():
        for place in range(len(book.steps[step].not_when)):
            yield f"not_when.{step}.{place}"
