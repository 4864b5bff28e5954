"""`python -m assistant.rulebooks.trial BOOK [OVERLAY]`: asks a rulebook for advice in a process of its own.

What it advises on the visits tried must have every property kept beside it; for all visits, `rules check` proves that.

The rule engine is compiled code: a rulebook that makes it crash or hang takes this process and no counter. It prints
one line of JSON: `{}` for a rulebook that passed, else what is wrong as `problem` (and where, as `place`), each in
every language.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Final

from rules.advice import Adviser
from rules.errors import Trouble
from rules.facts import AgeBand, Answer, Facts, Known, MoneyState, Portion, Reply
from rules.language import Catalogue, Language
from rules.loading import RulebookUnsound
from rules.model import Book
from rules.names import Shelf
from rules.proof.judging import holds
from rules.proof.properties import read_properties

CPU_SECONDS: Final = 60
MEMORY_BYTES: Final = 2 * 2**30
_WORDS: Final = Catalogue("assistant")
_MANY: Final = 100_000_000
"""Fen: a sum that every threshold is below."""


class ReadingsDiffer(Trouble):
    """The engine and the independent reader do not find the same rules to hold."""

    catalogue = _WORDS
    code = "readings_differ"


class PropertyBroken(Trouble):
    """On a visit that was tried, the rulebook advises against a property that is kept beside it."""

    catalogue = _WORDS
    code = "property_broken"


def main(words: Sequence[str]) -> int:
    """Try the rulebook in the folder `words[0]`, with the bank's file `words[1]` where one is given."""
    _limit()
    try:
        _try_out(Shelf(Path(words[0]), overlay=Path(words[1]) if words[1:] else None))
        answer: dict[str, dict[str, str]] = {}
    except Trouble as trouble:
        answer = _tell(trouble)
    print(json.dumps(answer), flush=True)
    return 0


def _limit() -> None:
    """Give way to the counter, and end by oneself even where whoever started this is gone."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _try_out(shelf: Shelf) -> None:
    with closing(shelf):
        adviser: Adviser = shelf.adviser
        properties = read_properties(adviser.book, shelf.folder)
        if properties is None:
            properties = read_properties(adviser.book) or {}
        for facts in list_visits(adviser.book):
            advice = adviser.advise(facts)
            if rules := advice.disagreement:
                raise ReadingsDiffer(rules=rules[:3])
            scene = adviser.reader.read_scene(facts)[1]
            for prop in properties.values():
                if not prop.monotone and holds(prop.breach, scene, advice):
                    raise PropertyBroken(name=prop.name)


def list_visits(book: Book) -> Iterator[Facts]:
    """Yield visits that reach all corners of a rulebook: each request and state, each sign alone, all of them."""
    for request in book.requests:
        for state in MoneyState:
            yield Facts(requests=frozenset({request}), money=(Portion(state),))
    for sign in book.signs:
        for known in Known:
            for value in Answer:
                yield Facts(answers={sign: Reply(value, known)})
    for fact in book.accounts:
        for value in Answer:
            yield Facts(accounts={fact: Reply(value, Known.VERIFIED)})
    # Nobody is stopped for who he is and how much it is about; one red flag beside it may change that.
    visits = [*product(book.requests, (None,)), *product([*book.requests][:1], book.signs)]
    for (request, flag), fen in product(visits, (0, _MANY)):
        yield Facts(
            requests=frozenset({request}),
            answers={flag: Reply(Answer.YES, book.signs[flag].known)} if flag else {},
            money=(Portion(book.requests[request].money, fen),),
            age=AgeBand.ELDER,
        )
    for value in Answer:
        for age in AgeBand:
            yield Facts(
                requests=frozenset(book.requests),
                answers={sign: Reply(value, Known.SEEN) for sign in book.signs},
                money=tuple(Portion(state, _MANY) for state in MoneyState),
                age=age,
                accounts={fact: Reply(value, Known.VERIFIED) for fact in book.accounts},
                clearings=frozenset(book.clearings) if value is Answer.NO else frozenset(),
            )


def _tell(trouble: Trouble) -> dict[str, dict[str, str]]:
    if not isinstance(trouble, RulebookUnsound):
        return {"problem": {language.value: trouble.sentence(language) for language in Language}}
    first, count = trouble.faults[0], len(trouble.faults) - 1
    problem, place = {}, {}
    for language in Language:
        more = _WORDS("rulebook.more", language, count=count) if count else ""
        problem[language.value] = f"{first.sentence(language)}{more}"
        place[language.value] = _WORDS("rulebook.place", language, file=first.file, line=first.line)
    return {"problem": problem, "place": place}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
