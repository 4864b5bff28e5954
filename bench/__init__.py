"""What the product costs, each figure beside a yardstick in the same run."""

from __future__ import annotations

import os
from typing import Final

FILE_VARIABLE: Final = "ASSISTANT_KEY_FILE"

if FILE_VARIABLE not in os.environ:
    # Invented, like the cases that are measured: no run leaves a key of its own on this machine.
    os.environ["ASSISTANT_KEY"] = "bWVhc3VyZXMgb25seTogYW4gaW52ZW50ZWQga2V5ISE="
