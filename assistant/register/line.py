"""The one line in which somebody types what he looks for: `级别:报警 近7天 金额>=5万 "安全账户"`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from assistant.amounts import AmountUnreadable, read_amount
from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState
from assistant.case.traits import Trait
from assistant.particulars.checking import check
from assistant.particulars.fields import Field
from assistant.quoting import clip
from assistant.register.calendar import PERIODS, Calendar
from assistant.register.faults import (
    REGISTER_WORDS,
    AmountUnread,
    DigitsUnread,
    NumberHere,
    PartTwice,
    QuoteOpen,
    TermUnknown,
    TimeUnread,
    ValueMissing,
    ValueUnknown,
    WordTooShort,
)
from assistant.register.filters import EVERYTHING, SHORTEST_WORD, Filter, Noted, tidy_words
from assistant.register.vocabulary import Flag, Part, Vocabulary, find, find_whole, suggest
from rules.facts import Level
from rules.language import Language, Text

Look: TypeAlias = Callable[[Field, str], Noted]
"""Turns a number of a person into what finds it again, such as `Store.note_of`."""

_QUOTED: Final = re.compile(r"[\"“”「」]([^\"“”「」]*)[\"“”「」]")
_QUOTES: Final = re.compile(r"[\"“”「」]")
_TERM: Final = re.compile(r"(?P<key>[^:=<>]+)(?P<sign>>=|<=|[:=<>])(?P<value>.+)")
_SEVERAL: Final = re.compile(r"[,、|]")
_RANGE: Final = re.compile(r"(?P<least>[^-~]+)(?:-|~|\.\.)(?P<most>[^-~]+)")
_SAME: Final = str.maketrans({"≥": ">=", "≤": "<="})
_NUMBERS: Final = {Part.PHONE: Field.PHONE, Part.ACCOUNT: Field.ACCOUNT, Part.ID_NUMBER: Field.ID_NUMBER}
_SETS: Final[dict[Part, tuple[str, Callable[[str], str]]]] = {
    Part.LEVEL: ("levels", Level),
    Part.TYPOLOGY: ("typologies", str),
    Part.OUTCOME: ("outcomes", Outcome),
    Part.REVIEW: ("reviews", Standing),
}
"""The parts of which several values may be asked for, with their place in the filter."""
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads lines. `look` is only there where a number of a person may be typed."""

    vocabulary: Vocabulary
    calendar: Calendar
    look: Look | None = field(default=None, repr=False)

    def parse(self, line: str, state: CaseState | None = None) -> Filter:
        """Return what the line asks for, of cases in `state` where it says nothing else. Raises the FilterWrong that
        names the word at fault, and what the check of a person's number raises."""
        wanted = EVERYTHING
        for term, words in _split(line):
            if words is not None:
                wanted = replace(wanted, words=(*wanted.words, _check_word(words)))
            else:
                wanted = self._add(wanted, term)
        if state is None and wanted.overdue:
            # What is left to do after a closing is asked for by saying so.
            state = CaseState.OPEN
        return replace(wanted, state=wanted.state or state)

    def _add(self, wanted: Filter, term: str) -> Filter:
        found = _TERM.fullmatch(term)
        if found is None:
            return self._add_alone(wanted, term)
        part = self.vocabulary.find_part(found["key"])
        if part is None:
            raise self._unknown(found["key"])
        return self._add_part(wanted, part, found["sign"], found["value"])

    def _add_alone(self, wanted: Filter, term: str) -> Filter:
        """Add a term that names no part: a span of days, a trait, or a name that only one part has."""
        if (since := self.calendar.read_span(term)) is not None:
            return _set(wanted, Part.FROM, since=since)
        if (period := self.calendar.read_period(term)) is not None:
            wanted = _set(wanted, Part.FROM, since=period[0])
            return wanted if period[1] is None else _set(wanted, Part.TO, until=period[1])
        flag = find(self.vocabulary.flags, term)
        if flag == Flag.OVERDUE:
            return replace(wanted, overdue=True)
        if flag == Flag.CALLED:
            return replace(wanted, called=True)
        if flag is not None:
            return replace(wanted, traits=wanted.traits | {Trait(flag)})
        alone = self.vocabulary.find_alone(term)
        if alone is None and (part := find_whole(self.vocabulary.keys, term)) is not None:
            raise self._miss(Part(part))
        if alone is None:
            raise self._unknown(term)
        return self._add_values(wanted, alone[0], (alone[1],))

    def _add_part(self, wanted: Filter, part: Part, sign: str, value: str) -> Filter:
        if part is Part.AMOUNT:
            return _add_amount(wanted, sign, value)
        if sign not in ":=":
            raise self._unknown(f"{self.vocabulary.keys[part].zh}{sign}{value}")
        if part in self.vocabulary.values:
            return self._add_values(wanted, part, _SEVERAL.split(value))
        if part is Part.TELLER:
            return replace(wanted, tellers=wanted.tellers | {name for name in _SEVERAL.split(value) if name})
        if part is Part.OUTLET:
            return _set(wanted, part, outlet=value)
        if part is Part.FROM:
            return _set(wanted, part, since=self._read_time(value, self.calendar.read_begin))
        if part is Part.TO:
            return _set(wanted, part, until=self._read_time(value, self.calendar.read_end))
        return _set(wanted, part, noted=self._note(part, value))

    def _add_values(self, wanted: Filter, part: Part, names: Any) -> Filter:
        for name in names:
            value = self.vocabulary.find_value(part, name)
            if value is None:
                known, key = self.vocabulary.values[part], self.vocabulary.keys[part]
                hint, choices = suggest(name, known), self._list_choices(part)
                raise ValueUnknown(part=key, word=clip(name), hint=hint, choices=choices)
            if part is Part.STATE:
                wanted = _set(wanted, part, state=CaseState(value))
            else:
                place, make = _SETS[part]
                wanted = replace(wanted, **{place: getattr(wanted, place) | {make(value)}})
        return wanted

    def _read_time(self, word: str, read: Callable[[str], int | None]) -> int:
        moment = read(word)
        if moment is None:
            raise TimeUnread(word=clip(word))
        return moment

    def _note(self, part: Part, value: str) -> Noted:
        if part is Part.LAST4:
            if len(value) != _DIGITS or not value.isalnum():
                raise DigitsUnread(word=clip(value))
            return Noted(last_digits=value.upper())
        if self.look is None:
            raise NumberHere
        return self.look(_NUMBERS[part], check(_NUMBERS[part], value).value)

    def _list_choices(self, part: Part) -> Text:
        known = self.vocabulary.values[part]
        return Text("、".join(text.zh for text in known.values()), ", ".join(known))

    def _miss(self, part: Part) -> ValueMissing:
        choices: Text | str = ""
        if part in self.vocabulary.values:
            named = self._list_choices(part)
            told = ((Language.ZH, named.zh), (Language.EN, named.en))
            choices = Text(*(REGISTER_WORDS("choices", language, choices=names) for language, names in told))
        example = REGISTER_WORDS.text(f"example.{part}")
        return ValueMissing(part=self.vocabulary.keys[part], example=example, choices=choices)

    def _unknown(self, word: str) -> TermUnknown:
        return TermUnknown(word=clip(word), hint=self.vocabulary.suggest(word, PERIODS))


