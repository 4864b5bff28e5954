"""What the screens say of the earlier cases in which the same persons stand; the quiet face says nothing of them."""

from __future__ import annotations

from typing import Final

from assistant.case.case import Case
from assistant.desk import Desk
from rules.errors import Trouble
from ui.wording import Wording

SHOWN: Final = 3
"""Numbers that are named; a person with more is known by then."""


def write_earlier(desk: Desk, case: Case, wording: Wording) -> str:
    """Return how many earlier cases there are, their numbers, and what is the same in each; "" for none."""
    from assistant.earlier import list_earlier

    earlier = () if wording.quiet else list_earlier(desk, case)
    if not earlier:
        return ""
    named = []
    for one in earlier[:SHOWN]:
        same = wording.join(f"{wording.party(party)} {wording.field(field)}" for party, field in one.places)
        named.append(f"{one.number}{wording.say('mark.bracket', text=same)}")
    more = " …" if len(earlier) > SHOWN else ""
    return wording.say("persons.earlier", count=len(earlier), cases=wording.join(named) + more)


class EarlierHint:
    """A few words for the line of the visit, looked up again for somebody else or when something else is noted."""

    def __init__(self) -> None:
        self._seen: tuple[str, ...] = ()
        self._count = 0

    def write(self, desk: Desk, case: Case, wording: Wording) -> str:
        """Return the words; "" where no more than a name is the same in any earlier case."""
        seen = (desk.actor, *(event.id for event in case.particulars.values()))
        if seen != self._seen:
            self._seen, self._count = seen, _count(desk, case) if case.particulars else 0
        return wording.say("teller.seen_before", count=self._count) if self._count and not wording.quiet else ""


def _count(desk: Desk, case: Case) -> int:
    from assistant.earlier import list_earlier

    try:
        return sum(one.is_certain for one in list_earlier(desk, case))
    except Trouble:
        # A file that is only read may be open without its key; the page of the persons tells.
        return 0
