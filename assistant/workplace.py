"""The one place where rulebook, engine and file of cases are put together, for the screen and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.desk import Clock, Desk, read_clock
from assistant.store import Store
from rules.advice import Adviser
from rules.loading import load_book


def open_desk(path: Path, *, actor: str | None = None, clock: Clock = read_clock) -> Desk:
    """Return a desk over the file of cases at `path`; `close_desk` gives everything back.

    Raises StoreTrouble when the file cannot be used and RulebookUnsound when the rulebook cannot.
    """
    # The file first: it is the more likely to be missing and the quicker to find so.
    store = Store.open(path)
    try:
        adviser = Adviser(load_book())
    except BaseException:
        store.close()
        raise
    return Desk(store, adviser, actor, clock)


def close_desk(desk: Desk) -> None:
    """Close the file and give the engine's memory back."""
    desk.store.close()
    desk.adviser.close()


@contextmanager
def working_desk(path: Path, *, actor: str | None = None, clock: Clock = read_clock) -> Iterator[Desk]:
    """Open a desk for the length of a block; raises as `open_desk` does."""
    desk = open_desk(path, actor=actor, clock=clock)
    try:
        yield desk
    finally:
        close_desk(desk)
