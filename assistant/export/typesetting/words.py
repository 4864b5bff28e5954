"""The one catalogue of what is said about templates and pages."""

from __future__ import annotations

from typing import Final

from rules.language import Catalogue, Language, Text

WORDS: Final = Catalogue("assistant.export.typesetting")


def fill(key: str, **details: object) -> Text:
    """Return a text of the catalogue in every language, filled in."""
    return Text(WORDS(key, Language.ZH, **details), WORDS(key, Language.EN, **details))
