"""The command `assistant`: it starts light, so that `--version` and a mistyped word answer at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence

INTERRUPTED = 130
"""What a shell expects of a program that was stopped by Ctrl+C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (by default the one the program was started with) and return its exit status.

    0 done, 2 bad input, 3 the file of cases or its key, 4 the rulebook, 5 not permitted to whoever asks, 6 a file in
    which something does not fit, 1 anything else, 130 on Ctrl+C, and the same with 128 for another signal that it is
    told to end by.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words == ["--version"]:
            return print_version()
        from assistant.cli.running import run

        return run(words)
    except KeyboardInterrupt as stop:
        from assistant.cli.stopping import Stopped

        return stop.status if isinstance(stop, Stopped) else INTERRUPTED


def print_version() -> int:
    """Print name and version and return the exit status."""
    from importlib.metadata import version

    print(f"assistant {version('teller-assistant')}")
    return 0
