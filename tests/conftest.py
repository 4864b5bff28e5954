"""How many tests run side by side: half of the suite's time is waiting for terminals, processes and locks."""

from __future__ import annotations

import os
from typing import Final

import pytest

LEAST_WORKERS: Final = 4

# Invented, and the same for every file that a test makes: no test leaves a key of its own on this machine.
os.environ["ASSISTANT_KEY"] = "dGVzdHMgb25seTogYW4gaW52ZW50ZWQga2V5ICEhISE="


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the number of workers for `-n auto`: one a core, and more where there are few."""
    return max(LEAST_WORKERS, os.cpu_count() or 1)
