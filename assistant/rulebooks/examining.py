"""What is found out about a rulebook before anybody is asked to put it in force: its form, its proofs, its examples,
and what it would have done in the cases of this file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from assistant.replay.comparison import Tell, replay
from assistant.replay.figures import Counts, Difference
from assistant.replay.stories import find_source
from rules.errors import Trouble
from rules.language import Catalogue, Text
from rules.loading import load_book
from rules.model import Book
from rules.proof.solver import SolverMissing
from rules.proof.verdicts import Verdicts, prove
from rules.review.examples import load_examples
from rules.review.lint import Flaw, FlawKind, find_flaws
from rules.review.trials import Outcome, run_examples

_WORDS: Final = Catalogue("assistant")
_LEVELS: Final = (Difference.STOP_MORE, Difference.STOP_LESS, Difference.HIGHER, Difference.LOWER)


class RulebookFaulty(Trouble):
    """The rulebook is not fit to be put in force: `problem` counts what is wrong with it."""

    catalogue = _WORDS
    code = "rulebook_faulty"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the checks of one rulebook found; `verdicts` is None where there is no solver and nothing was proved."""

    book: Book
    flaws: tuple[Flaw, ...]
    verdicts: Verdicts | None
    outcomes: tuple[Outcome, ...]
    """Of the rulebook without the bank's overlay, which its examples do not know."""
    overlaid: tuple[Outcome, ...] = ()
    """Of the same examples under the overlay, where there is one: it may deliberately go further."""

    def list_problems(self) -> Iterator[Text]:
        """Yield what keeps it from being put in force, each with its number."""
        verdicts = self.verdicts
        counts = {
            "flaws": len(self.flaws),
            "unproved": len(verdicts.failed) if verdicts else 0,
            "vain": len(verdicts.faults) if verdicts else 0,
            "failed": sum(not outcome.passed for outcome in self.outcomes),
            "untried": not self.outcomes,
        }
        for name, count in counts.items():
            if count:
                told = _WORDS.text(f"rulebook.fault.{name}")
                yield Text(told.zh.format(count=count), told.en.format(count=count))

    @property
    def results(self) -> dict[str, int | str | bool | None]:
        """What is recorded of them: properties and examples by number, whether the properties are proved, and how many
        of the examples come out otherwise under the overlay."""
        return {
            "proved": self.verdicts is not None,
            "properties": len(self.verdicts.proofs) if self.verdicts else 0,
            "examples": len({outcome.id for outcome in self.outcomes}),
            "visits": len(self.outcomes),
            "overlaid": len({outcome.id for outcome in self.overlaid if not outcome.passed}),
        }


def examine(folder: Path, overlay: Path | None) -> Findings:
    """Check the rulebook in `folder` under the bank's overlay; it takes up to a minute.

    Raises RulebookUnsound where it cannot be read, RulebookFaulty where it can and has faults.
    """
    book = load_book(folder, overlay)
    try:
        verdicts = prove(book, folder)
    except SolverMissing:
        verdicts = None
    bare = load_book(folder) if overlay else None
    outcomes = run_examples(bare or book, load_examples(bare or book, folder))
    overlaid = run_examples(book, load_examples(bare, folder)) if bare else ()
    findings = Findings(book, list_flaws(book, folder, bare), verdicts, outcomes, overlaid)
    if problems := tuple(findings.list_problems()):
        raise RulebookFaulty(version=book.meta.version, problem=problems)
    return findings


def list_flaws(book: Book, folder: Path | None, bare: Book | None) -> tuple[Flaw, ...]:
    """Return the flaws of `book`, which lies in `folder`, None for the built-in one; `bare` is it without an overlay.

    A rule that the bank's overlay adds has no examples of its own; the properties are proved for it all the same.
    """
    own = {clause.id for clause in bare.clauses()} if bare else None
    flaws = find_flaws(book, load_examples(book, folder), datetime.now(tz=UTC).date())
    return tuple(flaw for flaw in flaws if own is None or flaw.kind is not FlawKind.RULE_UNTRIED or flaw.entry in own)


def compare(database: Path, old: Book, new: Book, tell: Tell) -> dict[str, int | str | bool | None]:
    """Return in how many cases of the file the newer rulebook would have advised otherwise. Raises a StoreTrouble."""
    counts = replay(find_source(database), old, new, tell)
    return {
        "against": old.meta.version,
        "cases": counts.cases,
        "other_level": _sum(counts, _LEVELS),
        "more_stops": counts.differences[Difference.STOP_MORE],
        "fewer_stops": counts.differences[Difference.STOP_LESS],
        "other_steps": _sum(counts, (Difference.STEPS, Difference.ORDER)),
    }


def _sum(counts: Counts, kinds: Iterable[Difference]) -> int:
    return sum(counts.differences[kind] for kind in kinds)
