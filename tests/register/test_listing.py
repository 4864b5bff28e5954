"""The list holds exactly the cases that fit and may be read, newest first, whichever way they are found."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState, CaseSummary
from assistant.case.traits import Trait
from assistant.people.permissions import may_read
from assistant.people.refusals import NotOnStaff
from assistant.people.roster import Roster
from assistant.register.faults import ListingStopped, WordTooShort
from assistant.register.filters import EVERYTHING, Filter
from assistant.stamps import read_clock
from assistant.store import Store, listing
from assistant.store.cases import put_summary
from assistant.store.marks import mark_typologies
from rules.facts import Level
from tests.outlet import OUTLET
from tests.register.conftest import CASES, DAY, NOON, STAFF, TELLERS, TYPOLOGIES, make_row

IN_THE_MIDDLE: Final = 6
"""So often a search has asked whether to stop when it has begun to go through the cases."""
OPENINGS: Final = st.integers(-36, CASES + 36).map(lambda place: NOON + place * DAY // 12)
"""Times at which a case may have been opened, to the millisecond."""
MOMENTS: Final = OPENINGS | st.integers(NOON - 5 * DAY, NOON + (CASES // 12 + 5) * DAY)
AMOUNTS: Final = st.sampled_from((0, 1, 100, 5_000_000, 5_000_001, 10**9, 10**10))


def some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    """Return none, or a few of the values."""
    return st.frozensets(st.sampled_from(values), max_size=2)


FILTERS: Final = st.builds(
    Filter,
    since=st.none() | MOMENTS,
    until=st.none() | MOMENTS,
    outlet=st.sampled_from((None, None, None, OUTLET.code, "9999")),
    tellers=some((*TELLERS, "nobody")),
    state=st.sampled_from((None, None, *CaseState)),
    levels=some(tuple(Level)),
    typologies=some((*TYPOLOGIES, "unheard_of")),
    outcomes=some(tuple(Outcome)),
    least_fen=st.none() | AMOUNTS,
    most_fen=st.none() | AMOUNTS,
    overdue=st.booleans(),
    called=st.booleans(),
    traits=some(tuple(Trait)),
    reviews=some(tuple(Standing)),
)
PLAIN: Final = st.fixed_dictionaries(
    {},
    optional={
        "tellers": some(TELLERS),
        "levels": some(tuple(Level)),
        "typologies": some(TYPOLOGIES),
        "least_fen": AMOUNTS,
        "until": MOMENTS,
        "traits": some(tuple(Trait)),
    },
).map(lambda parts: Filter(**parts))  # type: ignore[arg-type]
"""Those that fit many cases."""


def fits(row: CaseSummary, wanted: Filter, now: int) -> bool:
    """Tell in plain words whether a case is looked for."""
    return (
        (wanted.since is None or row.opened_at >= wanted.since)
        and (wanted.until is None or row.opened_at < wanted.until)
        and wanted.outlet in (None, OUTLET.code)
        and (not wanted.tellers or row.opened_by in wanted.tellers)
        and wanted.state in (None, row.state)
        and (not wanted.levels or row.level in wanted.levels)
        and (not wanted.typologies or bool(wanted.typologies.intersection(row.typologies)))
        and (not wanted.outcomes or row.outcome in wanted.outcomes)
        and (wanted.least_fen is None or row.amount_fen >= wanted.least_fen)
        and (wanted.most_fen is None or row.amount_fen <= wanted.most_fen)
        and (not wanted.overdue or (row.due_at is not None and row.due_at < now))
        and (not wanted.called or row.called_at is not None)
        and wanted.traits <= row.traits
        and (not wanted.reviews or row.review in wanted.reviews)
    )


def list_rows(store: Store) -> list[CaseSummary]:
    """Return all rows as the plain list has them."""
    return list(store.list(limit=10 * CASES))


@pytest.fixture(scope="session")
def rows(many: Store) -> list[CaseSummary]:
    """All rows of the file."""
    return list_rows(many)


def leaf_through(store: Store, wanted: Filter, limit: int, actor: str | None = None) -> list[CaseSummary]:
    """Return what all pages hold together."""
    rows: list[CaseSummary] = []
    before: int | None = None
    while True:
        page = store.list_cases(wanted, before, limit, actor=actor)
        assert len(page.rows) == limit or page.next is None
        rows += page.rows
        if page.next is None:
            return rows
        before = page.next


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wanted=st.one_of(FILTERS, PLAIN),
    actor=st.sampled_from((None, *STAFF)),
    limit=st.sampled_from((7, 50, 2000)),
    few=st.sampled_from((0, 40, listing.FEW)),
)
def test_the_pages_hold_what_a_look_at_each_case_would_find(
    many: Store,
    rows: list[CaseSummary],
    monkeypatch: pytest.MonkeyPatch,
    wanted: Filter,
    actor: str | None,
    limit: int,
    few: int,
) -> None:
    with monkeypatch.context() as limits:
        limits.setattr(listing, "FEW", few)
        limits.setattr(listing, "FIRST_PIECE", 300)
        found = leaf_through(many, wanted, limit, actor)
    roster: Roster = many.roster
    now = read_clock()
    fitting = [row for row in rows if fits(row, wanted, now)]
    assert found == [row for row in fitting if actor is None or may_read(roster, actor, row)]


def test_every_single_part_finds_something_and_leaves_something_out(many: Store) -> None:
    for part in (
        Filter(since=NOON + 20 * DAY),
        Filter(until=NOON + 20 * DAY),
        Filter(tellers=frozenset(TELLERS[:1])),
        Filter(state=CaseState.OPEN),
        Filter(levels=frozenset({Level.HOLD})),
        Filter(typologies=frozenset({"mule"})),
        Filter(outcomes=frozenset({Outcome.CLEARED})),
        Filter(least_fen=101),
        Filter(most_fen=99),
        Filter(overdue=True),
        Filter(called=True),
        *(Filter(traits=frozenset({trait})) for trait in Trait),
        *(Filter(reviews=frozenset({standing})) for standing in Standing),
    ):
        assert 0 < len(leaf_through(many, part, 500)) < CASES, part


def test_a_case_of_another_outlet_is_in_no_list(many: Store) -> None:
    assert many.list_cases(Filter(outlet="9999")).rows == ()
    assert len(many.list_cases(Filter(outlet=OUTLET.code)).rows) == 50


def test_whoever_is_not_on_the_staff_sees_no_list(many: Store) -> None:
    with pytest.raises(NotOnStaff):
        many.list_cases(EVERYTHING, actor="6666")


def test_pages_hold_each_case_once_while_others_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    draw = random.Random(3)  # noqa: S311 (invented cases)
    with Store.create(path, OUTLET) as store, closing(sqlite3.connect(path)) as raw, raw:
        for place in range(300):
            put_summary(raw, make_row(draw, place))
        raw.commit()
        before = {row.opened_seq for row in list_rows(store)}
        found: list[int] = []
        page = store.list_cases(EVERYTHING, limit=20)
        while page.rows:
            found += [row.opened_seq for row in page.rows]
            put_summary(raw, make_row(draw, 300 + len(found)))
            raw.commit()
            if page.next is None:
                break
            page = store.list_cases(EVERYTHING, page.next, 20)
    assert found == sorted(before, reverse=True)


def test_a_listing_stops_when_it_is_told_to(many: Store) -> None:
    looks = iter((False, False))
    with pytest.raises(ListingStopped):
        many.list_cases(EVERYTHING, stop=lambda: next(looks, True))
    assert many.list_cases(EVERYTHING, stop=lambda: False) == many.list_cases(EVERYTHING)


def test_a_long_search_is_broken_off_in_the_middle_of_a_statement(many: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "STEPS_BETWEEN", 10)
    monkeypatch.setattr(listing, "FEW", 0)
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 40

    with pytest.raises(ListingStopped):
        many.list_cases(Filter(least_fen=10**12), stop=stop)
    assert len(asked) == 41


def test_another_may_read_while_a_long_search_goes_on(many: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "FIRST_PIECE", 20)
    monkeypatch.setattr(listing, "FEW", 0)
    begun, answered = threading.Event(), threading.Event()
    asked: list[bool] = []

    def read_meanwhile() -> None:
        begun.wait()
        if many.list(limit=3):
            answered.set()

    def stop() -> bool:
        asked.append(True)
        if len(asked) == IN_THE_MIDDLE:
            begun.set()
            answered.wait(10)
        return False

    thread = threading.Thread(target=read_meanwhile)
    thread.start()
    assert many.list_cases(Filter(least_fen=10**12), stop=stop).rows == ()
    assert len(asked) > IN_THE_MIDDLE
    assert answered.is_set()
    thread.join()


@pytest.mark.parametrize("word", ["", " ", "骗", "  骗 ", "Ａ"])
def test_a_word_of_one_character_is_not_looked_for(many: Store, word: str) -> None:
    with pytest.raises(WordTooShort):
        many.list_cases(Filter(words=("安全账户", word)))


def test_two_typologies_of_one_mark_are_told_apart(many: Store) -> None:
    first, second = TYPOLOGIES[0], TYPOLOGIES[3]
    assert mark_typologies([first]) == mark_typologies([second])
    for typology in (first, second):
        found = leaf_through(many, Filter(typologies=frozenset({typology}), least_fen=0, most_fen=10**12), 100)
        assert found
        assert all(typology in row.typologies for row in found)


def test_a_row_that_changes_is_found_by_what_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    row = replace(make_row(random.Random(1), 1), typologies=("investment", "romance"), level="ask", traits=frozenset())  # noqa: S311
    with Store.create(path, OUTLET) as store, closing(sqlite3.connect(path)) as raw, raw:
        put_summary(raw, row)
        changed = replace(row, typologies=("romance", "account_takeover"), level="hold", traits=frozenset({Trait.LOSS}))
        put_summary(raw, changed)
        raw.commit()
        for gone in (Filter(typologies=frozenset({"investment"})), Filter(levels=frozenset({Level.ASK}))):
            assert store.list_cases(gone).rows == ()
        for there in (
            Filter(typologies=frozenset({"account_takeover"})),
            Filter(typologies=frozenset({"romance"})),
            Filter(levels=frozenset({Level.HOLD})),
            Filter(traits=frozenset({Trait.LOSS})),
        ):
            assert store.list_cases(there).rows == (changed,)
