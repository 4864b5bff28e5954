"""Many invented visits of every kind, made at the desk by tellers who mistype, doubt, take back and come again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import Final

from assistant.case.events import Matter, Outcome, Reason, ReopenReason
from assistant.desk import Desk
from assistant.people.requests import EmergencyReason
from rules.advice import Adviser
from rules.errors import Trouble
from rules.facts import Answer, MoneyState, Portion, StepOutcome
from tests.case.visits import MINUTE, NOON, SECOND
from tests.people.branch import DAY, SUPERVISOR, Branch

TELLERS: Final = ("t1", SUPERVISOR)
"""Who serves: whoever of the staff may."""
DAYS: Final = 3
_TELLING: Final = ("official_caller", "gather_in_own_account", "money_missing", "hurried", "on_phone", "unknown_payee")
_PAUSES: Final = (2 * SECOND, 9 * SECOND, 40 * SECOND, 3 * MINUTE)
_REASONS: Final = (Reason.DOES_NOT_FIT, Reason.SUPERVISOR_DECIDED, Reason.CUSTOMER_REFUSES, Reason.SYSTEM_DOWN)
_LIKELY: Final = (Outcome.CLEARED, Outcome.CLEARED, Outcome.INTERCEPTED, Outcome.PASSED_TO_POLICE, *Outcome)


def fill(branch: Branch, adviser: Adviser, seed: int, visits: int) -> None:
    """Have so many customers come to the branch in three days; the same ones for the same seed."""
    random = Random(seed)  # noqa: S311 (nothing is kept secret by it)
    for number in range(visits):
        branch.clock.now = NOON + random.randrange(DAYS * DAY)
        actor = TELLERS[number % 3 == 0]
        _Visit(Desk(branch.store, adviser, actor, branch.clock), branch, random).run()


class _Visit:
    def __init__(self, desk: Desk, branch: Branch, random: Random) -> None:
        self._desk = desk
        self._branch = branch
        self._random = random
        self._case_id = ""

    def run(self) -> None:
        random, book = self._random, self._desk.book
        portion = Portion(random.choice(list(MoneyState)), random.choice((None, 100, 6_000_000)))
        self._case_id = self._desk.open(random.choice(list(book.requests)), portion).case.id
        ways = (self._answer, self._answer, self._mistype, self._do_next, self._do_next, self._set_aside)
        for _ in range(random.choice((0, 1, 4, 9))):
            self._try(random.choice(ways))
        if random.random() < 0.85:
            self._end()
            if random.random() < 0.2:
                self._try(lambda: self._desk.reopen(self._case_id, ReopenReason.CUSTOMER_CAME_BACK))
                self._try(self._answer)
                self._end()

    def _try(self, move: Callable[[], object]) -> None:
        """Make a move after a while; what is refused is let be."""
        self._branch.clock.wait(self._random.choice(_PAUSES))
        with suppress(Trouble):
            move()

    def _answer(self) -> None:
        sign = self._random.choice((*_TELLING, *self._desk.book.signs))
        self._desk.answer(self._case_id, sign, self._random.choice((Answer.YES, Answer.YES, Answer.NO, None)))

    def _mistype(self) -> None:
        self._desk.answer(self._case_id, self._random.choice(_TELLING), Answer.YES)
        self._branch.clock.wait(self._random.choice(_PAUSES))
        self._desk.take_back(self._case_id)

    def _do_next(self) -> None:
        step = self._desk.store.case(self._case_id).next_step
        if step is not None:
            for fact in self._desk.book.steps[step].check_first:
                self._desk.answer_account(self._case_id, fact, Answer.YES)
            self._desk.record_step(self._case_id, step, StepOutcome.DONE, written=self._write(step))

    def _write(self, step: str) -> dict[str, str]:
        fields = self._desk.book.steps[step].record
        return {field.id: SUPERVISOR if field.kind == "staff" else "虚构" for field in fields}

    def _set_aside(self) -> None:
        case = self._desk.store.case(self._case_id)
        if case.advised_steps:
            step, reason = self._random.choice(case.advised_steps).id, self._random.choice(_REASONS)
            if reason is Reason.SUPERVISOR_DECIDED:
                self._agree(Matter.SET_ASIDE, step)
            self._desk.record_step(self._case_id, step, StepOutcome.NOT_APPLICABLE, reason)

    def _end(self) -> None:
        for step in self._desk.store.case(self._case_id).open_gates():
            self._try(partial(self._leave_undone, step))
        outcome, risk = self._random.choice(_LIKELY), self._random.choice((0, 500, 70_000))
        saved = self._random.choice((0, risk))
        if outcome is Outcome.CLEARED:
            self._try(lambda: self._agree(Matter.RELEASE))
        self._try(lambda: self._desk.close(self._case_id, outcome, risk, saved, risk - saved))

    def _leave_undone(self, step: str) -> None:
        reason = self._random.choice((Reason.CUSTOMER_LEFT, Reason.DOES_NOT_FIT))
        self._desk.record_step(self._case_id, step, StepOutcome.NOT_APPLICABLE, reason)

    def _agree(self, matter: Matter, step: str | None = None) -> None:
        """Have somebody agree, or nobody be in reach."""
        asked = self._desk.ask_authority(self._case_id, matter, step)
        if self._random.random() < 0.3:
            self._desk.office.use_emergency(asked.subject, EmergencyReason.NOBODY_IN_REACH, 24)
        else:
            other = SUPERVISOR if self._desk.actor != SUPERVISOR else "m1"
            self._desk.office_of(other).approve(asked.subject)
