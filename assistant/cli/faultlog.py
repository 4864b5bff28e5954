"""A mistake in this program leaves its place in the code behind, and nothing that a customer said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb

from assistant.cli.parsing import WORDS
from assistant.places import find_log
from rules.errors import Trouble


class Unforeseen(Trouble):
    """A mistake in this program; its place in the code stands in the log at `path`."""

    catalogue = WORDS
    code = "unforeseen"


class UnforeseenUnlogged(Unforeseen):
    """A mistake in this program that could not be logged either."""

    code = "unforeseen_unlogged"


def log_fault(error: BaseException) -> Unforeseen:
    """Write where `error` came from into the log, a file for its owner only, and return what to tell the user."""
    kind = type(error).__name__
    try:
        path = find_log()
        _append(path, "\n".join((datetime.now(UTC).isoformat(timespec="seconds"), *_trace(error), "")))
    except (OSError, ImportError, RuntimeError):
        # A half-made installation, a full disk, a user without a home: the sentence must come all the same.
        return UnforeseenUnlogged(kind=kind)
    return Unforeseen(kind=kind, path=path)


def _append(path: Path, entry: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(entry)


def _trace(error: BaseException) -> Iterator[str]:
    """Yield the kinds of the errors and the lines they passed; their own words may quote a customer and stay out."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield type(cause).__name__
        for frame, line in walk_tb(cause.__traceback__):
            yield f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_qualname}"
        cause = cause.__cause__ or cause.__context__
