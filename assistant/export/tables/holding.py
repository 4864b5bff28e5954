"""A folder for what has to wait on the disk until a table is whole: of one that a program which was killed left behind,
the next export there sweeps away the rest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from assistant.export.placing import LOCK, name_part, sweep
from assistant.export.unfinished import undoing

_NAME: Final = "rows"
_UNHELD: Final = "new"


@contextmanager
def holding(folder: Path | None) -> Iterator[Path]:
    """Give an empty folder of its owner alone within `folder`, or within the usual one, of which nothing is left in the
    end. OS errors pass untranslated."""
    if folder is None:
        folder = Path(gettempdir())
        sweep(folder)
    held = name_part(folder / _NAME)
    held.mkdir(mode=0o700)
    try:
        with undoing(lambda: shutil.rmtree(held, ignore_errors=True)), _lock(held):
            yield held
    finally:
        # What cannot be deleted now the next export deletes.
        shutil.rmtree(held, ignore_errors=True)


@contextmanager
def _lock(held: Path) -> Iterator[None]:
    """Hold a folder. It is held before it is known as one that can be swept away."""
    handle = os.open(held / _UNHELD, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        flock(handle, LOCK_EX)
        (held / _UNHELD).rename(held / LOCK)
        yield
    finally:
        os.close(handle)
