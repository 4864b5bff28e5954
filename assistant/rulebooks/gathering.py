"""The rulebooks for a file of cases, put together from where they lie: for its screens, and for a single command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.places import find_editions, find_overlay, find_rulebook
from assistant.rulebooks.editions import Editions, Source
from assistant.rulebooks.inforce import Rulebooks
from rules.names import Shelf


def gather_rulebooks(path: Path, names: Path | None = None) -> Rulebooks:
    """Return the rulebooks for the file of cases at `path`, with the copy in force that was in force last.

    `names` is a file to keep the names of the built-in one in.
    """

    def find_source() -> Source | None:
        folder, overlay = find_rulebook(path), find_overlay(path)
        return Source(folder, overlay) if folder or overlay else None

    return Rulebooks(Shelf(keep=names), Editions(find_editions), find_source)


@contextmanager
def consulting(path: Path) -> Iterator[Rulebooks]:
    """Have the rulebook in force for the file of cases at `path`, which need not exist, for the length of a block.

    One on disk that was never tried is tried first, which takes seconds; where it fails, `notice` says so.
    """
    rulebooks = gather_rulebooks(path)
    try:
        if rulebooks.stirred():
            rulebooks.look()
        yield rulebooks
    finally:
        rulebooks.close()
