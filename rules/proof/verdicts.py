"""All proofs about one rulebook in one go: its properties, and what it holds in vain."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from rules.advice import Adviser
from rules.model import Book
from rules.proof.idle import Idle, Vain, find_idle
from rules.proof.properties import Property, read_properties
from rules.proof.proving import Proof, Prover, Verdict


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was proved of a rulebook. `borrowed`: it keeps no properties, so those of the built-in one were taken."""

    properties: Mapping[str, Property]
    borrowed: bool
    proofs: tuple[Proof, ...]
    idle: tuple[Idle, ...]
    idle_seconds: float

    @property
    def failed(self) -> tuple[Proof, ...]:
        """The properties that are not proved."""
        return tuple(proof for proof in self.proofs if proof.verdict is not Verdict.PROVED)

    @property
    def faults(self) -> tuple[Idle, ...]:
        """What is in vain and should be mended; a mere safeguard need not be."""
        return tuple(idle for idle in self.idle if idle.kind is not Vain.NEVER_WITHHOLDS)

    @property
    def safeguards(self) -> tuple[Idle, ...]:
        """Contraindications that would only matter after another change."""
        return tuple(idle for idle in self.idle if idle.kind is Vain.NEVER_WITHHOLDS)


def prove(book: Book, folder: Traversable | None = None) -> Verdicts:
    """Prove what `folder` (by default the built-in rulebook) says must hold of `book`.

    Raises SolverMissing, SolverUndecided, and RulebookUnsound where the properties cannot be read.
    """
    own = read_properties(book, folder)
    properties = own if own is not None else read_properties(book) or {}
    with closing(Adviser(book)) as adviser:
        proofs = tuple(Prover(adviser).prove_all(properties))
    start = time.perf_counter()
    idle = tuple(find_idle(book))
    return Verdicts(properties, own is None, proofs, idle, time.perf_counter() - start)
