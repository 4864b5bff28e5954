"""A case for people: how it stands, then all that happened, one line each; private texts are counted, never shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from assistant.amounts import write_amount
from assistant.case import bodies
from assistant.case.bodies import read_body
from assistant.case.case import Case
from assistant.case.events import Event, EventKind
from assistant.case.summary import CaseSummary
from assistant.plain.times import write_time
from assistant.quoting import fold
from assistant.store import Outlet
from rules.facts import Portion, Reply, StepOutcome
from rules.language import Catalogue, Language, Text
from rules.model import Book

_WORDS: Final = Catalogue("assistant.plain")
_CASE: Final = Catalogue("assistant.case")
_RULES: Final = Catalogue("rules")
_PARTICULARS: Final = Catalogue("assistant.particulars")


class CaseWriter:
    """Puts the cases of one outlet into plain text of one language. Times are in the outlet's zone."""

    def __init__(self, book: Book, outlet: Outlet, language: Language) -> None:
        self._book = book
        self._outlet = outlet
        self._language = language

    def list_cases(self, summaries: Iterable[CaseSummary]) -> str:
        """Return one line a case, in the given order, or one line that says there are none."""
        return "\n".join(self._row(summary) for summary in summaries) or self._say("listing.none")

    def show_case(self, case: Case) -> str:
        """Return how the case stands and all that happened in it, the oldest first."""
        return "\n".join((*self._head(case), *self._facts(case), *self._steps(case), *self._story(case)))

    def _row(self, summary: CaseSummary) -> str:
        level = self._name(self._book.levels, summary.level) if summary.level else self._say("listing.unknown")
        row = self._say(
            "listing.row",
            number=summary.number,
            state=self._say(f"state.{summary.keeping or summary.state}"),
            opened=self._time(summary.opened_at),
            request=self._name(self._book.requests, summary.request),
            level=level,
        )
        if summary.outcome:
            return row + self._say("listing.ending", outcome=self._case(f"outcome.{summary.outcome}"))
        if summary.next_step:
            return row + self._say("listing.next", step=self._name(self._book.steps, summary.next_step))
        return row

    def _head(self, case: Case) -> Iterator[str]:
        first, advice, closing = case.history[0], case.advice, case.closing
        yield self._say("case.title", number=case.number, state=self._say(f"state.{case.keeping or case.state}"))
        yield self._say("case.outlet", code=self._outlet.code, name=fold(self._outlet.name))
        yield self._say("case.opened", when=self._time(first.at), actor=first.actor)
        if again := case.reopening:
            reason = self._case(f"reopening.{again.reason}")
            yield self._say("case.reopened", reason=reason, when=self._time(again.at), actor=again.actor)
        yield self._say("case.request", names=self._names(self._book.requests, case.requests))
        if case.age:
            yield self._say("case.age", name=self._name(self._book.age_bands, case.age))
        if advice:
            yield self._say("case.level", name=self._name(self._book.levels, advice.level))
        if advice and advice.typologies:
            yield self._say("case.suspected", names=self._names(self._book.typologies, advice.typologies))
        if closing:
            ending = self._case(f"outcome.{closing.outcome}")
            yield self._say("case.closing", outcome=ending, when=self._time(closing.at), actor=closing.actor)
            sums = {"at_risk": closing.at_risk, "protected": closing.protected, "lost": closing.lost}
            yield self._say("case.amounts", **{name: write_amount(fen, self._language) for name, fen in sums.items()})
        elif case.next_step:
            yield self._say("case.next", step=self._name(self._book.steps, case.next_step))

    def _facts(self, case: Case) -> Iterator[str]:
        book = self._book
        if case.money:
            yield self._say("case.money")
            for number, portion in sorted(case.money.items()):
                yield self._say("case.portion", number=number, value=self._portion(portion))
        for heading, shelf, replies in (
            ("answers", book.signs, case.answers),
            ("accounts", book.accounts, case.accounts),
        ):
            if replies:
                yield self._say(f"case.{heading}")
                for name, reply in replies.items():
                    yield self._say("case.item", name=self._name(shelf, name), value=self._reply(reply))
        if case.clearings:
            yield self._say("case.clearings")
            for clearing in sorted(case.clearings):
                yield self._say("case.unnamed", name=self._name(book.clearings, clearing))

    def _steps(self, case: Case) -> Iterator[str]:
        advised = {step.id: step for step in case.advised_steps}
        if advised or case.steps:
            yield self._say("case.steps")
        for name in dict.fromkeys((*advised, *case.steps)):
            gate = self._bracket(self._say("case.gate")) if name in advised and advised[name].gates else ""
            yield self._say("case.item", name=self._name(self._book.steps, name) + gate, value=self._record(case, name))
        if case.advice and case.advice.withheld:
            yield self._say("case.withheld")
            for held in case.advice.withheld:
                yield self._say("case.unnamed", name=self._name(self._book.steps, held.step))

    def _record(self, case: Case, step: str) -> str:
        record = case.steps.get(step)
        if record is None:
            return self._say("case.waiting")
        reason = self._bracket(self._case(f"reason.{record.reason}")) if record.reason else ""
        by = self._say("case.by", when=self._time(record.at), actor=record.actor)
        return self._outcome(record.outcome, record.colleague) + reason + self._say("mark.list") + by

    def _outcome(self, outcome: StepOutcome, colleague: str | None) -> str:
        done = self._rule(f"step_outcome.{outcome}")
        return done + self._say("case.colleague", number=colleague) if colleague else done

    def _story(self, case: Case) -> Iterator[str]:
        gone = {str(event.body["event"]) for event in case.history if event.kind is EventKind.TAKEN_BACK}
        yield self._say("case.timeline", zone=self._outlet.zone)
        for event in case.history:
            yield self._say(
                "event.line",
                when=self._time(event.at),
                actor=event.actor,
                what=self._what(event),
                undone=self._say("event.undone") if event.id in gone else "",
            )
        if private := sum(len(event.private) for event in case.history):
            yield self._say("case.private", count=private)

    def _what(self, event: Event) -> str:
        return self._say(f"event.{self._key(event)}", **self._details(read_body(event)))

    def _key(self, event: Event) -> str:
        if event.kind is EventKind.ADVISED and not event.body.get("steps"):
            return "advised_nothing"
        if event.kind is EventKind.QUESTION_ASKED and event.body.get("set_aside"):
            return "question_set_aside"
        if event.kind is EventKind.AUTHORISED and event.body.get("alone"):
            return "authorised_alone"
        return event.kind.value

    def _details(self, body: bodies.Body) -> Mapping[str, object]:
        book = self._book
        match body:
            case bodies.Opened(request=request):
                return {"request": self._name(book.requests, request)}
            case bodies.Requested(requests=requests):
                return {"requests": self._names(book.requests, requests)}
            case bodies.Answered() as one:
                return {"name": self._name(book.signs, one.sign), "value": self._answer(one)}
            case bodies.AccountAnswered() as one:
                return {"name": self._name(book.accounts, one.fact), "value": self._answer(one)}
            case bodies.AgeNoted(band=band):
                return {"name": self._name(book.age_bands, band) if band else self._rule("answer.open")}
            case bodies.MoneyRecorded() as one:
                portion = Portion(one.state, one.amount, one.when, one.paid_from, one.payee)
                return {"number": one.portion, "value": self._portion(portion)}
            case bodies.MoneyRemoved(portion=number):
                return {"number": number}
            case bodies.Cleared(clearing=clearing) | bodies.ClearingWithdrawn(clearing=clearing):
                return {"name": self._name(book.clearings, clearing)}
            case bodies.QuestionAsked(question=question):
                asked = book.questions.get(question)
                return {"name": asked.ask.read(self._language) if asked else question}
        return self._details_of_steps(body)

    def _details_of_steps(self, body: bodies.Body) -> Mapping[str, object]:
        book = self._book
        match body:
            case bodies.StepRecorded() as one:
                reason = self._bracket(self._case(f"reason.{one.reason}")) if one.reason else ""
                return {
                    "name": self._name(book.steps, one.step),
                    "value": self._outcome(one.outcome, one.colleague) + reason,
                }
            case bodies.Advised() as advice:
                first = self._name(book.steps, advice.steps[0].id) if advice.steps else ""
                level = self._name(book.levels, advice.level)
                return {"level": level, "count": len(advice.steps), "first": first, "rulebook": advice.rulebook}
            case bodies.Closed(outcome=outcome):
                return {"outcome": self._case(f"outcome.{outcome}")}
            case bodies.Reopened(reason=why):
                return {"reason": self._case(f"reopening.{why}")}
            case bodies.ParticularsNoted() | bodies.ParticularsRemoved() as one:
                return {name: _PARTICULARS(f"{name}.{value}", self._language) for name, value in one.place.items()}
            case bodies.Authorised(matter=matter, step=step):
                about = self._bracket(self._name(book.steps, step)) if step else ""
                return {"matter": self._case(f"matter.{matter}") + about}
        return {}

    def _answer(self, body: bodies.Answered | bodies.AccountAnswered) -> str:
        if body.value is None or body.known is None:
            return self._rule(f"answer.{body.value.value}" if body.value else "answer.open")
        return self._reply(Reply(body.value, body.known))

    def _reply(self, reply: Reply) -> str:
        return self._rule(f"answer.{reply.value}") + self._bracket(self._rule(f"known.{reply.known}"))

    def _portion(self, portion: Portion) -> str:
        parts = [self._name(self._book.money_states, portion.state)]
        if portion.amount is not None:
            parts.append(write_amount(portion.amount, self._language))
        if portion.when is not None:
            parts.append(self._time(portion.when))
        if portion.paid_from:
            parts.append(self._rule(f"paid_from.{portion.paid_from}"))
        if portion.payee:
            parts.append(self._rule(f"payee.{portion.payee}"))
        return self._say("mark.list").join(parts)

    def _time(self, at: int) -> str:
        return write_time(at, self._outlet.zone)

    def _names(self, shelf: Mapping[Any, Any], names: Iterable[str]) -> str:
        return self._say("mark.list").join(self._name(shelf, name) for name in names)

    def _name(self, shelf: Mapping[Any, Any], name: str) -> str:
        """Return the name of an entry of the rulebook, or its id when only an older rulebook knew it."""
        text = getattr(shelf.get(name), "name", None)
        return text.read(self._language) if isinstance(text, Text) else name

    def _bracket(self, text: str) -> str:
        return self._say("mark.bracket", text=text)

    def _case(self, key: str) -> str:
        return _CASE(key, self._language)

    def _rule(self, key: str) -> str:
        return _RULES(key, self._language)

    def _say(self, key: str, **details: object) -> str:
        return _WORDS(key, self._language, **details)
