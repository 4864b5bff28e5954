"""What can go wrong with a page: one sentence each. No page was made then, and nothing was changed."""

from __future__ import annotations

from typing import ClassVar

from assistant.export.typesetting.words import WORDS, fill
from rules.errors import BadInput, Trouble
from rules.language import Catalogue


class TemplateUnsound(BadInput):
    """A template cannot be used: `problem` says what is wrong in line `line` of the file `path`."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "template_unsound"

    @classmethod
    def at(cls, path: object, line: int, problem: str, **details: object) -> TemplateUnsound:
        """Return the trouble with a problem of the catalogue."""
        return cls(path=path, line=line, problem=fill(f"problem.{problem}", **details))


class TemplateUnread(BadInput):
    """The system does not let a template or a look be read."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "template_unread"


class LookUnsound(BadInput):
    """The bank's own `page.typ` is not understood by the typesetter, or does not lay out what it is given."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "look_unsound"


class TextTooLong(BadInput):
    """The facts hold more text than any form can take."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "text_too_long"


class TooManyPages(BadInput):
    """The facts hold more text than paper can take; the other forms take it."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "too_many_pages"


class TypesetterMissing(Trouble):
    """The packages that make PDF, or their font, are not installed."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "typesetter_missing"
