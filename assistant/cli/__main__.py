"""`python -m assistant.cli`: the command `assistant`, for a process that this program starts itself."""

from __future__ import annotations

import sys

from assistant.cli import main

if __name__ == "__main__":
    sys.exit(main())
