"""What takes two, for people: what is asked for in one line, and all about a request below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from assistant.case.events import EventKind
from assistant.case.subjects import is_case
from assistant.people.office import WHY, Office
from assistant.people.requests import Request, Standing
from assistant.plain.times import write_time
from assistant.store import Store
from rules.language import Catalogue, Language

_WORDS: Final = Catalogue("assistant.people")
_CASE: Final = Catalogue("assistant.case")
_PLAIN: Final = Catalogue("assistant.plain")


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
        key = request.kind.value
        if request.kind is EventKind.LOGIN_BOUND and not request.body.get("login"):
            key = "login_unbound"
        if request.kind is EventKind.RULEBOOK_PUBLISHED and request.body.get("rollback"):
            key = "rulebook_rolled_back"
        about = self._store.case(request.about).number if is_case(request.about) else ""
        step = self._bracket(self._name_step(str(request.body["step"]))) if request.body.get("step") else ""
        login = request.body.get("login")
        bound = _WORDS("what.with_login", self._language, login=login) if login else ""
        return _WORDS(f"what.{key}", self._language, **{**body, "case": about, "step": step, "bound": bound})

    def standing(self, request: Request) -> str:
        """Return where the request stands, in a word."""
        return _WORDS(f"standing.{request.standing}", self._language)

    def show(self, request: Request, office: Office, now: int) -> str:
        """Return all about a request as of `now` (UTC milliseconds), with the reasons that were given."""
        return "\n".join(self._lines(request, office, now))

    def _lines(self, request: Request, office: Office, now: int) -> Iterator[str]:
        yield self._say("title", digits=office.shorten(request), what=self.describe(request))
        yield self._say("standing", standing=self.standing(request))
        for event in request.history:
            key = event.kind.value
            if event.kind is EventKind.EMERGENCY_REVIEWED:
                key = str(Standing.UPHELD if event.body["upheld"] else Standing.FAULTED)
            yield self._say("line", did=self._say(key), actor=event.actor, when=self._time(event.at))
            if reason := event.body.get("reason"):
                yield self._say("reason", reason=_WORDS(f"emergency.{reason}", self._language))
            if WHY in event.private:
                yield self._say("why", why=event.private[WHY])
        if request.standing is Standing.EMERGENCY and request.review_by is not None:
            late = "overdue" if now > request.review_by else "review_by"
            yield self._say(late, when=self._time(request.review_by))

    def _word(self, name: str, value: object) -> object:
        if name == "role":
            return _WORDS(f"role.{value}", self._language)
        if name == "matter":
            return _CASE(f"matter.{value}", self._language)
        return value

    def _time(self, at: int) -> str:
        return write_time(at, self._store.outlet.zone)

    def _bracket(self, text: str) -> str:
        return _PLAIN("mark.bracket", self._language, text=text)

    def _say(self, key: str, **details: object) -> str:
        return _WORDS(f"request.{key}", self._language, **details)
