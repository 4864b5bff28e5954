"""What may stand on the command line after `assistant rules`."""

from __future__ import annotations

from typing import Final

from assistant.cli.parsing import Parser, add_answers, add_command
from rules.language import Catalogue, Language

RULE_WORDS: Final = Catalogue("assistant.cli.rules")
_GIVEN: Final = frozenset({"explain", "replay", "publish", "rollback", "versions"})
"""Those that look into a file of cases."""


def add_rules(parser: Parser, language: Language) -> None:
    """Add to the parser of `rules` its commands."""
    parser.take_common()
    desk = parser.add_subparsers(
        title=RULE_WORDS("help.commands", language), dest="look", metavar="COMMAND", required=True
    )

    def add(name: str) -> Parser:
        command = add_command(desk, language, name, "rules", RULE_WORDS)
        if name in _GIVEN:
            command.take_giver()
        else:
            command.take_common()
        return command

    for name in ("check", "test"):
        command = add(name)
        _take_rules(command)
        command.take("--json", action="store_true")
    explain = add("explain")
    _take_rules(explain)
    explain.take("number", metavar="NUMBER|ID", nargs="?")
    add_answers(explain)
    for name in ("diff", "replay"):
        command = add(name)
        command.take("old", metavar="OLD")
        command.take("new", metavar="NEW")
        command.take("--old-overlay", metavar="FILE")
        command.take("--overlay", key="new_overlay", metavar="FILE")
        command.take("--json", action="store_true")
    book = add("book")
    _take_rules(book)
    book.take("--format", metavar="md|html", default="md")
    book.take("--cards", action="store_true")
    book.take("-o", "--output", metavar="FILE|-", default="-")
    publish = add("publish")
    publish.take("--rules", key="rules_draft", metavar="FOLDER|built-in")
    publish.take("--overlay", metavar="FILE")
    publish.take("--why", required=True)
    rollback = add("rollback")
    rollback.take("--to", metavar="VERSION|DIGEST")
    rollback.take("--why", required=True)
    versions = add("versions")
    versions.take("--json", action="store_true")
    schema = add("schema")
    schema.take("-o", "--output", metavar="FILE|-", default="-")


def _take_rules(parser: Parser) -> None:
    parser.take("--rules", key="rules_folder", metavar="FOLDER", default="built-in")
    parser.take("--overlay", metavar="FILE")
