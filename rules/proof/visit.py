"""Any visit at all, as the solver sees it: a Boolean for each thing that may be answered, asked, paid or done.

The portions of the money may be any number, so all that matters is which kinds of portion are among them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Condition, Not, Points, PortionLike, Subject
from rules.facts import AgeBand, Answer, Facts, Known, MoneyState, PaidFrom, PayeeAt, Portion, Reply, StepOutcome
from rules.model import Book
from rules.proof.solver import Term, open_z3

_KNOWN: Final = tuple(Known)


@dataclass(frozen=True, slots=True)
class Kind:
    """What conditions can tell of a portion; None is not known."""

    state: MoneyState
    paid_from: PaidFrom | None
    payee: PayeeAt | None

    def __str__(self) -> str:
        return f"{self.state}/{self.paid_from}/{self.payee}"


KINDS: Final = tuple(itertools.starmap(Kind, itertools.product(MoneyState, (None, *PaidFrom), (None, *PayeeAt))))


class AnyVisit:
    """The facts of a visit nobody knows yet, in the words of all of `books`; `mark` tells visits apart."""

    def __init__(self, *books: Book, mark: str = "") -> None:
        self._z3 = open_z3()
        self._requests = dict.fromkeys(name for book in books for name in book.requests)
        self._usual = {name: sign.known for book in books for name, sign in book.signs.items()}
        self._mark = mark
        self._atoms: dict[Atom, Term] = {}
        self._amounts: dict[int, Term] = {}
        self._aside: dict[str, Term] = {}
        self._kinds = {kind: self._z3.Bool(f"{mark}portion.{kind}") for kind in KINDS}

    def term(self, fact: Atom | PortionLike | AmountFrom) -> Term:
        """Return the term that is true in the visits of which `fact` is true; a conclusion is no fact."""
        match fact:
            case Atom(Subject.MONEY, state):
                return self._some_portion(PortionLike(frozenset({MoneyState(state)})))
            case Atom(Subject.ACCOUNT, name, "unknown"):
                known = (self.term(Atom(Subject.ACCOUNT, name, aspect)) for aspect in ("yes", "no"))
                return self._z3.Not(self._z3.Or(*known))
            case PortionLike():
                return self._some_portion(fact)
            case AmountFrom(fen):
                return self._amounts.setdefault(fen, self._z3.Bool(f"{self._mark}amount.{fen}"))
            case Atom():
                return self._atoms.setdefault(fact, self._z3.Bool(f"{self._mark}{fact.subject}.{fact}"))

    def recorded(self, step: str) -> Term:
        """Return the term: something was recorded of `step`, be it only that it comes later."""
        aside = self._aside.setdefault(step, self._z3.Bool(f"{self._mark}aside.{step}"))
        return self._z3.Or(aside, *self._outcomes(step))

    def constraints(self) -> Iterator[Term]:
        """Yield what is true of every visit, for the terms that were asked for so far."""
        z3 = self._z3
        yield z3.Or(*(self.term(Atom(Subject.REQUEST, name)) for name in self._requests))
        yield z3.AtMost(*(self.term(Atom(Subject.AGE, band)) for band in AgeBand), 1)
        for step, aside in list(self._aside.items()):
            yield z3.Not(z3.And(aside, z3.Or(*self._outcomes(step))))
        for atom in list(self._atoms):
            yield from self._rules_of(atom)
        for less, more in itertools.pairwise(sorted(self._amounts)):
            yield z3.Implies(self._amounts[more], self._amounts[less])
        if self._amounts:
            yield z3.Implies(self._amounts[min(self._amounts)], z3.Or(*self._kinds.values()))

    def facts(self, model: Any) -> Facts:
        """Return the visit that `model` describes."""

        def true(term: Term) -> bool:
            return bool(self._z3.is_true(model[term]))

        held = [atom for atom, term in self._atoms.items() if true(term)]
        named = {subject: [atom for atom in held if atom.subject is subject] for subject in Subject}
        amount = max((fen for fen, term in self._amounts.items() if true(term)), default=None)
        money = [
            Portion(kind.state, None, None, kind.paid_from, kind.payee) for kind in KINDS if true(self._kinds[kind])
        ]
        if money and amount is not None:
            money[0] = Portion(money[0].state, amount, None, money[0].paid_from, money[0].payee)
        steps = {atom.id: StepOutcome(s.value) for s in (Subject.DONE, Subject.REFUSED) for atom in named[s]}
        return Facts(
            requests=frozenset(atom.id for atom in named[Subject.REQUEST]),
            answers=self._replies(named[Subject.SIGN]),
            money=tuple(money),
            age=next((AgeBand(atom.id) for atom in named[Subject.AGE]), None),
            accounts={a.id: Reply(Answer(a.aspect), Known.VERIFIED) for a in named[Subject.ACCOUNT]},
            clearings=frozenset(atom.id for atom in named[Subject.CLEARED]),
            steps=steps | {step: StepOutcome.LATER for step, term in self._aside.items() if true(term)},
        )

    def more_yes_than(self, other: AnyVisit) -> Iterator[Term]:
        """Yield what makes this visit the other one with some more signs answered yes and nothing else changed."""
        z3 = self._z3
        for kind in KINDS:
            yield self._kinds[kind] == other._kinds[kind]
        for fen in {*self._amounts, *other._amounts}:
            yield self.term(AmountFrom(fen)) == other.term(AmountFrom(fen))
        for step in {*self._aside, *other._aside}:
            yield self.recorded(step) == other.recorded(step)
        for atom in {*self._atoms, *other._atoms}:
            mine, its = self.term(atom), other.term(atom)
            yes = Atom(Subject.SIGN, atom.id)
            if atom.subject is not Subject.SIGN:
                yield mine == its
            elif atom.aspect == "yes":
                yield z3.Implies(its, mine)
            elif atom.aspect == "no":
                yield mine == z3.And(its, z3.Not(self.term(yes)))
            else:
                yield z3.Implies(other.term(yes), mine == its)

    def _outcomes(self, step: str) -> tuple[Term, Term]:
        return self.term(Atom(Subject.DONE, step)), self.term(Atom(Subject.REFUSED, step))

    def _some_portion(self, like: PortionLike) -> Term:
        fitting = (
            term
            for kind, term in self._kinds.items()
            if kind.state in like.states
            and (like.paid_from is None or kind.paid_from in like.paid_from)
            and (like.payee is None or kind.payee in like.payee)
        )
        return self._z3.Or(*fitting)

    def _rules_of(self, atom: Atom) -> Iterator[Term]:
        z3, term = self._z3, self._atoms[atom]
        match atom:
            case Atom(Subject.SIGN, name, "no") | Atom(Subject.ACCOUNT, name, "no"):
                yield z3.Not(z3.And(term, self.term(Atom(atom.subject, name))))
            case Atom(Subject.SIGN, name, aspect) if aspect != "yes":
                ways = [self.term(Atom(Subject.SIGN, name, way)) for way in _KNOWN]
                yield z3.AtMost(*ways, 1)
                yield self.term(Atom(Subject.SIGN, name)) == z3.Or(*ways)
            case Atom(Subject.REFUSED, name):
                yield z3.Not(z3.And(term, self.term(Atom(Subject.DONE, name))))

    def _replies(self, held: list[Atom]) -> dict[str, Reply]:
        replies: dict[str, Reply] = {}
        for atom in held:
            usual = self._usual[atom.id]
            if atom.aspect == "no":
                replies[atom.id] = Reply(Answer.NO, Known.SEEN if usual is Known.SAID else usual)
            elif atom.aspect == "yes":
                replies.setdefault(atom.id, Reply(Answer.YES, usual))
            else:
                replies[atom.id] = Reply(Answer.YES, Known(atom.aspect))
        return replies


def put(condition: Condition, term_of: Any) -> Term:
    """Return the term of a whole condition, given `term_of` for atoms, portions and amounts."""
    z3 = open_z3()
    match condition:
        case AllOf(parts):
            return z3.And(*(put(part, term_of) for part in parts))
        case AnyOf(parts):
            return z3.Or(*(put(part, term_of) for part in parts))
        case Not(part):
            return z3.Not(put(part, term_of))
        case Points(least, weights):
            return z3.PbGe([(term_of(atom), weight) for atom, weight in weights], least)
        case Atom() | PortionLike() | AmountFrom():
            return term_of(condition)
