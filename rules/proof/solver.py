"""The one door to the SMT solver, which a counter does not have: without it there is a sentence, not a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final, TypeAlias

from rules.errors import Trouble
from rules.language import Catalogue

PROOF_WORDS: Final = Catalogue("rules.proof")

Term: TypeAlias = Any
"""A Boolean term of the solver, which ships no types."""


class SolverMissing(Trouble):
    """The extra with the solver is not installed; nothing was proved."""

    catalogue = PROOF_WORDS
    code = "solver_missing"


class SolverUndecided(Trouble):
    """The solver gave up on a question."""

    catalogue = PROOF_WORDS
    code = "solver_undecided"


def open_z3() -> Any:
    """Return the module z3; raises SolverMissing."""
    try:
        return import_module("z3")
    except ImportError:
        raise SolverMissing from None


class Solver:
    """Constraints that always hold, and questions asked under them one by one."""

    def __init__(self, always: Iterable[Term]) -> None:
        self._z3 = open_z3()
        self._solver = self._z3.SolverFor("QF_FD")
        self._solver.set("phase", "always_false")
        self._solver.add(*always)

    def find(self, *wanted: Term) -> Any | None:
        """Return a model in which all of `wanted` hold, or None when there is none; raises SolverUndecided."""
        self._solver.push()
        try:
            self._solver.add(*wanted)
            answer = self._solver.check()
            if answer == self._z3.unknown:
                raise SolverUndecided(reason=self._solver.reason_unknown())
            return self._solver.model() if answer == self._z3.sat else None
        finally:
            self._solver.pop()
