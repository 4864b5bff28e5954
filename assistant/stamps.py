"""When something happens and under which id: what every event carries, wherever it is made."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], int]
"""Returns the time in UTC milliseconds."""


def read_clock() -> int:
    """Return the time of this machine in UTC milliseconds."""
    return time.time_ns() // 1_000_000


def make_id() -> str:
    """Return a fresh id (UUIDv7: in the order of time)."""
    # Needed from the first move on, and slow to import.
    from uuid6 import uuid7

    return str(uuid7())
