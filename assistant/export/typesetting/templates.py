"""A template is a file that a bank may replace: it is found, read and held to what a template may be."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Final

from assistant.export.typesetting.characters import name_character
from assistant.export.typesetting.faults import TemplateUnread, TemplateUnsound
from assistant.export.typesetting.filling import PRIVATE
from assistant.export.typesetting.words import fill
from rules.language import Language

BUILT_IN: Final = Path(__file__).parents[1] / "documents" / "templates"
LONGEST: Final = 256 * 1024
"""Bytes; a template is a page of text."""


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a template, and where it stands. `own` is the bank's folder, in which a look may stand, too."""

    name: str
    language: Language
    path: Path
    source: str
    own: Path | None = None


def find_template(name: str, language: Language, own: Path | None, *, built_in: Path = BUILT_IN) -> Template:
    """Return the template `name` in a language: the bank's from the folder `own` if it is there, otherwise ours.

    Raises TemplateUnread, and TemplateUnsound for one that is no text.
    """
    file = f"{name}.{language}.md"
    path = own / file if own is not None and (own / file).exists() else built_in / file
    return Template(name, language, path, read_template(path), own)


def read_template(path: Path) -> str:
    """Return the text of a template. Raises TemplateUnread, and TemplateUnsound for what is no text."""
    raw = read_file(path)
    if len(raw) > LONGEST:
        raise TemplateUnsound.at(path, 1, "size", limit=LONGEST)
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateUnsound.at(path, raw.count(b"\n", 0, error.start) + 1, "encoding") from None
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if found := PRIVATE.search(source):
        line = source.count("\n", 0, found.start()) + 1
        raise TemplateUnsound.at(path, line, "private", mark=name_character(found[0]))
    return source


def read_file(path: Path, longest: int = LONGEST) -> bytes:
    """Return what stands in a file, one byte more than `longest` at most. Raises TemplateUnread."""
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                raise TemplateUnread(path=path, problem=fill("no_file")) from None
            return file.read(longest + 1)
    except OSError as error:
        raise TemplateUnread(path=path, problem=error.strerror or type(error).__name__) from None


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for whoever is at the other end of it, if it is a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
