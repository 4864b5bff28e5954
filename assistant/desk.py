"""What a teller may do to a case: each move becomes one saved event, and then the advice that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from assistant.attendance import Attendance
from assistant.case.events import (
    Draft,
    Event,
    EventKind,
    Matter,
    Outcome,
    Reason,
    ReopenReason,
)
from assistant.case.refusals import NothingToTakeBack, Refused
from assistant.case.summary import CaseState
from assistant.confidence import conceal, find_confidential, needs_to_know
from assistant.naming import is_number, tidy
from assistant.people.permissions import Move, state_of
from assistant.people.refusals import ColleagueUnfit
from assistant.rulebooks.inforce import Rulebooks
from assistant.sheet import Sheet, write_advice
from assistant.stamps import Clock, make_id, read_clock
from assistant.store import Store
from rules.accounts import settle
from rules.errors import BadInput
from rules.facts import AgeBand, Answer, Known, Portion, StepOutcome
from rules.language import Catalogue, Text
from rules.later import import_later
from rules.names import Names, Shelf

if TYPE_CHECKING:
    from assistant.case import bodies
    from assistant.case import case as folding
    from assistant.case.case import Case
    from assistant.particulars.fields import Field, Party
    from assistant.people.requests import Request
    from rules.advice import Advice, Adviser
    from rules.model import Book
else:
    bodies = import_later("assistant.case.bodies")
    folding = import_later("assistant.case.case")

STALE_MS: Final = 60_000
"""A case reopened after longer than this is advised on as of now."""


class WordUnknown(BadInput):
    """An id that the rulebook does not know; nothing was written."""

    catalogue = Catalogue("assistant")
    code = "word_unknown"

    def __init__(self, word: str, words: Iterable[str]) -> None:
        from rules.check import suggest

        hint = suggest(word, words)
        super().__init__(word=word, hint=Text(f"是否想写“{hint}”？", f"Did you mean {hint}?") if hint else "")


class Desk(Attendance):
    """A teller at work. Every move returns after it is on disk, or raises a Trouble and has written nothing.

    A rulebook that stands on a `Shelf` is read at the first move, or when it is looked into. Of several `Rulebooks` a
    new case takes the newest, and every later move on it the one it began with.
    """

    def __init__(self, store: Store, rules: Adviser | Shelf | Rulebooks, actor: str, clock: Clock = read_clock) -> None:
        super().__init__(store, actor, clock)
        self.rulebooks = rules if isinstance(rules, Rulebooks) else Rulebooks(rules)

    @property
    def adviser(self) -> Adviser:
        """The rulebook in force, ready to advise. Raises RulebookUnsound when it is read now and cannot be used."""
        return self.rulebooks.adviser

    @property
    def book(self) -> Book:
        """The rulebook in force."""
        return self.adviser.book

    def leave(self) -> None:
        """Close the file and give the engine's memory back."""
        self.store.close()
        self.rulebooks.close()

    @property
    def names(self) -> Names:
        """The names of the rulebook that a list of cases needs."""
        return self.rulebooks.names

    def open(self, request: str, portion: Portion | None = None, *, money_known: bool = True) -> Sheet:
        """Open a case for a request; the first portion of the money is in the state usual for it unless given.

        Where it is not known of any money where it is, none is recorded.
        """
        self.rulebooks.turn_to(None)
        self._know(request, self.book.requests)
        case_id = make_id()
        usual = portion or Portion(self.book.requests[request].money)
        now = self.clock()
        drafts = [self._draft(case_id, EventKind.OPENED, bodies.Opened(request=request), at=now)]
        if money_known:
            drafts.append(self._draft(case_id, EventKind.MONEY_RECORDED, _money(1, usual), at=now))
        return self._save(folding.Case(), drafts)

    def resume(self, case_id: str) -> Sheet:
        """Take up a case where it was left, which is recorded; for whoever may work on it, an open one is advised on
        as of now. Raises a NotPermitted, and RulebookComing while the rulebook that it began with is brought here."""
        self.turn_to(self.store.case(case_id))
        case = self.look_at(case_id)
        if not self.store.writable or not self.may(Move.WORK, case):
            return self._show(case, self.adviser.advise(case.facts))
        if self.clock() - case.history[-1].at > STALE_MS:
            return self._move(case_id, EventKind.TIME_NOTED, bodies.TimeNoted())
        return self._save(case, [])

    def request(self, case_id: str, requests: tuple[str, ...]) -> Sheet:
        """Correct what the customer came for."""
        for request in requests:
            self._know(request, self.book.requests)
        return self._move(case_id, EventKind.REQUESTED, bodies.Requested(requests=requests))

    def answer(self, case_id: str, sign: str, value: Answer | None, known: Known | None = None) -> Sheet:
        """Answer a red flag, or clear its answer with None; `known` defaults to how it is usually known."""
        self._know(sign, self.book.signs)
        how = (known or self.book.signs[sign].known) if value else None
        return self._move(case_id, EventKind.ANSWERED, bodies.Answered(sign=sign, value=value, known=how))

    def ask(
        self, case_id: str, question: str, answers: Mapping[str, tuple[Answer, Known]], *, set_aside: bool = False
    ) -> Sheet:
        """Record that an open question was asked, with all that it settled, as one move; or that it was set aside."""
        self._know(question, self.book.questions)
        for sign in answers:
            self._know(sign, self.book.signs)
        replies = [bodies.Answered(sign=sign, value=value, known=known) for sign, (value, known) in answers.items()]
        asked = bodies.QuestionAsked(question=question, set_aside=set_aside)
        drafts = [self._draft(case_id, EventKind.ANSWERED, reply) for reply in replies]
        drafts.append(self._draft(case_id, EventKind.QUESTION_ASKED, asked))
        return self._save(self.store.case(case_id), drafts)

    def answer_account(self, case_id: str, fact: str, value: Answer | None) -> Sheet:
        """Answer a fact of the accounts involved, and with it, as one move, those that it denies or lays open again.

        It was looked up, so it counts as verified.
        """
        self._know(fact, self.book.accounts)
        case = self.store.case(case_id)
        replies = [
            bodies.AccountAnswered(fact=name, value=answer, known=Known.VERIFIED if answer else None)
            for name, answer in settle(fact, value, case.accounts, self.book)
        ]
        return self._save(case, [self._draft(case_id, EventKind.ACCOUNT_ANSWERED, reply) for reply in replies])

    def note_age(self, case_id: str, band: AgeBand | None) -> Sheet:
        """Note the customer's age band."""
        return self._move(case_id, EventKind.AGE_NOTED, bodies.AgeNoted(band=band))

    def record_money(self, case_id: str, portion: Portion, number: int | None = None) -> Sheet:
        """Add a portion of the money, or correct the one of that number."""
        taken = self.store.case(case_id).money
        place = number or max(taken, default=0) + 1
        return self._move(case_id, EventKind.MONEY_RECORDED, _money(place, portion))

    def remove_money(self, case_id: str, number: int) -> Sheet:
        """Remove a portion that was entered by mistake."""
        return self._move(case_id, EventKind.MONEY_REMOVED, bodies.MoneyRemoved(portion=number))

    def clear(self, case_id: str, clearing: str, by: str, how: str) -> Sheet:
        """Record that a suspicion was cleared: who verified it and how are both needed."""
        self._know(clearing, self.book.clearings)
        private = {"by": by, "how": how}
        return self._move(case_id, EventKind.CLEARED, bodies.Cleared(clearing=clearing), private)

    def withdraw_clearing(self, case_id: str, clearing: str) -> Sheet:
        """Take a clearing back that turned out not to hold."""
        return self._move(case_id, EventKind.CLEARING_WITHDRAWN, bodies.ClearingWithdrawn(clearing=clearing))

    def record_step(
        self,
        case_id: str,
        step: str,
        outcome: StepOutcome,
        reason: Reason | None = None,
        written: Mapping[str, str] | None = None,
    ) -> Sheet:
        """Record what became of a step; `written` holds what it asks to write down, by field.

        Raises ColleagueUnfit for a staff number that is none, or is not that of somebody who may be the second person.
        """
        case = self.store.case(case_id)
        self.turn_to(case)
        self._know(step, self.book.steps)
        private = {name: text for name, text in (written or {}).items() if text.strip()}
        number = tidy(private.pop(self.book.steps[step].colleague or "", ""))
        if number and not is_number(number):
            raise ColleagueUnfit(number=number)
        body = bodies.StepRecorded(step=step, outcome=outcome, reason=reason, colleague=number or None)
        return self._save(case, [self._draft(case_id, EventKind.STEP_RECORDED, body, private)])

    def note(self, case_id: str, text: str) -> Sheet:
        """Add a note for the file."""
        return self._move(case_id, EventKind.NOTED, bodies.Noted(), {"note": text})

    def take_back(self, case_id: str) -> Sheet:
        """Take back the last answer or record."""
        case = self.store.case(case_id)
        last = case.last_answer()
        if last is None or last.body.get("step") in self.hidden_steps(case):
            raise NothingToTakeBack
        return self._move(case_id, EventKind.TAKEN_BACK, bodies.TakenBack(event=last.id))

    def close(self, case_id: str, outcome: Outcome, at_risk: int, protected: int, lost: int, note: str = "") -> Sheet:
        """Close the case; amounts in fen. Refused while a gating step is open without a coded reason."""
        body = bodies.Closed(outcome=outcome, at_risk=at_risk, protected=protected, lost=lost)
        return self._move(case_id, EventKind.CLOSED, body, {"note": note} if note.strip() else {})

    def reopen(self, case_id: str, reason: ReopenReason) -> Sheet:
        """Open a closed case again, with all its answers and records, advised on as of now.

        The closing stays on record and no longer holds; the next one takes its place.
        """
        return self._move(case_id, EventKind.REOPENED, bodies.Reopened(reason=reason))

    def note_particulars(self, case_id: str, party: Party, field: Field, text: str) -> Sheet:
        """Note something about a person, in place of what was noted there before. Raises what `checking.check` does."""
        from assistant.particulars import checking

        checked = checking.check(field, text)
        body = bodies.ParticularsNoted(party=party, field=field, doubts=checked.doubts)
        return self._move(case_id, EventKind.PARTICULARS_NOTED, body, {"value": checked.value})

    def remove_particulars(self, case_id: str, party: Party, field: Field) -> Sheet:
        """Erase what was noted there about a person."""
        return self._move(case_id, EventKind.PARTICULARS_REMOVED, bodies.ParticularsRemoved(party=party, field=field))

    def ask_authority(
        self, case_id: str, matter: Matter, step: str | None = None, given: Mapping[str, str] | None = None
    ) -> Request:
        """Ask for a second person's agreement on a case; `given` is what the move is to be made with, sealed."""
        body = bodies.write_body(bodies.Authorised(matter=matter, step=step))
        return self.office.ask(EventKind.AUTHORISED, body, given, about=case_id)

    def _move(
        self, case_id: str, kind: EventKind, body: bodies.Body, private: Mapping[str, str] | None = None
    ) -> Sheet:
        return self._save(self.store.case(case_id), [self._draft(case_id, kind, body, private or {})])

    def _save(self, case: Case, drafts: list[Draft]) -> Sheet:
        """Save a move together with the advice that follows from it, whenever that changed: both or neither.

        What the teller saw can be proven later. Where another desk moved the case in between, it is advised on again.
        """
        self.turn_to(case)
        try:
            after = case
            for draft in drafts:
                after.admit(draft)
                after = after.after(foresee(draft))
            advice = self.adviser.advise(after.facts)
            recorded = write_advice(advice)
            if after.state is CaseState.OPEN and recorded != after.advice:
                last = after.history[-1]
                drafts = [*drafts, self._draft(last.case_id, EventKind.ADVISED, recorded, at=last.at)]
            if drafts:
                self.store.append_all(drafts)
        except Refused as refused:
            refused.details = self._named(refused.details, self.hidden_steps(case))
            raise
        saved = self.store.case(after.id)
        if len(saved.history) != len(case.history) + len(drafts):
            return self._save(saved, [])
        self.turn_to(saved)
        return self._show(saved, advice)

    def _show(self, case: Case, advice: Advice) -> Sheet:
        """Return the case with its advice, without what is not meant for whoever works here now."""
        hidden = self.hidden_steps(case)
        return Sheet(*(conceal(case, advice, hidden) if hidden else (case, advice)))

    def hidden_steps(self, case: Case) -> frozenset[str]:
        """Return the steps of a case that whoever works here now must not learn of."""
        known = needs_to_know(self.store.roster, self.actor, state_of(case))
        return frozenset() if known else find_confidential(self.book)

    def turn_to(self, case: Case) -> None:
        """Have the case advised by the rulebook that it began with."""
        self.rulebooks.turn_to(case.advice.rulebook if case.advice else None)

    def _draft(
        self,
        case_id: str,
        kind: EventKind,
        body: bodies.Body,
        private: Mapping[str, str] | None = None,
        at: int | None = None,
    ) -> Draft:
        moment = self.clock() if at is None else at
        return Draft(make_id(), case_id, moment, self.actor, kind, bodies.write_body(body), private or {})

    def _know(self, word: str, words: Mapping[Any, Any]) -> None:
        if word not in words:
            raise WordUnknown(word, words)

    def _named(self, details: Mapping[str, object], hidden: frozenset[str]) -> dict[str, object]:
        """Put names in place of the ids in a refusal, for the sentence to the teller."""
        book = self.book
        known = {name: step.quiet if name in hidden else step.name for name, step in book.steps.items()}
        known |= {name: fact.name for name, fact in book.accounts.items()}
        step = book.steps.get(str(details.get("step")))
        # Two steps may ask for different things under one field id, so only those of this step are meant.
        known |= {field.id: field.ask for field in (step.record if step else ())}
        return {key: _name(value, known) for key, value in details.items()}


def foresee(draft: Draft) -> Event:
    """Return the event that a draft will be, as far as the advice needs it."""
    return Event(draft.id, draft.case_id, draft.at, draft.actor, draft.kind, draft.body, draft.private)


def _money(number: int, portion: Portion) -> bodies.MoneyRecorded:
    return bodies.MoneyRecorded(
        portion=number,
        state=portion.state,
        amount=portion.amount,
        when=portion.when,
        paid_from=portion.paid_from,
        payee=portion.payee,
    )


def _name(value: object, known: Mapping[str, Text]) -> object:
    if isinstance(value, tuple):
        return tuple(_name(part, known) for part in value)
    return known.get(value, value) if isinstance(value, str) else value
