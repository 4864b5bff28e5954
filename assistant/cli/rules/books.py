"""The rulebooks that a command of the rule desk speaks of: the one that comes with the program, or a folder."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Final

from assistant.cli.rules.words import RULE_WORDS
from assistant.quoting import clip
from rules.errors import BadInput
from rules.loading import load_book
from rules.model import Book

BUILT_IN: Final = "built-in"


class NoRulebook(BadInput):
    """There is no folder of that name."""

    catalogue = RULE_WORDS
    code = "no_rulebook"


class NoOverlay(BadInput):
    """There is no file of that name that can be read."""

    catalogue = RULE_WORDS
    code = "no_overlay"


def read_book(word: str, overlay: str | None = None) -> Book:
    """Return the rulebook that `word` names, `built-in` or a folder, under the bank's overlay in a file, if any.

    Raises NoRulebook, NoOverlay and RulebookUnsound.
    """
    return load_book(find_folder(word), find_overlay(overlay) if overlay is not None else None)


def find_folder(word: str) -> Path | None:
    """Return the folder of the rulebook that `word` names, None for the built-in one. Raises NoRulebook."""
    if word == BUILT_IN:
        return None
    folder = Path(word).expanduser()
    if not folder.is_dir():
        raise NoRulebook(path=word)
    return folder


def read_pair(options: Namespace) -> tuple[Book, Book]:
    """Return the older and the newer rulebook of a comparison, each under its own overlay; raises as `read_book`."""
    return read_book(options.old, options.old_overlay), read_book(options.new, options.overlay)


def find_overlay(word: str) -> Path:
    """Return the path of the overlay's file that `word` names. Raises NoOverlay when it cannot be opened."""
    try:
        path = Path(word).expanduser()
        path.open("rb").close()
    except (OSError, ValueError, RuntimeError):
        raise NoOverlay(path=clip(word)) from None
    return path
