"""What takes two, for people: what is asked for in one line, and all about a request below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from assistant.case.events import Event, EventKind
from assistant.case.subjects import REQUEST, is_case
from assistant.people.office import Office
from assistant.people.requests import WHY, Request, Standing, read_verdict
from assistant.people.roster import NAME
from assistant.plain.times import write_time
from assistant.quoting import fold
from assistant.rulebooks.archive import mark_of
from assistant.store import Store
from rules.language import Catalogue, Language
from rules.model import Book

_WORDS: Final = Catalogue("assistant.people")
_CASE: Final = Catalogue("assistant.case")
_PLAIN: Final = Catalogue("assistant.plain")


def write_password(number: str, password: str, language: Language) -> str:
    """Return how a password that was given out for one use is shown, once, to whoever hands it over."""
    return _WORDS("request.one_time", language, number=number, password=password)


def name_step(book: Book, language: Language, step: str) -> str:
    """Return the name of a step, or its id where that rulebook does not know it."""
    known = book.steps.get(step)
    return known.name.read(language) if known else step


def lay_out(request: Request) -> dict[str, Any]:
    """Return a request as plain JSON: times in UTC milliseconds, and nothing of what people wrote."""
    return {
        "id": request.subject.removeprefix(REQUEST),
        "kind": request.kind,
        "about": request.about,
        "body": dict(request.body),
        "standing": request.standing,
        "asked_by": request.asked_by,
        "asked_at": request.asked_at,
        "settled_by": request.settled_by,
        "settled_at": request.settled_at,
        "review_by": request.review_by,
        "history": [
            {
                "kind": event.kind,
                "actor": event.actor,
                "at": event.at,
                **{name: event.body[name] for name in ("reason", "upheld") if name in event.body},
            }
            for event in request.history
        ],
    }


class RequestWriter:
    """Puts the requests of one file into plain text of one language. Times are in the outlet's zone."""

    def __init__(self, store: Store, language: Language, name_step: Callable[[str], str] = str) -> None:
        """`name_step` gives the name of a step for its id, where a rulebook is at hand."""
        self._store = store
        self._language = language
        self._name_step = name_step

    def describe(self, request: Request) -> str:
        """Return what is asked for, in a few words."""
        body = {name: self._word(name, value) for name, value in request.body.items()}
        if request.kind is EventKind.RULEBOOK_PUBLISHED:
            # What is agreed to is its content, for which the version is but a name.
            body["version"] = f"{body['version']}{mark_of(str(body['digest']))}"
        key = request.kind.value
        if request.kind is EventKind.LOGIN_BOUND and not request.body.get("login"):
            key = "login_unbound"
        if request.kind is EventKind.RULEBOOK_PUBLISHED and request.body.get("rollback"):
            key = "rulebook_rolled_back"
        about = self._store.case(request.about).number if is_case(request.about) else ""
        step = self._bracket(self._name_step(str(request.body["step"]))) if request.body.get("step") else ""
        login = body.get("login")
        bound = _WORDS("what.with_login", self._language, login=login) if login else ""
        return _WORDS(f"what.{key}", self._language, **{**body, "case": about, "step": step, "bound": bound})

    def standing(self, request: Request) -> str:
        """Return where the request stands, in a word."""
        return _WORDS(f"standing.{request.standing}", self._language)

    def show(self, request: Request, office: Office, now: int, *, texts: bool = True) -> str:
        """Return all about a request as of `now` (UTC milliseconds); without `texts`, nothing of what people wrote."""
        return "\n".join(self._lines(request, office, now, texts=texts))

    def follow_up(self, request: Request) -> str:
        """Return what is still to be done for an approved request to come true; nothing for most."""
        ordered = request.kind is EventKind.RETENTION_ORDERED and request.standing is Standing.APPROVED
        return self._say("carry_out") if ordered else ""

    def _lines(self, request: Request, office: Office, now: int, *, texts: bool) -> Iterator[str]:
        yield self._say("title", digits=office.shorten(request), what=self.describe(request))
        name = request.history[0].private.get(NAME) if request.kind is EventKind.MEMBER_NAMED else None
        if texts and name:
            yield self._say("name", name=fold(name))
        yield self._say("standing", standing=self.standing(request))
        for event in request.history:
            yield from self._tell(event, texts=texts)
        if request.standing is Standing.EMERGENCY and request.review_by is not None:
            late = "overdue" if request.is_late(now) else "review_by"
            yield self._say(late, when=self._time(request.review_by))
        if after := self.follow_up(request):
            yield after

    def _tell(self, event: Event, *, texts: bool) -> Iterator[str]:
        key = event.kind.value
        if event.kind is EventKind.EMERGENCY_REVIEWED:
            key = read_verdict(event).value
        yield self._say("line", did=self._say(key), actor=event.actor, when=self._time(event.at))
        if reason := event.body.get("reason"):
            yield self._say("reason", reason=_WORDS(f"emergency.{reason}", self._language))
        if texts and WHY in event.private:
            yield self._say("why", why=fold(event.private[WHY]))

    def _word(self, name: str, value: object) -> object:
        if name == "role":
            return _WORDS(f"role.{value}", self._language)
        if name == "matter":
            return _CASE(f"matter.{value}", self._language)
        return fold(value) if isinstance(value, str) else value

    def _time(self, at: int) -> str:
        return write_time(at, self._store.outlet.zone)

    def _bracket(self, text: str) -> str:
        return _PLAIN("mark.bracket", self._language, text=text)

    def _say(self, key: str, **details: object) -> str:
        return _WORDS(f"request.{key}", self._language, **details)
