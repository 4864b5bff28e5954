"""Whatever a teller does in whatever order: the case stays the fold of its events, and no gate is closed over."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistant.case.case import Case
from assistant.case.events import EventKind, JsonValue, Outcome, Reason, ReopenReason
from assistant.case.refusals import BodyUnfit, CaseClosed, NotClosed
from assistant.case.summary import CaseState
from assistant.sheet import Sheet
from rules.advice import Adviser
from rules.errors import Trouble
from rules.facts import AgeBand, Answer, Facts, Known, MoneyState, PayeeAt, Portion, Reply, StepOutcome
from rules.loading import load_book
from tests.case.moves import AFTER_CLOSING, BODIES, BOUND, OVER_CAP, answered_with, put
from tests.case.visits import (
    SECOND,
    Clock,
    advice_is_recorded,
    draft,
    fold_step_by_step,
    names_only,
    new_desk,
    set_aside_gates,
    timeless,
)

Change = Callable[[dict[str, Any]], None]
BOOK: Final = load_book()
TELLING: Final = ["official_caller", "gather_in_own_account", "money_missing"]
SIGNS: Final = st.one_of(st.sampled_from(TELLING), st.sampled_from(list(BOOK.signs)))
REPLIES: Final = st.sampled_from([None, *((value, known) for value in Answer for known in Known)])
PORTIONS: Final = st.builds(
    Portion,
    state=st.sampled_from(MoneyState),
    amount=st.sampled_from([None, 100, 6_000_000]),
    payee=st.sampled_from(PayeeAt),
)


@cache
def _adviser() -> Adviser:
    return Adviser(BOOK)


class Visit(RuleBasedStateMachine):
    """A visit in which anything may be tried. `changes` tells, apart from the product, what still counts."""

    @initialize(
        request=st.sampled_from(["help", *BOOK.requests]),
        state=st.sampled_from([MoneyState.MOVED_OWN_NAME, *MoneyState]),
    )
    def a_customer_comes(self, request: str, state: MoneyState) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.desk = new_desk(self.folder / "cases.db", _adviser(), self.clock)
        case = self.desk.open(request, Portion(state)).case
        self.case_id, self.first = case.id, Portion(state)
        self.request = request
        self.changes: list[Change] = []
        self.amounts: tuple[int | None, int | None] = (None, None)

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.store.close()
            shutil.rmtree(self.folder)

    @property
    def case(self) -> Case:
        return self.desk.store.case(self.case_id)

    def make(self, move: Callable[[], Sheet], *changes: Change, at_the_desk: bool = True) -> bool:
        """Make a move; one that is refused has written nothing, and the desk says why in names."""
        self.clock.wait(SECOND)
        before = self.case
        trouble: Trouble | None
        try:
            move()
        except Trouble as refused:
            trouble = refused
        else:
            trouble = None
        if trouble is not None:
            assert not isinstance(trouble, BodyUnfit), trouble
            assert names_only(trouble) or not at_the_desk, trouble
            assert self.case.history == before.history
            return False
        made = self.case.history[len(before.history)]
        assert before.state is CaseState.OPEN or made.kind in (EventKind.STEP_RECORDED, EventKind.REOPENED)
        self.changes += changes
        return True

    @rule(sign=SIGNS, reply=REPLIES)
    def answer(self, sign: str, reply: tuple[Answer, Known] | None) -> None:
        value, known = reply or (None, None)
        told = Reply(value, known) if value and known else None
        self.make(lambda: self.desk.answer(self.case_id, sign, value, known), partial(put, "answers", sign, told))

    @rule(fact=st.sampled_from(list(BOOK.accounts)), value=st.sampled_from([None, *Answer]))
    def look_up_an_account(self, fact: str, value: Answer | None) -> None:
        before = {name: reply.value for name, reply in self.case.accounts.items()}
        changes = [
            partial(put, "accounts", name, Reply(answer, Known.VERIFIED) if answer else None)
            for name, answer in answered_with(fact, value, before)
        ]
        self.make(lambda: self.desk.answer_account(self.case_id, fact, value), *changes)

    @invariant()
    def a_bound_account_is_never_over_the_cap_of_an_unbound_one(self) -> None:
        if hasattr(self, "desk"):
            accounts = self.case.accounts
            assert not all(name in accounts and accounts[name].yes for name in (BOUND, OVER_CAP))

    @rule(band=st.sampled_from([None, *AgeBand]))
    def note_the_age(self, band: AgeBand | None) -> None:
        self.make(lambda: self.desk.note_age(self.case_id, band), lambda state: state.update(age=band))

    @rule(number=st.integers(1, 3), portion=PORTIONS)
    def record_money(self, number: int, portion: Portion) -> None:
        self.make(lambda: self.desk.record_money(self.case_id, portion, number), partial(put, "money", number, portion))

    @rule(number=st.integers(1, 3))
    def remove_money(self, number: int) -> None:
        self.make(lambda: self.desk.remove_money(self.case_id, number), partial(put, "money", number, None))

    @rule(clearing=st.sampled_from(list(BOOK.clearings)), by=st.sampled_from(["", "  ", "王主管"]))
    def clear(self, clearing: str, by: str) -> None:
        made = self.make(
            lambda: self.desk.clear(self.case_id, clearing, by, "回拨公开号码"),
            partial(put, "clearings", clearing, True),
        )
        assert not (made and not by.strip())

    @rule(clearing=st.sampled_from(list(BOOK.clearings)))
    def withdraw_a_clearing(self, clearing: str) -> None:
        self.make(
            lambda: self.desk.withdraw_clearing(self.case_id, clearing), partial(put, "clearings", clearing, None)
        )

    @rule(request=st.sampled_from(list(BOOK.requests)))
    def correct_the_request(self, request: str) -> None:
        self.make(lambda: self.desk.request(self.case_id, (request,)), lambda state: state.update(requests=(request,)))

    @rule(question=st.sampled_from(list(BOOK.questions)), signs=st.sets(SIGNS, max_size=2))
    def ask(self, question: str, signs: set[str]) -> None:
        told = {sign: Reply(Answer.YES, Known.SAID) for sign in sorted(signs)}
        answers = {sign: (reply.value, reply.known) for sign, reply in told.items()}
        marks = [partial(put, "answers", sign, reply) for sign, reply in told.items()]
        self.make(
            lambda: self.desk.ask(self.case_id, question, answers), *marks, partial(put, "questions", question, True)
        )

    @rule(
        data=st.data(),
        outcome=st.sampled_from(StepOutcome),
        reason=st.sampled_from([None, *Reason]),
        writes=st.booleans(),
    )
    def record_a_step(self, data: st.DataObject, outcome: StepOutcome, reason: Reason | None, writes: bool) -> None:
        if self.case.state is CaseState.CLOSED:
            return
        offered = [step.id for step in self.case.advised_steps]
        offered += [held.step for held in self.case.advice.withheld] if self.case.advice else []
        step = data.draw(st.sampled_from([*offered, *list(BOOK.steps)[:3]]))
        self._record(step, outcome, reason, writes=writes)

    def _record(self, step: str, outcome: StepOutcome, reason: Reason | None, *, writes: bool) -> None:
        written = {field.id: "6217" for field in BOOK.steps[step].record} if writes else {}
        before = self.case
        made = self.make(
            lambda: self.desk.record_step(self.case_id, step, outcome, reason, written),
            partial(put, "steps", step, outcome),
        )
        if made:
            self._was_allowed(before, step, outcome, reason, written)

    def _was_allowed(
        self, before: Case, step: str, outcome: StepOutcome, reason: Reason | None, written: dict[str, str]
    ) -> None:
        if before.state is CaseState.CLOSED:
            assert step in {entry.id for entry in before.advised_steps} | set(before.steps)
            return
        advice = _adviser().advise(before.facts)
        assert step in {entry.id for entry in advice.steps} | set(before.steps)
        if outcome in (StepOutcome.REFUSED, StepOutcome.NOT_APPLICABLE):
            assert reason is not None
        if outcome is StepOutcome.DONE:
            assert step not in {held.id for held in advice.withheld}
        if outcome is StepOutcome.DONE and step in {entry.id for entry in advice.steps}:
            assert set(BOOK.steps[step].check_first) <= set(before.accounts)
            assert {field.id for field in BOOK.steps[step].record if field.required} <= set(written)

    @rule()
    def do_the_next_step(self) -> None:
        step = self.case.next_step
        if step is None:
            return
        for fact in BOOK.steps[step].check_first:
            self.look_up_an_account(fact, Answer.YES)
        self._record(step, StepOutcome.DONE, None, writes=True)

    @precondition(lambda self: self.case.state is CaseState.OPEN and self.case.advice and self.case.advice.withheld)
    @rule()
    def do_what_must_not_be_done(self) -> None:
        case = self.case
        step = case.advice.withheld[0].step if case.advice else ""
        self._record(step, StepOutcome.DONE, None, writes=True)
        assert self.case.history == case.history

    @rule()
    def set_every_gate_aside(self) -> None:
        if self.case.state is CaseState.CLOSED:
            return
        before = len(self.case.history)
        set_aside_gates(self.desk, self.case_id)
        for event in self.case.history[before:]:
            if event.kind is EventKind.STEP_RECORDED:
                self.changes.append(partial(put, "steps", event.body["step"], StepOutcome.NOT_APPLICABLE))

    @rule(times=st.integers(1, 4))
    def take_back(self, times: int) -> None:
        for _ in range(times):
            if self.make(lambda: self.desk.take_back(self.case_id)):
                self.changes.pop()
            elif self.case.state is CaseState.OPEN:
                assert not self.changes

    @rule(wait=st.sampled_from([SECOND, 61 * SECOND, 49 * 3600 * SECOND]))
    def come_back_later(self, wait: int) -> None:
        self.clock.wait(wait)
        self.desk.resume(self.case_id)

    @rule(at_risk=st.sampled_from([0, 500]), protected=st.sampled_from([0, 500]), past_the_desk=st.booleans())
    def close(self, at_risk: int, protected: int, past_the_desk: bool) -> None:
        gates = _independent_gates(self.case)
        body: dict[str, JsonValue] = {"outcome": "cleared", "at_risk": at_risk, "protected": protected, "lost": 0}
        forged = draft(self.case_id, EventKind.CLOSED, body, self.clock.now)

        def close_behind_the_desk() -> Sheet:
            self.desk.store.append(forged)
            return self.desk.resume(self.case_id)

        def close_at_the_desk() -> Sheet:
            return self.desk.close(self.case_id, Outcome.CLEARED, at_risk, protected, 0)

        if self.make(close_behind_the_desk if past_the_desk else close_at_the_desk, at_the_desk=not past_the_desk):
            assert gates == set()
            assert protected <= at_risk
            self.amounts = at_risk, protected

    @rule(reason=st.sampled_from(ReopenReason), past_the_desk=st.booleans())
    def reopen(self, reason: ReopenReason, past_the_desk: bool) -> None:
        before = self.case
        forged = draft(self.case_id, EventKind.REOPENED, {"reason": reason.value}, self.clock.now)

        def reopen_behind_the_desk() -> Sheet:
            self.desk.store.append(forged)
            return self.desk.resume(self.case_id)

        def reopen_at_the_desk() -> Sheet:
            return self.desk.reopen(self.case_id, reason)

        made = self.make(reopen_behind_the_desk if past_the_desk else reopen_at_the_desk, at_the_desk=not past_the_desk)
        assert made is (before.state is CaseState.CLOSED)
        after = self.case
        assert after.state is CaseState.OPEN
        if made:
            assert timeless(after.facts) == timeless(before.facts)
            assert after.reopening is not None
            assert after.reopening.reason is reason

    @precondition(lambda self: self.case.state is CaseState.OPEN)
    @rule(reason=st.sampled_from(ReopenReason))
    def reopen_what_is_open(self, reason: ReopenReason) -> None:
        before = self.case
        try:
            self.desk.store.append(draft(self.case_id, EventKind.REOPENED, {"reason": reason.value}, self.clock.now))
        except NotClosed:
            assert self.case == before
        else:
            raise AssertionError(reason)

    @precondition(lambda self: self.case.state is CaseState.CLOSED)
    @rule(data=st.data(), kind=st.deferred(lambda: st.sampled_from(sorted(BODIES.keys() - AFTER_CLOSING))))
    def move_on_after_the_closing(self, data: st.DataObject, kind: EventKind) -> None:
        before = self.case.history
        late = draft(
            self.case_id, kind, data.draw(st.sampled_from(BODIES[kind])), self.clock.now, {"by": "a", "how": "b"}
        )
        try:
            self.desk.store.append(late)
        except CaseClosed:
            assert self.case.history == before
        else:
            raise AssertionError(kind)

    @invariant()
    def the_case_is_the_fold_of_its_events(self) -> None:
        case = self.case
        assert fold_step_by_step(case) == case == Case.of(self.desk.store.read_case(self.case_id))

    @invariant()
    def the_facts_are_what_still_counts(self) -> None:
        state: dict[str, Any] = {"requests": (self.request,), "age": None, "money": {1: self.first}}
        state |= {name: {} for name in ("answers", "accounts", "clearings", "questions", "steps")}
        for change in self.changes:
            change(state)
        money = tuple(state["money"][number] for number in sorted(state["money"]))
        assert timeless(self.case.facts) == Facts(
            requests=frozenset(state["requests"]),
            answers=state["answers"],
            money=money,
            age=state["age"],
            accounts=state["accounts"],
            clearings=frozenset(state["clearings"]),
            steps=state["steps"],
        )
        assert self.case.questions == frozenset(state["questions"])

    @invariant()
    def only_a_closing_after_the_last_reopening_holds(self) -> None:
        case, row = self.case, self.desk.store.list()[0]
        turns = [event.kind for event in case.history if event.kind in (EventKind.CLOSED, EventKind.REOPENED)]
        closed = turns[-1:] == [EventKind.CLOSED]
        assert (case.state is CaseState.CLOSED) is closed
        assert row == case.summary()
        assert (row.at_risk_fen, row.protected_fen) == (self.amounts if closed else (None, None))

    @invariant()
    def what_the_teller_saw_is_on_record(self) -> None:
        case = self.case
        assert case.state is CaseState.CLOSED or advice_is_recorded(self.desk, case)


def _independent_gates(case: Case) -> set[str]:
    """Return the gating steps that the rulebook asks for now and that nobody did or set aside with a reason."""
    records = case.steps
    gates = {step.id for step in _adviser().advise(case.facts).steps if step.step.gates}
    done = {name for name, record in records.items() if record.outcome is StepOutcome.DONE or record.reason is not None}
    return gates - done


TestAnyOrder = Visit.TestCase
TestAnyOrder.settings = settings(
    max_examples=settings().max_examples // 4,
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
