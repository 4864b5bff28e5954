"""What a verification says: each thing that does not fit in one sentence, and what it had nothing to hold against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from assistant.integrity.checkpoints import write_line
from assistant.integrity.words import WORDS
from rules.errors import Trouble
from rules.language import Language, Text


class Flaw(StrEnum):
    """Something that does not fit."""

    GUARDS = "guards"
    PAGES = "pages"
    KEY = "key"
    LINK = "link"
    """An event is not the one that was saved, or is in a place that is not its own."""
    UNREAD = "unread"
    """An event cannot be read."""
    TEXT = "text"
    """A private text is not what its event promised."""
    TEXT_GONE = "text_gone"
    """A private text is missing, and nobody erased it."""
    SEAL = "seal"
    """A checkpoint was not written by whoever holds the key, or one before it is missing."""
    SEALED_OTHER = "sealed_other"
    SEALED_BEYOND = "sealed_beyond"
    UNSEALED = "unsealed"
    """Events that must have been sealed and are not: checkpoints are missing."""
    ANCHOR_OTHER = "anchor_other"
    ANCHOR_BEYOND = "anchor_beyond"
    ANCHOR_FOREIGN = "anchor_foreign"
    OUTSIDE_OTHER = "outside_other"
    OUTSIDE_BEYOND = "outside_beyond"
    OUTSIDE_FOREIGN = "outside_foreign"
    ROWS = "rows"
    """Rows of a derived table are not what the events say."""
    COUNT = "count"
    """Not every event is counted under its subject."""
    FOLD = "fold"
    """The events of a subject make no sense together."""
    RULEBOOK = "rulebook"
    REMADE = "remade"
    """The derived tables were made anew when the file was opened for this very command."""


_RANGES: Final = frozenset({Flaw.SEALED_OTHER, Flaw.ANCHOR_OTHER, Flaw.OUTSIDE_OTHER})
"""The flaws of which it is known only between which events they are."""


class Gap(StrEnum):
    """Something that there was nothing to hold against, or that was left out."""

    KEY = "key"
    ANCHORS = "anchors"
    OUTSIDE = "outside"
    PAGES = "pages"


class Part(StrEnum):
    """What a verification is at."""

    COPY = "copy"
    PAGES = "pages"
    CHAIN = "chain"
    TEXTS = "texts"
    OUTSIDE = "outside"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit. `seq` is the number of the first event that it is about, None when it is about
    none."""

    flaw: Flaw
    seq: int | None = None
    details: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def sentence(self, language: Language) -> str:
        """Return what does not fit and what to do about it."""
        details = {name: _read(detail, language) for name, detail in self.details.items()}
        return WORDS(f"flaw.{self.flaw}", language, **details, seq=self.seq)


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found in the file at `path`: `events` of them, the last with the hash `head`."""

    path: Path
    db_id: str
    events: int
    head: str
    head_at: int
    """When the last of them was saved, UTC milliseconds."""
    checkpoints: int
    texts: int
    anchors: int
    outside: int
    """How many checkpoints that were kept elsewhere it was held against."""
    subjects: int
    """How many cases, requests and the like were made anew from their events and compared."""
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]

    @property
    def whole(self) -> bool:
        """Whether everything fits."""
        return not self.findings

    @property
    def line(self) -> str:
        """The checkpoint of the last event, to be kept elsewhere."""
        return write_line(self.db_id, self.events, self.head, self.head_at)

    @property
    def first(self) -> int | None:
        """The number of the first event that does not fit, None when no event is in doubt. Where proofs only tell that
        something up to an event was changed, the first that is not shown to be as it was by the one that shows most. Of
        a subject whose records make no sense together, the first of these, where nothing else is known."""
        told = [(found.flaw, found.seq) for found in self.findings if found.seq is not None]
        exact = [seq for flaw, seq in told if flaw not in _RANGES and flaw is not Flaw.FOLD]
        ranges = [seq for flaw, seq in told if flaw in _RANGES]
        folds = [seq for flaw, seq in told if flaw is Flaw.FOLD]
        return min(exact) if exact else max(ranges) if ranges else min(folds, default=None)

    def lay_out(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "file": str(self.path),
            "db_id": self.db_id,
            "whole": self.whole,
            "first_unfit": self.first,
            "events": self.events,
            "head": self.head,
            "head_at": self.head_at,
            "checkpoints": self.checkpoints,
            "texts": self.texts,
            "anchors": self.anchors,
            "outside": self.outside,
            "subjects": self.subjects,
            "findings": [
                {"flaw": found.flaw, "seq": found.seq, "said": {lang: found.sentence(lang) for lang in Language}}
                for found in self.findings
            ],
            "not_checked": list(self.gaps),
            "checkpoint": self.line,
        }


def say(said: Trouble | Finding) -> Text:
    """Return the sentence of a trouble or a finding in every language, to stand in another."""
    return Text(said.sentence(Language.ZH), said.sentence(Language.EN))


def _read(detail: object, language: Language) -> object:
    return detail.read(language) if isinstance(detail, Text) else detail
