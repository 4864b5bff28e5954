"""The rulebook with one thing changed, as an officer's slip would leave it."""

from __future__ import annotations

from typing import Any

from rules.model import Book


def altered(book: Book, section: str, entry: str, **fields: Any) -> Book:
    """Return the book with some fields of one entry changed."""
    return added(book, section, entry, entry, **fields)


def added(book: Book, section: str, like: str, name: str, **fields: Any) -> Book:
    """Return the book with one more entry, `like` another but for some fields."""
    held = getattr(book, section)
    return book.model_copy(update={section: {**held, name: held[like].model_copy(update=fields)}})


def without(book: Book, section: str, *names: str) -> Book:
    """Return the book with some entries of a section left out."""
    kept = {name: entry for name, entry in getattr(book, section).items() if name not in names}
    return book.model_copy(update={section: kept})
