"""The JSON Schema of a table of cases, written for those who program against it:

python -m assistant.export.tables.schema docs/schema
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from assistant.batch.schema import DIALECT, write_schema
from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState, Keeping
from assistant.case.traits import Trait
from assistant.export.stamped import WrittenStamp
from rules.facts import Level

FILE: Final = "export_cases.schema.json"


class ExportedCase(BaseModel):
    """A case, with as many of these as the table has columns, in their order. Times have their distance from UTC,
    amounts are fen. `typologies` are suspected ones, the likeliest first; `amount_fen` is what was at risk, or as long
    as the case is open, all that is known of the money; `due_at` is when the first of the steps still to do is due,
    `called_at` since when the supervisor is awaited. A line of NDJSON is one of these. What is about persons stands
    there only when it was asked for, masked unless the stamp names a reason."""

    model_config = ConfigDict(extra="forbid")

    case_id: str
    number: str
    opened_at: AwareDatetime
    changed_at: AwareDatetime
    opened_by: str
    request: str
    state: CaseState
    keeping: Keeping | None
    level: Level | None
    outcome: Outcome | None
    traits: list[Trait]
    review: Standing | None
    reviewer: str | None
    typologies: list[str]
    next_step: str | None
    due_at: AwareDatetime | None
    called_at: AwareDatetime | None
    amount_fen: int
    at_risk_fen: int | None
    protected_fen: int | None
    lost_fen: int | None
    events: int
    customer_name: str | None
    customer_id_number: str | None
    customer_account: str | None
    customer_phone: str | None
    payee_name: str | None
    payee_account: str | None
    payee_phone: str | None
    contact_name: str | None
    contact_phone: str | None


class Table(BaseModel):
    """A table of cases as one document, the newest case first."""

    model_config = ConfigDict(title="CaseTable", extra="forbid")

    stamp: WrittenStamp
    cases: list[ExportedCase]


def make_schema() -> dict[str, Any]:
    """Return the schema of what `assistant export cases --format json` writes."""
    schema = {"$schema": DIALECT, **Table.model_json_schema()}
    # A table has the columns that were asked for, and no other.
    del schema["$defs"]["ExportedCase"]["required"]
    return schema


if __name__ == "__main__":
    (Path(sys.argv[1]) / FILE).write_text(write_schema(make_schema()), encoding="utf-8")
