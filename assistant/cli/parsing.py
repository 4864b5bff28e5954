"""What may stand on the command line; a wrong word becomes one sentence in the user's language, with the mend."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from importlib import import_module
from typing import Any, Final, NoReturn, TypeVar
from unicodedata import east_asian_width

from assistant.quoting import clip
from rules.errors import BadInput
from rules.language import Catalogue, Language, Text

WORDS: Final = Catalogue("assistant.cli")
MOST_LISTED: Final = 10_000
_Code = TypeVar("_Code", bound=StrEnum)


class UsageWrong(BadInput):
    """The command line cannot be read: `said` is a Text with what is wrong, `command` the command it was for."""

    catalogue = WORDS
    code = "usage_wrong"

    def __init__(self, kind: str, command: str = "", **details: object) -> None:
        super().__init__(said=fill(f"usage.{kind}", **details), command=command)


def fill(key: str, **details: object) -> Text:
    """Return the text of `key` with `details` filled in, in every language."""
    return Text(*(WORDS(key, language, **_read(details, language)) for language in (Language.ZH, Language.EN)))


def _read(details: dict[str, object], language: Language) -> dict[str, object]:
    return {name: detail.read(language) if isinstance(detail, Text) else detail for name, detail in details.items()}


def read_choice(word: str, codes: type[_Code], option: str, command: str) -> _Code:
    """Return the code that `word` is. Raises UsageWrong, which names all of them."""
    try:
        return codes(word)
    except ValueError:
        raise UsageWrong("choice", command, option=option, choices=", ".join(codes)) from None


def read_limit(word: str, command: str) -> int:
    """Return how many are to be listed at most. Raises UsageWrong."""
    if word.isascii() and word.isdigit() and len(word) <= len(str(MOST_LISTED)) and 1 <= int(word) <= MOST_LISTED:
        return int(word)
    raise UsageWrong("count", command, option="--limit", most=MOST_LISTED)


def hint(word: str, words: Iterable[str]) -> Text:
    """Return "did you mean ...?" with the nearest of `words`, or nothing when none is near."""
    near = get_close_matches(word, list(words), 1)
    return fill("usage.hint", near=near[0]) if near else Text("", "")


class Parser(argparse.ArgumentParser):
    """argparse with its words in the user's language and its errors as troubles."""

    def __init__(self, *, language: Language, command: str = "", catalogue: Catalogue = WORDS, **options: Any) -> None:
        self._language = language
        self._catalogue = catalogue
        self._command = f"{command} " if command else ""
        formatter = partial(_Formatter, language=language)
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=formatter, **options)
        self.shelf = self.add_argument_group(WORDS("help.options", language))
        self.take("-h", "--help", action="help")

    def take(self, *flags: str, key: str = "", **options: Any) -> None:
        """Add an option whose help stands under its own name, or under `key`, here or among that of all commands."""
        name = f"help.{key or flags[-1].lstrip('-').replace('-', '_')}"
        words = self._catalogue if name in self._catalogue else WORDS
        self.shelf.add_argument(*flags, help=words(name, self._language), **options)

    def take_common(self, *, db: str = "db") -> None:
        """Add what every command takes."""
        self.take("--db", key=db, metavar="FILE", default=argparse.SUPPRESS)
        self.take("--lang", metavar="zh|en", default=argparse.SUPPRESS)

    def take_giver(self) -> None:
        """Add what every command takes that is given by somebody of the staff."""
        self.take_common()
        self.take("--as", dest="given_by", metavar="NUMBER", default=argparse.SUPPRESS)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Refuse what is left over here, where the command it was meant for is known."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {rest[0]}")
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Raise UsageWrong for argparse's English `message`."""
        for kind, form in _COMPLAINTS.items():
            if found := form.match(message):
                raise self._complain(kind, found[1])
        raise UsageWrong("other", self._command)

    def _complain(self, kind: str, word: str) -> UsageWrong:
        if kind == "command":
            return UsageWrong(kind, self._command, word=clip(word), hint=hint(word, self._list_commands()))
        if kind == "unknown":
            return UsageWrong(kind, self._command, word=clip(word), hint=hint(word, self._option_string_actions))
        return UsageWrong(kind, self._command, option=clip(word))

    def _list_commands(self) -> Sequence[str]:
        choices = (action.choices for action in self._actions if isinstance(action, argparse._SubParsersAction))
        return [name for names in choices for name in names or ()]


_COMPLAINTS: Final = {
    "command": re.compile(r"argument .*?: invalid choice: '(.*?)' \(choose"),
    "value": re.compile(r"argument (\S+?)(?:/\S+)?: expected (?:at least )?one argument"),
    "no_value": re.compile(r"argument (?:-\w/)?(\S+?): ignored explicit argument"),
    "unknown": re.compile(r"unrecognized arguments: (\S+)"),
    "missing": re.compile(r"the following arguments are required: (.+)"),
}


