"""From the words of a command line to an exit status: the language, the command, and every trouble as one sentence."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from typing import Final

from assistant.cli.output import OutputFailed, abandon, flush, settle_streams, warn
from assistant.cli.parsing import UsageWrong, make_parser
from assistant.cli.stopping import ending_in_order
from rules.errors import Trouble
from rules.language import Language

LANGUAGE_VARIABLE: Final = "ASSISTANT_LANG"
_PUTS_AWAY: Final = frozenset({"export"})
"""The commands that keep on the disk, until they are done, what nobody is to find there."""


def run(words: Sequence[str]) -> int:
    """Run the command line `words` and return its exit status; a trouble is one sentence on standard error."""
    language = Language.ZH
    try:
        settle_streams()
        language = choose_language(words)
        return _run_command(words, language)
    except OutputFailed as trouble:
        abandon()
        return _tell(trouble, language)
    except BrokenPipeError:
        abandon()
        return 0
    except Trouble as trouble:
        return _tell(trouble, language)
    except Exception as error:
        from assistant.cli.faultlog import log_fault

        return _tell(log_fault(error), language)


def choose_language(words: Sequence[str]) -> Language:
    """Return the language that `--lang` or the environment asks for, Chinese otherwise. Raises UsageWrong."""
    asked, source = os.environ.get(LANGUAGE_VARIABLE) or Language.ZH, LANGUAGE_VARIABLE
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            asked, source = words[place + 1], "--lang"
        elif word.startswith("--lang="):
            asked, source = word.removeprefix("--lang="), "--lang"
    try:
        return Language(asked)
    except ValueError:
        raise UsageWrong("choice", option=source, choices="zh, en") from None


def _run_command(words: Sequence[str], language: Language) -> int:
    try:
        options = make_parser(language, words).parse_args(words)
    except SystemExit:
        # argparse leaves this way after it has printed the help.
        flush()
        return 0
    if options.version:
        from assistant.cli import print_version

        return print_version()
    module = getattr(options, "module", f"assistant.cli.{options.command or 'screen'}")
    command = import_module(module)
    with ending_in_order() if options.command in _PUTS_AWAY else nullcontext():
        status: int = command.run(options, language)
    return status


def _tell(trouble: Trouble, language: Language) -> int:
    warn(trouble, language)
    return trouble.exit_status
