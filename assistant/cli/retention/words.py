"""What may stand on the command line after `retention`."""

from __future__ import annotations

from typing import Any, Final

from assistant.cli.parsing import Parser, add_command
from rules.language import Catalogue, Language

RETENTION_WORDS: Final = Catalogue("assistant.cli.retention")


def add_retention(parser: Parser, language: Language) -> None:
    """Add to the parser of `retention` its commands."""
    parser.take_giver()
    title = RETENTION_WORDS("help.commands", language)
    commands: Any = parser.add_subparsers(title=title, dest="look", metavar="run | restrict | erase", required=True)
    for name in ("run", "restrict", "erase"):
        command = add_command(commands, language, name, "retention", RETENTION_WORDS, name)
        command.take_giver()
        if name == "run":
            command.take("--yes", action="store_true")
            command.take("--json", action="store_true")
            command.take("--why", metavar="TEXT", default="")
        else:
            command.take("case", metavar="NUMBER|ID")
            command.take("--why", metavar="TEXT", required=True)
    parser.set_defaults(module="assistant.cli.retention.orders")