_CLOSING: Final = "、，。；：）”？！"
_PIECE: Final = re.compile(rf"\s+|[（“]*(?:[!-~]+|[^\s!-~])[{_CLOSING}]*")
"""What stands on one line: a code or word, or one Chinese character, with the marks that go with it."""


def _break_help(text: str, width: int) -> list[str]:
    """Return a text in lines of so many terminal cells, broken between Chinese characters and never within a code."""
    lines, room = [""], width
    for piece in _PIECE.findall(text):
        cells = sum(2 if east_asian_width(character) in "WF" else 1 for character in piece)
        if cells > room and lines[-1] and not piece.isspace():
            lines, room = [*lines, ""], width
        lines[-1] += piece
        room -= cells
    return [line.strip() for line in lines]


class _Formatter(argparse.HelpFormatter):
    def __init__(self, language: Language, **options: Any) -> None:
        super().__init__(**options)
        self._language = language

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _break_help(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}" for line in _break_help(text, width - len(indent)))

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, WORDS("help.usage", self._language) if prefix is None else prefix)


def make_parser(language: Language, words: Sequence[str] = ()) -> Parser:
    """Return the parser of the whole command line, with its help in `language`.

    What may stand after some of the commands is there only when `words`, those to be read, hold the command.
    """
    parser = Parser(language=language, prog="assistant", description=WORDS("help.about", language))
    parser.take("--version", action="store_true")
    parser.take_common()
    parser.take("--theme", metavar="NAME")
    parser.take("--ascii", action="store_true")
    commands = parser.add_subparsers(title=WORDS("help.commands", language), dest="command", metavar="COMMAND")
    _add_init(commands, language)
    _add_advise(commands, language)
    _add_demo(commands, language)
    for name, module in _SHELVES.items():
        command = add_command(commands, language, name)
        if name in words:
            # A module of its own, which builds on this one.
            getattr(import_module(module), f"add_{name.replace('-', '_')}")(command, language)
    return parser


_SHELVES: Final = {
    "case": "assistant.cli.people.words",
    "rules": "assistant.cli.rules.words",
    "staff": "assistant.cli.people.words",
    "approvals": "assistant.cli.people.words",
    "outlet": "assistant.cli.people.words",
    "access": "assistant.cli.people.words",
    "retention": "assistant.cli.retention.words",
    "stats": "assistant.cli.stats",
    "review": "assistant.cli.review.words",
    "export": "assistant.cli.export.words",
    "verify-export": "assistant.cli.export.words",
    **dict.fromkeys(("verify", "checkpoint", "backup", "restore", "rebuild"), "assistant.cli.integrity"),
}
"""The commands that have commands or options of their own, and the modules in which `add_<name>` adds those."""


def add_command(
    commands: Any, language: Language, name: str, parent: str = "", catalogue: Catalogue = WORDS, key: str = ""
) -> Parser:
    """Add a command, whose help stands in `catalogue` under its name or `key`, and return its parser."""
    words = catalogue(f"help.{key or name}", language)
    full = f"{parent} {name}".strip()
    options = {"language": language, "command": full, "catalogue": catalogue}
    parser: Parser = commands.add_parser(name, help=words, description=words, **options)
    return parser


def _add_init(commands: Any, language: Language) -> None:
    parser = add_command(commands, language, "init")
    parser.take_common()
    parser.take("--outlet", key="outlet_code", metavar="CODE", required=True)
    parser.take("--name", required=True)
    parser.take("--manager", metavar="NUMBER")
    parser.take("--zone", default="Asia/Shanghai")


def _add_advise(commands: Any, language: Language) -> None:
    parser = add_command(commands, language, "advise")
    parser.take_common()
    parser.take("--batch", metavar="FILE|-")
    add_answers(parser)


def add_answers(parser: Parser) -> None:
    """Add the options by which the facts of a visit are given."""
    for flag, shape in (
        ("--sign", "SIGN[=KNOWN]"),
        ("--no", "SIGN[=KNOWN]"),
        ("--request", "REQUEST"),
        ("--money", "STATE[:YUAN]"),
        ("--account", "FACT=yes|no"),
        ("--cleared", "CLEARING"),
        ("--step", "STEP=OUTCOME"),
    ):
        parser.take(flag, metavar=shape, action="append", default=[])
    parser.take("--age", metavar="BAND")
    parser.take("--amount", metavar="YUAN")
    parser.take("--json", action="store_true")


def _add_demo(commands: Any, language: Language) -> None:
    parser = add_command(commands, language, "demo")
    parser.take_common(db="demo_db")
    parser.take("--no-open", action="store_true")
