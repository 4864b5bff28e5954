"""What a screen can do: one table an action, from which its keys, its hint line and its help are all made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


def bind(actions: Iterable[Action]) -> list[BindingType]:
    """Return the key bindings of these actions."""
    return [Binding(action.keys, action.name, action.word, show=False, id=action.word) for action in actions]
