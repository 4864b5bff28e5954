"""How documents and recorded exports are called, and of what an export was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from assistant.case.events import Event
from assistant.cli.parsing import UsageWrong
from assistant.cli.rulebook import read_book
from assistant.desk import Desk
from assistant.export.documents.kinds import DocumentName
from assistant.export.documents.words import WORDS as DOCUMENT_WORDS
from assistant.export.log import find_month, find_number
from assistant.export.tables.question import name_filter
from assistant.export.tables.words import TABLE_WORDS
from assistant.export.words import WORDS
from assistant.people.bodies import Leaving
from assistant.quoting import clip
from assistant.register.vocabulary import Vocabulary, find, suggest
from rules.language import Language, Text

_NAMES: Final = {name.value: DOCUMENT_WORDS.text(f"name.{name}") for name in DocumentName}


def read_document(word: str, command: str) -> DocumentName:
    """Return the document of that id or name, or whose name alone holds it. Raises UsageWrong, which names all."""
    if name := find(_NAMES, word):
        return DocumentName(name)
    choices = Text("、".join(f"{text.zh} {name}" for name, text in _NAMES.items()), ", ".join(_NAMES))
    raise UsageWrong("document", command, word=clip(word), hint=suggest(word, _NAMES), choices=choices)


def name_export(event: Event, language: Language) -> str:
    """Return the name of the document, or what sort of thing left."""
    key = f"name.{event.body['name']}"
    if key in DOCUMENT_WORDS:
        return DOCUMENT_WORDS(key, language)
    return WORDS(f"what.{event.body['what']}", language)


def name_form(event: Event, language: Language) -> str:
    """Return the format; that it is not told where it would tell which document it was."""
    return str(event.body["form"]) or WORDS("form_untold", language)


@dataclass
class Objects:
    """Tells whoever works at a desk of what exports were."""

    desk: Desk
    language: Language

    @cached_property
    def _words(self) -> Vocabulary:
        return Vocabulary.of(read_book(self.desk.store, self.language))

    def name(self, event: Event) -> str:
        """Return the number of the case, the month, or which cases stand in the table; empty where that is not to be
        told. Raises what `read_book` raises."""
        if event.body["what"] != Leaving.TABLE:
            return find_number(self.desk, event) or find_month(event) or ""
        if line := str(event.body["filter"]):
            return name_filter(line, self._words, self.language)
        return TABLE_WORDS("every_case", self.language)
