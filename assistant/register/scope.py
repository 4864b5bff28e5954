"""Which cases one person may read, as the list asks for them: by the table of permissions, and not case by case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assistant.confidence import needs_to_know
from assistant.people.permissions import PERMISSIONS, Grant, Move, State, check
from assistant.people.roster import Roster


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may read: cases in one of these states, and others in one of those if he opened them himself."""

    states: frozenset[State]
    own_states: frozenset[State] = frozenset()
    actor: str = ""
    hidden: frozenset[str] = frozenset()
    """The steps whose texts are not his business."""


WHOLE: Final = Scope(frozenset(State))


def find_scope(roster: Roster, actor: str, confidential: frozenset[str]) -> Scope:
    """Return what `actor` may read; the texts about the `confidential` steps only if they are his business.

    Raises a NotPermitted for somebody who may not list cases at all.
    """
    check(roster, actor, Move.LIST, State.NONE)
    if not roster.members:
        return WHOLE
    role = roster.members[actor].role
    granted = {state: grants.get(role) for state, grants in PERMISSIONS[Move.READ].items()}
    return Scope(
        states=frozenset(state for state, grant in granted.items() if grant is Grant.ALL),
        own_states=frozenset(state for state, grant in granted.items() if grant is Grant.OWN),
        actor=actor,
        hidden=frozenset() if needs_to_know(roster, actor, State.OPEN) else confidential,
    )
