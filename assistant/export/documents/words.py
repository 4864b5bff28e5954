"""The one catalogue of what the documents say beside their templates."""

from __future__ import annotations

from typing import Final

from rules.language import Catalogue

WORDS: Final = Catalogue("assistant.export.documents")
