"""Judges a statement about one visit and its real advice: every counterexample is tried so before it is shown."""

from __future__ import annotations

from rules.advice import Advice
from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Not, Points, PortionLike
from rules.explain import Scene, is_true
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


def holds(statement: Statement, scene: Scene, advice: Advice) -> bool:
    """Tell whether `statement` is true of a visit, read as `scene`, and of the advice given for it."""
    match statement:
        case Every(parts):
            return all(holds(part, scene, advice) for part in parts)
        case Some(parts):
            return any(holds(part, scene, advice) for part in parts)
        case Fails(part):
            return not holds(part, scene, advice)
        case Only(signs):
            return scene.yes <= signs
        case Advised() | Now() | Withheld() | First() | Before() | InOrder() | DoneBy():
            return _holds_of_steps(statement, advice)
        case Atom() | PortionLike() | AmountFrom() | AllOf() | AnyOf() | Not() | Points():
            return is_true(statement, scene)


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
