"""What may stand on the command line after `export` and `verify-export`."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from assistant.cli.parsing import Parser, add_command
from rules.language import Catalogue, Language

EXPORT_WORDS: Final = Catalogue("assistant.cli.export")
_COMMANDS: Final = ("cases", "case", "documents", "report", "list")
_OWN_OUTPUT: Final = frozenset({"documents", "list"})
"""The commands that write no file, or many."""


def add_export(parser: Parser, language: Language) -> None:
    """Add to the parser of `export` its commands; each module of that name in this package takes its own options."""
    parser.take_giver()
    title = EXPORT_WORDS("help.commands", language)
    commands: Any = parser.add_subparsers(title=title, dest="look", metavar=" | ".join(_COMMANDS), required=True)
    for name in _COMMANDS:
        command = add_command(commands, language, name, "export", EXPORT_WORDS)
        command.take_giver()
        module = import_module(f"assistant.cli.export.{name}")
        module.take(command)
        if name not in _OWN_OUTPUT:
            take_output(command)
        command.set_defaults(module=module.__name__)


def take_output(command: Parser) -> None:
    """Add where an export goes."""
    command.take("-o", "--output", key="export_output", metavar="FILE|-")
    command.take("--force", action="store_true")


def add_verify_export(parser: Parser, language: Language) -> None:
    """Add the options of `verify-export`."""
    parser.take_giver()
    parser.take("file", key="verify_file", metavar="FILE|-")
    parser.take("--json", action="store_true")
    parser.set_defaults(module="assistant.cli.export.verification")
