"""Who works at a desk: what this person may do, sees in full or masked, and asks a second person for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from assistant.case.events import Draft, EventKind, JsonValue, Look, RevealReason
from assistant.case.subjects import ACCESS, EVERY_CASE
from assistant.case.summary import CaseSummary
from assistant.confidence import REFERRAL, needs_to_know
from assistant.people.permissions import PERMISSIONS, Move, State, check_on, state_of, state_of_row
from assistant.people.refusals import NotOnStaff, NotPermitted, Suspended
from assistant.people.roster import Member
from assistant.stamps import Clock, make_id
from assistant.store import Store

if TYPE_CHECKING:
    from assistant.case.case import Case, StepRecord
    from assistant.particulars.fields import Field, Party
    from assistant.people.office import Office
    from assistant.store.lookups import Found

NOBODY: Final = ""
"""In the place of a staff number, when nobody is signed on."""


class Attendance:
    """One person at one file of cases; `actor` is the staff number, which changes with the person."""

    def __init__(self, store: Store, actor: str, clock: Clock) -> None:
        self.store = store
        self.actor = actor
        self.clock = clock

    def look_at(self, case_id: str, how: Look = Look.OPENED, reason: RevealReason | None = None) -> Case:
        """Return a case for somebody to look at, having recorded who and how. Raises a NotPermitted.

        Where the file cannot be written there is nothing to record in; then only what is masked can be looked at.
        """
        case = self.store.case(case_id)
        if self.store.why_read_only is None:
            self._record(ACCESS + case_id, {"how": how.value} | ({"reason": reason.value} if reason else {}))
        elif how is not Look.OPENED:
            raise self.store.why_read_only.with_traceback(None)
        else:
            self.demand(Move.READ, case)
        return case

    def look_at_all(self) -> None:
        """Record, where the file can be written, that all cases are read for a replay. Raises a NotPermitted."""
        if self.store.why_read_only is None:
            self._record(EVERY_CASE, {"how": Look.REPLAYED.value})
        else:
            self.demand(Move.REPLAY)

    def _record(self, subject: str, body: Mapping[str, JsonValue]) -> None:
        self.store.append(Draft(make_id(), subject, self.clock(), self.actor, EventKind.ACCESSED, body))

    def may(self, move: Move, case: Case | None = None) -> bool:
        """Tell whether whoever works here now may make that move, on that case if it is about one."""
        if (state_of(case) if case else State.NONE) not in PERMISSIONS[move]:
            return False
        try:
            self.demand(move, case)
        except NotPermitted:
            return False
        return True

    def demand(self, move: Move, case: Case | None = None) -> None:
        """Raise the NotPermitted that keeps whoever works here now from that move, if any does."""
        check_on(self.store.roster, self.actor, move, case)

    def wrote(self, case: Case, record: StepRecord) -> bool:
        """Tell whether whoever works here wrote that record of a step, since the case was opened, or opened again: it
        is then given back in full to be corrected, and not masked."""
        return record.actor == self.actor and record.at >= case.begun_at

    def reveal(self, case_id: str, reason: RevealReason) -> dict[tuple[Party, Field], str]:
        """Return in full what is noted about the persons, having recorded who wanted to see it and why."""
        return dict(_read_particulars(self.look_at(case_id, Look.REVEALED, reason)))

    def read_in_full(self, case: Case) -> dict[tuple[Party, Field], str]:
        """Return in full what is noted about the persons of a case that was looked at for that."""
        return dict(_read_particulars(case))

    def read_masked(self, case: Case) -> dict[tuple[Party, Field], str]:
        """Return what is noted about the persons, masked."""
        from assistant.particulars.masking import mask

        return {(party, field): mask(field, value) for (party, field), value in _read_particulars(case)}

    def find_earlier(self, case: Case) -> tuple[Found, ...]:
        """Return where the same persons stand in earlier cases: the same number, account, phone or name.

        A public phone number, which many dial and nobody owns, makes nobody the same.
        """
        from assistant.particulars.fields import Field
        from assistant.particulars.services import is_service

        found: dict[Found, None] = {}
        for (_, field), value in _read_particulars(case):
            if field is not Field.PHONE or not is_service(value):
                found |= dict.fromkeys(self.store.find_same(field, value))
        # An id begins with the time at which it was made.
        return tuple(one for one in found if one.case_id < case.id)

    @property
    def office(self) -> Office:
        """What takes two, as whoever works here now sees it."""
        return self.office_of(self.actor)

    def office_of(self, number: str) -> Office:
        """Return the same as somebody else sees it, who has signed here."""
        from assistant.people.office import Office

        return Office(self.store, number, self.clock, make_id)

    @property
    def member(self) -> Member | None:
        """Whoever works here now; None in a file in which nobody is named yet."""
        return self.store.roster.members.get(self.actor)

    def change_to(self, number: str) -> None:
        """Let somebody else work here from now on, who has signed on. Raises NotOnStaff and Suspended."""
        member = self.store.roster.members.get(number)
        if member is None:
            raise NotOnStaff(number=number)
        if not member.active:
            raise Suspended(number=number)
        self.actor = number

    def leave_to_nobody(self) -> None:
        """Let nobody work here until somebody signs on."""
        self.actor = NOBODY

    def hides(self, row: CaseSummary) -> bool:
        """Tell whether the next step in the row of a case is not meant for whoever works here now."""
        known = needs_to_know(self.store.roster, self.actor, state_of_row(row))
        return not known and row.next_step in REFERRAL


def _read_particulars(case: Case) -> Iterator[tuple[tuple[Party, Field], str]]:
    for place, event in case.particulars.items():
        if "value" in event.private:
            yield place, event.private["value"]
