"""What the page of an export needs to know of whatever is to leave: a document of a case, a table, a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from rules.language import Language
from ui.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.case.events import RevealReason
    from assistant.desk import Desk
    from assistant.export.delivery import Delivered, Target
    from assistant.export.typesetting.blocks import Block

Tell: TypeAlias = Callable[[int, int], None]
"""Told how much of how much is done; what it raises ends it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How it is to leave: in which form and language, and for which reason with all that is about persons."""

    form: str
    language: Language
    reason: RevealReason | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is to leave, masked: `blocks` to be looked at, and the thing itself to be written."""

    blocks: tuple[Block, ...]
    thing: Any = None
    seq: int | None = None
    """The last event of what it is about, as it was gathered."""
    in_full: tuple[Block, ...] = ()
    """The blocks where it is to be in full and then reads otherwise: masked as well."""
    unset: tuple[str, ...] = ()
    """The settings that are blanks in it."""


@dataclass(frozen=True, slots=True)
class Left:
    """What left, and the characters for which its font has no shape."""

    delivered: Delivered
    missing: tuple[str, ...] = ()
    beside: Path | None = None
    """Where its stamp lies, if it has no place for one."""


class Outgoing(Protocol):
    """One thing that can leave. `gather` and `hand_out` run in a thread, over a file of cases opened there."""

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that it comes in, the usual one first."""
        ...

    @property
    def has_persons(self) -> bool:
        """Whether anything about persons can stand in it."""
        ...

    @property
    def masked(self) -> str:
        """The text of the catalogue that says what is about persons in it without a reason for more."""
        ...

    def title(self, wording: Wording) -> str:
        """Return what it is called."""
        ...

    def name_file(self, form: str) -> str:
        """Return the usual name of its file."""
        ...

    def demand_in_full(self, desk: Desk) -> None:
        """Raise the NotPermitted that keeps whoever works there from having it unmasked."""
        ...

    def name_command(self, choice: Choice) -> str:
        """Return the command that puts the same out elsewhere."""
        ...

    def is_stale(self, desk: Desk, gathered: Gathered) -> bool:
        """Tell whether something happened since that would stand in it."""
        ...

    def gather(self, desk: Desk, choice: Choice, tell: Tell) -> Gathered:
        """Gather it to be looked at, masked, which is a look. Raises a Trouble, and what `tell` raises."""
        ...

    def hand_out(self, desk: Desk, gathered: Gathered, choice: Choice, target: Target, tell: Tell) -> Left:
        """Write it, have it recorded, and put it where it was asked for. Raises a Trouble."""
        ...
