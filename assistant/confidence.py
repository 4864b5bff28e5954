"""What concerns a suspicious transaction report: for whom it is not meant, a case is as if there were nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from assistant.people.permissions import Move, State, may

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.people.roster import Roster
    from rules.advice import Advice
    from rules.model import Book

REFERRAL: Final = frozenset({"str_referral"})
"""The steps of the rulebook's own that are confidential, for a list that is shown before the rulebook is read."""


def find_confidential(book: Book) -> frozenset[str]:
    """Return the steps of a rulebook that only those may see who need to know."""
    return REFERRAL | {name for name, step in book.steps.items() if getattr(step, "confidential", False)}


def needs_to_know(roster: Roster, actor: str, state: State) -> bool:
    """Tell whether `actor` may see them in a case of that state; everybody may in a file in which nobody is named."""
    member = roster.members.get(actor)
    return not roster.members or (member is not None and may(member, Move.READ_STR, state))


def conceal(case: Case, advice: Advice, hidden: frozenset[str]) -> tuple[Case, Advice]:
    """Return a case and its advice without these steps, which are neither named nor counted in them."""
    from assistant.case.concealment import conceal as leave_out

    shown = replace(
        advice,
        steps=tuple(step for step in advice.steps if step.id not in hidden),
        deferred=tuple(step for step in advice.deferred if step.id not in hidden),
        withheld=tuple(held for held in advice.withheld if held.id not in hidden),
    )
    touched = hidden.intersection(_list_steps(case))
    return leave_out(case, hidden) if touched else case, shown


def _list_steps(case: Case) -> Iterator[str]:
    """Yield the steps that the events of a case ever named."""
    for event in case.history:
        if "step" in event.body:
            yield str(event.body["step"])
        for step in _read_list(event.body.get("steps")):
            yield str(step["id"])
        for held in _read_list(event.body.get("withheld")):
            yield str(held["step"])


def _read_list(value: object) -> list[Mapping[str, object]]:
    return value if isinstance(value, list) else []
