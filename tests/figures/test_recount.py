"""Whatever the program counts, a second count from the events alone comes to the same, to the last digit."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.desk import Desk
from assistant.figures.counting import count_cases
from assistant.figures.gathering import Query
from assistant.figures.period import Period
from rules.advice import Adviser
from tests.figures.crowd import fill
from tests.figures.recount import read_advises, recount
from tests.people.branch import MANAGER, Branch

ADVICE: Final = Path(__file__).parents[2] / "rules" / "book" / "advice.yaml"


def count(branch: Branch, adviser: Adviser, query: Query) -> dict[str, Any]:
    """Return the figures as a program is told them."""
    desk = Desk(branch.store, adviser, MANAGER, branch.clock)
    figures = count_cases(desk, adviser.book, query, lambda done, total: None)
    told: dict[str, Any] = json.loads(figures.model_dump_json())
    return told


@pytest.mark.parametrize(
    ("since", "until", "teller"),
    [
        (None, None, ""),
        ("2025-11-24", "2025-11-25", ""),
        ("2025-11-25", None, "t1"),
        (None, "2025-11-24", "s1"),
        ("2025-12-24", None, ""),
    ],
)
def test_every_figure_is_what_the_events_say(
    crowded: Branch, adviser: Adviser, since: str | None, until: str | None, teller: str
) -> None:
    days = (date.fromisoformat(day) if day else None for day in (since, until))
    told = count(crowded, adviser, Query(Period(*days), teller))
    assert told == recount(str(crowded.store.path), read_advises(str(ADVICE)), since, until, teller)


def test_the_invented_visits_have_something_of_everything(crowded: Branch, adviser: Adviser) -> None:
    told = count(crowded, adviser, Query(Period()))
    groups = ("by_level", "by_outcome", "by_hour")
    stops, rules = told["stops"], told["rules"]
    assert told["cases"] > told["open"] > 0
    assert all(group["cases"] for name in groups[:2] for group in told[name])
    assert min(stops["confirmed"], stops["false"], stops["unknown"], stops["released_alone"]) > 0
    assert min(told["to_first_step"]["cases"], told["to_police"]["cases"], told["overridden_cases"]) > 0
    assert {rule["right"]["too_few"] for rule in rules} == {True, False}
    assert any(rule["overridden"] for rule in rules)
    assert any(step["overridden"] for step in told["steps"])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_whatever_visits_there_are(tmp_path: Path, adviser: Adviser, seed: int) -> None:
    branch = Branch.full(tmp_path / "cases.db")
    fill(branch, adviser, seed, visits=60)
    told = count(branch, adviser, Query(Period()))
    branch.store.close()
    assert told == recount(str(branch.store.path), read_advises(str(ADVICE)))
