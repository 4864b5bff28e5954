"""The line in which a password is typed: dots on the screen, and no way to copy them back into words."""

from __future__ import annotations

from textual.widgets import Input

LONGEST = 128


class Secret(Input):
    """A masked line."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, password=True, max_length=LONGEST)
        self.cursor_blink = False

    def take(self) -> str:
        """Return what was typed, and keep nothing of it."""
        typed, self.value = self.value, ""
        return typed

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing."""
