"""The figures of a file for whoever asks for them, held to what that person may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.confidence import find_confidential, needs_to_know
from assistant.figures.gathering import Query, Tell, gather_facts
from assistant.figures.report import Figures, make_figures
from assistant.figures.tally import Hidden, Tally
from assistant.people.permissions import Move, State

if TYPE_CHECKING:
    from assistant.desk import Desk
    from rules.model import Book


def count_cases(desk: Desk, book: Book, query: Query, tell: Tell) -> Figures:
    """Return the figures of the cases of `query`; `book` says which rule advises which step, and what is confidential.

    It takes its time over many cases: what `tell` raises ends it, and it may run in any thread. Raises the NotPermitted
    of whoever may not read figures, and the StoreTrouble that keeps the file from being read.
    """
    desk.demand(Move.READ_FIGURES)
    hidden = Hidden() if needs_to_know(desk.store.roster, desk.actor, State.CLOSED) else find_hidden(book)
    source, cases = gather_facts(desk.store.path, query, tell)
    tally = Tally(source.zone, list_advising(book), hidden)
    for facts in cases:
        tally.add(facts)
    return make_figures(tally, query, source, desk.store.outlet.code)


def list_advising(book: Book) -> Mapping[str, frozenset[str]]:
    """Return the steps that each rule advises, by the name under which advice records the rule."""
    return {f"step.{name}": frozenset(rule.advises) for name, rule in book.step_rules.items()}


def find_hidden(book: Book) -> Hidden:
    """Return what concerns suspicious transaction reports: the reason of a rule speaks of all that it advises."""
    steps = find_confidential(book)
    return Hidden(steps, frozenset(name for name, advised in list_advising(book).items() if advised & steps))
