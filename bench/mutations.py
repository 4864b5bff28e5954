"""Edits the rulebook at random and counts who notices: `python -m bench.mutations [EDITS] [SEED]`.

An edit that the solver proves to change nothing is no fault. Of the others the share is counted that the check of form
and content, the proofs, or the examples kept with the rules bring to light. What they said of the rulebook as it is
does not count.
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeAlias

from bench.edits import KINDS, Edit
from rules.advice import Adviser
from rules.check import find_misfits
from rules.compiler import TooWide
from rules.loading import load_book
from rules.model import Book
from rules.proof.idle import Vain, find_idle
from rules.proof.likeness import find_difference
from rules.proof.properties import Property, read_properties
from rules.proof.proving import Prover, Verdict
from rules.review.examples import Example, load_examples
from rules.review.lint import find_flaws
from rules.review.trials import run_examples

EDITS: Final = 200
SEED: Final = 4
TARGET: Final = 0.95

Judge: TypeAlias = Callable[[Book], Iterable[str]]
"""Yields what is wrong with a book."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one edit: who noticed it first; `alike` when it changes no advice."""

    edit: Edit
    noticed: str | None
    alike: bool


def judges(book: Book) -> Mapping[str, Judge]:
    """Return all that an edit of `book` is put before, by name."""
    examples, properties = load_examples(book), read_properties(book) or {}
    named: dict[str, Judge] = {
        "form": lambda edited: (str(misfit) for misfit in find_misfits(edited)),
        "content": partial(_content, examples),
        "examples": partial(_examples, examples),
        "properties": partial(_properties, properties),
        "in vain": _vain,
    }
    known = {name: frozenset(judge(book)) for name, judge in named.items()}
    return {name: partial(_news, judge, known[name]) for name, judge in named.items()}


def _news(judge: Judge, known: frozenset[str], edited: Book) -> Iterator[str]:
    return (said for said in judge(edited) if said not in known)


def _content(examples: Mapping[str, Example], edited: Book) -> Iterator[str]:
    return (str(flaw) for flaw in find_flaws(edited, examples, datetime.now(tz=UTC).date()))


def _examples(examples: Mapping[str, Example], edited: Book) -> Iterator[str]:
    for outcome in run_examples(edited, examples):
        if not outcome.passed:
            yield f"{outcome.id} {outcome.case.given}"


def _properties(properties: Mapping[str, Property], edited: Book) -> Iterator[str]:
    with closing(Adviser(edited)) as adviser:
        for proof in Prover(adviser).prove_all(properties):
            if proof.verdict is Verdict.MISTRANSLATED:
                raise AssertionError(proof)
            if proof.verdict is not Verdict.PROVED:
                yield proof.property


def _vain(edited: Book) -> Iterator[str]:
    return (str(idle) for idle in find_idle(edited) if idle.kind is not Vain.NEVER_WITHHOLDS)


def try_edit(edit: Edit, book: Book, named: Mapping[str, Judge]) -> Result:
    """Put the edited book before one judge after the other until one notices."""
    noticed = next((name for name, judge in named.items() if _notices(judge, edit.book)), None)
    return Result(edit, noticed, alike=noticed != "form" and find_difference(book, edit.book) is None)


def _notices(judge: Judge, edited: Book) -> bool:
    try:
        return next(iter(judge(edited)), None) is not None
    except TooWide:
        return True


def draw_edits(book: Book, count: int, seed: int) -> Iterator[Edit]:
    """Yield `count` edits, no two alike, each kind as often as the others while it still has new ones."""
    draw = random.Random(seed)  # noqa: S311 (an experiment that can be repeated)
    seen: set[str] = set()
    for kind in itertools.cycle(KINDS):
        if len(seen) == count:
            return
        edit = kind(book, draw)
        if edit.what not in seen:
            seen.add(edit.what)
            yield edit


def report(results: list[Result]) -> float:
    """Print the table and what survived; return the share that was noticed."""
    real = [result for result in results if not result.alike]
    caught = [result for result in real if result.noticed]
    for name, count in Counter(result.noticed for result in caught).most_common():
        print(f"noticed first by {name:<12} {count:>4}")
    print(f"\n{'kind':<24} {'real':>5} {'caught':>7}")
    for kind in dict.fromkeys(result.edit.kind for result in results):
        mine = [result for result in real if result.edit.kind == kind]
        print(f"{kind:<24} {len(mine):>5} {sum(bool(result.noticed) for result in mine):>7}")
    for result in real:
        if not result.noticed:
            print(f"survived: {result.edit.what[:400]}")
    share = len(caught) / len(real)
    print(f"\n{len(results)} edits, {len(real)} change some advice, {len(caught)} of them noticed: {share:.1%}")
    return share


def main(arguments: list[str]) -> int:
    """Run the edits; return 0 when enough of them are noticed, else 1."""
    count, seed = [*map(int, arguments), *(EDITS, SEED)[len(arguments) :]]
    start = time.perf_counter()
    book = load_book()
    named = judges(book)
    share = report([try_edit(edit, book, named) for edit in draw_edits(book, count, seed)])
    verdict = "yes" if share >= TARGET else "NO"
    print(f"in {time.perf_counter() - start:.0f} s, seed {seed}; at least {TARGET:.0%}: {verdict}")
    return 0 if share >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
