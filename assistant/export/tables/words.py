"""The one catalogue of what stands in tables, and what is said about them."""

from __future__ import annotations

from typing import Final

from rules.language import Catalogue

TABLE_WORDS: Final = Catalogue("assistant.export.tables")
