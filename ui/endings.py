"""Ending when told to from outside, by a signal or a terminal that is gone; what was shown as saved is on disk."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

PATIENCE_SECONDS: Final = 2.0
"""How long an orderly end may take. A terminal that takes no more bytes would otherwise hold the program for ever."""

LAST_SECONDS: Final = 1.0
"""How long what is done at last may take: a disk that answers no more must hold the program as little."""

_SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


def status_of(number: int) -> int:
    """Return the exit status by which a shell tells that this signal ended a program."""
    return 128 + number


@contextmanager
def ending_in_order(leave: Callable[[int], object], at_last: Callable[[], object] = lambda: None) -> Iterator[None]:
    """For the length of a block, call `leave` with an exit status when a signal or a lost terminal asks for the end.

    `leave` may be called in any thread. A program that has not ended soon after does what is to be done `at_last`, and
    is ended without more ado.
    """
    over = threading.Event()
    limits: list[threading.Timer] = []

    def end(status: int) -> None:
        if not over.is_set():
            over.set()
            limits.append(threading.Timer(PATIENCE_SECONDS, _end_now, (status, at_last)))
            limits[0].daemon = True
            limits[0].start()
            leave(status)

    def on_signal(number: int, frame: FrameType | None) -> None:
        end(status_of(number))

    def on_terminal_lost() -> None:
        end(status_of(signal.SIGHUP))

    before = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    watcher = threading.Thread(target=_await_hang_up, args=(over, on_terminal_lost), name="hang-up", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        for limit in limits:
            limit.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_now(status: int, at_last: Callable[[], object]) -> None:
    last = threading.Thread(target=at_last, daemon=True)
    last.start()
    last.join(LAST_SECONDS)
    os._exit(status)


def _await_hang_up(over: threading.Event, tell: Callable[[], None]) -> None:
    """Wait for the terminal to be gone, which is the one event that can come when none is asked for."""
    poll = select.poll()
    try:
        poll.register(sys.__stdin__.fileno() if sys.__stdin__ else 0, 0)
        poll.poll()
    except (OSError, ValueError):
        return
    if not over.is_set():
        tell()


def may_suspend() -> bool:
    """Tell whether there is a shell to come back from: without one a suspended program could not be woken."""
    parent = os.getppid()
    try:
        return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
    except OSError:
        return False
