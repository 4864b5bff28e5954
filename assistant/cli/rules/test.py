"""`assistant rules test`: the examples kept with the rules are tried, and what falls short is told in sentences."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from assistant.cli.output import say
from assistant.cli.rules.books import find_folder, read_book
from assistant.cli.rules.words import RULE_WORDS
from rules.language import Language
from rules.model import Book
from rules.review.examples import Example, load_examples
from rules.review.trials import Outcome, run_examples

FAILED: Final = 1


def run(options: Namespace, language: Language) -> int:
    """Print how the examples came out; return 1 when one failed, or when there is none and so nothing was tried.

    Raises NoRulebook, NoOverlay and RulebookUnsound.
    """
    book = read_book(options.rules, options.overlay)
    examples = load_examples(book, find_folder(options.rules))
    outcomes = run_examples(book, examples)
    if options.json:
        say(json.dumps(_answer(book, examples, outcomes, language), ensure_ascii=False))
    else:
        say("\n".join(_lines(book, examples, outcomes, language)))
    return 0 if outcomes and all(outcome.passed for outcome in outcomes) else FAILED


def _failures(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    failed = (outcome for outcome in outcomes if not outcome.passed)
    yield from ((name, list(group)) for name, group in groupby(failed, key=lambda outcome: outcome.id))


def _lines(
    book: Book, examples: Mapping[str, Example], outcomes: Sequence[Outcome], language: Language
) -> Iterator[str]:
    if not examples:
        yield RULE_WORDS("test.none", language, version=book.meta.version)
        return
    failed = dict(_failures(outcomes))
    for group in failed.values():
        more = len(group) - 1
        yield group[0].sentence(book, language)
        if more:
            yield RULE_WORDS("test.more", language, count=more)
    told = {"version": book.meta.version, "examples": len(examples), "cases": len(outcomes)}
    if failed:
        yield RULE_WORDS("test.failed", language, **told, failed=len(failed))
    else:
        yield RULE_WORDS("test.passed", language, **told)


def _answer(
    book: Book, examples: Mapping[str, Example], outcomes: Sequence[Outcome], language: Language
) -> dict[str, Any]:
    return {
        "version": book.meta.version,
        "examples": len(examples),
        "cases": len(outcomes),
        "failed": [
            {
                "id": name,
                "name": group[0].example.name.read(language),
                "rules": list(group[0].example.rules),
                "cases": [
                    {
                        "shortfalls": [shortfall.sentence(language) for shortfall in outcome.shortfalls],
                        "held": list(outcome.rules),
                        "sentence": outcome.sentence(book, language),
                    }
                    for outcome in group
                ],
            }
            for name, group in _failures(outcomes)
        ],
    }
