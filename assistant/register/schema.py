"""The JSON Schema of the list of cases, written for those who program against it:

python -m assistant.register.schema docs/schema
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.batch.schema import DIALECT, write_schema
from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState, Keeping
from assistant.case.traits import Trait
from rules.facts import Level

FILE: Final = "case-list.schema.json"


class Row(BaseModel):
    """A case, as far as whoever asks may see it. Times are UTC milliseconds, amounts fen; `opened_seq` is the number of
    its first event, by which the newest case stands first; `typologies` has the likeliest first, which is `typology`
    as well. `due_at` is when the first of the steps still to do is due, `called_at` since when the supervisor is
    awaited; `amount_fen` what was at risk, or as long as the case is open, all that is known of the money."""

    model_config = ConfigDict(title="CaseRow", extra="forbid")

    case_id: str
    opened_seq: int
    number: str
    opened_at: int
    changed_at: int
    opened_by: str
    state: CaseState
    request: str
    level: Level | None
    next_step: str | None
    typology: str | None
    typologies: list[str]
    due_at: int | None
    called_at: int | None
    amount_fen: int
    outcome: Outcome | None
    at_risk_fen: int | None
    protected_fen: int | None
    lost_fen: int | None
    traits: list[Trait]
    review: Standing | None
    reviewer: str | None
    events: int
    keeping: Keeping | None


def make_schema() -> dict[str, Any]:
    """Return the schema of what `assistant case list --json` and `case search --json` print."""
    return {"$schema": DIALECT, **TypeAdapter(list[Row]).json_schema()}


if __name__ == "__main__":
    (Path(sys.argv[1]) / FILE).write_text(write_schema(make_schema()), encoding="utf-8")