def _split(line: str) -> Iterator[tuple[str, str | None]]:
    """Yield the terms of a line, each with the text that stands in quotation marks in its place, if it is one."""
    rest = unicodedata.normalize("NFKC", line).translate(_SAME)
    while (rest := rest.strip()) != "":
        if quoted := _QUOTED.match(rest):
            yield "", quoted[1]
            rest = rest[quoted.end() :]
            continue
        quote = _QUOTES.search(rest)
        term = rest[: quote.start() if quote else len(rest)].split(None, 1)
        if not term:
            raise QuoteOpen
        yield term[0], None
        rest = rest[len(term[0]) :]


def _check_word(text: str) -> str:
    word = tidy_words(text)
    if len(word) < SHORTEST_WORD:
        raise WordTooShort(least=SHORTEST_WORD)
    return word


def _set(wanted: Filter, part: Part, **values: object) -> Filter:
    """Return the filter with what may stand there only once. Raises PartTwice."""
    for place, value in values.items():
        if getattr(wanted, place) not in (None, value):
            raise PartTwice(part=REGISTER_WORDS.text(f"key.{part}"))
    return replace(wanted, **values)  # type: ignore[arg-type]


def _add_amount(wanted: Filter, sign: str, value: str) -> Filter:
    between = _RANGE.fullmatch(value) if sign in ":=" else None
    if between:
        return _bound(wanted, _read_fen(between["least"]), _read_fen(between["most"]))
    fen = _read_fen(value)
    least = {">=": fen, ">": fen + 1}.get(sign, fen if sign in ":=" else None)
    most = {"<=": fen, "<": fen - 1}.get(sign, fen if sign in ":=" else None)
    return _bound(wanted, least, most)


def _bound(wanted: Filter, least: int | None, most: int | None) -> Filter:
    if least is not None:
        wanted = _set(wanted, Part.AMOUNT, least_fen=least)
    return wanted if most is None else _set(wanted, Part.AMOUNT, most_fen=most)


def _read_fen(word: str) -> int:
    try:
        return read_amount(word, zero=True)
    except AmountUnreadable:
        raise AmountUnread(word=clip(word)) from None
