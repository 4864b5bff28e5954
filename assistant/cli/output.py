"""The one way out: a terminal obeys nothing that is printed, what could not be written is told, and a reader that
left is let go."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import UnsupportedOperation
from pathlib import Path

from assistant.cli.parsing import WORDS
from assistant.quoting import expose
from rules.errors import BadInput, Trouble
from rules.language import Language


class OutputFailed(Trouble):
    """Standard output could not take what was to be printed."""

    catalogue = WORDS
    code = "output_failed"


class NotWritten(BadInput):
    """What was asked for could not be written to the file that was named."""

    catalogue = WORDS
    code = "not_written"


def settle_streams() -> None:
    """Let a terminal that cannot show a character show its number; a stream that was closed leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Open for as long as the program runs, like the stream that it stands for.
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def warn(trouble: Trouble, language: Language) -> None:
    """Tell on standard error what went wrong, in one sentence."""
    note(trouble.sentence(language))


def note(text: str) -> None:
    """Print on standard error what does not belong to the answer."""
    print(expose(text), file=sys.stderr)


def say(text: str) -> None:
    """Print `text` and a line's end. Raises OutputFailed, or BrokenPipeError when the reader has left."""
    with _writing():
        print(expose(text), flush=True)


def write_lines(lines: Iterable[str]) -> None:
    """Write `lines`, which carry no line's end, as they come and in UTF-8; raises as `say` does."""
    with _writing():
        for line in lines:
            sys.stdout.buffer.write(expose(line).encode() + b"\n")
        sys.stdout.buffer.flush()


def flush() -> None:
    """Send on what others have printed; raises as `say` does."""
    with _writing():
        sys.stdout.flush()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(problem=error.strerror) from None


def abandon() -> None:
    """Send what is still buffered nowhere, for the interpreter would fail over it once more at its end."""
    with suppress(UnsupportedOperation, OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC), sys.stdout.fileno())
