"""What may stand on the command line after `case`, `staff`, `approvals`, `outlet` and `access`."""

from __future__ import annotations

from typing import Any, Final

from assistant.cli.parsing import Parser, add_command
from rules.language import Catalogue, Language

PEOPLE_WORDS: Final = Catalogue("assistant.cli.people")


class _Shelf:
    """The commands that stand after one word."""

    def __init__(self, parser: Parser, language: Language, word: str, metavar: str = "COMMAND") -> None:
        parser.take_giver()
        title = PEOPLE_WORDS("help.commands", language)
        self._commands: Any = parser.add_subparsers(title=title, dest="look", metavar=metavar, required=True)
        self._language = language
        self._word = word

    def add(self, name: str, *positions: str, json: bool = False) -> Parser:
        command = add_command(self._commands, self._language, name, self._word, PEOPLE_WORDS, f"{self._word}_{name}")
        command.take_giver()
        for position in positions:
            command.take(position, metavar=position.upper())
        if json:
            command.take("--json", action="store_true")
        return command


def add_case(parser: Parser, language: Language) -> None:
    """Add to the parser of `case` its commands."""
    shelf = _Shelf(parser, language, "case", "list | search | show | find | reveal")
    listing = shelf.add("list", json=True)
    listing.take("--state", metavar="open|closed")
    listing.take("--limit", metavar="N", default="50")
    listing.take("--filter", metavar="LINE")
    for flag in ("--save", "--saved", "--drop"):
        listing.take(flag, key=f"filter_{flag[2:]}", metavar="NAME")
    listing.take("--saved-filters", action="store_true")
    searching = shelf.add("search", json=True)
    searching.take("words", metavar="WORD", nargs="+")
    searching.take("--limit", metavar="N", default="50")
    for command in (listing, searching):
        command.take("--before", metavar="NUMBER|ID")
    showing = shelf.add("show", json=True)
    showing.take("number", key="case_number", metavar="NUMBER|ID")
    for flag in ("--texts", "--looks", "--replay"):
        showing.take(flag, key=f"case_{flag[2:]}", action="store_true")
    finding = shelf.add("find", json=True)
    finding.take("--last4", metavar="DIGITS")
    for flag in ("--phone", "--account", "--id-number"):
        finding.take(flag, action="store_true")
    reveal = shelf.add("reveal")
    reveal.take("number", key="case_number", metavar="NUMBER|ID")
    reveal.take("--reason", key="reveal_reason", metavar="CODE", required=True)


def add_staff(parser: Parser, language: Language) -> None:
    """Add to the parser of `staff` its commands."""
    shelf = _Shelf(parser, language, "staff")
    shelf.add("first").take("--number", key="manager", metavar="NUMBER")
    member = shelf.add("add", "number")
    member.take("--role", metavar="ROLE", required=True)
    member.take("--login", metavar="LOGIN")
    member.take("--name", key="member_name", metavar="NAME")
    shelf.add("list", json=True)
    role = shelf.add("role", "number")
    role.take("role", metavar="ROLE")
    suspend = shelf.add("suspend", "number")
    suspend.take("--emergency", metavar="CODE")
    bind = shelf.add("bind", "number")
    bind.take("--login", metavar="LOGIN", required=True)
    others = [shelf.add(name, "number") for name in ("restore", "unbind", "reset")]
    for command in (member, role, suspend, bind, *others):
        command.take("--why", metavar="TEXT", default="")
    shelf.add("password")
    shelf.add("moves")
    parser.set_defaults(module="assistant.cli.people.staff")


def add_approvals(parser: Parser, language: Language) -> None:
    """Add to the parser of `approvals` its commands."""
    shelf = _Shelf(parser, language, "approvals")
    shelf.add("list", json=True).take("--all", action="store_true")
    for name in ("show", "approve", "decline", "withdraw", "review"):
        command = shelf.add(name)
        command.take("request", metavar="N")
        if name in ("approve", "decline", "review"):
            command.take("--why", metavar="TEXT", default="")
        if name == "review":
            command.take("--upheld", action="store_true")
            command.take("--faulted", action="store_true")
    parser.set_defaults(module="assistant.cli.people.approvals")


def add_outlet(parser: Parser, language: Language) -> None:
    """Add to the parser of `outlet` its commands."""
    shelf = _Shelf(parser, language, "outlet")
    shelf.add("show")
    rename = shelf.add("rename")
    rename.take("name", key="outlet_name", metavar="NAME")
    rename.take("--why", metavar="TEXT", default="")
    parser.set_defaults(module="assistant.cli.people.outlet")


def add_access(parser: Parser, language: Language) -> None:
    """Add to the parser of `access` its commands."""
    listing = _Shelf(parser, language, "access").add("list", json=True)
    listing.take("--case", metavar="NUMBER|ID")
    listing.take("--limit", metavar="N", default="50")
    parser.set_defaults(module="assistant.cli.people.access")
