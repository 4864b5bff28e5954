"""The rulebooks for a file of cases, put together from where they lie: for its screens, and for a single command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.places import find_editions
from assistant.rulebooks.editions import Editions
from assistant.rulebooks.inforce import Rulebooks
from assistant.rulebooks.publications import Publications
from assistant.store import Store
from assistant.store.faults import OlderSchema, StoreMissing
from rules.names import Shelf


def gather_rulebooks(store: Store, names: Path | None = None) -> Rulebooks:
    """Return the rulebooks for an open file of cases, with what was published last as far as it was tried here.

    `names` is a file to keep the names of the built-in one in.
    """
    return Rulebooks(Shelf(keep=names), Editions(find_editions), Publications(store))


@contextmanager
def consulting(store: Store | None) -> Iterator[Rulebooks]:
    """Have the rulebook in force for an open file of cases, or the built-in one without, for the length of a block.

    One that was never tried here is tried first, which takes seconds; where it fails, `notice` says so.
    """
    rulebooks = gather_rulebooks(store) if store else Rulebooks(Shelf())
    try:
        if rulebooks.stirred():
            rulebooks.look()
        yield rulebooks
    finally:
        rulebooks.close()


@contextmanager
def opening(path: Path) -> Iterator[Store | None]:
    """Open the file of cases at `path` to see what is in force, and give None where nothing can have been published.

    That is so where there is no file, or one of an earlier release. Raises the StoreTrouble of one that is not whole.
    """
    try:
        store = Store.open(path, read_only=True)
    except (StoreMissing, OlderSchema):
        yield None
        return
    with store:
        yield store
