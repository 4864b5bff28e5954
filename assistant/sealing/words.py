"""The words about keys, seals and passwords, filled in every language at once: a place is named inside a sentence."""

from __future__ import annotations

from typing import Final

from rules.language import Catalogue, Language, Text

WORDS: Final = Catalogue("assistant.sealing")


def fill(key: str, **details: object) -> Text:
    """Return the text of `key` in every language, with `details` filled into its braces; one may be a Text itself."""

    def read(language: Language) -> str:
        filled = {name: part.read(language) if isinstance(part, Text) else part for name, part in details.items()}
        return WORDS(key, language, **filled)

    return Text(zh=read(Language.ZH), en=read(Language.EN))
