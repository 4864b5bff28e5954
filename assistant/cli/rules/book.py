"""`assistant rules book`: the whole rulebook as one readable document, or as paper cards."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from assistant.cli.output import NotWritten, say
from assistant.cli.parsing import UsageWrong
from assistant.cli.rules.books import find_overlay, read_book
from assistant.quoting import clip
from rules.advice import Adviser
from rules.document.cards import write_cards
from rules.document.page import write_page
from rules.document.whole import title_of, write_book
from rules.language import Language
from rules.model import Owner
from rules.overlay import read_overlay

_FORMATS: Final = ("md", "html")


def run(options: Namespace, language: Language) -> int:
    """Write the document. Raises UsageWrong, NoRulebook, NoOverlay, RulebookUnsound and NotWritten."""
    if options.format not in _FORMATS:
        raise UsageWrong("choice", "rules book ", option="--format", choices=", ".join(_FORMATS))
    document = _write(options, language)
    if options.output == "-":
        say(document.rstrip("\n"))
    else:
        _save(document, options.output)
    return 0


def _write(options: Namespace, language: Language) -> str:
    with closing(Adviser(read_book(options.rules, options.overlay))) as adviser:
        title = title_of(adviser.book, language)
        if options.cards:
            source, style = write_cards(adviser, language, _read_phones(options)), "cards.css"
        else:
            source, style = write_book(adviser, language), "book.css"
    return source if options.format == "md" else write_page(source, title, language, style=style)


def _read_phones(options: Namespace) -> Mapping[Owner, str]:
    if options.overlay is None:
        return {}
    return read_overlay(find_overlay(options.overlay), read_book(options.rules)).phones


def _save(document: str, target: str) -> None:
    """Write the file whole or not at all."""
    path = Path(target)
    partial = Path(f"{target}.partial")
    try:
        partial.write_text(document, "utf-8")
        partial.replace(path)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            partial.unlink(missing_ok=True)
        problem = getattr(error, "strerror", None) or type(error).__name__
        raise NotWritten(path=clip(target), problem=problem) from None
