"""`assistant advise`: advice for people or programs, from what the command line or a batch of JSON lines says."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.batch.answer import Answer, Answerer
from assistant.batch.reading import Asked, read_lines, read_question
from assistant.cli.output import say, write_lines
from assistant.cli.parsing import WORDS, UsageWrong
from assistant.cli.rulebook import consult
from assistant.places import find_database
from assistant.plain.advice import write_advice
from assistant.quoting import clip
from assistant.stamps import read_clock
from rules.advice import Adviser
from rules.errors import BadInput
from rules.language import Language

_MONEY_FIELDS = {"from": "paid_from", "payee": "payee", "when": "when"}


class InputFailed(BadInput):
    """The file of a batch cannot be read."""

    catalogue = WORDS
    code = "input_failed"


def run(options: Namespace, language: Language) -> int:
    """Give the advice of the rulebook in force for the file of cases, which is not touched and need not exist.

    Raises UsageWrong, QuestionUnfit, LineUnfit, InputFailed, and RulebookUnsound where not even the built-in will do.
    """
    asked, database = list_facts(options), find_database(getattr(options, "db", None))
    if options.batch is None:
        if not asked:
            raise UsageWrong("nothing_asked", "advise ")
        answer = _answer_one({"id": "advise", **asked}, database, language)
        say(answer.model_dump_json() if options.json else write_advice(answer, language))
        return 0
    if asked:
        raise UsageWrong("batch_alone", "advise ")
    _answer_batch(options.batch, database, language)
    return 0


def _answer_one(raw: dict[str, Any], database: Path, language: Language) -> Answer:
    with consult(database, language) as adviser:
        asked = read_question(raw, adviser.book, read_clock())
        return Answerer(adviser.book, language).answer(asked.id, adviser.advise(asked.facts), asked.facts.clearings)


def _answer_batch(source: str, database: Path, language: Language) -> None:
    lines, now = _read_source(source), read_clock()
    with consult(database, language) as adviser:
        # All of them before the first answer, for a batch with a bad line is answered by nothing but a sentence.
        for _ in read_lines(lines, adviser.book, now):
            pass
        answerer = Answerer(adviser.book, language)
        write_lines(_answer(asked, adviser, answerer) for asked in read_lines(lines, adviser.book, now))


def _answer(asked: Asked, adviser: Adviser, answerer: Answerer) -> str:
    return answerer.answer(asked.id, adviser.advise(asked.facts), asked.facts.clearings).model_dump_json()


def _read_source(source: str) -> list[bytes]:
    try:
        if source == "-":
            return sys.stdin.buffer.readlines()
        with Path(source).open("rb") as file:
            return file.readlines()
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or type(error).__name__
        raise InputFailed(path=clip(source), problem=problem) from None


def list_facts(options: Namespace) -> dict[str, Any]:
    """Return what the options say of a visit, in the form of a question of a batch."""
    facts = {
        "request": options.request,
        "money": [_read_money(word) for word in options.money],
        "signs": _read_signs(options.sign, options.no),
        "amount": options.amount,
        "age_band": options.age,
        "accounts": dict(_read_pairs("--account", options.account, "FACT=yes|no")),
        "clearings": options.cleared,
        "steps": dict(_read_pairs("--step", options.step, "STEP=OUTCOME")),
    }
    return {name: value for name, value in facts.items() if value}


def _read_signs(shown: Iterable[str], absent: Iterable[str]) -> dict[str, dict[str, str]]:
    signs: dict[str, dict[str, str]] = {}
    for value, words in (("yes", shown), ("no", absent)):
        for word in words:
            sign, given, known = word.partition("=")
            if sign in signs:
                raise UsageWrong("twice", "advise ", word=clip(sign))
            signs[sign] = {"value": value, "known": known} if given else {"value": value}
    return signs


def _read_pairs(option: str, words: Iterable[str], form: str) -> Iterator[tuple[str, str]]:
    for word in words:
        name, given, value = word.partition("=")
        if not given:
            raise UsageWrong("pair", "advise ", option=option, word=clip(word), form=form)
        yield name, value


def _read_money(word: str) -> dict[str, str]:
    """Read `STATE[:YUAN]`, with `/from=`, `/payee=` and `/when=` behind it in any order."""
    head, *tail = word.split("/")
    state, _, amount = head.partition(":")
    part = {"state": state} | ({"amount": amount} if amount else {})
    for name, value in _read_pairs("--money", tail, "STATE[:YUAN][/from=...][/payee=...][/when=...]"):
        part[_MONEY_FIELDS.get(name, name)] = value
    return part
