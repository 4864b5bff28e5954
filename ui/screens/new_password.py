"""A password of one's own, in place of one that was given out for one use or of the present one: typed twice, and shown
never."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.widgets import Input

from ui.screens.lines import LinesScreen
from ui.widgets.secret import Secret


class NewPasswordScreen(LinesScreen):
    """Returns True once `replace` took what was typed, the new password once; it may raise a Trouble."""

    TITLE = "new_password.title"
    LABELS: ClassVar[tuple[str, ...]] = ("new_password.new", "new_password.again")
    HINT = "new_password.hint"

    def __init__(self, replace: Callable[..., object]) -> None:
        super().__init__()
        self._replace = replace
        self._differ = False

    def lines(self) -> tuple[Input, ...]:
        return Secret(id="new"), Secret(id="again")

    def problem(self) -> str:
        return self.wording.say("new_password.differ") if self._differ else super().problem()

    def take(self) -> None:
        *typed, again = (line.take() for line in self.query(Secret))
        self._differ = typed[-1] != again

        def replace() -> None:
            self._replace(*typed)
            self.dismiss(True)

        self.query(Secret).first().focus()
        if self._differ:
            self.redraw()
        else:
            self.attempt(replace)


class FirstPasswordScreen(NewPasswordScreen):
    """The same for whoever has no password yet."""

    TITLE = "own_password.title"
    HINT = "own_password.hint"


class OtherPasswordScreen(FirstPasswordScreen):
    """The same for whoever has one: `replace` takes the present password and the new one."""

    LABELS: ClassVar[tuple[str, ...]] = ("own_password.present", *NewPasswordScreen.LABELS)

    def lines(self) -> tuple[Input, ...]:
        return Secret(id="present"), *super().lines()
