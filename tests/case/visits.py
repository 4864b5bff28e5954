"""A teller under test: a clock that goes when told to, a desk over a real file, a draft past the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import uuid6

from assistant.case.case import Case
from assistant.case.events import Draft, EventKind, JsonValue, Reason
from assistant.desk import Desk
from assistant.sheet import write_advice
from assistant.store import Store
from rules.advice import Adviser
from rules.errors import Trouble
from rules.facts import Facts, StepOutcome
from rules.language import Language
from tests.outlet import lay

NOON: Final = 1_763_870_400_000
"""2025-11-23 12:00 in Shanghai, in UTC milliseconds."""
SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
ID: Final = re.compile(r"[a-z0-9]+_[a-z0-9_]+")
"""What an id of the rulebook looks like to a teller."""


@dataclass
class Clock:
    """Stands still until it is told to go on."""

    now: int = NOON

    def __call__(self) -> int:
        return self.now

    def wait(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += milliseconds


def new_desk(path: Path, adviser: Adviser, clock: Clock) -> Desk:
    """Return a desk over a new file; whoever asks for it closes the store."""
    lay(path)
    return Desk(Store.open(path), adviser, "t1", clock)


def draft(
    case_id: str, kind: EventKind, body: Mapping[str, JsonValue], at: int, private: Mapping[str, str] | None = None
) -> Draft:
    """Return a move that goes to the store past the desk."""
    return Draft(str(uuid6.uuid7()), case_id, at, "t2", kind, body, private or {})


def fold_step_by_step(case: Case) -> Case:
    """Return the case as it grows event by event."""
    grown = Case()
    for event in case.history:
        grown = grown.after(event)
    return grown


def timeless(facts: Facts) -> Facts:
    """Return the facts without their clock."""
    return replace(facts, now=0)


def set_aside_gates(desk: Desk, case_id: str) -> None:
    """Settle every gating step by a coded reason until none is open."""
    while gates := desk.store.case(case_id).open_gates():
        desk.record_step(case_id, gates[0], StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT)


def advice_is_recorded(desk: Desk, case: Case) -> bool:
    """Tell whether the advice recorded last is the advice on the facts as they are."""
    return case.advice == write_advice(desk.adviser.advise(case.facts))


def names_only(trouble: Trouble) -> bool:
    """Tell whether a trouble speaks in names, in both languages."""
    return not any(ID.search(trouble.sentence(language)) for language in Language)
