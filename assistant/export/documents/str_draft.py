"""The neutral draft of a suspicious transaction report: the fields that the report asks for, as far as a case knows.

It is a working paper and claims no filing. Amounts are fen, times UTC milliseconds, there are no fractions; null is
what the case does not know, and an analyst fills in. Its JSON Schema is written by

    python -m assistant.export.documents.str_draft docs/schema
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from assistant.batch.schema import DIALECT, write_schema
from rules.facts import AgeBand, Answer, Known, Level, MoneyState, PaidFrom, PayeeAt, StepOutcome

FILE: Final = "str_draft.schema.json"
FORMAT: Final = "str_draft/1"

Fen: TypeAlias = Annotated[StrictInt, Field(ge=0)]
Milliseconds: TypeAlias = Annotated[StrictInt, Field(ge=0)]


class Part(BaseModel):
    """A part of the draft: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Part):
    """An entry of the rulebook, with its name in the language of the draft."""

    id: str
    name: str


class Where(Part):
    """The outlet that noticed it."""

    code: str
    name: str
    zone: str
    address: str | None = None
    phone: str | None = None


class Trigger(Part):
    """How it was noticed: at a counter, by what, and when."""

    place: Literal["counter"] = "counter"
    opened_at: Milliseconds
    requests: tuple[Named, ...]
    first_flag: Named | None = None
    first_flag_at: Milliseconds | None = None


class Someone(Part):
    """A person, masked unless the stamp says that the draft is in full."""

    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    account: str | None = None
    age: AgeBand | None = None
    occupation: str | None = None
    address: str | None = None


class Funds(Part):
    """A portion of the money."""

    portion: int
    state: MoneyState
    amount_fen: Fen | None = None
    at: Milliseconds | None = None
    paid_from: PaidFrom | None = None
    payee_at: PayeeAt | None = None


class Observed(Part):
    """A red flag, or a fact of the accounts, as it was answered and is known."""

    id: str
    name: str
    value: Answer
    known: Known


class Written(Part):
    """What somebody wrote down; the numbers in it are masked unless the draft is in full."""

    at: Milliseconds
    by: str
    about: str
    text: str


class Behaviour(Part):
    """What was seen, said and looked up."""

    signs: tuple[Observed, ...]
    accounts: tuple[Observed, ...]
    written: tuple[Written, ...]


class Ground(Part):
    """A rule that held, why, and where it is laid down; `basis` is empty where it stands on practice."""

    rule: str
    why: str
    basis: str


class Suspicion(Part):
    """What is suspected, by the rulebook; nothing here is established."""

    level: Level | None = None
    typologies: tuple[Named, ...] = ()
    grounds: tuple[Ground, ...] = ()


class Exclusion(Part):
    """What speaks against it (Order 2016-3, Art. 14): what was verified as cleared, and what was found not to be so."""

    clearings: tuple[Named, ...] = ()
    found_not: tuple[Observed, ...] = ()


class Taken(Part):
    """What became of a step."""

    id: str
    name: str
    outcome: StepOutcome
    at: Milliseconds
    by: str


class Judgement(Part):
    """What the analyst decides and why (Order 2016-3, Art. 14): always null in a draft."""

    report: bool | None = None
    reasons: str | None = None
    by: str | None = None
    at: Milliseconds | None = None


class StrDraft(Part):
    """A working paper for a suspicious transaction report."""

    format: Literal["str_draft/1"] = FORMAT
    standing: Literal["working_paper"] = "working_paper"
    filed: Literal[False] = False
    notice: str
    """That this is no filing, in the language of the draft."""
    report_code: Literal["STR"] = "STR"
    entity: str | None = None
    """The number by which the bank reports."""
    case_number: str
    where: Where
    rulebooks: tuple[str, ...]
    urgency: str | None = None
    trigger: Trigger
    subject: Someone
    agent: Someone
    counterparty: Someone
    contact: Someone
    """Who called or wrote to the customer."""
    funds: tuple[Funds, ...]
    behaviour: Behaviour
    suspicion: Suspicion
    exclusion: Exclusion
    crime_type: str | None = None
    feature_code: str | None = None
    device_code: str | None = None
    steps: tuple[Taken, ...]
    judgement: Judgement = Judgement()


class StampedDraft(StrDraft):
    """The draft as it is exported: with the stamp of who took it, when, and whether persons stand in it in full."""

    stamp: dict[str, Any]


def make_schema() -> dict[str, Any]:
    """Return the schema of the exported draft."""
    return {"$schema": DIALECT, **StampedDraft.model_json_schema(mode="serialization")}


if __name__ == "__main__":
    (Path(sys.argv[1]) / FILE).write_text(write_schema(make_schema()), encoding="utf-8")
