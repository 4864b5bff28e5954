"""The findings about a case in sentences, for its page and for the screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from assistant.audit.changes import Change, list_reasons
from assistant.audit.departures import Departure, DepartureCode, is_override
from assistant.case import bodies
from assistant.case.events import Event, EventKind
from assistant.particulars.fields import Field
from assistant.people.requests import WHY, Request, read_verdict
from assistant.plain.events import EventWriter
from assistant.quoting import fold
from rules.language import Catalogue

if TYPE_CHECKING:
    from assistant.particulars.known import Known

_WORDS: Final = Catalogue("assistant.audit")
_PEOPLE: Final = Catalogue("assistant.people")
_TAKES_TWO: Final = frozenset({DepartureCode.SUPERVISOR_DECIDED, DepartureCode.RELEASED})


class Sentences:
    """Puts what is found about the cases of one outlet into sentences of one language."""

    def __init__(self, writer: EventWriter) -> None:
        self.writer = writer

    @property
    def undone(self) -> str:
        """What stands behind something that was taken back."""
        return self.writer.plain("event.undone")

    def say(self, key: str, **details: object) -> str:
        """Return a text of this package, filled in."""
        return _WORDS(key, self.writer.language, **details)

    def tell_departure(self, departure: Departure) -> str:
        """Return what was done otherwise than advised."""
        writer = self.writer
        steps = {"step": departure.step, "before": departure.before, "steps": departure.step}
        details: dict[str, object] = {key: writer.name(writer.book.steps, step) for key, step in steps.items() if step}
        if departure.levels:
            old, new = departure.levels
            details |= {"old": writer.name(writer.book.levels, old), "new": writer.name(writer.book.levels, new)}
        return self.say(f"departure.{departure.code}", **details, second=self._tell_second(departure))

    def mark_departure(self, departure: Departure) -> str:
        """Return the same, to stand below the event that made it."""
        return self.say("departs", what=self.tell_departure(departure), mark=self.mark_override(departure))

    def mark_override(self, departure: Departure) -> str:
        """Return what stands behind a departure that is to be reviewed, and nothing for others."""
        return self.writer.bracket(self.say("page.override")) if is_override(departure) else ""

    def tell_advice(self, advice: bodies.Advised, next_step: str | None) -> str:
        """Return what was advised, with the one action that was next by then; there is at least one step."""
        book = self.writer.book
        details = {"level": self.writer.name(book.levels, advice.level), "rulebook": advice.rulebook}
        count = len(advice.steps)
        if next_step is None:
            return self.say("advised_all_recorded", **details, count=count)
        return self.writer.plain("event.advised", **details, count=count, first=self.writer.name(book.steps, next_step))

    def tell_change(self, change: Change, *, said: bool = False) -> Iterator[str]:
        """Yield what one advice says otherwise than another; where the next action is `said` above, not that."""
        writer, book = self.writer, self.writer.book
        if change.level and change.level[0]:
            old, new = (writer.name(book.levels, level) for level in change.level if level)
            yield self.say("change.level", old=old, new=new)
        for key, shelf, names in (
            ("suspected", book.typologies, change.suspected),
            ("unsuspected", book.typologies, change.unsuspected),
        ):
            if names:
                yield self.say(f"change.{key}", names=writer.names(shelf, names))
        if change.first and not said:
            yield self._tell_first(change.first[1])
        withheld = tuple(held.step for held in change.withheld)
        for key, steps in (
            ("added", change.added),
            ("gone", change.gone),
            ("withheld", withheld),
            ("allowed", change.allowed),
        ):
            if steps:
                yield self.say(f"change.{key}", names=writer.names(book.steps, steps))
        if not replace(change, first=None if said else change.first):
            yield self.say("change.order")

    def tell_reasons(self, change: Change, newer: bodies.Advised) -> Iterator[str]:
        """Yield why the newer advice says what it says otherwise: each rule with its reason."""
        for rule, reason in list_reasons(self.writer.book, change, newer):
            if reason is None:
                yield self.say("because_unknown", rule=rule)
            else:
                yield self.say("because", reason=reason.read(self.writer.language), rule=rule)
        if newer.disagreement:
            yield self.writer.plain("advice.disagreement", clauses=", ".join(newer.disagreement))

    def tell_amounts(self, closed: bodies.Closed) -> str:
        """Return the amounts of a closing."""
        amounts = {"at_risk": closed.at_risk, "protected": closed.protected, "lost": closed.lost}
        return self.say("amounts", **{name: self.writer.amount(fen) for name, fen in amounts.items()})

    def tell_taking_back(self, undone: Event) -> str:
        """Return that an event was taken back."""
        return self.say("taken_back", what=self.writer.tell(undone))

    def tell_request(self, request: Request, event: Event) -> str:
        """Return what happened to a request in one of its events."""
        key, details = event.kind.value, {"what": self._tell_wanted(request)}
        if event.kind is EventKind.EMERGENCY_REVIEWED:
            key = read_verdict(event).value
        if event.kind is EventKind.EMERGENCY_USED:
            details["reason"] = _PEOPLE(f"emergency.{event.body['reason']}", self.writer.language)
            details["when"] = self.writer.time(int(str(event.body["review_by"])))
        return self.say(f"request.{key}", **details)

    def tell_look(self, event: Event) -> str:
        """Return how somebody looked at the case, and why where a reason was asked for."""
        reason = event.body.get("reason")
        why = self.writer.bracket(self.writer.code(f"reveal_reason.{reason}")) if reason else ""
        return self.say("look", how=self.writer.code(f"look.{event.body['how']}"), reason=why)

    def tell_texts(self, event: Event, known: Known) -> Iterator[str]:
        """Yield what was written down with an event, masked: what the case knows, and numbers about a person."""
        from assistant.particulars.masking import mask

        for name, text in event.private.items():
            if event.kind is EventKind.PARTICULARS_NOTED:
                shown = mask(Field(str(event.body["field"])), text)
            elif event.kind is EventKind.ASKED and name != WHY:
                # What the move is to be made with stands below the move itself.
                continue
            else:
                shown = known.mask(fold(text))
            yield self.say("written", label=self._name_text(event, name), text=shown)

    def _tell_first(self, step: str | None) -> str:
        if step is None:
            return self.say("change.no_first")
        return self.say("change.first", name=self.writer.name(self.writer.book.steps, step))

    def _tell_second(self, departure: Departure) -> str:
        if departure.code not in _TAKES_TWO:
            return ""
        if departure.agreed_by:
            return self.say("second.agreed", number=departure.agreed_by)
        return self.say("second.alone" if departure.alone else "second.nobody")

    def _tell_wanted(self, request: Request) -> str:
        writer = self.writer
        if request.kind is not EventKind.AUTHORISED:
            return self.say(f"wanted.{request.kind}")
        step = request.body.get("step")
        about = writer.bracket(writer.name(writer.book.steps, str(step))) if step else ""
        return writer.code(f"matter.{request.body['matter']}") + about

    def _name_text(self, event: Event, name: str) -> str:
        """Return what a text is, in words: what the step asks for, or a name of our own."""
        if event.kind is EventKind.STEP_RECORDED:
            step = self.writer.book.steps.get(str(event.body["step"]))
            asked = next((field.ask for field in step.record if field.id == name), None) if step else None
            return asked.read(self.writer.language) if asked else name
        return self.say(f"label.{name}") if f"label.{name}" in _WORDS else name
