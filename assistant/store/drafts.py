"""A file that is made whole under another name, and only then put in its place, where nothing may be yet."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from assistant.durability import sync
from assistant.store.anchor import find_anchor
from assistant.store.faults import NotPermitted, WriteFailed
from rules.errors import Trouble

_LEFTOVERS: Final = ("", "-journal", "-wal", "-shm")


@contextmanager
def drafting(target: Path, taken: type[Trouble]) -> Iterator[Path]:
    """Give the path of an empty file of its owner alone, which the block fills and which then stands at `target`.

    When the block raises, nothing is left. Two may do this at once: one of them makes the file. Raises `taken` when
    something lies at `target`, or a journal of an earlier file of that name, which SQLite would play into the new one,
    and NotPermitted or WriteFailed when it cannot be made.
    """
    for leftover in _name_files(target):
        if os.path.lexists(leftover):
            raise taken(path=leftover)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    with placing(target, taken):
        try:
            os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            yield draft
            sync(draft)
            os.link(draft, target)
        finally:
            for name in (*_name_files(draft), find_anchor(draft)):
                name.unlink(missing_ok=True)
        sync(target.parent)


@contextmanager
def placing(target: Path, taken: type[Trouble]) -> Iterator[None]:
    """Raise the trouble that `drafting` names in the place of the OSError that keeps `target` from being made."""
    try:
        yield
    except FileExistsError:
        raise taken(path=target) from None
    except PermissionError:
        raise NotPermitted(path=target) from None
    except OSError as error:
        raise WriteFailed(path=target, problem=error.strerror or type(error).__name__) from error


def _name_files(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + ending) for ending in _LEFTOVERS)
