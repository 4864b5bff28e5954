"""The one catalogue of what is said about the integrity of a file."""

from __future__ import annotations

from typing import Final

from rules.language import Catalogue

WORDS: Final = Catalogue("assistant.integrity")
