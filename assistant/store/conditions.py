"""What a filter asks of the rows of the list, in SQL: for each condition also from which index its cases are taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from assistant.case.summary import CaseState, Keeping
from assistant.people.permissions import State
from assistant.register.filters import Filter, Noted
from assistant.register.scope import Scope
from assistant.store.marks import BITS, Mask, Part, mark_typologies

DAY_MS: Final = 86_400_000
_ENDLESS: Final = 2**62
_GOING: Final = MappingProxyType({State.OPEN: CaseState.OPEN, State.CLOSED: CaseState.CLOSED})
_KEPT: Final = MappingProxyType({State.RESTRICTED: Keeping.RESTRICTED, State.ERASED: Keeping.ERASED})
"""How the states of the table of permissions stand in a row; what is kept is so whether it is open or closed."""
_BY_ID: Final = "sqlite_autoindex_cases_1"
_SUSPECTED: Final = "SELECT 1 FROM case_typologies AS one WHERE one.opened_seq = cases.opened_seq"
_BOUNDS: Final = """
WITH RECURSIVE days (day) AS (
    SELECT (
        SELECT opened_at / 86400000 FROM cases WHERE opened_at / 86400000 >= :first
        ORDER BY opened_at / 86400000 LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT opened_at / 86400000 FROM cases WHERE opened_at / 86400000 > day ORDER BY opened_at / 86400000 LIMIT 1
    ) FROM days WHERE day < :last
)
SELECT
    min((SELECT opened_seq FROM cases WHERE opened_at / 86400000 = day ORDER BY opened_seq LIMIT 1)),
    max((SELECT opened_seq FROM cases WHERE opened_at / 86400000 = day ORDER BY opened_seq DESC LIMIT 1))
FROM days WHERE day <= :last
"""
"""The first and the last case that were opened on these days: each day is looked up, none of its cases is."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where cases are taken from: what stands behind FROM and WHERE, and the column by which they are in order."""

    table: str
    where: str
    values: tuple[Any, ...]
    seq: str = "cases.opened_seq"
    counted: str = ""
    """The table by itself in which its cases can be counted, where that is another."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition by the indexes that answer it, one for each of the values it allows; `in_order` when each of them
    gives its cases newest first."""

    sources: tuple[Source, ...]
    in_order: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """Conditions that hold together: all of them as one expression, those that have an index by themselves, and between
    which numbers of opening the cases lie."""

    where: str
    values: tuple[Any, ...]
    conditions: tuple[Condition, ...]
    low: int
    high: int


def list_branches(raw: sqlite3.Connection, wanted: Filter, scope: Scope, now: int) -> tuple[Branch, ...]:
    """Return what `wanted` asks for, once for what the person may read whoever opened it and once for his own."""
    low, high = _bound(raw, wanted)
    openers = ((scope.states, None), (scope.own_states, scope.actor))
    places = [(*place, opener) for states, opener in openers for place in _list_places(states)]
    return tuple(
        _make_branch(wanted, state or wanted.state, keepings, opener, now, (low, high))
        for state, keepings, opener in places
        if state is None or wanted.state in (None, state)
    )


def _list_places(states: Collection[State]) -> Iterator[tuple[CaseState | None, frozenset[str | None]]]:
    """Yield the same states as a case has them in its row: open or closed, None for either, and how it is kept."""
    kept: frozenset[str | None] = frozenset(_KEPT[state] for state in states if state in _KEPT)
    going = [state for place, state in _GOING.items() if place in states]
    if len(going) == len(_GOING):
        yield None, kept | {None}
        return
    for state in going:
        yield state, frozenset({None})
    if kept:
        yield None, kept


def _bound(raw: sqlite3.Connection, wanted: Filter) -> tuple[int, int]:
    """Return two numbers between which everything lies that was opened in the time that is asked for."""
    if wanted.since is None and wanted.until is None:
        return 0, _ENDLESS
    first = 0 if wanted.since is None else wanted.since // DAY_MS
    last = _ENDLESS if wanted.until is None else wanted.until // DAY_MS
    low, high = raw.execute(_BOUNDS, {"first": first, "last": last}).fetchone()
    return (0, 0) if low is None else (low - 1, high + 1)


