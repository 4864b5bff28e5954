"""From the bytes of a line to the facts of a visit; what does not fit is one sentence that names the place."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final, NoReturn

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assistant.batch.question import MoneyPart, Question, ReplyPart
from assistant.quoting import clip
from rules.accounts import find_contradiction
from rules.check import suggest
from rules.errors import BadInput
from rules.facts import Facts, Known, Portion, Reply
from rules.language import Catalogue, Language, Text
from rules.model import Book

_WORDS: Final = Catalogue("assistant.batch")
_PARTS: Final[Mapping[str, type[BaseModel]]] = {"money": MoneyPart, "signs": ReplyPart, "accounts": ReplyPart}
_NUMBERED: Final = re.compile(r"'([^']*)'")


class QuestionUnfit(BadInput):
    """A question that cannot be answered: `said`, a Text, names the place and what is wrong there."""

    catalogue: ClassVar[Catalogue] = _WORDS
    code = "question_unfit"

    def __init__(self, kind: str, where: str = "", **details: object) -> None:
        self.said = _fill(kind, where, details)
        super().__init__(said=self.said)


class LineUnfit(BadInput):
    """A line of a batch that cannot be answered; `line` counts from 1, blank lines included."""

    catalogue: ClassVar[Catalogue] = _WORDS
    code = "line_unfit"

    def __init__(self, line: int, problem: QuestionUnfit) -> None:
        super().__init__(line=line, said=problem.said)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be answered."""

    id: str
    facts: Facts


def read_lines(lines: Iterable[bytes], book: Book, now: int) -> Iterator[Asked]:
    """Yield the questions of `lines`, without blank ones. Raises LineUnfit at the first that cannot be answered."""
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not text.strip():
            continue
        try:
            yield read_question(_parse(text), book, now)
        except QuestionUnfit as problem:
            raise LineUnfit(number, problem) from None


def read_question(raw: object, book: Book, now: int) -> Asked:
    """Return the question in `raw`, parsed JSON; `now` (UTC milliseconds) counts where it names no time of its own.

    Raises QuestionUnfit.
    """
    if not isinstance(raw, dict):
        raise QuestionUnfit("object")
    try:
        question = Question.model_validate(raw)
    except ValidationError as error:
        raise _explain(error.errors(include_url=False)[0]) from None
    return Asked(question.id, _gather_facts(question, book, now))


def _parse(line: bytes) -> object:
    try:
        # Amounts stay as they were written: a float would round some.
        return json.loads(
            line.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_join_pairs
        )
    except UnicodeDecodeError:
        raise QuestionUnfit("utf8") from None
    except RecursionError:
        raise QuestionUnfit("deep") from None
    except json.JSONDecodeError as error:
        raise QuestionUnfit("json", column=error.colno) from None
    except (ValueError, ArithmeticError):
        # A number of more digits than Python reads.
        raise QuestionUnfit("number") from None


def _refuse_constant(_: str) -> NoReturn:
    raise QuestionUnfit("number")


def _join_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    joined = dict(pairs)
    if len(joined) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise QuestionUnfit("twice", word=clip(twice))
    return joined


def _gather_facts(question: Question, book: Book, now: int) -> Facts:
    requests = (*question.request, *question.requests)
    _check_words("request", requests, book.requests)
    _check_words("signs", question.signs, book.signs)
    _check_words("accounts", question.accounts, book.accounts)
    _check_words("clearings", question.clearings, book.clearings)
    _check_words("steps", question.steps, book.steps)
    accounts = {name: Reply(one.value, one.known or Known.VERIFIED) for name, one in question.accounts.items()}
    if both := find_contradiction(accounts, book):
        raise QuestionUnfit("contradiction", "accounts", word=both[0], other=both[1])
    return Facts(
        requests=frozenset(requests),
        answers={name: Reply(one.value, one.known or book.signs[name].known) for name, one in question.signs.items()},
        money=_gather_money(question, requests, book),
        age=question.age_band,
        accounts=accounts,
        clearings=frozenset(question.clearings),
        steps=dict(question.steps),
        now=now if question.now is None else question.now,
    )


def _gather_money(question: Question, requests: tuple[str, ...], book: Book) -> tuple[Portion, ...]:
    portions = [Portion(part.state, part.amount, part.when, part.paid_from, part.payee) for part in question.money]
    if not portions and requests:
        portions = [Portion(book.requests[requests[0]].money)]
    if question.amount is None:
        return tuple(portions)
    if not portions:
        raise QuestionUnfit("amount_homeless", "amount")
    first, *others = portions
    if first.amount is not None:
        raise QuestionUnfit("amount_twice", "amount")
    return (Portion(first.state, question.amount, first.when, first.paid_from, first.payee), *others)


def _check_words(where: str, words: Iterable[str], known: Collection[str]) -> None:
    for word in words:
        if word not in known:
            raise _unknown(where, word, known)


def _unknown(where: str, word: str, known: Iterable[str]) -> QuestionUnfit:
    near = suggest(word, known)
    return QuestionUnfit("unknown_near" if near else "unknown", where, word=clip(word), near=near)


def _explain(error: ErrorDetails) -> QuestionUnfit:
    place = [str(part) for part in error["loc"] if part != "[key]"]
    where, kind, given = clip(".".join(place)), error["type"], error["input"]
    if kind == "extra_forbidden":
        model = _PARTS.get(place[0], Question) if len(place) > 1 else Question
        return _unknown(clip(".".join(place[:-1])), place[-1], model.model_fields)
    if kind == "enum":
        choices = _NUMBERED.findall(error.get("ctx", {}).get("expected", ""))
        if isinstance(given, str) and suggest(given, choices):
            return _unknown(where, given, choices)
        return QuestionUnfit("choice", where, choices=tuple(choices))
    if kind == "missing":
        return QuestionUnfit("missing", word=where)
    return QuestionUnfit(kind if f"said.{kind}" in _WORDS else "other", where, **error.get("ctx", {}))


def _fill(kind: str, where: str, details: Mapping[str, object]) -> Text:
    said = (_say(kind, language, details) for language in (Language.ZH, Language.EN))
    if not where:
        return Text(*said)
    places = (
        _WORDS("said.at", language, where=where, said=text) for language, text in zip(Language, said, strict=True)
    )
    return Text(*places)


def _say(kind: str, language: Language, details: Mapping[str, object]) -> str:
    comma = "、" if language is Language.ZH else ", "
    read = {name: comma.join(value) if isinstance(value, tuple) else value for name, value in details.items()}
    return _WORDS(f"said.{kind}", language, **read)
