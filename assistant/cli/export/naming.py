"""How a recorded export is called."""

from __future__ import annotations

from assistant.case.events import Event
from assistant.export.documents.words import WORDS as DOCUMENT_WORDS
from assistant.export.words import WORDS
from rules.language import Language


def name_export(event: Event, language: Language) -> str:
    """Return the name of the document, or what sort of thing left."""
    key = f"name.{event.body['name']}"
    if key in DOCUMENT_WORDS:
        return DOCUMENT_WORDS(key, language)
    return WORDS(f"what.{event.body['what']}", language)
