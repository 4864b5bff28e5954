"""The one catalogue of what is said about exports."""

from __future__ import annotations

from typing import Final

from rules.language import Catalogue

WORDS: Final = Catalogue("assistant.export")
