"""The one catalogue of what the monthly report says beside its templates."""

from __future__ import annotations

from typing import Final

from rules.language import Catalogue

WORDS: Final = Catalogue("assistant.export.report")
