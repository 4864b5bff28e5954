"""What the system says that kept a file from being read or written, in the user's language where it is usual."""

from __future__ import annotations

from errno import errorcode

from assistant.export.words import WORDS
from rules.language import Text


def say_hindrance(error: OSError) -> Text | str:
    """Return what went wrong, to stand in a sentence; what is unusual as the system puts it."""
    key = f"hindrance.{errorcode.get(error.errno or 0, '').casefold()}"
    return WORDS.text(key) if key in WORDS else error.strerror or type(error).__name__
