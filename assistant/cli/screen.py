"""No command: the screen of the counter."""

from __future__ import annotations

import gc
import sys
from argparse import Namespace
from importlib import import_module
from pathlib import Path

from assistant.cli.parsing import WORDS
from assistant.places import find_database
from rules.errors import BadInput
from rules.language import Language


class NoTerminal(BadInput):
    """The screen was asked for where there is none."""

    catalogue = WORDS
    code = "no_terminal"


def run(options: Namespace, language: Language) -> int:
    """Open the screen over the file of cases. Raises NoTerminal."""
    return open_screen(find_database(getattr(options, "db", None)), language, options.theme, plain=options.ascii)


def open_screen(path: Path, language: Language, theme: str | None = None, *, plain: bool = False) -> int:
    """Open the screen over the file at `path` and return its exit status. Raises NoTerminal.

    `theme` is a name that the screens know; `plain` is for terminals that draw some characters too wide.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminal
    # What a start makes is no garbage, and looking for some takes a fifth of it; the first screen turns it on again.
    gc.disable()
    # By name, because screens are built on this package and it may not know them.
    status: int = import_module("ui.app").run(path, language, theme, plain=plain)
    return status
