"""The one error tree: each trouble says what happened, what was kept and what to do next, in the user's language."""

from __future__ import annotations

from typing import ClassVar

from rules.language import Catalogue, Language, Text


class Trouble(Exception):
    """Something the user must be told about. The words stand in the catalogue of the package that raises it.

    `code` names the entry `trouble.<code>` in `catalogue`; `details` fill its braces. A detail never holds
    anything about a customer, for a trouble may be logged.
    """

    catalogue: ClassVar[Catalogue] = Catalogue("rules")
    code: ClassVar[str] = ""
    exit_status: ClassVar[int] = 1

    def __init__(self, **details: object) -> None:
        super().__init__(self.code, details)
        self.details = details

    def sentence(self, language: Language) -> str:
        """Return what happened, what was kept and what to do next, as one short paragraph."""
        details = {name: _read(detail, language) for name, detail in self.details.items()}
        return self.catalogue(f"trouble.{self.code}", language, **details)

    def __str__(self) -> str:
        return self.sentence(Language.EN)


class BadInput(Trouble):
    """What the user gave cannot be used; nothing was written."""

    exit_status = 2


def _read(detail: object, language: Language) -> object:
    if isinstance(detail, Text):
        return detail.read(language)
    if isinstance(detail, tuple):
        return ("、" if language is Language.ZH else ", ").join(str(_read(part, language)) for part in detail)
    return detail
