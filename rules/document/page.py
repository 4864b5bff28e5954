"""A Markdown document as one HTML file to read and to print on A4: no scripts, nothing fetched, every text escaped."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt

from rules.document.pen import slug
from rules.language import Language

_TAGS: Final = {Language.ZH: "zh-CN", Language.EN: "en"}


def write_page(source: str, title: str, language: Language, *, style: str = "book.css") -> str:
    """Return the Markdown `source` as an HTML page; `style` names one of the style sheets of this package."""
    css = files("rules.document").joinpath(style).read_text("utf-8")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return (
        f'<!DOCTYPE html>\n<html lang="{_TAGS[language]}">\n<head>{head}\n<style>\n{css}</style></head>\n'
        f"<body>\n{render(source)}</body>\n</html>\n"
    )


def render(source: str) -> str:
    """Return the Markdown `source` as HTML, with an anchor at each heading; HTML in it is shown, never obeyed."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(source)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug("".join(part.content for part in inline.children or [])))
    html: str = reader.renderer.render(tokens, reader.options, {})
    return html
