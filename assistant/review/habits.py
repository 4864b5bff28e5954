"""What the last visits of one teller raise together: answers that are always the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assistant.case.case import Case
from assistant.register.filters import Filter
from assistant.store import Store
from rules.facts import Answer

VISITS: Final = 20
"""With three customers in four who deny everything, so many in a row come by chance once in three hundred times."""
ANSWERS: Final = 5
"""A visit with fewer red flags answered shows no habit."""
_LOOKED_AT: Final = 200
"""How far back visits are looked for."""


class HabitCode(StrEnum):
    """What was seen."""

    ALWAYS_NO = "always_no"
    """Every answer of every visit was no."""
    ALWAYS_SAME = "always_same"
    """In every visit the same red flags were answered in the same way."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What was seen in the last visits of a teller, and the numbers of these cases, newest first. Like a signal it is
    a question, and there is an innocent answer to it."""

    code: HabitCode
    teller: str
    cases: tuple[str, ...]


def find_habits(store: Store, teller: str) -> tuple[Habit, ...]:
    """Return what the last twenty visits raise that the teller opened and in which five red flags were answered; with
    fewer such visits among the last two hundred, nothing."""
    visits: list[Case] = []
    for case in _walk_visits(store, teller):
        if len(case.answers) >= ANSWERS:
            visits.append(case)
        if len(visits) == VISITS:
            return tuple(_find_in(visits, teller))
    return ()


def _walk_visits(store: Store, teller: str) -> Iterator[Case]:
    page = store.list_cases(Filter(tellers=frozenset({teller})), limit=_LOOKED_AT)
    for row in page.rows:
        yield store.case(row.case_id)


def _find_in(visits: list[Case], teller: str) -> Iterator[Habit]:
    numbers = tuple(case.number for case in visits)
    if all(reply.value is Answer.NO for case in visits for reply in case.answers.values()):
        yield Habit(HabitCode.ALWAYS_NO, teller, numbers)
    elif all(dict(case.answers) == dict(visits[0].answers) for case in visits):
        yield Habit(HabitCode.ALWAYS_SAME, teller, numbers)
