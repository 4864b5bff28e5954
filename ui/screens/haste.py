"""Keeps an Enter that was meant for one screen from the next: a bouncing key, a habit, a quick finger."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar, Final, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

Result = TypeVar("Result")
HASTE_SECONDS: Final = 0.3
"""Nobody has read a screen that came up less than this ago."""
OVERHEARD: Final[tuple[BindingType, ...]] = (Binding("enter,space", "overhear", show=False, priority=True),)
"""To be named in the class whose own bindings have these keys: Textual forgets those of a base."""


class Unhurried(Screen[Result]):
    """A screen that takes no Enter and no blank for a moment, when told so. Letters and digits are never dropped."""

    BINDINGS: ClassVar[list[BindingType]] = [*OVERHEARD]
    _calm_at = 0.0

    @property
    def is_on_top(self) -> bool:
        """Whether keys are meant for this screen; Textual calls one current that only shows behind another."""
        return self.app.screen is self

    def hold_off(self) -> None:
        """Take no Enter and no blank from now until one can have read the screen."""
        self._calm_at = monotonic() + HASTE_SECONDS

    def is_hasty(self) -> bool:
        """Tell whether a key that comes now cannot have been meant for what is shown."""
        return monotonic() < self._calm_at

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the key through to whom it belongs, unless it came in haste."""
        return self.is_hasty() if action == "overhear" else super().check_action(action, parameters)

    def action_overhear(self) -> None:
        """Do nothing: the key was meant for the screen before."""
