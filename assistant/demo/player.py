"""Plays the invented visits through a desk, each at its own time, and makes the file that holds nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

from assistant.case.case import Case
from assistant.case.events import Draft, EventKind, Verdict
from assistant.case.subjects import STAFF
from assistant.demo.script import Ending, Money, Person, Rest, Review, Script, Visit
from assistant.desk import Desk
from assistant.people.logins import find_login
from assistant.people.office import Office
from assistant.people.roster import HASH, NAME
from assistant.review.reviewer import Reviewer
from assistant.sealing.keyplaces import remove_key
from assistant.sealing.passwords import hash_password
from assistant.stamps import make_id
from assistant.store import Outlet, Store
from assistant.store.anchor import find_anchor
from assistant.workplace import working_desk
from rules.errors import BadInput
from rules.facts import Portion
from rules.language import Catalogue

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
MOVE_MS: Final = 9_000
"""How long an invented teller takes for one move."""


class NotADemo(BadInput):
    """The file at `path` holds something else than invented visits; it was left as it is."""

    catalogue: ClassVar[Catalogue] = Catalogue("assistant")
    code = "not_a_demo"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def make_demo(path: Path, script: Script, now: int) -> int:
    """Make the file at `path` with the visits of `script` as of `now` (UTC milliseconds); return how many there are.

    Its staff is invented, but for the OS login of whoever makes it, which is that of the outlet manager. A demo file
    that is there already is made anew, and its key goes with it. Raises NotADemo for any other file, and what
    `Store.create` raises.
    """
    outlet = Outlet(script.outlet_code, script.outlet_name, script.zone)
    if path.exists() or path.is_symlink():
        _remove_demo(path, outlet)
    clock = Clock(now - max(visit.minutes_ago for visit in script.visits) * MINUTE_MS - HOUR_MS)
    with Store.create(path, outlet, begin=_name_first(script.staff[0], clock)) as store:
        _name_others(store, script, clock)
    with working_desk(path, actor=script.actor, clock=clock) as desk:
        for visit in script.visits:
            clock.now = now - visit.minutes_ago * MINUTE_MS
            _Play(desk, clock, script, visit).run()
    return len(script.visits)


def _name_first(manager: Person, clock: Clock) -> list[Draft]:
    body = {"number": manager.number, "role": manager.role.value, "login": find_login()}
    private = {NAME: manager.name}
    return [Draft(make_id(), STAFF, clock(), manager.number, EventKind.MEMBER_NAMED, body, private)]


def _name_others(store: Store, script: Script, clock: Clock) -> None:
    """Have the manager name the others: the second alone, whoever comes after with the second's approval."""
    first, second = (Office(store, person.number, clock, make_id) for person in script.staff[:2])
    for person in script.staff[1:]:
        clock.now += MOVE_MS
        body = {"number": person.number, "role": person.role.value}
        request = first.change(EventKind.MEMBER_NAMED, body, {NAME: person.name})
        if request is not None:
            clock.now += MOVE_MS
            second.approve(request.subject)
    kept = {HASH: hash_password(script.password)}
    for person in script.staff[1:]:
        number = person.number
        store.append(Draft(make_id(), STAFF, clock(), number, EventKind.PASSWORD_SET, {"number": number}, kept))


def _remove_demo(path: Path, outlet: Outlet) -> None:
    with Store.open(path, read_only=True) as store:
        found, db_id = store.outlet, store.db_id
    if found != outlet:
        raise NotADemo(path=path)
    for ending in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    find_anchor(path).unlink(missing_ok=True)
    remove_key(db_id)


class _Play:
    """One visit on its way through the desk."""

    def __init__(self, desk: Desk, clock: Clock, script: Script, visit: Visit) -> None:
        self._desk = desk
        self._clock = clock
        self._script = script
        self._visit = visit
        self._opened_at = clock.now
        self._case_id = ""

    def run(self) -> None:
        visit = self._visit
        self._case_id = self._desk.open(visit.request, self._portion(visit.money[0])).case.id
        self._answer()
        for record in visit.steps:
            self._tick().record_step(self._case_id, record.id, record.outcome, record.reason, record.written)
        if visit.others:
            self._settle_others(visit.others)
        if visit.note:
            self._tick().note(self._case_id, visit.note)
        if visit.call:
            Reviewer(self._desk.store, self._script.actor, self._tick().clock).call(self._case_id, visit.call)
        if visit.close:
            self._close(visit.close)
        if visit.review:
            self._review(visit.review)

    def _answer(self) -> None:
        visit = self._visit
        if visit.also:
            self._tick().request(self._case_id, (visit.request, *visit.also))
        if visit.age:
            self._tick().note_age(self._case_id, visit.age)
        for sign, (value, known) in visit.signs.items():
            self._tick().answer(self._case_id, sign, value, known)
        for number, portion in enumerate(visit.money[1:], 2):
            self._tick().record_money(self._case_id, self._portion(portion), number)
        for fact, looked_up in visit.accounts.items():
            self._tick().answer_account(self._case_id, fact, looked_up)
        for clearing in visit.clearings:
            self._tick().clear(self._case_id, clearing.id, clearing.by, clearing.how)

    def _settle_others(self, rest: Rest) -> None:
        """Record the gating steps that are left; each record may change the advice, so they are asked for anew."""
        while gates := self._case().open_gates():
            step = self._desk.book.steps[gates[0]]
            written = {field.id: self._script.fill(field.kind) for field in step.record if field.required}
            self._tick().record_step(self._case_id, gates[0], rest.outcome, rest.reason, written)

    def _close(self, ending: Ending) -> None:
        amounts = (ending.at_risk, ending.protected, ending.lost)
        self._tick().close(self._case_id, ending.outcome, *amounts, ending.note)

    def _review(self, review: Review) -> None:
        self._clock.now += review.hours_later * HOUR_MS
        reviewer = Reviewer(self._desk.store, review.by, self._clock)
        reviewer.claim(self._case_id)
        self._clock.now += MOVE_MS
        right = (self._case_id, Verdict.RIGHT, Verdict.RIGHT)
        if review.returned:
            reviewer.return_(*right, Verdict.WRONG, review.returned, review.comment)
        else:
            reviewer.approve(*right, Verdict.RIGHT, (), review.comment)

    def _portion(self, money: Money) -> Portion:
        when = None if money.hours_ago is None else self._opened_at - money.hours_ago * HOUR_MS
        return Portion(money.state, money.amount, when, money.paid_from, money.payee)

    def _case(self) -> Case:
        return self._desk.store.case(self._case_id)

    def _tick(self) -> Desk:
        self._clock.now += MOVE_MS
        return self._desk
