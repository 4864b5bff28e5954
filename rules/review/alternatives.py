"""What one more answer would change: each answer that could be given next, and the advice that would follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.advice import Advice, Adviser
from rules.conditions import Atom, Subject
from rules.facts import Answer, Facts, Known, Level, Reply
from rules.model import Book


@dataclass(frozen=True, slots=True)
class Alternative:
    """One answer that is not given, and how the advice would differ with it."""

    answer: Atom
    """A sign seen (`on_phone`) or verified not to be so (`on_phone=no`), an account fact either way, a clearing."""
    level: Level
    steps_added: tuple[str, ...]
    steps_removed: tuple[str, ...]
    typologies_added: tuple[str, ...]
    typologies_removed: tuple[str, ...]
    clauses: frozenset[str]
    """Those that would hold with it and do not hold now."""
    changed: bool
    """Whether the level, the steps or their order, or the suspicions differ."""


def find_alternatives(adviser: Adviser, facts: Facts) -> tuple[Alternative, ...]:
    """Return what each single further answer would lead to, in the order of the rulebook."""
    now = adviser.advise(facts)
    return tuple(_compare(answer, now, adviser.advise(other)) for answer, other in _vary(adviser.book, facts))


def _vary(book: Book, facts: Facts) -> Iterator[tuple[Atom, Facts]]:
    for sign in book.signs:
        given = facts.answers.get(sign)
        if given is None or not given.yes:
            yes = Reply(Answer.YES, Known.SEEN)
            yield Atom(Subject.SIGN, sign), replace(facts, answers={**facts.answers, sign: yes})
        if given is None or not given.no:
            no = Reply(Answer.NO, Known.VERIFIED)
            yield Atom(Subject.SIGN, sign, "no"), replace(facts, answers={**facts.answers, sign: no})
    for fact in book.accounts:
        for value in Answer:
            if fact not in facts.accounts or facts.accounts[fact].value is not value:
                reply = Reply(value, Known.VERIFIED)
                yield Atom(Subject.ACCOUNT, fact, value), replace(facts, accounts={**facts.accounts, fact: reply})
    for clearing in book.clearings:
        if clearing not in facts.clearings:
            yield Atom(Subject.CLEARED, clearing), replace(facts, clearings=facts.clearings | {clearing})


def _compare(answer: Atom, now: Advice, then: Advice) -> Alternative:
    steps = [step.id for step in now.steps], [step.id for step in then.steps]
    suspected = [one.typology for one in now.suspicions], [one.typology for one in then.suspicions]
    return Alternative(
        answer=answer,
        level=then.level,
        steps_added=_without(steps[1], steps[0]),
        steps_removed=_without(steps[0], steps[1]),
        typologies_added=_without(suspected[1], suspected[0]),
        typologies_removed=_without(suspected[0], suspected[1]),
        clauses=frozenset(then.rules) - frozenset(now.rules),
        changed=now.level is not then.level or steps[0] != steps[1] or suspected[0] != suspected[1],
    )


def _without(words: list[str], others: list[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in others)
