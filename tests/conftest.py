"""How many tests run side by side: half of the suite's time is waiting for terminals, processes and locks."""

from __future__ import annotations

import os
from typing import Final

import pytest

LEAST_WORKERS: Final = 4


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the number of workers for `-n auto`: one a core, and more where there are few."""
    return max(LEAST_WORKERS, os.cpu_count() or 1)