def _make_branch(
    wanted: Filter,
    state: CaseState | None,
    keepings: frozenset[str | None],
    opener: str | None,
    now: int,
    bounds: tuple[int, int],
) -> Branch:
    tellers = [wanted.tellers] if wanted.tellers else []
    if opener is not None:
        tellers.append(frozenset({opener}))
    mask = _make_mask(wanted, state, keepings)
    terms: list[tuple[str, tuple[Any, ...]]] = [("cases.marks & ? = ?", (mask.watched, mask.required))]
    terms += _list_ranges(wanted, now)
    terms += [(f"cases.opened_by IN ({_places(names)})", tuple(sorted(names))) for names in tellers]
    if wanted.typologies:
        terms.append(("cases.marks & ? <> 0", (mark_typologies(wanted.typologies),)))
        terms.append((f"EXISTS ({_SUSPECTED} AND typology IN ({_places(wanted.typologies)}))", (*wanted.typologies,)))
    conditions = list(_list_conditions(wanted, state, now))
    conditions += [_by_value("opened_by", "cases_by_teller", names) for names in tellers]
    if wanted.noted is not None:
        where, values = _find_noted(wanted.noted)
        terms.append((where, values))
        conditions.append(Condition((Source(f"cases INDEXED BY {_BY_ID}", where, values),), in_order=False))
    where = " AND ".join(term for term, _ in terms)
    return Branch(where, tuple(value for _, values in terms for value in values), tuple(conditions), *bounds)


def _make_mask(wanted: Filter, state: CaseState | None, keepings: frozenset[str | None]) -> Mask:
    mask = Mask().only(Part.KEEPING, keepings)
    if state is not None:
        mask = mask.only(Part.STATE, {state})
    for part, values in (
        (Part.LEVEL, wanted.levels),
        (Part.OUTCOME, wanted.outcomes),
        (Part.REVIEW, wanted.reviews),
    ):
        if values:
            mask = mask.only(part, values)
    flags: list[str] = [*wanted.traits, *(["called"] if wanted.called else []), *(["due"] if wanted.overdue else [])]
    for flag in flags:
        mask = mask.flagged(flag)
    return mask


def _list_ranges(wanted: Filter, now: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for term, bound in (
        ("cases.amount_fen >= ?", wanted.least_fen),
        ("cases.amount_fen <= ?", wanted.most_fen),
        ("cases.opened_at >= ?", wanted.since),
        ("cases.opened_at < ?", wanted.until),
        ("cases.due_at < ?", now if wanted.overdue else None),
    ):
        if bound is not None:
            yield term, (bound,)


def _list_conditions(wanted: Filter, state: CaseState | None, now: int) -> Iterator[Condition]:
    """Yield the conditions that have an index of their own."""
    if state is not None:
        yield _by_value("state", "cases_by_state", {state})
    by_value: tuple[tuple[str, str, Collection[str]], ...] = (
        ("level", "cases_by_level", wanted.levels),
        ("outcome", "cases_by_outcome", wanted.outcomes),
        ("review", "cases_by_review", wanted.reviews),
    )
    for column, index, values in by_value:
        if values:
            yield _by_value(column, index, values)
    for trait in wanted.traits:
        where = f"(cases.traits & {BITS[trait]}) <> 0"
        yield Condition((Source(f"cases INDEXED BY cases_with_{trait}", where, ()),))
    if wanted.called:
        yield Condition((Source("cases INDEXED BY cases_called", "cases.called_at IS NOT NULL", ()),))
    if wanted.typologies:
        by_typology = "case_typologies AS found CROSS JOIN cases ON cases.opened_seq = found.opened_seq"
        yield Condition(
            tuple(
                Source(by_typology, "found.typology = ?", (typology,), "found.opened_seq", "case_typologies AS found")
                for typology in wanted.typologies
            )
        )
    if wanted.overdue:
        due = Source("cases INDEXED BY cases_by_due", "cases.due_at < ?", (now,))
        yield Condition((due,), in_order=False)
    if wanted.least_fen is not None or wanted.most_fen is not None:
        where = "cases.amount_fen BETWEEN ? AND ?"
        values_of = (wanted.least_fen or 0, 2**62 if wanted.most_fen is None else wanted.most_fen)
        yield Condition((Source("cases INDEXED BY cases_by_amount", where, values_of),), in_order=False)


def _by_value(column: str, index: str, values: Iterable[str]) -> Condition:
    table = f"cases INDEXED BY {index}"
    return Condition(tuple(Source(table, f"cases.{column} = ?", (value,)) for value in values))


def _find_noted(noted: Noted) -> tuple[str, tuple[Any, ...]]:
    column, value = ("digest", noted.digest) if noted.digest is not None else ("last_digits", noted.last_digits)
    return f"cases.case_id IN (SELECT case_id FROM lookups WHERE {column} = ?)", (value,)  # noqa: S608 - own names


def _places(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
