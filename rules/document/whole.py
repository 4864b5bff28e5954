"""The whole rulebook as one Markdown document, with a table of contents before its chapters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from rules.advice import Adviser
from rules.document.chapters import write_findings, write_levels, write_orders, write_steps, write_typologies
from rules.document.pen import Pen
from rules.document.reference import (
    write_index,
    write_questions,
    write_requests,
    write_signs,
    write_sources,
    write_words,
)
from rules.language import Language
from rules.model import Book

_CHAPTERS: Final[Mapping[str, Callable[[Pen], Iterator[str]]]] = {
    "levels": write_levels,
    "findings": write_findings,
    "steps": write_steps,
    "orders": write_orders,
    "questions": write_questions,
    "signs": write_signs,
    "words": write_words,
    "sources": write_sources,
    "index": write_index,
}


def write_book(adviser: Adviser, language: Language) -> str:
    """Return the whole rulebook of `adviser` as Markdown in `language`."""
    pen = Pen(adviser.book, language)
    chapters = list(_write_chapters(pen, adviser))
    return "\n".join([*_write_front(pen), *_list_contents(pen, chapters), *chapters, ""])


def title_of(book: Book, language: Language) -> str:
    """Return the title of the document, as plain text."""
    return Pen(book, language).fill("title", version=book.meta.version)


def _write_front(pen: Pen) -> Iterator[str]:
    meta = pen.book.meta
    yield f"# {pen.fill('title', version=meta.version)}"
    dates = {"published": meta.published.isoformat(), "review_by": meta.review_by.isoformat()}
    yield from ("", pen.fill("about.edition", version=meta.version, owner=pen.read(meta.owner), **dates))
    yield from ("", pen.fill("about.ids"), "", pen.fill("about.answers"))
    if meta.criteria:
        yield from pen.heading(2, pen.fill("about.criteria"))
        yield from (f"- {pen.read(criterion)}" for criterion in meta.criteria)


def _write_chapters(pen: Pen, adviser: Adviser) -> Iterator[str]:
    writers: dict[str, Callable[[Pen], Iterator[str]]] = {
        "requests": write_requests,
        "typologies": partial(write_typologies, adviser=adviser),
        **_CHAPTERS,
    }
    for chapter, write in writers.items():
        yield from pen.heading(2, pen.fill(f"chapter.{chapter}"))
        yield from write(pen)


def _list_contents(pen: Pen, lines: list[str]) -> Iterator[str]:
    yield from pen.heading(2, pen.fill("contents"))
    for line in lines:
        for depth in (2, 3):
            mark = f"{'#' * depth} "
            if line.startswith(mark):
                yield f"{'  ' * (depth - 2)}- {pen.link(line.removeprefix(mark))}"
