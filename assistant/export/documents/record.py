"""The whole record of a case as JSON: every event as it was saved, so that nothing of it is lost outside the program.

Read back and folded, a record in full gives the very case. Its JSON Schema is written by

    python -m assistant.export.documents.record docs/schema
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from assistant.batch.schema import DIALECT, write_schema
from assistant.case.case import Case
from assistant.case.events import Event, EventKind
from assistant.export.stamped import WrittenStamp
from assistant.particulars.fields import Field as Field_
from assistant.particulars.fields import Party
from assistant.particulars.masking import mask
from assistant.people.requests import Request, Standing
from assistant.register.schema import Row

if TYPE_CHECKING:
    from assistant.export.documents.view import View

FILE: Final = "export_record.schema.json"
FORMAT: Final = "case_record/1"


class Part(BaseModel):
    """A part of the record: nothing unknown in it. Times are UTC milliseconds, amounts fen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedOutlet(Part):
    """Where the case was: the outlet's code and name, and the zone of its clock."""

    code: str
    name: str
    zone: str


class RecordedEvent(Part):
    """An event as it was saved: its place in the outlet's chain, what happened (`body`), and what people wrote
    (`private`), masked unless the record is in full. `body.private` holds commitments to what was written. Whose
    business suspicious transaction reports are not gets no `prev` and no `hash` of any event, whatever is in the
    case: a body might be shown without a part of it, and its hash would tell."""

    seq: int
    id: str
    subject: str
    at: int
    actor: str
    kind: EventKind
    body: dict[str, Any]
    private: dict[str, str]
    prev: str | None
    hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None


class RecordedRequest(Part):
    """What was asked of a second person about the case: of which kind the event is that comes of it, how the request
    stands, and its own events."""

    subject: str
    kind: EventKind
    asked_by: str
    asked_at: int
    standing: Standing
    settled_by: str | None
    settled_at: int | None
    review_by: int | None
    history: list[RecordedEvent]


class Particular(Part):
    """Something that is noted about a person, masked unless the record is in full."""

    party: Party
    field: Field_
    value: str


class Record(Part):
    """The whole record of one case, as whoever exported it may see it: `case` is the case as a row of a list, `earlier`
    the numbers of earlier cases of the same persons, `looks` who looked at the case, where the reader may know.
    `stamp` says who exported it; a preview has none."""

    model_config = ConfigDict(title="CaseRecord", extra="forbid", frozen=True)

    stamp: WrittenStamp | None = None
    format: Literal["case_record/1"]
    masked: bool
    outlet: RecordedOutlet
    case: Row
    particulars: list[Particular]
    rulebooks: list[str]
    earlier: list[str]
    history: list[RecordedEvent]
    requests: list[RecordedRequest]
    looks: list[RecordedEvent]


@dataclass(frozen=True, slots=True)
class Read:
    """What a record holds, folded again."""

    case: Case
    requests: tuple[Request, ...]
    looks: tuple[Event, ...]


def lay_out(view: View) -> dict[str, Any]:
    """Return the record as plain JSON."""
    row, outlet = view.case.summary(), view.outlet
    record = Record(
        format=FORMAT,
        masked=not view.in_full,
        outlet=RecordedOutlet(code=outlet.code, name=outlet.name, zone=outlet.zone),
        case=Row.model_validate(
            asdict(row) | {"typology": row.typology, "typologies": list(row.typologies), "traits": sorted(row.traits)}
        ),
        particulars=[
            Particular(party=party, field=field, value=value)
            for (party, field), value in sorted(view.particulars.items())
        ],
        rulebooks=list(view.dossier.rulebooks),
        earlier=[one.number for one in view.dossier.earlier],
        history=_record_all(view, view.case.history),
        requests=[_record_request(view, request) for request in view.dossier.requests],
        looks=_record_all(view, view.dossier.looks),
    )
    return record.model_dump(mode="json", exclude={"stamp"})


def read_record(data: Mapping[str, Any]) -> Read:
    """Return what the JSON of a record holds. Raises pydantic.ValidationError for what is no record."""
    record = Record.model_validate(data)
    return Read(
        case=Case.of(map(_read_event, record.history)),
        requests=tuple(Request.of(map(_read_event, request.history)) for request in record.requests),
        looks=tuple(map(_read_event, record.looks)),
    )


def make_schema() -> dict[str, Any]:
    """Return the schema of what `assistant export case --document record` writes."""
    return {"$schema": DIALECT, **Record.model_json_schema()}


def _record_all(view: View, events: Iterable[Event]) -> list[RecordedEvent]:
    return [_record(view, event) for event in events]


def _record(view: View, event: Event) -> RecordedEvent:
    return RecordedEvent(
        seq=event.seq,
        id=event.id,
        subject=event.case_id,
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        body=dict(event.body),
        private={name: text if view.in_full else _mask(view, event, text) for name, text in event.private.items()},
        prev=event.prev if view.needs_to_know else None,
        hash=event.hash if view.needs_to_know else None,
    )


def _mask(view: View, event: Event, text: str) -> str:
    if event.kind is EventKind.PARTICULARS_NOTED:
        return mask(Field_(str(event.body["field"])), text)
    return view.known.mask(text)


def _record_request(view: View, request: Request) -> RecordedRequest:
    return RecordedRequest(
        subject=request.subject,
        kind=request.kind,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        standing=request.standing,
        settled_by=request.settled_by,
        settled_at=request.settled_at,
        review_by=request.review_by,
        history=_record_all(view, request.history),
    )


def _read_event(event: RecordedEvent) -> Event:
    return Event(
        id=event.id,
        case_id=event.subject,
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        body=event.body,
        private=event.private,
        seq=event.seq,
        prev=event.prev or "",
        hash=event.hash or "",
    )


if __name__ == "__main__":
    (Path(sys.argv[1]) / FILE).write_text(write_schema(make_schema()), encoding="utf-8")
