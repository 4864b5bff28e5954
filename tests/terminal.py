"""A real terminal for tests: the program runs in a pseudo-terminal, its bytes become the characters one sees."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Final, Self

import pyte

LIMIT_SECONDS: Final = 60.0
"""How long a text may take to come: far more than on any machine that is not stuck."""

_KEYS: Final = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "left": "\x1b[D",
    "right": "\x1b[C",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "ctrl+k": "\x0b",
    "ctrl+q": "\x11",
    "ctrl+s": "\x13",
    "ctrl+t": "\x14",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f8": "\x1b[19~",
    "f12": "\x1b[24~",
}
_GOES_ON: Final = "the program did not end"
# pyte takes the end of a private sequence for text.
_PRIVATE: Final = re.compile(rb"\x1b\[[<>=?][0-9;$]*[a-zA-Z]|\x1b[P_^].*?\x1b\\|\x1b\[[0-9;]*\$[a-z]", re.DOTALL)
# A read may end in the middle of a sequence; what is begun waits for its end.
_BEGUN: Final = re.compile(rb"\x1b(?:\[[<>=?0-9;$]*|[P_^][^\x1b]*\x1b?)?$")


class Unseen(AssertionError):
    """What was awaited did not come; the message ends with the screen as it stood."""

    def __init__(self, complaint: str, screen: str) -> None:
        super().__init__(f"{complaint}:\n{screen}")


class Gone(Unseen):
    """The program ended while something was still awaited of it."""


class Terminal:
    """A program in a terminal of its own. Use it in a with block, at whose end what still runs is killed.

    `columns` and `rows` are the size; `environment` is added to the one of the tests.
    """

    def __init__(
        self, argv: Sequence[str], *, columns: int = 120, rows: int = 36, environment: Mapping[str, str] | None = None
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._begun = b""
        self.received = 0
        """Bytes that the program has written so far."""
        self._status: int | None = None
        self.heard = b""
        """Every byte that the program ever wrote."""
        self.pid, self._fd = os.forkpty()
        if self.pid == 0:
            # The size first: the program reads it once, when it starts.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            for size in ("COLUMNS", "LINES"):
                # What a test runner says of its own terminal is not true of this one.
                os.environ.pop(size, None)
            # A test run that was itself started in the background has it ignored, and would pass that on.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            surroundings = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})}
            try:
                os.execve(argv[0], list(argv), surroundings)  # noqa: S606 (no shell is wanted)
            finally:
                os._exit(127)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is None:
            self.kill()
        os.close(self._fd)

    def lines(self) -> list[str]:
        """Return the screen as it stands, line by line, without blanks at the ends."""
        # Not pyte's own `display`, which fails on the second half of a wide character that was overwritten.
        cells = self._screen.buffer
        columns, rows = range(self._screen.columns), range(self._screen.lines)
        return ["".join(cells[row][column].data for column in columns).rstrip() for row in rows]

    def text(self) -> str:
        """Return the screen as one text."""
        return "\n".join(self.lines())

    def shows(self, text: str) -> bool:
        """Tell whether `text` stands on the screen, within one line."""
        return any(text in line for line in self.lines())

    def press(self, *keys: str) -> None:
        """Send keys: a name such as `f8`, or a character."""
        for key in keys:
            self.send(_KEYS.get(key, key))

    def send(self, text: str) -> None:
        """Send characters as they are, as a burst of typing or a paste does."""
        with suppress(OSError):
            os.write(self._fd, text.encode())

    def see(self, *texts: str) -> None:
        """Wait until each of `texts` stands on the screen."""
        for text in texts:
            self.wait(partial(self.shows, text), f"never saw “{text}”")

    def see_no(self, *texts: str) -> None:
        """Wait until none of `texts` stands on the screen any more."""
        self.wait(lambda: not any(map(self.shows, texts)), f"still saw one of {texts}")

    def wait(self, found: Callable[[], bool], complaint: str) -> None:
        """Read the screen until `found`; Unseen when that does not happen, Gone when it cannot."""
        end = time.monotonic() + LIMIT_SECONDS
        while not found():
            # In short reads: what is awaited may not be on the screen, such as a process that stands still.
            if not self.pump(0.05):
                raise Gone(complaint, self.text())
            if time.monotonic() > end:
                raise Unseen(complaint, self.text())

    def pump(self, seconds: float) -> bool:
        """Read what comes within `seconds`, returning at the first piece; False when the program has ended."""
        if not select.select([self._fd], [], [], max(seconds, 0))[0]:
            return True
        try:
            read = os.read(self._fd, 1 << 16)
        except OSError:
            read = b""
        self.heard += read
        self.received += len(read)
        data = self._begun + read
        cut = _BEGUN.search(data)
        data, self._begun = (data[: cut.start()], data[cut.start() :]) if cut else (data, b"")
        self._stream.feed(_PRIVATE.sub(b"", data))
        return bool(read)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size, of which the program is told by a signal."""
        self._screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def forget(self) -> None:
        """Wipe the screen and what was heard, so that only what comes from now on is seen."""
        self._screen.reset()
        self.heard = b""

    def hang_up(self) -> None:
        """Take the terminal away, as a closed window or a broken line does; nothing can be read any more."""
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDWR)

    def rest(self, seconds: float) -> None:
        """Read until nothing has come for `seconds`."""
        while select.select([self._fd], [], [], seconds)[0]:
            if not self.pump(seconds):
                return

    def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal and return the exit status, negative when the signal ended the program."""
        os.kill(self.pid, number)
        return self.end()

    def end(self) -> int:
        """Wait until the program ends by itself; return its exit status."""
        limit = time.monotonic() + LIMIT_SECONDS
        while self._status is None:
            self.pump(0.005)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self._status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > limit:
                os.kill(self.pid, signal.SIGKILL)
                raise Unseen(_GOES_ON, self.text())
        return self._status
