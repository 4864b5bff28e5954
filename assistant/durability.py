"""What is said to be kept must be on the disk, and the name by which it is found as well."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Have on the disk what a file holds, or what a folder names. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
