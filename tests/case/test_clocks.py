"""Which steps were done too late, read off the history of a case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.case.case import Case
from assistant.case.events import EventKind, JsonValue
from assistant.case.traits import Trait
from assistant.stamps import make_id
from assistant.store import Store
from tests.case.visits import MINUTE, NOON, draft
from tests.outlet import lay


class Advised:
    """A case in which one step is due in five minutes, and another ten minutes after that one, by a term."""

    def __init__(self, store: Store) -> None:
        self.store, self.case_id, self.now = store, make_id(), NOON
        steps: list[JsonValue] = [
            {"id": "stop", "gates": False, "minutes": 5},
            {"id": "track", "gates": False, "minutes": 10, "term": True, "after": ["stop"]},
        ]
        self.write(EventKind.OPENED, {"request": "transfer"})
        self.write(EventKind.ADVISED, {"rulebook": "1", "level": "police", "steps": steps})

    def write(self, kind: EventKind, body: dict[str, JsonValue], after: int = 0) -> Case:
        """Save an event so many minutes after the one before."""
        self.now += after * MINUTE
        self.last = self.store.append(draft(self.case_id, kind, body, self.now))
        return self.store.case(self.case_id)

    def record(self, step: str, outcome: str, after: int) -> Case:
        """Record what became of a step."""
        return self.write(EventKind.STEP_RECORDED, {"step": step, "outcome": outcome}, after)


@pytest.fixture
def advised(tmp_path: Path) -> Iterator[Advised]:
    path = tmp_path / "cases.db"
    lay(path)
    with Store.open(path) as store:
        yield Advised(store)


def test_a_step_is_late_when_it_is_done_after_it_was_due(advised: Advised) -> None:
    assert advised.record("stop", "done", 5).clocks.late == set()
    case = advised.record("track", "done", 11)
    assert case.clocks.late == {"track"}
    assert Trait.LATE in case.summary().traits


def test_a_step_that_is_recorded_anew_was_done_when_it_was_first_done(advised: Advised) -> None:
    advised.record("stop", "done", 4)
    case = advised.record("stop", "done", 3)
    assert case.clocks.late == set()
    assert case.clocks.due["track"] == NOON + 14 * MINUTE


def test_a_step_that_was_not_done_after_all_is_done_when_it_is(advised: Advised) -> None:
    advised.record("stop", "done", 4)
    advised.record("stop", "later", 0)
    assert advised.record("stop", "done", 3).clocks.late == {"stop"}


def test_a_record_that_was_taken_back_was_not_late(advised: Advised) -> None:
    advised.record("stop", "done", 6)
    case = advised.write(EventKind.TAKEN_BACK, {"event": advised.last.id})
    assert case.clocks.late == set()
    assert case.due("stop") == NOON + 5 * MINUTE
