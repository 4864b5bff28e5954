"""What stands around a page whatever is on it, and which forms a page comes in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.language import Language


class Form(StrEnum):
    """A form of a page, by the ending of its file's name."""

    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is put on every page."""

    footer: str
    language: Language
    at: int
    """UTC milliseconds: the only time that is in a file."""
    watermark: str = ""
    large: bool = False
    """In large print, for somebody who sees badly."""
    title: str = ""
    """What the file says it is; without it, the title on the page."""
    known_by: str = ""
    """By what the file is known again: it stands where a program finds it, too."""
