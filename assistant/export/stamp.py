"""The stamp of an export: who took what, when, by which filter and rulebook, and how far the record had come then."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from assistant.export.words import WORDS
from assistant.people.bodies import Leaving
from assistant.plain.times import write_time
from assistant.stamps import make_id
from rules.language import Language

if TYPE_CHECKING:
    from assistant.case.events import RevealReason
    from assistant.desk import Desk

MARK: Final = "EX1-"
"""What an export's id begins with wherever it is written in one, so that it is found in any format."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to leave the program."""

    what: Leaving
    form: str
    """The format, such as `csv` or `pdf`."""
    language: Language
    name: str = ""
    """Which document or report."""
    filter: str = ""
    """Which cases, as a line, without the words and numbers that were looked for."""
    columns: tuple[str, ...] = ()
    case_id: str | None = None
    case_number: str = ""
    reason: RevealReason | None = None
    """Why what is about a person is to stand in it in full; None for masked."""
    confidential: bool = False
    """It speaks of a suspicious transaction report."""
    rulebooks: tuple[str, ...] = ()
    """The versions of the rulebooks by which its cases were advised, or by which it names things."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """An order, and who gave it where and when. It stands in the export, or beside it."""

    export: str
    """The id of the event that records the export, behind `EX1-`."""
    order: Order
    at: int
    """UTC milliseconds."""
    by: str
    """A staff number."""
    outlet: str
    outlet_name: str
    zone: str
    seq: int
    hash: str
    """How far the chain had come."""
    checkpoint: str
    """The same as the one line that `assistant verify --checkpoint` takes."""

    @property
    def masked(self) -> bool:
        """Whether what is about a person is masked."""
        return self.order.reason is None

    @property
    def when(self) -> str:
        """When it was taken, on the outlet's clock."""
        return write_time(self.at, self.zone)

    def as_json(self) -> dict[str, Any]:
        """Return the stamp as plain JSON."""
        order = asdict(self.order)
        told = {
            "export": self.export,
            "outlet": self.outlet,
            "outlet_name": self.outlet_name,
            "zone": self.zone,
            "by": self.by,
            "at": self.at,
            "masked": self.masked,
            "checkpoint": self.checkpoint,
        }
        kept = ("what", "name", "form", "language", "filter", "columns", "case_number", "reason", "rulebooks")
        return told | {name: list(order[name]) if isinstance(order[name], tuple) else order[name] for name in kept}

    def footer(self) -> str:
        """Return the line that stands at the foot of every page: user and time (Order 2025-3, Art. 33), and what the
        page is checked by."""
        shown = "masked" if self.masked else "in_full"
        return WORDS(
            "footer",
            self.order.language,
            outlet=self.outlet,
            by=self.by,
            when=self.when,
            shown=WORDS(f"footer_{shown}", self.order.language),
            export=self.export,
            checkpoint=self.checkpoint,
        )


def make_stamp(desk: Desk, order: Order) -> Stamp:
    """Return the stamp of an export that whoever works at `desk` takes now; the chain is sealed up to there."""
    from assistant.integrity.checkpoints import write_line

    store, outlet = desk.store, desk.store.outlet
    if store.writable:
        store.seal()
    head, at = store.dated_head()
    line = write_line(store.db_id, head.seq, head.hash, at)
    return Stamp(
        export=MARK + make_id(),
        order=order,
        at=desk.clock(),
        by=desk.actor,
        outlet=outlet.code,
        outlet_name=outlet.name,
        zone=outlet.zone,
        seq=head.seq,
        hash=head.hash,
        checkpoint=line,
    )
