"""What happened, one sentence an event, in the words of the rulebook; private texts are not in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from assistant.amounts import write_amount
from assistant.case import bodies
from assistant.case.bodies import read_body
from assistant.case.events import Event, EventKind, Verdict
from assistant.plain.times import write_time
from assistant.store import Outlet
from rules.facts import Portion, Reply, StepOutcome
from rules.language import Catalogue, Language, Text
from rules.model import Book

_WORDS: Final = Catalogue("assistant.plain")
_CASE: Final = Catalogue("assistant.case")
_RULES: Final = Catalogue("rules")
_PARTICULARS: Final = Catalogue("assistant.particulars")


class EventWriter:
    """Puts the events of one outlet's cases into plain text of one language. Times are in the outlet's zone."""

    def __init__(self, book: Book, outlet: Outlet, language: Language) -> None:
        self.book = book
        self.outlet = outlet
        self.language = language

    def tell(self, event: Event) -> str:
        """Return what happened in one event of a case."""
        return self.plain(f"event.{_find_key(event)}", **self._details(read_body(event)))

    def time(self, at: int) -> str:
        """Return a moment (UTC milliseconds) as the outlet's clock showed it, to the second."""
        return write_time(at, self.outlet.zone)

    def amount(self, fen: int) -> str:
        """Return an amount."""
        return write_amount(fen, self.language)

    def name(self, shelf: Mapping[Any, Any], name: str) -> str:
        """Return the name of an entry of the rulebook, or its id when only an older rulebook knew it."""
        text = getattr(shelf.get(name), "name", None)
        return text.read(self.language) if isinstance(text, Text) else name

    def names(self, shelf: Mapping[Any, Any], names: Iterable[str]) -> str:
        """Return several such names in a row."""
        return self.join(self.name(shelf, name) for name in names)

    def join(self, parts: Iterable[str]) -> str:
        """Return `parts` as a list in a sentence."""
        return self.plain("mark.list").join(parts)

    def bracket(self, text: str) -> str:
        """Return `text` in brackets, to stand behind something."""
        return self.plain("mark.bracket", text=text)

    def place(self, party: str, field: str) -> str:
        """Return about whom something is noted, and what it is."""
        return f"{self.particular(f'party.{party}')} {self.particular(f'field.{field}')}"

    def outcome(self, outcome: StepOutcome, colleague: str | None) -> str:
        """Return what became of a step, and who took part in it."""
        done = self.rule(f"step_outcome.{outcome}")
        return done + self.plain("case.colleague", number=colleague) if colleague else done

    def reply(self, reply: Reply) -> str:
        """Return an answer and how it is known."""
        return self.rule(f"answer.{reply.value}") + self.bracket(self.rule(f"known.{reply.known}"))

    def portion(self, portion: Portion) -> str:
        """Return all that is known of a portion of the money."""
        parts = [self.name(self.book.money_states, portion.state)]
        if portion.amount is not None:
            parts.append(self.amount(portion.amount))
        if portion.when is not None:
            parts.append(self.time(portion.when))
        if portion.paid_from:
            parts.append(self.rule(f"paid_from.{portion.paid_from}"))
        if portion.payee:
            parts.append(self.rule(f"payee.{portion.payee}"))
        return self.join(parts)

    def code(self, key: str) -> str:
        """Return the name of a code of the case, such as `reason.does_not_fit`."""
        return _CASE(key, self.language)

    def rule(self, key: str) -> str:
        """Return a word that the rulebook's own package has, such as `answer.yes`."""
        return _RULES(key, self.language)

    def particular(self, key: str) -> str:
        """Return a word about persons, such as `party.customer`."""
        return _PARTICULARS(key, self.language)

    def plain(self, key: str, **details: object) -> str:
        """Return a text of the plain pages, filled in."""
        return _WORDS(key, self.language, **details)

    def _details(self, body: bodies.Body) -> Mapping[str, object]:
        book = self.book
        match body:
            case bodies.Opened(request=request):
                return {"request": self.name(book.requests, request)}
            case bodies.Requested(requests=requests):
                return {"requests": self.names(book.requests, requests)}
            case bodies.Answered() as one:
                return {"name": self.name(book.signs, one.sign), "value": self._answer(one)}
            case bodies.AccountAnswered() as one:
                return {"name": self.name(book.accounts, one.fact), "value": self._answer(one)}
            case bodies.AgeNoted(band=band):
                return {"name": self.name(book.age_bands, band) if band else self.rule("answer.open")}
            case bodies.MoneyRecorded() as one:
                portion = Portion(one.state, one.amount, one.when, one.paid_from, one.payee)
                return {"number": one.portion, "value": self.portion(portion)}
            case bodies.MoneyRemoved(portion=number):
                return {"number": number}
            case bodies.Cleared(clearing=clearing) | bodies.ClearingWithdrawn(clearing=clearing):
                return {"name": self.name(book.clearings, clearing)}
            case bodies.QuestionAsked(question=question):
                asked = book.questions.get(question)
                return {"name": asked.ask.read(self.language) if asked else question}
        return self._details_of_steps(body)

    def _details_of_steps(self, body: bodies.Body) -> Mapping[str, object]:
        book = self.book
        match body:
            case bodies.StepRecorded() as one:
                reason = self.bracket(self.code(f"reason.{one.reason}")) if one.reason else ""
                value = self.outcome(one.outcome, one.colleague) + reason
                return {"name": self.name(book.steps, one.step), "value": value}
            case bodies.Advised() as advice:
                first = self.name(book.steps, advice.steps[0].id) if advice.steps else ""
                level = self.name(book.levels, advice.level)
                return {"level": level, "count": len(advice.steps), "first": first, "rulebook": advice.rulebook}
            case bodies.Closed(outcome=outcome):
                return {"outcome": self.code(f"outcome.{outcome}")}
            case bodies.Reopened(reason=why):
                return {"reason": self.code(f"reopening.{why}")}
            case bodies.ParticularsNoted() | bodies.ParticularsRemoved() as one:
                return {name: self.particular(f"{name}.{value}") for name, value in one.place.items()}
        return self._details_of_others(body)

    def _details_of_others(self, body: bodies.Body) -> Mapping[str, object]:
        match body:
            case bodies.Authorised(matter=matter, step=step):
                about = self.bracket(self.name(self.book.steps, step)) if step else ""
                return {"matter": self.code(f"matter.{matter}") + about}
            case bodies.SupervisorCalled(wanted=wanted):
                return {"wanted": self.code(f"call_for.{wanted}")}
            case bodies.SupervisorAnswered(answer=answer):
                return {"answer": self.code(f"call_answer.{answer}")}
            case bodies.Judged() as judged:
                verdicts = {"typology": judged.typology, "level": judged.level, "steps": judged.steps}
                said = self.join(self._verdict(what, verdict) for what, verdict in verdicts.items())
                reasons = self.join(self.code(f"review_reason.{reason}") for reason in judged.reasons)
                return {"judged": said, "reasons": self.bracket(reasons) if reasons else ""}
        return {}

    def _verdict(self, what: str, verdict: Verdict) -> str:
        return self.plain("event.judged", what=self.code(f"judged.{what}"), verdict=self.code(f"verdict.{verdict}"))

    def _answer(self, body: bodies.Answered | bodies.AccountAnswered) -> str:
        if body.value is None or body.known is None:
            return self.rule(f"answer.{body.value.value}" if body.value else "answer.open")
        return self.reply(Reply(body.value, body.known))


def _find_key(event: Event) -> str:
    if event.kind is EventKind.ADVISED and not event.body.get("steps"):
        return "advised_nothing"
    if event.kind is EventKind.QUESTION_ASKED and event.body.get("set_aside"):
        return "question_set_aside"
    if event.kind is EventKind.AUTHORISED and event.body.get("alone"):
        return "authorised_alone"
    return event.kind.value
