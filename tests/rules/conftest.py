"""One rulebook and one adviser for all tests of the rules: both are read only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rules.advice import Adviser
from rules.loading import load_book
from rules.model import Book


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="session")
def adviser(book: Book) -> Iterator[Adviser]:
    adviser = Adviser(book)
    yield adviser
    adviser.close()
