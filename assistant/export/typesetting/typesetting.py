"""The way in: a template and the facts that fill it become the bytes of a page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.export.typesetting.blocks import Block, Heading, plain
from assistant.export.typesetting.faults import TextTooLong
from assistant.export.typesetting.filling import fill_template
from assistant.export.typesetting.markdown import Ends, write_markdown
from assistant.export.typesetting.marks import Form, Marks
from assistant.export.typesetting.reading import read_blocks
from assistant.export.typesetting.templates import Template, find_template

__all__ = ["Form", "Marks", "Template", "Typeset", "find_template", "make_blocks", "preview", "typeset"]

LOOKS: Final = Path(__file__).with_name("look")
LONGEST: Final = 50_000_000
"""Characters: what fits into the memory of a counter's machine."""
_ON_TERMINAL: Final = Ends(in_cell=" ⏎ ", page="---")


@dataclass(frozen=True, slots=True)
class Typeset:
    """A page as the bytes of a file."""

    content: bytes
    missing: tuple[str, ...] = ()
    """The characters for which the font of the page has no shape, by the numbers that stand in their places (U+1F600).
    HTML and Markdown are shown in the fonts of whoever reads them."""
    pages: int | None = None
    """How many sheets, in a form that has them."""


def typeset(template: Template, facts: object, form: Form, marks: Marks) -> Typeset:
    """Return a template filled with facts as a file of that form.

    `facts` is a dataclass (or a mapping) of texts, numbers, truths, None for what is to be filled in by hand, and
    lists and dataclasses of such. Raises TemplateUnsound, TemplateUnread, LookUnsound, TextTooLong,
    TooManyPages and TypesetterMissing.
    """
    blocks = make_blocks(template, facts)
    title = marks.title or next((plain(block.words) for block in blocks if isinstance(block, Heading)), template.name)
    match form:
        case Form.MARKDOWN:
            return Typeset(write_markdown(blocks, marks))
        case Form.HTML:
            from assistant.export.typesetting.web import STYLE, read_style, write_html

            return Typeset(write_html(blocks, marks, title, read_style(_find_own(template, STYLE) or LOOKS / STYLE)))
        case Form.PDF:
            from assistant.export.typesetting.paper import LOOK, write_pdf

            printed = write_pdf(blocks, marks, title, _find_own(template, LOOK))
            return Typeset(printed.content, printed.missing, printed.pages)


def preview(template: Template, facts: object, marks: Marks) -> str:
    """Return the page as the Markdown that a terminal shows, where nothing is HTML. Raises as `typeset` does."""
    return write_markdown(make_blocks(template, facts), marks, _ON_TERMINAL).decode()


def make_blocks(template: Template, facts: object) -> tuple[Block, ...]:
    """Return the page itself, without what stands around it. Raises TemplateUnsound and TextTooLong."""
    filled = fill_template(template, facts)
    # Before the values are looked through, which takes as long as they are.
    count = len(filled.text) + sum(len(value) for value in filled.values if value)
    if count > LONGEST:
        raise TextTooLong(count=count, limit=LONGEST)
    return read_blocks(template, filled)


def _find_own(template: Template, name: str) -> Path | None:
    """Return the bank's look, if there is anything of its name: what cannot be read is said, not passed over."""
    own = template.own / name if template.own is not None else None
    return own if own is not None and os.path.lexists(own) else None
