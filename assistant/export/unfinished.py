"""What is begun and not finished, so that a program which must end at once can still undo it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

_BEGUN: Final[dict[object, Callable[[], object]]] = {}


@contextmanager
def undoing(undo: Callable[[], object]) -> Iterator[None]:
    """Have `put_away` call `undo` for the length of a block, which is what ends it in the usual way."""
    begun = object()
    _BEGUN[begun] = undo
    try:
        yield
    finally:
        del _BEGUN[begun]


def put_away() -> None:
    """Undo what this process has begun, wherever it waits: for an end that waits for nothing any more."""
    for undo in tuple(_BEGUN.values()):
        with suppress(OSError):
            undo()
