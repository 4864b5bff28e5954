"""The stamp as it stands in JSON, for those who program against it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from assistant.case.events import RevealReason
from assistant.people.bodies import Leaving
from rules.language import Language


class WrittenStamp(BaseModel):
    """Who took what when (UTC milliseconds), of which cases, and how far the record had come: `checkpoint` is a line
    that `assistant verify --checkpoint` takes, `export` the number by which the record knows it."""

    model_config = ConfigDict(extra="forbid")

    export: str
    outlet: str
    outlet_name: str
    zone: str
    by: str
    at: int
    masked: bool
    checkpoint: str
    what: Leaving
    name: str
    form: str
    language: Language
    filter: str
    columns: list[str]
    case_number: str
    reason: RevealReason | None
    rulebooks: list[str]
