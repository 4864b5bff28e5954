"""What may stand on the command line after `review`."""

from __future__ import annotations

from typing import Any, Final

from assistant.cli.parsing import Parser, add_command
from rules.language import Catalogue, Language

REVIEW_WORDS: Final = Catalogue("assistant.cli.review")
VERDICTS: Final = ("typology", "level", "steps")
_NAMES: Final = ("list", "claim", "approve", "return", "answer", "call", "answer-call", "signals")


def add_review(parser: Parser, language: Language) -> None:
    """Add to the parser of `review` its commands."""
    parser.take_giver()
    title = REVIEW_WORDS("help.commands", language)
    commands: Any = parser.add_subparsers(title=title, dest="look", metavar=" | ".join(_NAMES), required=True)
    for name in _NAMES:
        command = add_command(commands, language, name, "review", REVIEW_WORDS, name.replace("-", "_"))
        command.take_giver()
        _TAKES[name](command)
        command.take("--json", action="store_true")
    parser.set_defaults(module="assistant.cli.review.moves")


def _take_list(command: Parser) -> None:
    command.take("--returned", action="store_true")
    command.take("--calls", action="store_true")
    command.take("--unanswered", action="store_true")
    command.take("--limit", metavar="N", default="50")


def _take_case(command: Parser) -> None:
    command.take("case", metavar="NUMBER|ID")


def _take_verdict(command: Parser) -> None:
    _take_case(command)
    for name in VERDICTS:
        command.take(f"--{name}", metavar="VERDICT", required=True)
    command.take("--comment", metavar="TEXT")


def _take_approval(command: Parser) -> None:
    _take_verdict(command)
    command.take("--reason", metavar="CODE", action="append", default=[])


def _take_return(command: Parser) -> None:
    _take_verdict(command)
    # Missed before the comment is typed, which would be lost with the refusal.
    command.take("--reason", metavar="CODE", action="append", required=True)


def _take_answer(command: Parser) -> None:
    _take_case(command)
    command.take("--comment", metavar="TEXT")


def _take_call(command: Parser) -> None:
    _take_case(command)
    command.take("--for", dest="wanted", metavar="CODE", required=True)


def _take_answer_to_call(command: Parser) -> None:
    _take_case(command)
    command.take("answer", key="call_answer", metavar="ANSWER")


def _take_signals(command: Parser) -> None:
    command.take("case", metavar="NUMBER|ID", nargs="?")
    command.take("--teller", metavar="NUMBER")


_TAKES: Final = {
    "list": _take_list,
    "claim": _take_case,
    "approve": _take_approval,
    "return": _take_return,
    "answer": _take_answer,
    "call": _take_call,
    "answer-call": _take_answer_to_call,
    "signals": _take_signals,
}
