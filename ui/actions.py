"""What a screen can do: one table an action, from which its keys, its hint line and its help are all made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a screen. `word` is its entry in the catalogue under `key.`; `hint` how its key is shown.

    `keys` are Textual's names, separated by commas; beside every letter stands a key that an input method lets pass.
    `rank` orders the hints, the lowest first; 0 stands in the help only.
    """

    name: str
    keys: str
    word: str
    hint: str
    rank: int = 0


PALETTE: Final = Action("app.palette", "ctrl+p", "palette", "Ctrl+P", rank=70)
"""Leads to every command, and is the only way to one that has no key."""
EVERYWHERE: Final = (
    PALETTE,
    Action("app.quiet", "f10,ctrl+g", "quiet", "F10", rank=80),
    Action("app.language", "ctrl+l,f12", "language", "F12", rank=90),
    Action("app.lock", "ctrl+k", "lock", "Ctrl+K"),
    Action("app.change_teller", "ctrl+t", "change_teller", "Ctrl+T"),
    Action("app.own_password", "", "own_password", ""),
    Action("app.theme", "f11", "theme", "F11"),
    Action("app.plain", "", "plain", ""),
    Action("app.quit", "ctrl+q", "quit", "Ctrl+Q"),
)
"""What can be done wherever one stands."""
AT_ONCE: Final = frozenset({"app.quit", "app.lock", "app.change_teller"})
"""What is done whatever lies over the page, and before a line of text takes the key."""


def bind(actions: Iterable[Action]) -> list[BindingType]:
    """Return the key bindings of these actions; one without keys is answered by a widget and only told of."""
    return [
        Binding(action.keys, action.name, action.word, show=False, priority=action.name in AT_ONCE)
        for action in actions
        if action.keys
    ]
