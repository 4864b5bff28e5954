"""What a screen may ask of the running program, so that no screen needs to know the program itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.desk import Desk, Sheet
from ui.wording import Wording


class Counter(Protocol):
    """The running program as its screens see it."""

    desk: Desk

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
