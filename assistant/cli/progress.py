"""How far something long has come, told on a terminal in one line that is wiped in the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from rules.language import Catalogue, Language

SECONDS: Final = 0.1
"""No eye reads faster."""

Show: TypeAlias = Callable[[Callable[[], str]], None]
"""Shows the line that it is given a way to write, if it is time for one."""


@contextmanager
def showing_progress() -> Iterator[Show]:
    """Give what shows a line on standard error when that is a terminal, and nothing elsewhere."""
    shown, last = sys.stderr.isatty(), 0.0

    def show(write: Callable[[], str]) -> None:
        nonlocal last
        if shown and time.monotonic() >= last + SECONDS:
            last = time.monotonic()
            print(f"\r{write()}\x1b[K", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def counting(words: Catalogue, key: str, language: Language) -> Iterator[Callable[[int, int], None]]:
    """Give what shows in the sentence `key` how many of how many are done."""
    with showing_progress() as show:

        def tell(done: int, total: int) -> None:
            show(lambda: words(key, language, done=f"{done:,}", total=f"{total:,}"))

        yield tell
