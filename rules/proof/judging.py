"""Judges a statement about one visit and its real advice: every counterexample is tried so before it is shown."""

from __future__ import annotations

from rules.advice import Advice
from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Not, Points, PortionLike, Subject
from rules.facts import Facts, Level, StepOutcome
from rules.proof.statements import (
    AboutSteps,
    Advised,
    Before,
    DoneBy,
    Every,
    Fails,
    First,
    InOrder,
    Now,
    Only,
    Some,
    Statement,
    Withheld,
)


def holds(statement: Statement, facts: Facts, advice: Advice) -> bool:
    """Tell whether `statement` is true of `facts` and of the advice given for them."""
    match statement:
        case Every(parts) | AllOf(parts):
            return all(holds(part, facts, advice) for part in parts)
        case Some(parts) | AnyOf(parts):
            return any(holds(part, facts, advice) for part in parts)
        case Fails(part) | Not(part):
            return not holds(part, facts, advice)
        case Only(signs):
            return all(sign in signs or not reply.yes for sign, reply in facts.answers.items())
        case Advised() | Now() | Withheld() | First() | Before() | InOrder() | DoneBy():
            return _holds_of_steps(statement, advice)
        case Points(least, weights):
            return sum(weight for atom, weight in weights if _is_true(atom, facts, advice)) >= least
        case AmountFrom(fen):
            return facts.amount >= fen
        case PortionLike():
            return _has_portion(statement, facts)
        case Atom():
            return _is_true(statement, facts, advice)


def _holds_of_steps(statement: AboutSteps, advice: Advice) -> bool:
    shown = (*advice.steps, *advice.deferred)
    steps = [step.id for step in shown]
    match statement:
        case Advised(step):
            return step in steps
        case Now(step):
            return any(now.id == step for now in advice.steps)
        case Withheld(step):
            return any(withheld.id == step for withheld in advice.withheld)
        case First(step):
            return steps[:1] == [step]
        case Before(wanted):
            return [step for step in steps if step in wanted] == list(wanted)
        case InOrder(named):
            return [step for step in steps if step in named] == [step for step in named if step in steps]
        case DoneBy(wanted_step, owner):
            return all(step.owner is owner for step in shown if step.id == wanted_step)


def _has_portion(like: PortionLike, facts: Facts) -> bool:
    return any(
        portion.at(facts.now) in like.states
        and (like.paid_from is None or portion.paid_from in like.paid_from)
        and (like.payee is None or portion.payee in like.payee)
        for portion in facts.money
    )


def _is_true(atom: Atom, facts: Facts, advice: Advice) -> bool:
    match atom:
        case Atom(Subject.SIGN, name, aspect):
            reply = facts.answers.get(name)
            if reply is None or aspect == "no":
                return reply is not None and reply.no
            return reply.yes and aspect in ("yes", reply.known)
        case Atom(Subject.ACCOUNT, name, aspect):
            looked_up = facts.accounts.get(name)
            return aspect == (looked_up.value if looked_up else "unknown")
        case Atom(Subject.REQUEST, name):
            return name in facts.requests
        case Atom(Subject.MONEY, name):
            return any(portion.at(facts.now) == name for portion in facts.money)
        case Atom(Subject.AGE, name):
            return facts.age == name
        case Atom(Subject.CLEARED, name):
            return name in facts.clearings
        case Atom(Subject.FINDING, name):
            return f"finding.{name}" in advice.rules
        case Atom(Subject.TYPOLOGY, name):
            return any(suspicion.typology == name for suspicion in advice.suspicions)
        case Atom(Subject.LEVEL, name):
            return advice.level.rank >= Level(name).rank
        case Atom(Subject.DONE | Subject.REFUSED, name):
            return facts.steps.get(name) is StepOutcome(atom.subject.value)
    return False
