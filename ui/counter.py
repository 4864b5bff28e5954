"""What a screen may ask of the running program, so that no screen needs to know the program itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.desk import Desk
from assistant.sheet import Sheet
from ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.settings import Settings
    from ui.presence import Presence


class Counter(Protocol):
    """The running program as its screens see it."""

    desk: Desk
    presence: Presence
    export_folder: Path | None
    """The folder into which an export was written last."""
    at_last: Callable[[], object]
    """What is still done by a program that is told to end and cannot do so in good order."""

    @property
    def settings(self) -> Settings:
        """What the outlet decided for itself. Raises SettingsUnfit when it is read now and cannot be used."""
        ...

    @property
    def wording(self) -> Wording:
        """The words of the language that is on."""
        ...


@dataclass(slots=True)
class Visit:
    """The case on the screen, shared by the pages that work on it; `sheet` is always what was saved last."""

    sheet: Sheet

    @property
    def case_id(self) -> str:
        """The id of the case."""
        return self.sheet.case.id
