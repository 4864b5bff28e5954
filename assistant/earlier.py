"""Whether the persons of a case stood in a case before: the numbers of those cases, for whoever may read them."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.case.case import Case
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from assistant.people.permissions import may_read


@dataclass(frozen=True, slots=True)
class Earlier:
    """A case by its number, and what of it is the same: about whom it was noted there, and what it is."""

    number: str
    places: tuple[tuple[Party, Field], ...]

    @property
    def is_certain(self) -> bool:
        """Whether more than a name is the same, which many people share."""
        return any(field is not Field.NAME for _, field in self.places)


def list_earlier(desk: Desk, case: Case) -> tuple[Earlier, ...]:
    """Return the earlier cases in which the same persons stand, newest first. Raises the KeyTrouble of a lost key.

    Those that whoever works here now may not read are left out.
    """
    found: dict[str, list[tuple[Party, Field]]] = {}
    for one in desk.find_earlier(case):
        found.setdefault(one.case_id, []).append((Party(one.party), Field(one.field)))
    rows, roster = desk.store.list_rows(found), desk.store.roster
    return tuple(Earlier(row.number, tuple(found[row.case_id])) for row in rows if may_read(roster, desk.actor, row))
