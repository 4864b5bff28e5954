"""Which open question to ask next: the one that fits this request and could change the advice most, either way."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from rules.explain import Reader, with_yes
from rules.facts import Facts, Level
from rules.model import Book, Question

MADE_FOR_REQUEST: Final = 4
FIRST_FLAG: Final = 2
FIRST_FLAGS_COUNTED: Final = 3
CLEARING: Final = 1
TOO_EARLY: Final = 20
"""More than a question can gain: it is still there to ask, behind all others."""


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """A question worth asking now, with the red flags among its own that are still open."""

    id: str
    question: Question
    open: tuple[str, ...]
    score: int


def rank_questions(book: Book, reader: Reader, facts: Facts, done: Collection[str] = frozenset()) -> list[NextQuestion]:
    """Return the questions that still settle something, the most useful first; the book's order breaks ties.

    Those in `done` were asked or set aside.

    A question counts for being made for this request, for the red flags of this request that it settles, for how far
    its most telling answer would raise the level, and for the clearing that a true answer may lead to.
    """
    level = reader.level(facts)
    first = {sign for request in facts.requests if request in book.requests for sign in book.requests[request].first}
    raised: dict[str, int] = {}

    def gain(sign: str) -> int:
        if level is Level.POLICE:
            return 0
        if sign not in raised:
            raised[sign] = reader.level(with_yes(facts, sign)).rank - level.rank
        return raised[sign]

    def weigh() -> Iterator[NextQuestion]:
        for name, question in book.questions.items():
            waiting = tuple(sign for sign in question.settles if sign not in facts.answers)
            if not waiting or name in done:
                continue
            score = MADE_FOR_REQUEST * bool(facts.requests & set(question.requests))
            score += FIRST_FLAG * min(len(first & set(waiting)), FIRST_FLAGS_COUNTED)
            score += max(map(gain, waiting))
            score -= TOO_EARLY * (level.rank < question.once.rank)
            score += CLEARING * bool(set(question.clears) - facts.clearings and level is not Level.PROCEED)
            yield NextQuestion(name, question, waiting, score)

    return sorted(weigh(), key=lambda found: -found.score)
