"""`assistant staff moves`: the table of permissions as it is enforced, every role, state and move of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assistant.cli.people.words import PEOPLE_WORDS
from assistant.people.permissions import PERMISSIONS, Grants, Move
from assistant.people.requests import MATTERS
from assistant.people.roles import Role
from assistant.plain.columns import set_columns
from rules.language import Catalogue, Language

_PEOPLE: Final = Catalogue("assistant.people")
_PLAIN: Final = Catalogue("assistant.plain")


def write_moves(language: Language) -> str:
    """Return the table, and what takes two."""
    return "\n".join(
        (
            _say("title", language),
            "",
            set_columns(_list_rows(language)),
            "",
            _say("legend", language),
            "",
            _say("two", language),
            "",
            set_columns(_list_matters(language)),
        )
    )


def _list_rows(language: Language) -> Iterator[list[str]]:
    heads = [_say(f"header.{name}", language) for name in ("move", "state")]
    yield [*heads, *(_PEOPLE(f"role.{role}", language) for role in Role)]
    for move, states in PERMISSIONS.items():
        for state, grants in states.items():
            names = [_PEOPLE(f"move.{move}", language), _PEOPLE(f"state.{state}", language)]
            yield [*names, *(_mark(grants, role, language) for role in Role)]


def _mark(grants: Grants, role: Role, language: Language) -> str:
    return _say(grants[role].value if role in grants else "none", language)


def _list_matters(language: Language) -> Iterator[list[str]]:
    yield [_say(f"two_header.{name}", language) for name in ("what", "ask", "decide", "emergency")]
    for kind, matter in MATTERS.items():
        yield [
            _PEOPLE(f"matter_of.{kind}", language),
            _list_roles(matter.ask, language),
            _list_roles(matter.decide, language),
            _say("emergency" if matter.emergency else "none", language),
        ]


def _list_roles(move: Move, language: Language) -> str:
    """Return who may make that move in any state."""
    able = {role for grants in PERMISSIONS[move].values() for role in grants}
    return _PLAIN("mark.list", language).join(_PEOPLE(f"role.{role}", language) for role in Role if role in able)


def _say(key: str, language: Language) -> str:
    return PEOPLE_WORDS(f"moves.{key}", language)
