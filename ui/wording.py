"""How the screens name things: ids become words, times become clocks, in the language that is on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

from assistant.amounts import write_amount
from rules.facts import Portion
from rules.language import Catalogue, Language, Text
from rules.names import Names

if TYPE_CHECKING:
    from rules.model import Book

SCREEN: Final = Catalogue("ui")
RULES: Final = Catalogue("rules")
CASE: Final = Catalogue("assistant.case")
PEOPLE: Final = Catalogue("assistant.people")
PERSONS: Final = Catalogue("assistant.particulars")


class Library(Protocol):
    """Where the words of the rulebook come from; the names are there before the book is read."""

    @property
    def book(self) -> Book:
        """The rulebook."""
        ...

    @property
    def names(self) -> Names:
        """The names that a list of cases needs."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language, over one rulebook, in one outlet's time zone.

    With `quiet` on, everything that a companion or a suspected mule could read over the counter has a neutral name, and
    what has none is left out. Only what is said aloud to the customer anyway stays.
    """

    language: Language
    library: Library
    zone: str
    quiet: bool = False

    @property
    def book(self) -> Book:
        """The rulebook, read now if it was not yet."""
        return self.library.book

    @property
    def names(self) -> Names:
        """The names that a list of cases needs."""
        return self.library.names

    def say(self, key: str, **details: object) -> str:
        """Return a text of the screens."""
        return SCREEN(self._face(key), self.language, **details)

    def word(self, key: str) -> str:
        """Return a word of the rules: an owner, an urgency, how something is known."""
        quiet = self._face(f"word.{key}")
        return SCREEN(quiet, self.language) if quiet in SCREEN else RULES(key, self.language)

    def case_word(self, key: str) -> str:
        """Return a word of the case: an outcome or a reason."""
        quiet = self._face(f"case.{key}")
        return SCREEN(quiet, self.language) if quiet in SCREEN else CASE(key, self.language)

    def person_word(self, key: str) -> str:
        """Return a word about people and what they may do."""
        return PEOPLE(key, self.language)

    def party(self, name: str) -> str:
        """Return whose particulars they are."""
        return PERSONS(f"party.{name}", self.language)

    def field(self, name: str) -> str:
        """Return what is known about a person: a name, a number."""
        return PERSONS(f"field.{name}", self.language)

    def doubt(self, name: str) -> str:
        """Return why what was noted about a person may be wrong; a doubt of a later release keeps its id."""
        key = f"doubt.{name}"
        return PERSONS(key, self.language) if key in PERSONS else name

    def _face(self, key: str) -> str:
        return f"quiet.{key}" if self.quiet and f"quiet.{key}" in SCREEN else key

    def read(self, text: Text) -> str:
        """Return a text of the rulebook that is the same on both faces of the screen."""
        return text.read(self.language)

    def loud(self, text: Text | None) -> str:
        """Return a text that the quiet screen leaves out."""
        return "" if text is None or self.quiet else text.read(self.language)

    def join(self, parts: Iterable[str]) -> str:
        """Return words in a row."""
        return ("、" if self.language is Language.ZH else ", ").join(parts)

    def sign(self, name: str) -> str:
        """Return the name of a red flag."""
        sign = self.book.signs[name]
        if not self.quiet:
            return self.read(sign.name)
        number = list(self.book.signs).index(name) + 1
        return self.read(sign.quiet) if sign.quiet else self.say("unnamed.sign", number=number)

    def step(self, name: str) -> str:
        """Return the name of a step; a step of an older rulebook keeps its id."""
        steps = self.names.quiet_steps if self.quiet else self.names.steps
        return self.read(steps[name]) if name in steps else name

    def typology(self, name: str) -> str:
        """Return the name of a typology."""
        if self.quiet:
            return self.say("unnamed.typology")
        return self.read(self.book.typologies[name].name) if name in self.book.typologies else name

    def level(self, name: str) -> str:
        """Return a level in one or two words; what it means in full stands in the rulebook and in the help."""
        return self.word(f"level.{name}")

    def account(self, name: str) -> str:
        """Return the question about a fact of the accounts."""
        number = list(self.book.accounts).index(name) + 1
        return self.say("unnamed.account", number=number) if self.quiet else self.read(self.book.accounts[name].ask)

    def clearing(self, name: str) -> str:
        """Return the name of a clearing."""
        number = list(self.book.clearings).index(name) + 1
        return self.say("unnamed.clearing", number=number) if self.quiet else self.read(self.book.clearings[name].name)

    def request(self, name: str) -> str:
        """Return what the customer wants in words."""
        quiet = self._face(f"request.{name}")
        if quiet in SCREEN:
            return SCREEN(quiet, self.language)
        return self.read(self.names.requests[name]) if name in self.names.requests else name

    def amount(self, fen: int) -> str:
        """Return an amount of money."""
        return write_amount(fen, self.language)

    def clock(self, at: int, *, seconds: bool = False) -> str:
        """Return a time (UTC milliseconds) as the outlet's clock shows it; another day with its date."""
        zone = ZoneInfo(self.zone)
        moment = datetime.fromtimestamp(at / 1000, zone)
        shape = "%H:%M:%S" if seconds else "%H:%M"
        return moment.strftime(shape if moment.date() == datetime.now(zone).date() else f"%m-%d {shape}")

    def portion(self, portion: Portion, now: int) -> str:
        """Return one portion of the money in a few words."""
        parts = [self.read(self.book.money_states[portion.at(now)].name)]
        if portion.amount is not None:
            parts.append(self.amount(portion.amount))
        return " ".join(parts)


def begin(word: str) -> str:
    """Return a word of a catalogue as it begins a line."""
    return word[:1].upper() + word[1:]


def wait(milliseconds: int) -> str:
    """Return how long something waits, is late or is left, which stands beside others: its units are never in doubt."""
    seconds = max(milliseconds, 0) // 1000
    if seconds < 3600:
        return f"{seconds // 60}m{seconds % 60:02}"
    return span(milliseconds)


def span(milliseconds: int) -> str:
    """Return a length of time as minutes and seconds, or hours and minutes."""
    seconds = max(milliseconds, 0) // 1000
    if seconds < 3600:
        return f"{seconds // 60:02}:{seconds % 60:02}"
    return f"{seconds // 3600}h{seconds % 3600 // 60:02}"
