"""A command that is told to end, or whose terminal was closed, first puts away what it had begun."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

STATUS: Final = 128
"""What a shell adds to the number of the signal that ended a program."""
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """The program was told to end by the signal `number`, which is to it as Ctrl+C is."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    @property
    def status(self) -> int:
        """The exit status."""
        return STATUS + self.number


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Have a signal to end raise Stopped in what is done here, once. One that is ignored already, as under `nohup`,
    stays so, and elsewhere than in the main thread nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told: list[Stopped] = []

    def stop(number: int, frame: object) -> NoReturn:
        # A shell and its terminal both tell of the end: the second must not break off what the first began.
        for name in before:
            signal.signal(name, signal.SIG_IGN)
        told.append(Stopped(number))
        raise told[0]

    before = {name: signal.getsignal(name) for name in _ENDING if signal.getsignal(name) is signal.SIG_DFL}
    for name in before:
        signal.signal(name, stop)
    try:
        yield
    except Exception:
        if told:
            # A terminal that is gone takes no last word, and a database says in its own way that it was stopped.
            raise told[0] from None
        raise
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
