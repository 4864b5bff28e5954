"""A second person signs at the counter of the first: number and password, for this one agreement."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Input

from assistant.agreement import check_other
from assistant.naming import LONGEST_NUMBER, tidy
from ui.screens.lines import LinesScreen
from ui.widgets.secret import Secret


class CountersignScreen(LinesScreen):
    """Returns True once `agree` took the number of who signed; it may raise a Trouble, whose sentence is shown."""

    TITLE = "countersign.title"
    LABELS = ("sign_on.number", "sign_on.password")
    HINT = "countersign.hint"

    def __init__(self, agree: Callable[[str], object]) -> None:
        super().__init__()
        self._agree = agree

    def lines(self) -> tuple[Input, ...]:
        return Input(id="number", max_length=LONGEST_NUMBER), Secret(id="password")

    def take(self) -> None:
        typed, number = self.query_one(Secret).take(), tidy(self.query_one("#number", Input).value)

        def identify() -> None:
            check_other(self.counter.desk, number)
            self.counter.presence.identify(number, typed, lambda who: self.attempt(lambda: self._sign(who)))

        self.attempt(identify)

    def _sign(self, number: str) -> None:
        self._agree(number)
        self.dismiss(True)
