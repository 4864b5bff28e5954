"""A file with many invented cases, of which only the rows are there: what the list is made of."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState, CaseSummary, Keeping
from assistant.case.traits import Trait
from assistant.people.roles import Role
from assistant.store import Store
from assistant.store.cases import put_summary
from rules.facts import Level
from tests.outlet import OUTLET, lay, name_staff

NOON: Final = 1_763_870_400_000
"""2025-11-23 12:00 in Shanghai, in UTC milliseconds."""
DAY: Final = 86_400_000
CASES: Final = 600
TELLERS: Final = ("3001", "3002", "3003")
TYPOLOGIES: Final = ("investment", "romance", "mule", "account_takeover", "recovery")
"""Two of them have the same mark."""
STAFF: Final = {
    "1001": Role.OUTLET_MANAGER,
    "2001": Role.SUPERVISOR,
    "3001": Role.TELLER,
    "3002": Role.TELLER,
    "4001": Role.COMPLIANCE_OFFICER,
    "5001": Role.AUDITOR,
}


def make_row(draw: random.Random, place: int) -> CaseSummary:
    """Return the row of an invented case, the `place`-th to be opened; clocks go wrong now and then."""
    at = NOON + place * DAY // 12 + draw.choice((0, 0, 0, -3 * DAY, 3 * DAY))
    closed = draw.random() < 0.8
    return CaseSummary(
        case_id=f"019abc-{place}",
        opened_seq=2 * place + 20,
        number=f"0312-0101-{place:03}",
        opened_at=at,
        changed_at=at,
        opened_by=draw.choice(TELLERS),
        state=CaseState.CLOSED if closed else CaseState.OPEN,
        request="transfer",
        level=draw.choice((None, *(level.value for level in Level))),
        next_step=None,
        typologies=tuple(draw.sample(TYPOLOGIES, draw.randrange(4))),
        due_at=draw.choice((None, NOON, NOON + 2**42)),
        called_at=None if closed else draw.choice((None, at)),
        amount_fen=draw.choice((0, 100, 5_000_000, 10**9)),
        outcome=draw.choice(tuple(Outcome)).value if closed else None,
        at_risk_fen=None,
        protected_fen=None,
        lost_fen=None,
        traits=frozenset(trait for trait in Trait if draw.random() < 0.1),
        review=draw.choice((None, None, *Standing)) if closed else None,
        reviewer=None,
        events=2,
        keeping=draw.choice((None, None, None, *(keeping.value for keeping in Keeping))) if closed else None,
    )


def lay_rows(path: Path) -> None:
    """Make a file with its people and the rows of many cases."""
    with Store.create(path, OUTLET) as store:
        name_staff(store, STAFF)
    draw = random.Random(7)  # noqa: S311 (invented cases)
    with closing(sqlite3.connect(path)) as raw, raw:
        for place in range(CASES):
            row = make_row(draw, place)
            put_summary(raw, row)
            # As it is changed later, once a row is there.
            put_summary(raw, replace(row, traits=row.traits ^ {Trait.LATE}, typologies=row.typologies[1:]))
            put_summary(raw, row)


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The file, open to be read."""
    path = tmp_path_factory.mktemp("register") / "cases.db"
    lay(path, lay_rows)
    with Store.open(path, read_only=True) as store:
        yield store
