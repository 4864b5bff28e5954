"""The JSON Schemas of question and answer, written for those who program against them:

python -m assistant.batch.schema docs/schema
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from assistant.batch.answer import Answer
from assistant.batch.question import Question

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def make_schemas() -> Mapping[str, dict[str, Any]]:
    """Return the schemas by the name of their file."""
    return {
        "advise-question.schema.json": {"$schema": DIALECT, **Question.model_json_schema()},
        "advise-answer.schema.json": {"$schema": DIALECT, **Answer.model_json_schema(mode="serialization")},
    }


def write_schema(schema: Mapping[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def main(folder: Path) -> None:
    """Write every schema into `folder`."""
    for name, schema in make_schemas().items():
        (folder / name).write_text(write_schema(schema), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
