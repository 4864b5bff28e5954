"""The JSON Schema of a bank's overlay, for the editors in which officers write it:

python -m rules.review.overlay_schema docs/schema
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from rules.overlay import Overlay
from rules.review.schema import DIALECT
from rules.review.schema import FILE as BOOK_FILE

FILE: Final = "overlay.schema.json"


def make_schema() -> dict[str, Any]:
    """Return the schema of an overlay; for conditions it refers to the rulebook's schema, which lies beside it."""
    schema = Overlay.model_json_schema()
    # Conditions are read by hand, so the model says nothing of their form.
    schema["$defs"]["StepRule"]["properties"]["when"] = {"$ref": f"{BOOK_FILE}#/$defs/Condition"}
    return {"$schema": DIALECT, **schema}


def write_schema() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(make_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) / FILE).write_text(write_schema(), "utf-8")
