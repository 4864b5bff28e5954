"""The JSON Schema of the figures, written for those who program against them:

python -m assistant.figures.schema docs/schema
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from assistant.batch.schema import DIALECT, write_schema
from assistant.figures.report import Figures

FILE: Final = "stats.schema.json"


def make_schema() -> dict[str, Any]:
    """Return the schema of what `assistant stats --json` prints."""
    return {"$schema": DIALECT, **Figures.model_json_schema(mode="serialization")}


if __name__ == "__main__":
    (Path(sys.argv[1]) / FILE).write_text(write_schema(make_schema()), encoding="utf-8")
